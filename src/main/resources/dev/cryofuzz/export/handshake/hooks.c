RUN_BARE static void run_plain(enum run_op op, void *address)
{
	const struct run_step *s = run_turn(op, address);

	if (!s)
		return;
	memcpy(run_before, address, s->size);
	if (op == RUN_LOAD)
		run_put(s);
	run_pending = s;
}

#define RUN_PLAIN(name, size)                                   \
	void __tsan_##name##read##size(void *);                 \
	void __tsan_##name##write##size(void *);                \
	RUN_BARE void __tsan_##name##read##size(void *address)  \
	{                                                       \
		run_plain(RUN_LOAD, address);                   \
	}                                                       \
	RUN_BARE void __tsan_##name##write##size(void *address) \
	{                                                       \
		run_plain(RUN_STORE, address);                  \
	}
#define RUN_PLAINS(name) RUN_PLAIN(name, 1) RUN_PLAIN(name, 2) RUN_PLAIN(name, 4) RUN_PLAIN(name, 8)

RUN_PLAINS()
RUN_PLAINS(unaligned_)
RUN_PLAINS(volatile_)
RUN_PLAINS(unaligned_volatile_)

#define RUN_FETCH(bits, type, name)                                                        \
	type __tsan_atomic##bits##_fetch_##name(volatile void *, type, int);               \
	RUN_BARE type __tsan_atomic##bits##_fetch_##name(volatile void *a, type v, int o)  \
	{                                                                                  \
		const struct run_step *s = run_turn(RUN_RMW, (const void *)a);             \
		type old = __atomic_fetch_##name((volatile type *)a, v, __ATOMIC_SEQ_CST); \
                                                                                           \
		(void)o;                                                                   \
		run_done(s);                                                               \
		return old;                                                                \
	}

/* clang asks in this way: the value that was there is what tells. */
#define RUN_EXCHANGE_VALUE(bits, type)                                                             \
	type __tsan_atomic##bits##_compare_exchange_val(volatile void *, type, type, int, int);    \
	RUN_BARE type __tsan_atomic##bits##_compare_exchange_val(volatile void *a, type e, type v, \
								 int o, int f)                     \
	{                                                                                          \
		run_exchanged##bits(a, &e, v, o, f);                                               \
		return e;                                                                          \
	}

#define RUN_EXCHANGE(bits, type, name)                                                          \
	_Bool __tsan_atomic##bits##_compare_exchange_##name(volatile void *, void *, type, int, \
							    int);                               \
	RUN_BARE _Bool __tsan_atomic##bits##_compare_exchange_##name(volatile void *a, void *e, \
								     type v, int o, int f)      \
	{                                                                                       \
		return run_exchanged##bits(a, e, v, o, f);                                      \
	}

/* One that failed in that run, perhaps for no reason, fails here, too. */
#define RUN_ATOMIC(bits, type)                                                                     \
	type __tsan_atomic##bits##_load(const volatile void *, int);                               \
	RUN_BARE type __tsan_atomic##bits##_load(const volatile void *a, int o)                    \
	{                                                                                          \
		const struct run_step *s = run_turn(RUN_LOAD, (const void *)a);                    \
		type v = s ? (type)s->value                                                        \
			   : __atomic_load_n((const volatile type *)a, __ATOMIC_SEQ_CST);          \
                                                                                                   \
		(void)o;                                                                           \
		run_done(s);                                                                       \
		return v;                                                                          \
	}                                                                                          \
	void __tsan_atomic##bits##_store(volatile void *, type, int);                              \
	RUN_BARE void __tsan_atomic##bits##_store(volatile void *a, type v, int o)                 \
	{                                                                                          \
		const struct run_step *s = run_turn(RUN_STORE, (const void *)a);                   \
                                                                                                   \
		(void)o;                                                                           \
		if (!s || !s->held)                                                                \
			__atomic_store_n((volatile type *)a, v, __ATOMIC_SEQ_CST);                 \
		run_done(s);                                                                       \
	}                                                                                          \
	type __tsan_atomic##bits##_exchange(volatile void *, type, int);                           \
	RUN_BARE type __tsan_atomic##bits##_exchange(volatile void *a, type v, int o)              \
	{                                                                                          \
		const struct run_step *s = run_turn(RUN_RMW, (const void *)a);                     \
		type old = __atomic_exchange_n((volatile type *)a, v, __ATOMIC_SEQ_CST);           \
                                                                                                   \
		(void)o;                                                                           \
		run_done(s);                                                                       \
		return old;                                                                        \
	}                                                                                          \
	RUN_BARE static _Bool run_exchanged##bits(volatile void *a, void *e, type v, int o, int f) \
	{                                                                                          \
		const struct run_step *s = run_turn(RUN_RMW, (const void *)a);                     \
		_Bool good;                                                                        \
                                                                                                   \
		(void)o;                                                                           \
		(void)f;                                                                           \
		if (s && s->op == RUN_CAS_FAIL) {                                                  \
			*(type *)e = (type)s->value;                                               \
			run_done(s);                                                               \
			return 0;                                                                  \
		}                                                                                  \
		good = __atomic_compare_exchange_n((volatile type *)a, (type *)e, v, 0,            \
						   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);            \
		run_done(s);                                                                       \
		return good;                                                                       \
	}                                                                                          \
	RUN_EXCHANGE(bits, type, strong)                                                           \
	RUN_EXCHANGE(bits, type, weak)                                                             \
	RUN_EXCHANGE_VALUE(bits, type)                                                             \
	RUN_FETCH(bits, type, add)                                                                 \
	RUN_FETCH(bits, type, sub)                                                                 \
	RUN_FETCH(bits, type, and)                                                                 \
	RUN_FETCH(bits, type, or)                                                                  \
	RUN_FETCH(bits, type, xor)

RUN_ATOMIC(8, unsigned char)
RUN_ATOMIC(16, unsigned short)
RUN_ATOMIC(32, unsigned int)
RUN_ATOMIC(64, unsigned long)

void __tsan_init(void);
RUN_BARE void __tsan_init(void)
{
	run_has_hooks = 1;
}

void __tsan_func_entry(void *);
RUN_BARE void __tsan_func_entry(void *caller)
{
	(void)caller;
}

void __tsan_func_exit(void *);
RUN_BARE void __tsan_func_exit(void *caller)
{
	(void)caller;
}

void __tsan_atomic_thread_fence(int);
RUN_BARE void __tsan_atomic_thread_fence(int order)
{
	const struct run_step *s = run_turn(RUN_FENCE, run_segment + order);

	if (!s && run_directed && run_me >= 0 && run_head() < run_now->steps) {
		printf("the failing run had no such fence, and its values may not be had with "
		       "it\n");
		fflush(stdout);
		_exit(RUN_NOT_SHOWN);
	}
	run_done(s);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

void __tsan_atomic_signal_fence(int);
RUN_BARE void __tsan_atomic_signal_fence(int order)
{
	(void)order;
}

/* Of more than a word: what lies on the stack. */
#define RUN_RANGE(name)                                          \
	void __tsan_##name##_range(void *, long);                \
	void __tsan_##name##16(void *);                          \
	RUN_BARE void __tsan_##name##_range(void *at, long size) \
	{                                                        \
		(void)at;                                        \
		(void)size;                                      \
	}                                                        \
	RUN_BARE void __tsan_##name##16(void *at)                \
	{                                                        \
		(void)at;                                        \
	}
RUN_RANGE(read)
RUN_RANGE(write)
