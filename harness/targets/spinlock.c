/* SPDX-License-Identifier: Apache-2.0
 *
 * spinlock - stress-ng's lock that never ended on ThunderX: a test-and-set lock built by hand. Each
 * worker takes the lock some rounds long and moves a pair of counters from one consistent state to
 * the next; the pair stands for whatever a lock protects.
 *
 * Oracle: in the section both counters are equal and nobody else is in; at the end they have
 * counted each round of each worker. One title for all, whichever of these sees it first.
 *
 * acquire-release  the lock as it should be
 * ticket           served in order: fetch-and-add for a ticket, wait for its turn
 * yield            gives the CPU away between two attempts
 * relaxed          atomic, but orders nothing: the section leaks out on both sides
 * plain-unlock     released without release: the next owner misses the last stores
 * relaxed-lock     taken without acquire: the owner reads what was there before the last section
 * no-lock-test     looks first and stores then: two can find it free (a plain race, fails on sc)
 * peeks            looks at a counter while another one has the lock: nothing comes of that here, but it
 *                  is a data race, which shows where races are looked for
 */
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "cryofuzz.h"

enum { WORKERS, ROUNDS };

enum { ACQUIRE_RELEASE, TICKET, YIELD, RELAXED, PLAIN_UNLOCK, RELAXED_LOCK, NO_LOCK_TEST, PEEKS };

/* One word each: the models reorder words. */
struct shared {
	_Alignas(8) atomic_uint lock;
	_Alignas(8) atomic_uint next; /* ticket */
	_Alignas(8) uint64_t first;
	_Alignas(8) uint64_t second;
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

static void take(struct shared *s)
{
	switch (cf_variant()) {
	case RELAXED:
	case RELAXED_LOCK:
		return lock_relaxed(s);
	case NO_LOCK_TEST:
		return lock_untested(s);
	case TICKET:
		return lock_ticket(s);
	default:
		return lock_exchange(s);
	}
}

static void release(struct shared *s)
{
	switch (cf_variant()) {
	case RELAXED:
	case PLAIN_UNLOCK:
		atomic_store_explicit(&s->lock, 0, memory_order_relaxed);
		return;
	case TICKET:
		/* Only the owner changes it. */
		atomic_fetch_add_explicit(&s->lock, 1, memory_order_release);
		return;
	default:
		atomic_store_explicit(&s->lock, 0, memory_order_release);
	}
}

static void section(struct shared *s)
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
static bool has_counted_all(struct shared *s)
{
	return atomic_load_explicit(&s->lock, memory_order_relaxed) && s->first == UINT64_MAX;
}

static void worker(unsigned index)
{
	struct shared *s = cf_shared();
	int i;

	(void)index;
	for (i = 0; i < cf_param(ROUNDS); i++) {
		if (cf_variant() == PEEKS && has_counted_all(s))
			return;
		take(s);
		section(s);
		release(s);
	}
}

static void check(void)
{
	struct shared *s = cf_shared();
	uint64_t expected = (uint64_t)cf_param(WORKERS) * (uint64_t)cf_param(ROUNDS);

	if (s->first != expected || s->second != expected)
		cf_fail(CF_INVARIANT, "spinlock.section", "counted %llu, %llu of %llu",
			(unsigned long long)s->first, (unsigned long long)s->second,
			(unsigned long long)expected);
}

static const struct cf_role roles[] = {
	{ "worker", "workers", worker },
	{ 0 },
};

static const struct cf_param_spec params[] = {
	[WORKERS] = { "workers", 2, 4, 2, "actors that compete for the lock" },
	[ROUNDS] = { "rounds", 1, 8, 2, "times that each takes it" },
	{ 0 },
};

#define TITLE "invariant in spinlock.section"

static const struct cf_variant_spec variants[] = {
	[ACQUIRE_RELEASE] = { "acquire-release", "test-and-set with both orders", CF_SC, NULL },
	[TICKET] = { "ticket", "ticket lock", CF_SC, NULL },
	[YIELD] = { "yield", "yields while it is taken", CF_SC, NULL },
	[RELAXED] = { "relaxed", "neither acquire nor release", CF_WEAK, TITLE },
	[PLAIN_UNLOCK] = { "plain-unlock", "unlock without release", CF_WEAK, TITLE },
	[RELAXED_LOCK] = { "relaxed-lock", "lock without acquire", CF_WEAK, TITLE },
	[NO_LOCK_TEST] = { "no-lock-test", "load, then store, instead of one exchange", CF_SC,
			   TITLE },
	[PEEKS] = { "peeks", "a counter is looked at without the lock", CF_SC,
		    "data-race in spinlock.first" },
	{ 0 },
};

static const struct cf_word words[] = {
	{ "first", offsetof(struct shared, first), sizeof(uint64_t), 0 },
	{ "second", offsetof(struct shared, second), sizeof(uint64_t), 0 },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "spinlock",
	.summary = "test-and-set lock around a pair of counters",
	.shared_size = sizeof(struct shared),
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
	.check = check,
	.words = words,
};
