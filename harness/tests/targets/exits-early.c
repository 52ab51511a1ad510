/* SPDX-License-Identifier: Apache-2.0
 *
 * exits-early - a role ends its process by itself instead of returning.
 */
#include <stdlib.h>

#include "cryofuzz.h"

static void touch(unsigned index)
{
	(void)index;
	*(volatile uint64_t *)cf_shared() += 1;
}

static void leave(unsigned index)
{
	touch(index);
	exit(3);
}

static const struct cf_role roles[] = {
	{ "left", NULL, leave },
	{ "right", NULL, touch },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	{ "only", "the first role exits with status 3", CF_SC, NULL },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "exits-early",
	.summary = "a role calls exit",
	.shared_size = sizeof(uint64_t),
	.flags = CF_FIBERS,
	.roles = roles,
	.variants = variants,
};
