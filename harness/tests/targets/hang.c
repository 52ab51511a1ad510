/* SPDX-License-Identifier: Apache-2.0
 *
 * hang - two roles that spin on a word that nobody ever writes.
 */
#include "cryofuzz.h"

static void await(unsigned index)
{
	(void)index;
	while (!*(volatile uint64_t *)cf_shared())
		;
}

static const struct cf_role roles[] = {
	{ "left", NULL, await },
	{ "right", NULL, await },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	{ "only", "both wait for a word to change", CF_SC, "hang in hang.left" },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "hang",
	.summary = "all roles spin",
	.shared_size = sizeof(uint64_t),
	.flags = CF_FIBERS,
	.roles = roles,
	.variants = variants,
};
