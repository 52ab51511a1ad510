/* SPDX-License-Identifier: Apache-2.0
 *
 * no-point - no role ever reaches a point, so there is nothing to explore.
 */
#include "cryofuzz.h"

static void idle(unsigned index)
{
	volatile unsigned turns = 10 + index;

	while (turns)
		turns--;
}

static const struct cf_role roles[] = {
	{ "left", NULL, idle },
	{ "right", NULL, idle },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	{ "only", "returns without touching anything", CF_SC, NULL },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "no-point",
	.summary = "never reaches a point",
	.shared_size = sizeof(uint64_t),
	.flags = CF_FIBERS,
	.roles = roles,
	.variants = variants,
};
