/* ---- atomic accesses of 16 bytes: two steps, one for each half ----------------------------------- */

typedef unsigned __int128 run_wide;

/* They come one behind the other; its place is behind both. */
RUN_BARE static const struct run_step *run_wide_turn(enum run_op op, const volatile void *address,
						     run_wide *value)
{
	const struct run_step *s = run_turn(op, (const void *)address);

	if (!s || s + 1 == run_now->step + run_now->steps || s[1].actor != s->actor ||
	    s[1].op != s->op || s[1].offset != s->offset + s->size)
		return s;
	*value = (run_wide)s[1].value << 64 | s->value;
	return s + 1;
}

RUN_BARE static run_wide run_swap(volatile void *a, run_wide e, run_wide v)
{
	return __sync_val_compare_and_swap((volatile run_wide *)a, e, v);
}

#define RUN_WIDE_MODIFY(name, expression)                                              \
	run_wide __tsan_atomic128_##name(volatile void *, run_wide, int);              \
	RUN_BARE run_wide __tsan_atomic128_##name(volatile void *a, run_wide v, int o) \
	{                                                                              \
		run_wide was, old;                                                     \
		const struct run_step *s = run_wide_turn(RUN_RMW, a, &was);            \
                                                                                       \
		(void)o;                                                               \
		do                                                                     \
			old = run_swap(a, 0, 0);                                       \
		while (run_swap(a, old, expression) != old);                           \
		run_done(s);                                                           \
		return old;                                                            \
	}

RUN_WIDE_MODIFY(exchange, v)
RUN_WIDE_MODIFY(fetch_add, old + v)
RUN_WIDE_MODIFY(fetch_sub, old - v)
RUN_WIDE_MODIFY(fetch_and, old &v)
RUN_WIDE_MODIFY(fetch_or, old | v)
RUN_WIDE_MODIFY(fetch_xor, old ^ v)

run_wide __tsan_atomic128_load(const volatile void *, int);
RUN_BARE run_wide __tsan_atomic128_load(const volatile void *a, int o)
{
	run_wide value = 0;
	const struct run_step *s = run_wide_turn(RUN_LOAD, a, &value);

	(void)o;
	if (!s)
		value = run_swap((volatile void *)a, 0, 0);
	run_done(s);
	return value;
}

void __tsan_atomic128_store(volatile void *, run_wide, int);
RUN_BARE void __tsan_atomic128_store(volatile void *a, run_wide v, int o)
{
	run_wide was, old;
	const struct run_step *s = run_wide_turn(RUN_STORE, a, &was);

	(void)o;
	if (!s || !s->held)
		do
			old = run_swap(a, 0, 0);
		while (run_swap(a, old, v) != old);
	run_done(s);
}

RUN_BARE static _Bool run_wide_exchanged(volatile void *a, run_wide *e, run_wide v)
{
	run_wide was = 0, wanted = *e;
	const struct run_step *s = run_wide_turn(RUN_RMW, a, &was);

	*e = s && s->op == RUN_CAS_FAIL ? was : run_swap(a, wanted, v);
	run_done(s);
	return (!s || s->op != RUN_CAS_FAIL) && *e == wanted;
}

#define RUN_WIDE_EXCHANGE(name)                                                                \
	_Bool __tsan_atomic128_compare_exchange_##name(volatile void *, void *, run_wide, int, \
						       int);                                   \
	RUN_BARE _Bool __tsan_atomic128_compare_exchange_##name(volatile void *a, void *e,     \
								run_wide v, int o, int f)      \
	{                                                                                      \
		(void)o;                                                                       \
		(void)f;                                                                       \
		return run_wide_exchanged(a, e, v);                                            \
	}
RUN_WIDE_EXCHANGE(strong)
RUN_WIDE_EXCHANGE(weak)

run_wide __tsan_atomic128_compare_exchange_val(volatile void *, run_wide, run_wide, int, int);
RUN_BARE run_wide __tsan_atomic128_compare_exchange_val(volatile void *a, run_wide e, run_wide v,
							int o, int f)
{
	(void)o;
	(void)f;
	run_wide_exchanged(a, &e, v);
	return e;
}
