/* SPDX-License-Identifier: Apache-2.0
 *
 * unready - a role can't have what it needs to begin with, by no fault of what is tested.
 */
#include "cryofuzz.h"

static void begin(unsigned index)
{
	(void)index;
	cf_mark("begin");
	cf_broken("no victim: error %d", -11);
}

static const struct cf_role roles[] = {
	{ "left", NULL, begin },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	{ "only", "the first role has nothing to begin with", CF_SC, NULL },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "unready",
	.summary = "a role ends a run that can't begin",
	.shared_size = sizeof(uint64_t),
	.roles = roles,
	.variants = variants,
};
