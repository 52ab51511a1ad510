/* SPDX-License-Identifier: Apache-2.0
 *
 * crash - a role crashes in the middle of its run.
 */
#include "cryofuzz.h"

static void touch(unsigned index)
{
	(void)index;
	*(volatile uint64_t *)cf_shared() += 1;
}

static void fall(unsigned index)
{
	touch(index);
	*(volatile int *)8 = 1;
}

static const struct cf_role roles[] = {
	{ "left", NULL, fall },
	{ "right", NULL, touch },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	{ "only", "writes to address 8", CF_SC, "crash in crash.c:16" },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "crash",
	.summary = "a role dereferences null",
	.shared_size = sizeof(uint64_t),
	.flags = CF_FIBERS,
	.roles = roles,
	.variants = variants,
};
