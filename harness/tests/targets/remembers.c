/* SPDX-License-Identifier: Apache-2.0
 *
 * remembers - a target that breaks its promise: what its runs do depends on how many there were.
 */
#include "cryofuzz.h"

enum { FAILS = 20 };

static CF_KEPT unsigned runs;

static void play(unsigned index)
{
	volatile uint64_t *word = cf_shared();

	(void)index;
	*word += 1;
	if (++runs == FAILS)
		cf_fail(CF_INVARIANT, "remembers.play", "run %u", runs);
}

static const struct cf_role roles[] = {
	{ "first", NULL, play },
	{ "second", NULL, play },
	{ 0 },
};

static const struct cf_param_spec params[] = { { 0 } };

static const struct cf_variant_spec variants[] = {
	{ "only", "fails once", CF_SC, NULL },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "remembers",
	.summary = "two actors that know how often they were called",
	.shared_size = 8,
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
};
