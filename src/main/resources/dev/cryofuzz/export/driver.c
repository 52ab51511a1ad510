/* ---- the driver: what stands in for cryofuzz ----------------------------------------------------
 *
 * Each actor is a process. Before each access to the segment the compiler calls one of the hooks
 * below (-fsanitize=thread; its runtime is not linked, these take its place). There the actor waits
 * until the next step of the failing run is its own; its load then gives the value that it gave in
 * that run, and a store that others saw late is kept from them until then. Nothing else is decided
 * here: the code between is the target's, and so is the check that fails.
 */
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* The driver itself has no hooks. */
#if defined(__clang__)
#define RUN_BARE __attribute__((disable_sanitizer_instrumentation))
#else
#define RUN_BARE __attribute__((no_sanitize_thread))
#endif

enum { RUN_DEADLINE_SECONDS = 20, RUN_SEGMENT_SIZE = CF_MAX_SHARED };
enum { RUN_FAILED = 1, RUN_NOT_SHOWN = 2 };
enum run_item_state { RUN_NONE, RUN_MADE, RUN_HANDED, RUN_TAKEN, RUN_FREED };

struct run_control {
	unsigned head; /* the step that comes next */
	unsigned ended; /* a bit for each actor */
	int failed;
	unsigned char item[CF_MAX_ITEMS];
	unsigned char ledger[CF_LEDGER_SIZE];
};

static struct run_control *run_control;
static unsigned char *const run_segment = (unsigned char *)RUN_SEGMENT;
static int run_me = -1; /* the parent is no actor */
static int run_directed;
static int run_has_hooks;
static const struct run_step *run_pending; /* whose access comes after its hook */
static unsigned char run_before[8];

RUN_BARE static unsigned run_head(void)
{
	return __atomic_load_n(&run_control->head, __ATOMIC_ACQUIRE);
}

RUN_BARE static void run_go_on_at(unsigned next)
{
	__atomic_store_n(&run_control->head, next, __ATOMIC_RELEASE);
}

RUN_BARE static void run_put(const struct run_step *s)
{
	memcpy(run_segment + s->offset, &s->value, s->size);
}

/* A plain access has happened by the next hook: only then somebody else may go on. */
RUN_BARE static void run_settle(void)
{
	const struct run_step *s = run_pending;

	run_pending = NULL;
	if (!s)
		return;
	if (s->op == RUN_LOAD || s->held)
		memcpy(run_segment + s->offset, run_before, s->size);
	run_go_on_at((unsigned)(s - run_steps) + 1);
}

/* The next access of somebody who has not ended; held stores that come before it are seen then. */
RUN_BARE static unsigned run_next_access(unsigned from)
{
	unsigned ended = __atomic_load_n(&run_control->ended, __ATOMIC_ACQUIRE);

	while (from < RUN_STEPS &&
	       (run_steps[from].op == RUN_COMMIT || ended >> run_steps[from].actor & 1))
		from++;
	return from;
}

RUN_BARE static void run_commit(unsigned from, unsigned to)
{
	for (; from < to; from++)
		if (run_steps[from].op == RUN_COMMIT)
			run_put(&run_steps[from]);
}

/* clang has no hook for a load whose word is stored to a little later. */
RUN_BARE static int run_may_be_missing(unsigned at)
{
	const struct run_step *load = &run_steps[at];

	if (load->op != RUN_LOAD)
		return 0;
	while (++at < RUN_STEPS && run_steps[at].actor == load->actor)
		if (run_steps[at].op == RUN_STORE && run_steps[at].offset == load->offset)
			return 1;
	return 0;
}

/* Who spins looks again, perhaps more often than in that run: that is none of its steps. */
RUN_BARE static const struct run_step *run_match(unsigned at, enum run_op op, size_t offset)
{
	for (; at < RUN_STEPS && (int)run_steps[at].actor == run_me; at++) {
		enum run_op was = run_steps[at].op == RUN_CAS_FAIL ? RUN_RMW : run_steps[at].op;

		if (was == op && run_steps[at].offset == offset)
			return &run_steps[at];
		if (!run_may_be_missing(at))
			return NULL;
	}
	return NULL;
}

/* Waits until it is this actor's turn; returns its step, NULL if that is none of the failing run. */
RUN_BARE static const struct run_step *run_turn(enum run_op op, const void *address)
{
	size_t offset = (size_t)((const unsigned char *)address - run_segment);
	const struct run_step *s;

	if (!run_directed || run_me < 0 || offset >= RUN_SEGMENT_SIZE)
		return NULL;
	run_settle();
	for (;;) {
		unsigned from = run_head(), to = run_next_access(from);

		if (to < RUN_STEPS && (int)run_steps[to].actor != run_me) {
			sched_yield();
			continue;
		}
		run_commit(from, to);
		run_go_on_at(to);
		s = run_match(to, op, offset);
		if (s)
			run_go_on_at((unsigned)(s - run_steps));
		return s;
	}
}

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

RUN_BARE static void run_done(const struct run_step *s)
{
	if (s)
		run_go_on_at((unsigned)(s - run_steps) + 1);
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

	if (!s && run_directed && run_me >= 0 && run_head() < RUN_STEPS) {
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

/* ---- what the target asks for ---------------------------------------------------------------- */

RUN_BARE void *cf_shared(void)
{
	return run_segment;
}

RUN_BARE int cf_param(unsigned index)
{
	return run_params[index];
}

RUN_BARE unsigned cf_variant(void)
{
	return RUN_VARIANT;
}

RUN_BARE void *cf_ledger(void)
{
	return run_control->ledger;
}

RUN_BARE void cf_mark(const char *what)
{
	(void)what;
}

RUN_BARE void cf_fact(const char *id)
{
	(void)id;
}

RUN_BARE void cf_state(unsigned state)
{
	(void)state;
}

static const char *const run_kinds[] = {
	"",
	"saved-data-modified",
	"state-changed",
	"trimmed-message",
	"misread-message",
	"lost-message",
	"duplicate-message",
	"stale-read",
	"double-free",
	"invariant",
	"data-race",
	"deadlock",
	"hang",
	"lost-wakeup",
	"lost-signal",
	"zombie",
	"leak",
	"crash",
	"bad-accept",
	"kernel-log",
	"divergence",
};

RUN_BARE void cf_fail(enum cf_kind kind, const char *site, const char *detail, ...)
{
	char text[512];
	va_list list;

	va_start(list, detail);
	vsnprintf(text, sizeof(text), detail, list);
	va_end(list);
	if (!__atomic_exchange_n(&run_control->failed, 1, __ATOMIC_SEQ_CST)) {
		printf("FAILED %s in %s: %s\n", run_kinds[kind], site, text);
		fflush(stdout);
	}
	_exit(RUN_FAILED);
}

RUN_BARE static unsigned char *run_item(unsigned number, const char *site)
{
	if (number >= CF_MAX_ITEMS)
		cf_fail(CF_INVARIANT, site, "item %u is no item", number);
	return &run_control->item[number];
}

RUN_BARE void cf_item_made(unsigned number, const char *site)
{
	unsigned char *state = run_item(number, site);

	if (*state != RUN_NONE && *state != RUN_FREED)
		cf_fail(CF_INVARIANT, site, "item %u is allocated again", number);
	*state = RUN_MADE;
}

RUN_BARE void cf_item_handed(unsigned number, const char *site)
{
	unsigned char *state = run_item(number, site);

	if (*state != RUN_MADE)
		cf_fail(CF_INVARIANT, site, "item %u is handed over, and is not its own", number);
	*state = RUN_HANDED;
}

RUN_BARE void cf_item_taken(unsigned number, const char *site)
{
	unsigned char *state = run_item(number, site);

	if (*state != RUN_HANDED)
		cf_fail(CF_STALE_READ, site, "item %u is taken, and was not handed over", number);
	*state = RUN_TAKEN;
}

RUN_BARE void cf_item_freed(unsigned number, const char *site)
{
	unsigned char *state = run_item(number, site);

	if (*state == RUN_FREED || *state == RUN_NONE)
		cf_fail(CF_DOUBLE_FREE, site, "item %u is freed, and is free", number);
	*state = RUN_FREED;
}

RUN_BARE void cf_items_check(const char *site)
{
	for (unsigned i = 0; i < CF_MAX_ITEMS; i++) {
		if (run_control->item[i] == RUN_HANDED)
			cf_fail(CF_LOST_MESSAGE, site, "item %u was never taken", i);
		if (run_control->item[i] == RUN_MADE || run_control->item[i] == RUN_TAKEN)
			cf_fail(CF_LEAK, site, "item %u was never freed", i);
	}
}

/* ---- a run ----------------------------------------------------------------------------------- */

/* The number of actors that play a role: of a role that names a parameter, its value. */
RUN_BARE static int run_count_of(const struct cf_role *role)
{
	if (!role->count)
		return 1;
	for (unsigned i = 0; cryofuzz_target.params[i].name; i++)
		if (!strcmp(cryofuzz_target.params[i].name, role->count))
			return run_params[i];
	return 0;
}

RUN_BARE static void run_play(const struct cf_role *role, int index, int actor)
{
	run_me = actor;
	alarm(RUN_DEADLINE_SECONDS);
	role->run((unsigned)index);
	run_settle();
	__atomic_fetch_or(&run_control->ended, 1u << actor, __ATOMIC_SEQ_CST);
	_exit(0);
}

/* Returns the number of actors. */
RUN_BARE static int run_start(pid_t *pids)
{
	int actors = 0;

	for (const struct cf_role *role = cryofuzz_target.roles; role->name; role++)
		for (int i = 0; i < run_count_of(role) && actors < CF_MAX_ACTORS; i++, actors++) {
			pids[actors] = fork();
			if (pids[actors] == 0)
				run_play(role, i, actors);
		}
	return actors;
}

RUN_BARE static void run_forget(pid_t *pids, int actors, pid_t ended)
{
	for (int i = 0; i < actors; i++)
		if (pids[i] == ended)
			pids[i] = 0;
}

RUN_BARE static void run_end(const pid_t *pids, int actors)
{
	for (int i = 0; i < actors; i++)
		if (pids[i] > 0)
			kill(pids[i], SIGKILL);
}

/* Who fails ends all; who is killed by its alarm has waited for what never came. */
RUN_BARE static int run_finish(pid_t *pids, int actors)
{
	int result = 0, status;

	for (int left = actors; left > 0; left--) {
		pid_t ended = wait(&status);

		if (ended < 0)
			return RUN_NOT_SHOWN;
		run_forget(pids, actors, ended);
		if (status && !result) {
			result = WIFEXITED(status) ? WEXITSTATUS(status) : RUN_NOT_SHOWN;
			run_end(pids, actors);
		}
	}
	return result;
}

RUN_BARE static int run_check(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (cryofuzz_target.check)
			cryofuzz_target.check();
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return RUN_NOT_SHOWN;
	return WEXITSTATUS(status);
}

RUN_BARE static int run_once(void)
{
	pid_t pids[CF_MAX_ACTORS];
	int result;

	fflush(stdout);
	memset(run_segment, 0, RUN_SEGMENT_SIZE);
	memset(run_control, 0, sizeof(*run_control));
	if (cryofuzz_target.init)
		cryofuzz_target.init();
	result = run_finish(pids, run_start(pids));
	return result ? result : run_check();
}

RUN_BARE static int run_freely(long times)
{
	long failed = 0;

	for (long i = 0; i < times; i++)
		failed += run_once() == RUN_FAILED;
	printf("%ld of %ld free runs failed\n", failed, times);
	return failed ? RUN_FAILED : 0;
}

RUN_BARE static int run_map(void)
{
	void *got = mmap(run_segment, RUN_SEGMENT_SIZE, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	run_control = mmap(NULL, sizeof(*run_control), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return got == run_segment && run_control != MAP_FAILED;
}

RUN_BARE int main(int argc, char **argv)
{
	int result;

	if (!run_map()) {
		perror("mmap");
		return RUN_NOT_SHOWN;
	}
	if (argc == 3 && !strcmp(argv[1], "free"))
		return run_freely(atol(argv[2]));
	if (argc > 1 || !run_has_hooks) {
		fprintf(stderr,
			"usage: %s | %s free N; without N compiled with "
			"-fsanitize=thread, see the head of the source\n",
			argv[0], argv[0]);
		return RUN_NOT_SHOWN;
	}
	run_directed = 1;
	result = run_once();
	if (result != RUN_FAILED)
		printf("does not fail here\n");
	return result == RUN_FAILED ? RUN_FAILED : RUN_NOT_SHOWN;
}
