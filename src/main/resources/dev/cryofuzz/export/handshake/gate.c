/* ---- the driver: what stands in for cryofuzz ----------------------------------------------------
 *
 * Each actor is a process. Before each access to the segment the compiler calls one of the hooks
 * below (-fsanitize=thread; its runtime is not linked, these take its place), and calls of libc that
 * could wait for somebody come here first. There the actor waits until the next step of the run is
 * its own; its load then gives the value that it gave in that run, and a store that others saw late
 * is kept from them until then. Nothing else is decided here: the code between is the target's, and
 * so is the check that fails.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The driver itself has no hooks. */
#if defined(__clang__)
#define RUN_BARE __attribute__((disable_sanitizer_instrumentation))
#else
#define RUN_BARE __attribute__((no_sanitize_thread))
#endif
/* What libc has, when a call of that name comes to the driver. */
#define RUN_REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

enum { RUN_SEGMENT_SIZE = CF_MAX_SHARED, RUN_BARRIERS = 64 };
/* After so long nobody goes on any more, if nobody has ended. */
enum { RUN_DEADLINE_SECONDS = 20, RUN_QUIET_SECONDS = 4 };
enum { RUN_FAILED = 1, RUN_NOT_SHOWN = 2 };
enum run_item_state { RUN_NONE, RUN_MADE, RUN_HANDED, RUN_TAKEN, RUN_FREED };

struct run_control {
	unsigned head; /* the step that comes next */
	unsigned ended, killed; /* a bit for each actor */
	unsigned begun; /* all actors are there */
	pid_t pid[CF_MAX_ACTORS];
	unsigned broken; /* connections */
	unsigned damaged; /* calls */
	int failed;
	unsigned char item[CF_MAX_ITEMS];
	unsigned char ledger[CF_LEDGER_SIZE];
	/* Of each actor that waits at a condition: where, since when, and whether it has been woken. */
	struct {
		const void *at;
		unsigned since, woken;
	} sleeper[CF_MAX_ACTORS];
	unsigned sleeps;
	struct {
		const void *at;
		unsigned limit, there, round;
	} barrier[RUN_BARRIERS];
};

static struct run_control *run_control;
static const struct run_order *run_now = &run_failing;
static unsigned char *const run_segment = (unsigned char *)RUN_SEGMENT;
static int run_me = -1; /* the parent is no actor */
static int run_directed;
static int run_has_hooks;
static const struct run_step *run_pending; /* whose access comes after its hook */
static unsigned char run_before[8];

static int run_flushes(unsigned at, enum run_op op);
static void run_deafen(sigset_t *own);
static int run_hears(const sigset_t *mask);
static void run_listen(const sigset_t *own);
static void run_arrive(void);

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

RUN_BARE static void run_done(const struct run_step *s)
{
	if (s)
		run_go_on_at((unsigned)(s - run_now->step) + 1);
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
	run_done(s);
}

/* The next access of somebody who has not ended; held stores that come before it are seen then. */
RUN_BARE static unsigned run_next_access(unsigned from)
{
	unsigned ended = __atomic_load_n(&run_control->ended, __ATOMIC_ACQUIRE);

	while (from < run_now->steps &&
	       (run_now->step[from].op == RUN_COMMIT || ended >> run_now->step[from].actor & 1))
		from++;
	return from;
}

RUN_BARE static void run_commit(unsigned from, unsigned to)
{
	for (; from < to; from++)
		if (run_now->step[from].op == RUN_COMMIT)
			run_put(&run_now->step[from]);
}

RUN_BARE static int run_touches(unsigned at, const struct run_step *load)
{
	const struct run_step *s = &run_now->step[at];

	return s->offset == load->offset && (s->op == RUN_LOAD || s->op == RUN_STORE);
}

/* Of two accesses to a word in a row compilers may leave out the load. */
RUN_BARE static int run_may_be_missing(unsigned at)
{
	const struct run_step *load = &run_now->step[at];

	if (load->op != RUN_LOAD)
		return 0;
	for (unsigned i = at; i-- > 0 && run_now->step[i].actor == load->actor;)
		if (run_touches(i, load))
			return 1;
	for (unsigned i = at; ++i < run_now->steps && run_now->step[i].actor == load->actor;)
		if (run_touches(i, load))
			return 1;
	return 0;
}

/* Who spins looks again, perhaps more often than in that run: that is none of its steps. */
RUN_BARE static const struct run_step *run_match(unsigned at, enum run_op op, size_t offset)
{
	for (; at < run_now->steps && (int)run_now->step[at].actor == run_me; at++) {
		enum run_op was =
			run_now->step[at].op == RUN_CAS_FAIL ? RUN_RMW : run_now->step[at].op;

		if (was == op && run_now->step[at].offset == offset)
			return &run_now->step[at];
		if (!run_may_be_missing(at))
			return NULL;
	}
	return NULL;
}

RUN_BARE static void run_is_over(unsigned *who)
{
	__atomic_fetch_or(who, 1u << run_me, __ATOMIC_SEQ_CST);
}

/* Says whether a signal came, or death. */
RUN_BARE static int run_is_struck(unsigned at, const sigset_t *mask)
{
	const struct run_step *s = &run_now->step[at];

	if (at == run_now->steps || (s->op != RUN_SIGNAL && s->op != RUN_KILL))
		return 0;
	if (s->op == RUN_KILL) {
		run_is_over(&run_control->killed);
		run_is_over(&run_control->ended);
	}
	run_go_on_at(at + 1);
	raise((int)s->value);
	run_hears(mask);
	return 1;
}

/* Others come before what this actor has arrived at. */
RUN_BARE static int run_gives_way(unsigned at)
{
	if (at == run_now->steps || run_now->step[at].op != RUN_SWITCH)
		return 0;
	run_go_on_at(at + 1);
	return 1;
}

/* A child that is there is taken first, whatever has come with it. */
RUN_BARE static int run_is_deaf(unsigned at, enum run_op op)
{
	return op == RUN_WAIT && at < run_now->steps && run_now->step[at].op == op &&
	       (long long)run_now->step[at].value >= 0;
}

/* Waits until the next step is this actor's, or nobody's. */
RUN_BARE static unsigned run_await_turn(enum run_op op, const sigset_t *mask)
{
	for (;;) {
		unsigned from = run_head(), to = run_next_access(from);

		if (to < run_now->steps && (int)run_now->step[to].actor != run_me) {
			syscall(SYS_sched_yield);
			continue;
		}
		run_commit(from, to);
		run_go_on_at(to);
		if (!run_gives_way(to) && !run_is_struck(to, mask) && !run_flushes(to, op) &&
		    (run_is_deaf(to, op) || !run_hears(mask)))
			return to;
	}
}

/* Signals that come meanwhile are heard by this mask when it is this actor's turn. */
RUN_BARE static const struct run_step *run_turn_with(const sigset_t *mask, enum run_op op,
						     const void *address)
{
	size_t offset = (size_t)((const unsigned char *)address - run_segment);
	const struct run_step *s;
	sigset_t own;
	unsigned at;

	if (!run_directed || run_me < 0 || offset >= RUN_SEGMENT_SIZE)
		return NULL;
	run_settle();
	run_deafen(&own);
	at = run_await_turn(op, mask ? mask : &own);
	run_listen(&own);
	s = run_match(at, op, offset);
	if (s)
		run_go_on_at((unsigned)(s - run_now->step));
	return s;
}

/* Waits until it is this actor's turn; returns its step, NULL if that is none of the run. */
RUN_BARE static const struct run_step *run_turn(enum run_op op, const void *address)
{
	return run_turn_with(NULL, op, address);
}

/* Between two looks at something that another must do first. */
RUN_BARE static void run_rest(void)
{
	const struct timespec moment = { 0, 100000 };

	syscall(SYS_nanosleep, &moment, NULL);
}
