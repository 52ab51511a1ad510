/* SPDX-License-Identifier: Apache-2.0
 *
 * exclusion - locks of the textbooks, for two: Peterson's and Dekker's, which need no more than loads,
 * stores and fences, the ticket lock, and the queue lock of Mellor-Crummey and Scott.
 *
 * Oracle: in the section nobody else is in, and a pair of counters is one; both get through.
 *
 * peterson              the flag is seen before the other's is looked at
 * dekker                the same, also when it comes back after having given way
 * ticket                a number each
 * mcs                   a queue; each waits at a place of its own
 * peterson-unfenced     release and acquire only: both flags may be stored late (fails on x86)
 * dekker-unfenced-retry the fence is forgotten where it comes back
 * ticket-in-two-steps   the number is read, then counted: both can have the same
 * mcs-late-flag         says that it waits when it is in the queue already: who lets it go may have
 *                       been there before, and it waits for ever
 */
#include <stdatomic.h>

#include "cryofuzz.h"

enum { WORKERS, ROUNDS };

enum {
	PETERSON,
	DEKKER,
	TICKET,
	MCS,
	PETERSON_UNFENCED,
	DEKKER_UNFENCED_RETRY,
	TICKET_IN_TWO_STEPS,
	MCS_LATE_FLAG,
};

/* One word each: the models reorder words. */
struct word {
	_Alignas(8) atomic_uint value;
};

struct shared {
	struct word flag[2];
	struct word turn;
	struct word next_ticket, serving;
	struct word tail; /* 1 + the last in the queue, 0 = it is free */
	struct word waits[2];
	struct word next[2]; /* 1 + who comes after */
	_Alignas(8) uint64_t first;
	_Alignas(8) uint64_t second;
};

struct ledger {
	unsigned inside;
};

/* Not functions: each place has a line of its own. */
#define get(word) atomic_load_explicit(&(word)->value, memory_order_acquire)
#define set(word, number) atomic_store_explicit(&(word)->value, number, memory_order_release)

/* What was stored is seen by the other before what comes next is loaded. */
static void full_fence(void)
{
	atomic_thread_fence(memory_order_seq_cst);
}

/* ---- Peterson ---- */

static void lock_peterson(struct shared *s, unsigned me)
{
	set(&s->flag[me], 1);
	set(&s->turn, !me);
	if (cf_variant() == PETERSON)
		full_fence();
	while (get(&s->flag[!me]) && get(&s->turn) == !me)
		;
}

static void unlock_peterson(struct shared *s, unsigned me)
{
	set(&s->flag[me], 0);
}

/* ---- Dekker ---- */

static void give_way(struct shared *s, unsigned me)
{
	set(&s->flag[me], 0);
	while (get(&s->turn) != me)
		;
	set(&s->flag[me], 1);
	if (cf_variant() == DEKKER)
		full_fence();
}

static void lock_dekker(struct shared *s, unsigned me)
{
	set(&s->flag[me], 1);
	full_fence();
	while (get(&s->flag[!me]))
		if (get(&s->turn) != me)
			give_way(s, me);
}

static void unlock_dekker(struct shared *s, unsigned me)
{
	set(&s->turn, !me);
	set(&s->flag[me], 0);
}

/* ---- tickets ---- */

static unsigned draw(struct shared *s)
{
	unsigned mine;

	if (cf_variant() == TICKET)
		return atomic_fetch_add_explicit(&s->next_ticket.value, 1, memory_order_relaxed);
	mine = get(&s->next_ticket);
	set(&s->next_ticket, mine + 1);
	return mine;
}

static void lock_ticket(struct shared *s, unsigned me)
{
	unsigned mine = draw(s);

	(void)me;
	while ((int)(get(&s->serving) - mine) < 0)
		;
}

static void unlock_ticket(struct shared *s, unsigned me)
{
	(void)me;
	atomic_fetch_add_explicit(&s->serving.value, 1, memory_order_release);
}

/* ---- the queue of Mellor-Crummey and Scott ---- */

static void lock_mcs(struct shared *s, unsigned me)
{
	unsigned before;

	set(&s->next[me], 0);
	if (cf_variant() == MCS)
		set(&s->waits[me], 1);
	before = atomic_exchange_explicit(&s->tail.value, me + 1, memory_order_acq_rel);
	if (before == 0)
		return;
	set(&s->next[before - 1], me + 1);
	if (cf_variant() == MCS_LATE_FLAG)
		set(&s->waits[me], 1);
	while (get(&s->waits[me]))
		;
}

static void unlock_mcs(struct shared *s, unsigned me)
{
	unsigned mine = me + 1;

	if (get(&s->next[me]) == 0) {
		if (atomic_compare_exchange_strong_explicit(
			    &s->tail.value, &mine, 0, memory_order_acq_rel, memory_order_relaxed))
			return;
		while (get(&s->next[me]) == 0)
			;
	}
	set(&s->waits[get(&s->next[me]) - 1], 0);
}

/* ---- whoever has it ---- */

static const struct {
	void (*lock)(struct shared *s, unsigned me);
	void (*unlock)(struct shared *s, unsigned me);
} locks[] = {
	[PETERSON] = { lock_peterson, unlock_peterson },
	[DEKKER] = { lock_dekker, unlock_dekker },
	[TICKET] = { lock_ticket, unlock_ticket },
	[MCS] = { lock_mcs, unlock_mcs },
	[PETERSON_UNFENCED] = { lock_peterson, unlock_peterson },
	[DEKKER_UNFENCED_RETRY] = { lock_dekker, unlock_dekker },
	[TICKET_IN_TWO_STEPS] = { lock_ticket, unlock_ticket },
	[MCS_LATE_FLAG] = { lock_mcs, unlock_mcs },
};

static void section(struct shared *s)
{
	struct ledger *ledger = cf_ledger();
	uint64_t first, second;

	if (ledger->inside++)
		cf_fail(CF_INVARIANT, "exclusion.section", "%u in the section", ledger->inside);
	first = s->first;
	second = s->second;
	if (first != second)
		cf_fail(CF_INVARIANT, "exclusion.section", "the pair is %llu, %llu",
			(unsigned long long)first, (unsigned long long)second);
	s->first = first + 1;
	s->second = second + 1;
	ledger->inside--;
}

static void worker(unsigned index)
{
	struct shared *s = cf_shared();
	int i;

	for (i = 0; i < cf_param(ROUNDS); i++) {
		locks[cf_variant()].lock(s, index);
		section(s);
		locks[cf_variant()].unlock(s, index);
	}
}

static void check(void)
{
	struct shared *s = cf_shared();
	uint64_t expected = (uint64_t)cf_param(WORKERS) * (uint64_t)cf_param(ROUNDS);

	if (s->first != expected || s->second != expected)
		cf_fail(CF_INVARIANT, "exclusion.section", "counted %llu, %llu of %llu",
			(unsigned long long)s->first, (unsigned long long)s->second,
			(unsigned long long)expected);
}

static const struct cf_role roles[] = {
	{ "worker", "workers", worker },
	{ 0 },
};

static const struct cf_param_spec params[] = {
	[WORKERS] = { "workers", 2, 2, 2, "actors that compete for the lock" },
	[ROUNDS] = { "rounds", 1, 8, 2, "times that each takes it" },
	{ 0 },
};

#define TITLE "invariant in exclusion.section"

static const struct cf_variant_spec variants[] = {
	[PETERSON] = { "peterson", "Peterson's lock", CF_SC, NULL },
	[DEKKER] = { "dekker", "Dekker's lock", CF_SC, NULL },
	[TICKET] = { "ticket", "a number each", CF_SC, NULL },
	[MCS] = { "mcs", "a queue of who waits", CF_SC, NULL },
	[PETERSON_UNFENCED] = { "peterson-unfenced", "release and acquire instead of a fence",
				CF_X86, TITLE },
	[DEKKER_UNFENCED_RETRY] = { "dekker-unfenced-retry", "no fence after it has given way",
				    CF_X86, TITLE },
	[TICKET_IN_TWO_STEPS] = { "ticket-in-two-steps", "a load and a store to draw a number",
				  CF_SC, TITLE },
	[MCS_LATE_FLAG] = { "mcs-late-flag", "in the queue before it says that it waits", CF_SC,
			    "hang in exclusion.worker" },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "exclusion",
	.summary = "locks of the textbooks: Peterson, Dekker, ticket, MCS",
	.shared_size = sizeof(struct shared),
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
	.check = check,
};
