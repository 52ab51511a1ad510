/* SPDX-License-Identifier: Apache-2.0
 *
 * spins - a role computes for ever without reaching a point: only its CPU time tells.
 */
#include "cryofuzz.h"

static void touch(unsigned index)
{
	(void)index;
	*(volatile uint64_t *)cf_shared() += 1;
}

static void spin(unsigned index)
{
	volatile unsigned turns = 0;

	touch(index);
	for (;;)
		turns++;
}

static const struct cf_role roles[] = {
	{ "left", NULL, spin },
	{ "right", NULL, touch },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	{ "only", "the first role never comes back", CF_SC, NULL },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "spins",
	.summary = "an endless loop without a point",
	.shared_size = sizeof(uint64_t),
	.flags = CF_FIBERS,
	.roles = roles,
	.variants = variants,
};
