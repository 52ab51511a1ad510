/* SPDX-License-Identifier: Apache-2.0
 *
 * plant.h - what the running variant does wrong, or does not make up for.
 */
#ifndef CRYOFUZZ_CRIU_PLANT_H
#define CRYOFUZZ_CRIU_PLANT_H

#include "../../freezer/criu/ward.h"
#include "items.h"

/* What a criu that is hurt is known to do; only a variant that expects better minds. */
enum criu_frailty {
	KILLED_DUMP_HARMS,
	KILLED_RESTORE_LEAVES,
	INTERRUPTED_WAIT_HARMS,
	INTERRUPTED_RESTORE_HANGS,
	CUT_SHORT_HANGS,
	REFUSED_HANGS,
	REFUSED_RESTORE_HANGS,
	REFUSED_RESTORE_HARMS,
	UNMAPPED_CRASHES,
	UNLISTED_CRASHES,
	UNHEARD_CRASHES,
	UNLISTED_FORGETS,
	UNREAD_FORGETS,
	FAILED_DUMP_LEAVES,
	LOG_WAITS,
	LOG_SIGNALS,
};

/* By bits of these. */
static inline int criu_expects(uint32_t better, enum criu_frailty frailty)
{
	return better >> frailty & 1;
}

struct criu_plant {
	uint32_t spoils; /* 1 + enum tree_item, 0: nothing */
	uint64_t minds; /* bits of enum tree_weakness */
	const char *weakness; /* its name, if there is one */
	uint32_t expects; /* bits of enum criu_frailty */
	enum ward_slip slip;
	enum criu_param slips_with; /* if this param is not its least value */
};

extern const struct cf_variant_spec criu_variants[];

/* As far as the params let it show. */
struct criu_plant criu_planted(void);

#endif
