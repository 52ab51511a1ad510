/* SPDX-License-Identifier: Apache-2.0
 *
 * latch - three keys in a row, compared with no shared access between them: which branches were taken
 * is all that tells a key that is right from one that is not. Built a second time without coverage.
 */
#include "cryofuzz.h"

enum { FIRST, SECOND, THIRD, HIGHEST = 255 };

static void open_latch(unsigned index)
{
	volatile uint64_t *word = cf_shared();

	(void)index;
	*word = 1;
	if (cf_param(FIRST) != 77)
		return;
	if (cf_param(SECOND) != 201)
		return;
	if (cf_param(THIRD) != 5)
		return;
	cf_fail(CF_INVARIANT, "latch.open", "all three keys are right");
}

static const struct cf_role roles[] = {
	{ "opener", NULL, open_latch },
	{ 0 },
};

static const struct cf_param_spec params[] = {
	[FIRST] = { "first", 0, HIGHEST, 0, "the first key" },
	[SECOND] = { "second", 0, HIGHEST, 0, "the second key" },
	[THIRD] = { "third", 0, HIGHEST, 0, "the third key" },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	{ "opens", "with the right keys", CF_SC, "invariant in latch.open" },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "latch",
	.summary = "three keys in a row",
	.shared_size = sizeof(uint64_t),
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
};
