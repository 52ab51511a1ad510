/* SPDX-License-Identifier: Apache-2.0
 *
 * spinlock - stress-ng's lock that never ended on ThunderX: a test-and-set lock built by hand. Each
 * worker takes the lock some rounds long and moves a pair of counters from one consistent state to
 * the next; the pair stands for whatever a lock protects.
 *
 * Oracle: in the section both counters are equal and nobody else is in; at the end they have
 * counted each round of each worker. One title for all, whichever of these sees it first.
 *
 * The incident looked otherwise: its workers went on until both counters said that all was done, and
 * never ended. So do `arch-yield` and what was tried to mend it: `yield-removed` never ends either,
 * `forced-end` ends, and finds that it has not counted right; `pthread` is what helped.
 *
 * acquire-release  the lock as it should be
 * ticket           served in order: fetch-and-add for a ticket, wait for its turn
 * yield            gives the CPU away between two attempts
 * pause            looks before it tries again, and tells the CPU that it waits
 * mcs              a queue; each waits at a place of its own
 * pthread          pthread_spin_lock, until all is done
 * relaxed          atomic, but orders nothing: the section leaks out on both sides
 * plain-unlock     released without release: the next owner misses the last stores
 * relaxed-lock     taken without acquire: the owner reads what was there before the last section
 * no-lock-test     looks first and stores then: two can find it free (a plain race, fails on sc)
 * peeks            looks at a counter while another one has the lock: nothing comes of that here, but it
 *                  is a data race, which shows where races are looked for
 * arch-yield       the incident: relaxed atomics and a yield, until all is done
 * yield-removed    without the yield
 * forced-end       until all is done, or a deadline is over
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>

#include "cryofuzz.h"

enum { WORKERS, ROUNDS, LINES };

enum {
	ACQUIRE_RELEASE,
	TICKET,
	YIELD,
	PAUSE,
	MCS,
	PTHREAD,
	RELAXED,
	PLAIN_UNLOCK,
	RELAXED_LOCK,
	NO_LOCK_TEST,
	PEEKS,
	ARCH_YIELD,
	YIELD_REMOVED,
	FORCED_END,
};

enum { MAX_WORKERS = 4, DEADLINE_US = 60, FOR_EVER = 100 /* turns */ };

/* One word each: the models reorder words. */
struct shared {
	_Alignas(8) atomic_uint lock;
	_Alignas(8) atomic_uint next; /* ticket */
	struct pair {
		_Alignas(8) uint64_t first;
		_Alignas(8) uint64_t second;
	} near;
	_Alignas(8) pthread_spinlock_t spin;
	struct place {
		_Alignas(8) atomic_uint waits;
		_Alignas(8) atomic_uint next; /* 1 + who comes after */
	} place[MAX_WORKERS]; /* mcs: in its queue, whose end `lock` is */
	_Alignas(64) struct pair far; /* on another cache line than the lock */
};

struct ledger {
	unsigned inside;
};

static void lock_exchange(struct shared *s)
{
	while (atomic_exchange_explicit(&s->lock, 1, memory_order_acquire))
		if (cf_variant() == YIELD)
			sched_yield();
}

static void lock_relaxed(struct shared *s)
{
	while (atomic_exchange_explicit(&s->lock, 1, memory_order_relaxed))
		;
}

static void lock_untested(struct shared *s)
{
	while (atomic_load_explicit(&s->lock, memory_order_acquire))
		;
	atomic_store_explicit(&s->lock, 1, memory_order_seq_cst);
}

static void lock_ticket(struct shared *s)
{
	unsigned mine = atomic_fetch_add_explicit(&s->next, 1, memory_order_relaxed);

	while (atomic_load_explicit(&s->lock, memory_order_acquire) != mine)
		;
}

static void relax(void)
{
#ifdef __x86_64__
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

static void lock_pausing(struct shared *s)
{
	while (atomic_exchange_explicit(&s->lock, 1, memory_order_acquire))
		while (atomic_load_explicit(&s->lock, memory_order_relaxed))
			relax();
}

static void lock_mcs(struct shared *s, unsigned me)
{
	struct place *mine = &s->place[me];
	unsigned before;

	atomic_store_explicit(&mine->next, 0, memory_order_relaxed);
	atomic_store_explicit(&mine->waits, 1, memory_order_relaxed);
	before = atomic_exchange_explicit(&s->lock, me + 1, memory_order_acq_rel);
	if (before == 0)
		return;
	atomic_store_explicit(&s->place[before - 1].next, me + 1, memory_order_release);
	while (atomic_load_explicit(&mine->waits, memory_order_acquire))
		;
}

static void release_mcs(struct shared *s, unsigned me)
{
	unsigned mine = me + 1, next;

	if (atomic_load_explicit(&s->place[me].next, memory_order_relaxed) == 0 &&
	    atomic_compare_exchange_strong_explicit(&s->lock, &mine, 0, memory_order_release,
						    memory_order_relaxed))
		return;
	while ((next = atomic_load_explicit(&s->place[me].next, memory_order_acquire)) == 0)
		;
	atomic_store_explicit(&s->place[next - 1].waits, 0, memory_order_release);
}

static void lock_yielding(struct shared *s)
{
	while (atomic_exchange_explicit(&s->lock, 1, memory_order_relaxed))
		sched_yield();
}

static void take(struct shared *s, unsigned me)
{
	switch (cf_variant()) {
	case RELAXED:
	case RELAXED_LOCK:
	case YIELD_REMOVED:
	case FORCED_END:
		return lock_relaxed(s);
	case ARCH_YIELD:
		return lock_yielding(s);
	case PAUSE:
		return lock_pausing(s);
	case MCS:
		return lock_mcs(s, me);
	case PTHREAD:
		pthread_spin_lock(&s->spin);
		return;
	case NO_LOCK_TEST:
		return lock_untested(s);
	case TICKET:
		return lock_ticket(s);
	default:
		return lock_exchange(s);
	}
}

static void release(struct shared *s, unsigned me)
{
	switch (cf_variant()) {
	case RELAXED:
	case PLAIN_UNLOCK:
	case ARCH_YIELD:
	case YIELD_REMOVED:
	case FORCED_END:
		atomic_store_explicit(&s->lock, 0, memory_order_relaxed);
		return;
	case TICKET:
		/* Only the owner changes it. */
		atomic_fetch_add_explicit(&s->lock, 1, memory_order_release);
		return;
	case MCS:
		return release_mcs(s, me);
	case PTHREAD:
		pthread_spin_unlock(&s->spin);
		return;
	default:
		atomic_store_explicit(&s->lock, 0, memory_order_release);
	}
}

static struct pair *the_pair(void)
{
	struct shared *s = cf_shared();

	return cf_param(LINES) == 1 ? &s->near : &s->far;
}

static void section(struct pair *s)
{
	struct ledger *ledger = cf_ledger();
	uint64_t first, second;

	if (ledger->inside++)
		cf_fail(CF_INVARIANT, "spinlock.section", "%u in the section", ledger->inside);
	first = s->first;
	second = s->second;
	if (first != second)
		cf_fail(CF_INVARIANT, "spinlock.section", "the pair is %llu, %llu",
			(unsigned long long)first, (unsigned long long)second);
	s->first = first + 1;
	s->second = second + 1;
	ledger->inside--;
}

/* While somebody else may be counting. */
static bool has_counted_all(struct shared *lock, struct pair *s)
{
	return atomic_load_explicit(&lock->lock, memory_order_relaxed) && s->first == UINT64_MAX;
}

static uint64_t all_rounds(void)
{
	return (uint64_t)cf_param(WORKERS) * (uint64_t)cf_param(ROUNDS);
}

/* ---- the incident ---- */

static bool is_over(const struct timespec *since)
{
	struct timespec now;

	if (cf_variant() != FORCED_END)
		return false;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - since->tv_sec) * 1000000 + (now.tv_nsec - since->tv_nsec) / 1000 >
	       DEADLINE_US;
}

/* True once both say that all is done. */
static bool count(struct pair *s)
{
	uint64_t first = s->first, second = s->second;

	if (first == all_rounds() && second == all_rounds())
		return true;
	s->first = first + 1;
	s->second = second + 1;
	return false;
}

static void work_until_done(unsigned me)
{
	struct shared *s = cf_shared();
	struct timespec since = { 0 };
	unsigned turns = 0;
	bool done = false;

	if (cf_variant() == FORCED_END)
		clock_gettime(CLOCK_MONOTONIC, &since);
	while (!done && !is_over(&since)) {
		if (turns++ == FOR_EVER)
			cf_fail(CF_HANG, "spinlock.worker", "it has counted %u times, and goes on",
				FOR_EVER);
		take(s, me);
		done = count(the_pair());
		release(s, me);
	}
}

/* ---- whichever it is ---- */

static bool works_until_done(void)
{
	return cf_variant() == PTHREAD || cf_variant() >= ARCH_YIELD;
}

static void worker(unsigned index)
{
	struct shared *s = cf_shared();
	int i;

	if (works_until_done())
		return work_until_done(index);
	for (i = 0; i < cf_param(ROUNDS); i++) {
		if (cf_variant() == PEEKS && has_counted_all(s, the_pair()))
			return;
		take(s, index);
		section(the_pair());
		release(s, index);
	}
}

static void init(void)
{
	pthread_spin_init(&((struct shared *)cf_shared())->spin, PTHREAD_PROCESS_SHARED);
}

static void check(void)
{
	const struct pair *s = the_pair();

	if (s->first != all_rounds() || s->second != all_rounds())
		cf_fail(CF_INVARIANT, works_until_done() ? "spinlock.verify" : "spinlock.section",
			"counted %llu, %llu of %llu", (unsigned long long)s->first,
			(unsigned long long)s->second, (unsigned long long)all_rounds());
}

static const struct cf_role roles[] = {
	{ "worker", "workers", worker },
	{ 0 },
};

static const struct cf_param_spec params[] = {
	[WORKERS] = { "workers", 2, MAX_WORKERS, 2, "actors that compete for the lock" },
	[ROUNDS] = { "rounds", 1, 8, 2, "times that each takes it" },
	[LINES] = { "lines", 1, 2, 1, "cache lines of the lock and what it protects" },
	{ 0 },
};

#define TITLE "invariant in spinlock.section"

static const struct cf_variant_spec variants[] = {
	[ACQUIRE_RELEASE] = { "acquire-release", "test-and-set with both orders", CF_SC, NULL },
	[TICKET] = { "ticket", "ticket lock", CF_SC, NULL },
	[YIELD] = { "yield", "yields while it is taken", CF_SC, NULL },
	[PAUSE] = { "pause", "looks and pauses while it is taken", CF_SC, NULL },
	[MCS] = { "mcs", "a queue of who waits", CF_SC, NULL },
	[PTHREAD] = { "pthread", "what helped in the incident: pthread_spin_lock", CF_SC, NULL },
	[RELAXED] = { "relaxed", "neither acquire nor release", CF_WEAK, TITLE },
	[PLAIN_UNLOCK] = { "plain-unlock", "unlock without release", CF_WEAK, TITLE },
	[RELAXED_LOCK] = { "relaxed-lock", "lock without acquire", CF_WEAK, TITLE },
	[NO_LOCK_TEST] = { "no-lock-test", "load, then store, instead of one exchange", CF_SC,
			   TITLE },
	[PEEKS] = { "peeks", "a counter is looked at without the lock", CF_SC,
		    "data-race in spinlock.first" },
	[ARCH_YIELD] = { "arch-yield", "the incident: relaxed atomics with a yield never end",
			 CF_WEAK, "hang in spinlock.worker" },
	[YIELD_REMOVED] = { "yield-removed", "its yield removed: it never ends either", CF_WEAK,
			    "hang in spinlock.worker" },
	[FORCED_END] = { "forced-end", "it ends after a deadline, without having counted all",
			 CF_WEAK, "invariant in spinlock.verify" },
	{ 0 },
};

static const struct cf_word words[] = {
	{ "first", offsetof(struct shared, near.first), sizeof(uint64_t), 0 },
	{ "second", offsetof(struct shared, near.second), sizeof(uint64_t), 0 },
	{ "first", offsetof(struct shared, far.first), sizeof(uint64_t), 0 },
	{ "second", offsetof(struct shared, far.second), sizeof(uint64_t), 0 },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "spinlock",
	.summary = "locks that spin, around a pair of counters",
	.shared_size = sizeof(struct shared),
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
	.init = init,
	.check = check,
	.words = words,
};
