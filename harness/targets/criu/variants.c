/* SPDX-License-Identifier: Apache-2.0
 *
 * The two faces of variants.h: what is said of a variant, and what it does.
 */
#include "plant.h"

const struct cf_variant_spec criu_variants[] = {
	{ "real", "criu as it is, what is known of it made up for", CF_SC, NULL },
#define MINDS(weakness, name, what, expect, breaks) { name, what, CF_SC, expect, breaks },
#define SPOILS(item, name, what, expect, breaks) { name, what, CF_SC, expect, breaks },
#define SLIPS(slip, param, name, what, expect, breaks) { name, what, CF_SC, expect, breaks },
#define EXPECTS(frailty, name, what, expect) { name, what, CF_SC, expect, NULL },
#include "variants.h"
#undef MINDS
#undef SPOILS
#undef SLIPS
#undef EXPECTS
	{ NULL, NULL, CF_SC, NULL },
};

static const struct criu_plant plants[] = {
	{ .slip = WARD_CAREFUL },
#define MINDS(flaw, name, what, expect, breaks) { .minds = 1ull << TREE_##flaw, .weakness = #flaw },
#define SPOILS(item, name, what, expect, breaks) { .spoils = 1 + TREE_##item },
#define SLIPS(mistake, param, name, what, expect, breaks) \
	{ .slip = WARD_##mistake, .slips_with = param },
#define EXPECTS(frailty, name, what, expect) { .expects = 1u << frailty },
#include "variants.h"
};

struct criu_plant criu_planted(void)
{
	struct criu_plant plant = plants[cf_variant()];

	if (plant.spoils && !criu_is_asked_for(plant.spoils - 1))
		plant.spoils = 0;
	if (plant.slip && cf_param(plant.slips_with) == criu_params[plant.slips_with].min)
		plant.slip = WARD_CAREFUL;
	return plant;
}
