/* SPDX-License-Identifier: Apache-2.0
 *
 * wide - a segment as large as it may be, of which a run touches a little here and there: what it
 * finds everywhere else must be what init() put there. Its places come from a param.
 */
#include <string.h>

#include "cryofuzz.h"

enum { PLACE, TOUCHES };

enum { WORDS = CF_MAX_SHARED / 8, ROUNDS = 5 };

static uint64_t *words(void)
{
	return cf_shared();
}

static uint64_t initial(unsigned word)
{
	return word % 7 ? 0 : word + (uint64_t)cf_param(PLACE);
}

static unsigned place(unsigned turn, unsigned index)
{
	return ((unsigned)cf_param(PLACE) * 977 + turn * 1361 + index * 3) % (WORDS - 8);
}

/* Each of the two has places of its own. */
static void play(unsigned index)
{
	int i;

	for (i = 0; i < cf_param(TOUCHES); i++) {
		uint64_t *word = words() + place((unsigned)i, index);

		if (*word != initial(place((unsigned)i, index)))
			cf_fail(CF_INVARIANT, "wide.play", "word %u is %#llx",
				place((unsigned)i, index), (unsigned long long)*word);
		*word = ~0ull;
		if (i % 4 == 3)
			memset(word + 1, 0x55, 11);
	}
}

static void init(void)
{
	unsigned i;

	for (i = 0; i < WORDS; i += 7)
		words()[i] = initial(i);
}

static const struct cf_role roles[] = {
	{ "player", "players", play },
	{ 0 },
};

static const struct cf_param_spec params[] = {
	[PLACE] = { "place", 0, 5, 0, "where it begins" },
	[TOUCHES] = { "touches", 1, 40, 20, "places that are touched" },
	{ "players", 1, 2, 2, "actors" },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	{ "only", "looks before it writes", CF_SC, NULL },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "wide",
	.summary = "touches a little of a large segment",
	.shared_size = CF_MAX_SHARED,
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
	.init = init,
};
