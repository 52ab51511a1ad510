/* SPDX-License-Identifier: Apache-2.0
 *
 * uncontrolled - two actors that end in one way each time, whoever runs when: what runs that nobody controls
 * must tell, too.
 */
#include <stdatomic.h>
#include <stdlib.h>

#include "cryofuzz.h"

enum { PASSES, FAILS, IN_THE_END, CRASHES, HANGS, LEAVES };

static int runs; /* of this process: data are as new in each run */

static void left(unsigned index)
{
	atomic_int *word = cf_shared();

	(void)index;
	atomic_fetch_add(word, 1);
	if (runs++ > 0)
		cf_fail(CF_INVARIANT, "uncontrolled.data", "run %d of this data", runs);
	switch (cf_variant()) {
	case FAILS:
		cf_fail(CF_STALE_READ, "uncontrolled.left", "as it does each time");
	case CRASHES:
		*(volatile int *)8 = 1;
		break;
	case HANGS:
		while (atomic_load_explicit(word, memory_order_relaxed) < 3)
			;
		break;
	case LEAVES:
		exit(0);
	default:
		break;
	}
}

static void right(unsigned index)
{
	(void)index;
	atomic_fetch_add((atomic_int *)cf_shared(), 1);
}

static void check(void)
{
	int sum = atomic_load((atomic_int *)cf_shared());

	cf_outcome("sum=%d%s", sum, cf_variant() == IN_THE_END ? ", wrongly" : "");
}

static const struct cf_role roles[] = { { "left", NULL, left }, { "right", NULL, right }, { 0 } };

static const struct cf_variant_spec variants[] = {
	{ "passes", "adds two", CF_SC, NULL },
	{ "fails", "one fails and is gone", CF_SC, "stale-read in uncontrolled.left" },
	{ "in-the-end", "what it has come to is forbidden", CF_SC,
	  "invariant in uncontrolled.wrong" },
	{ "crashes", "writes to address 8", CF_SC, "crash in uncontrolled.c:29" },
	{ "hangs", "waits for a third one", CF_SC, "hang in uncontrolled" },
	{ "leaves", "calls exit", CF_SC, "crash in uncontrolled" },
	{ 0 },
};

static const struct cf_outcome_spec outcomes[] = {
	{ "two", "sum=2", CF_ACCEPTABLE, "each has added one" },
	{ "wrong", "*wrongly", CF_FORBIDDEN, "said to be wrong" },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "uncontrolled",
	.summary = "ends in the same way each time",
	.shared_size = sizeof(int),
	.flags = CF_FIBERS,
	.roles = roles,
	.variants = variants,
	.check = check,
	.outcomes = outcomes,
};
