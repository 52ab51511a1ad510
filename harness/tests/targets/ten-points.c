/* SPDX-License-Identifier: Apache-2.0
 *
 * ten-points - what ci/bench measures: two actors, ten points, nothing to get wrong. Each publishes
 * a value and looks at the other's.
 */
#include <stdatomic.h>

#include "cryofuzz.h"

struct side {
	_Alignas(8) volatile uint64_t value;
	_Alignas(8) atomic_uint ready;
};

static void play(unsigned me)
{
	struct side *side = cf_shared();
	uint64_t value;
	unsigned ready;

	side[me].value = me + 1;
	atomic_store_explicit(&side[me].ready, 1, memory_order_release);
	ready = atomic_load_explicit(&side[!me].ready, memory_order_acquire);
	value = side[!me].value;
	if (ready && value != !me + 1u)
		cf_fail(CF_STALE_READ, "ten-points.play", "%u", (unsigned)value);
}

static void left(unsigned index)
{
	(void)index;
	play(0);
}

static void right(unsigned index)
{
	(void)index;
	play(1);
}

static const struct cf_role roles[] = {
	{ "left", NULL, left },
	{ "right", NULL, right },
	{ 0 },
};

static const struct cf_param_spec params[] = { { 0 } };

static const struct cf_variant_spec variants[] = {
	{ "only", "release and acquire", CF_SC, NULL },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "ten-points",
	.summary = "two actors look at each other",
	.shared_size = 2 * sizeof(struct side),
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
};
