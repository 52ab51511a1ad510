/* SPDX-License-Identifier: Apache-2.0
 *
 * graded - two actors store one word each and load the other's: what they have read is graded by a list.
 * Both may read zero only if a store comes late.
 */
#include <stdatomic.h>

#include "cryofuzz.h"

enum { LENIENT, STRICT, FORGETFUL };

struct ledger {
	int read[2];
};

static void run(unsigned index)
{
	atomic_int *word = cf_shared();
	struct ledger *ledger = cf_ledger();

	atomic_store_explicit(&word[index * 2], 1, memory_order_relaxed);
	ledger->read[index] = atomic_load_explicit(&word[2 - index * 2], memory_order_relaxed);
}

static void left(unsigned index)
{
	(void)index;
	run(0);
}

static void right(unsigned index)
{
	(void)index;
	run(1);
}

static void check(void)
{
	const struct ledger *ledger = cf_ledger();

	cf_outcome("left=%d right=%d", ledger->read[0], ledger->read[1]);
}

static const struct cf_role roles[] = { { "left", NULL, left }, { "right", NULL, right }, { 0 } };

static const struct cf_variant_spec variants[] = {
	{ "lenient", "two zeroes are interesting", CF_SC, NULL },
	{ "strict", "two zeroes are forbidden", CF_X86, "invariant in graded.zeroes" },
	{ "forgetful", "two ones are not on the list", CF_SC, "invariant in graded.unlisted" },
	{ 0 },
};

static const struct cf_outcome_spec outcomes[] = {
	{ "zeroes", "left=0 right=0", CF_INTERESTING, "both stores came late", "lenient" },
	{ "zeroes", "left=0 right=0", CF_FORBIDDEN, "both stores came late" },
	{ "ones", "left=1 right=1", CF_ACCEPTABLE, "both came in time", "lenient" },
	{ "ones", "left=1 right=1", CF_ACCEPTABLE, "both came in time", "strict" },
	{ "left-first", "left=0*", CF_ACCEPTABLE, "the left one was first" },
	{ "right-first", "*right=0", CF_ACCEPTABLE, "the right one was first" },
	{ "threes", "left=3 right=3", CF_INTERESTING, "nobody stores that" },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "graded",
	.summary = "outcomes, graded by a list",
	.shared_size = 16,
	.flags = CF_FIBERS,
	.roles = roles,
	.variants = variants,
	.check = check,
	.outcomes = outcomes,
};
