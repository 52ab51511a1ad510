/* SPDX-License-Identifier: Apache-2.0
 *
 * counted - Treiber's stack with counted pointers: the top is a node's number beside a count of its changes,
 * and both are compared and exchanged at once, in 16 bytes. Each worker takes nodes from the stack and puts
 * some of them back.
 *
 * Oracle: whoever has taken a node has it alone, and in the end each is in the stack or with somebody.
 *
 * counted         16 bytes at once
 * count-ignored   the count goes along, but only the number is compared (fails under sc): whoever has read
 *                 the top and its successor may find the same top again above another one
 * next-relaxed    a node's successor may be stored after the top that names it (fails on weak CPUs)
 */
#include <stdatomic.h>

#include "cryofuzz.h"

enum { WORKERS };

enum { COUNTED, COUNT_IGNORED, NEXT_RELAXED };

enum { MOST = 3, NODES = 3 };

typedef unsigned __int128 wide;

struct shared {
	_Alignas(16) wide top; /* a number, 0 if there is none, below a count */
	_Alignas(8) _Atomic uint64_t next[NODES + 1];
};

struct ledger {
	uint8_t owner[NODES + 1]; /* 1 + the worker that has it, 0: it is in the stack */
};

static struct shared *the(void)
{
	return cf_shared();
}

static uint64_t number_of(wide top)
{
	return (uint64_t)top;
}

/* The same one compared by its number alone: what of 16 bytes is a count is what it was then. */
static int exchange_number(wide *top, wide *seen, wide wanted)
{
	uint64_t number = number_of(*seen);

	if (__atomic_compare_exchange_n((uint64_t *)top, &number, number_of(wanted), 0,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
		__atomic_fetch_add((uint64_t *)top + 1, 1, __ATOMIC_RELAXED);
		return 1;
	}
	*seen = __atomic_load_n(top, __ATOMIC_ACQUIRE);
	return 0;
}

static int exchange(wide *seen, uint64_t number)
{
	wide wanted = ((*seen >> 64) + 1) << 64 | number;

	if (cf_variant() == COUNT_IGNORED)
		return exchange_number(&the()->top, seen, wanted);
	if (cf_variant() == NEXT_RELAXED)
		return __atomic_compare_exchange_n(&the()->top, seen, wanted, 0, __ATOMIC_RELAXED,
						   __ATOMIC_RELAXED);
	return __atomic_compare_exchange_n(&the()->top, seen, wanted, 0, __ATOMIC_ACQ_REL,
					   __ATOMIC_ACQUIRE);
}

static void put(uint64_t node)
{
	struct ledger *ledger = cf_ledger();
	wide seen = __atomic_load_n(&the()->top, __ATOMIC_RELAXED);

	ledger->owner[node] = 0;
	do
		atomic_store_explicit(&the()->next[node], number_of(seen), memory_order_relaxed);
	while (!exchange(&seen, node));
}

/* 0: there is none. */
static uint64_t take(unsigned worker)
{
	struct ledger *ledger = cf_ledger();
	wide seen = __atomic_load_n(&the()->top, __ATOMIC_ACQUIRE);
	uint64_t node, next;

	do {
		node = number_of(seen);
		if (node == 0)
			return 0;
		next = atomic_load_explicit(&the()->next[node], memory_order_relaxed);
	} while (!exchange(&seen, next));
	if (ledger->owner[node] != 0)
		cf_fail(CF_INVARIANT, "counted.nodes",
			"worker%u takes node %llu, which worker%u has", worker,
			(unsigned long long)node, ledger->owner[node] - 1u);
	ledger->owner[node] = (uint8_t)(worker + 1);
	return node;
}

static void work(unsigned index)
{
	uint64_t first = take(index), second = take(index);

	if (first != 0)
		put(first);
	(void)second; /* it keeps that one */
}

static void check(void)
{
	struct ledger *ledger = cf_ledger();
	uint64_t node = number_of(the()->top);
	unsigned i, left = 0;

	for (i = 0; node != 0 && i < NODES; i++) {
		if (ledger->owner[node] != 0)
			cf_fail(CF_INVARIANT, "counted.nodes",
				"node %llu is in the stack and with worker%u",
				(unsigned long long)node, ledger->owner[node] - 1u);
		node = atomic_load(&the()->next[node]);
	}
	for (unsigned n = 1; n <= NODES; n++)
		left += ledger->owner[n] == 0;
	if (left != i)
		cf_fail(CF_INVARIANT, "counted.nodes", "%u nodes are in the stack, not %u", i,
			left);
}

static void init(void)
{
	for (uint64_t node = 1; node < NODES; node++)
		atomic_init(&the()->next[node], node + 1);
	the()->top = 1;
}

static const struct cf_role roles[] = {
	{ "worker", "workers", work },
	{ 0 },
};

static const struct cf_param_spec params[] = {
	[WORKERS] = { "workers", 2, MOST, 2, "actors" },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	[COUNTED] = { "counted", "number and count are exchanged at once", CF_SC, NULL },
	[COUNT_IGNORED] = { "count-ignored", "only the number is compared", CF_SC,
			    "invariant in counted.nodes" },
	[NEXT_RELAXED] = { "next-relaxed", "the top may be seen before a successor", CF_WEAK,
			   "invariant in counted.nodes" },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "counted",
	.summary = "stack with counted pointers of 16 bytes",
	.shared_size = sizeof(struct shared),
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
	.init = init,
	.check = check,
};
