/* SPDX-License-Identifier: Apache-2.0
 *
 * where - an actor says at three points on which processor it is, counted from the one where all are.
 */
#define _GNU_SOURCE
#include <sched.h>

#include "cryofuzz.h"

enum { NOWHERE = 9 };

static unsigned place(const char *what)
{
	cf_mark(what);
	for (unsigned i = 0; i < cf_processors(); i++)
		if ((unsigned)sched_getcpu() == cf_processor(i))
			return i;
	return NOWHERE;
}

static void walker(unsigned index)
{
	unsigned first = place("first"), second = place("second"), third = place("third");

	(void)index;
	cf_outcome("%u %u %u", first, second, third);
}

static const struct cf_role roles[] = {
	{ "walker", NULL, walker },
	{ 0 },
};

static const struct cf_param_spec params[] = { { 0 } };

static const struct cf_variant_spec variants[] = {
	{ "only", "says where it is", CF_SC, NULL },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "where",
	.summary = "an actor says on which processor it is",
	.shared_size = 8,
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
};
