/* SPDX-License-Identifier: Apache-2.0
 *
 * plant.h - what the running variant does wrong, or does not make up for.
 */
#ifndef CRYOFUZZ_CRIU_PLANT_H
#define CRYOFUZZ_CRIU_PLANT_H

#include "../../freezer/criu/ward.h"
#include "items.h"

struct criu_plant {
	uint32_t spoils; /* 1 + enum tree_item, 0: nothing */
	uint64_t minds; /* bits of enum tree_weakness */
	enum ward_slip slip;
	enum criu_param slips_with;
};

extern const struct cf_variant_spec criu_variants[];

/* As far as the params let it show. */
struct criu_plant criu_planted(void);

#endif
