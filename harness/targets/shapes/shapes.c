/* SPDX-License-Identifier: Apache-2.0
 *
 * shapes - what SCTBench and the papers on PCT, POS and SURW measure with. A variant for each bug; `mended`
 * plays, without its bug, the one that the parameter names. ci/qualify compares strategies with them.
 */
#include "shapes.h"

#define SHAPE_ENTRY(id, name, what) &shape_##id,
static const struct shape *const shapes[] = { SHAPES(SHAPE_ENTRY) };

enum { COUNT = sizeof(shapes) / sizeof(shapes[0]) };

static bool mended(void)
{
	return cf_variant() == 0;
}

static const struct shape *shape(void)
{
	return shapes[mended() ? (unsigned)cf_param(SHAPE) : cf_variant() - 1];
}

static void actor(unsigned index)
{
	shape()->play(index, mended());
}

static void init(void)
{
	if (shape()->begin)
		shape()->begin(mended());
}

static void check(void)
{
	if (shape()->check)
		shape()->check();
}

static const struct cf_role roles[] = { { "actor", "actors", actor }, { 0 } };

static const struct cf_param_spec params[] = {
	[ACTORS] = { "actors", LEAST_ACTORS, CF_MAX_ACTORS, LEAST_ACTORS,
		     "in some shapes not all have a part" },
	[SHAPE] = { "shape", 0, COUNT - 1, 0, "of mended: which one it plays" },
	[SETTERS] = { "setters", 3, 100, 3,
		      "of reorder, at least one for each actor but the last" },
	{ 0 },
};

#define SHAPE_VARIANT(id, name, what) { name, what, CF_SC, "invariant in shapes." name },
static const struct cf_variant_spec variants[] = {
	{ "mended", "any of the others without its bug", CF_SC, NULL },
	SHAPES(SHAPE_VARIANT){ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "shapes",
	.summary = "published shapes of concurrency bugs",
	.shared_size = SHAPE_SIZE,
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
	.init = init,
	.check = check,
};
