/* SPDX-License-Identifier: Apache-2.0
 *
 * setup-crash - the set-up itself crashes: nothing can run, and that is not a finding.
 */
#include "cryofuzz.h"

static void touch(unsigned index)
{
	(void)index;
	*(volatile uint64_t *)cf_shared() += 1;
}

static void init(void)
{
	*(volatile int *)8 = 1;
}

static const struct cf_role roles[] = {
	{ "left", NULL, touch },
	{ "right", NULL, touch },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	{ "only", "writes to address 8 before the run", CF_SC, NULL },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "setup-crash",
	.summary = "crashes in its set-up",
	.shared_size = sizeof(uint64_t),
	.roles = roles,
	.variants = variants,
	.init = init,
};
