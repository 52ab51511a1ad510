/* SPDX-License-Identifier: Apache-2.0
 *
 * What each param means, for people.
 */
#include "rpc.h"

#include "../../freezer/criu/damage.h"

const struct cf_param_spec rpc_params[] = {
	[REQUEST] = { "request", 0, 5, DUMP,
		      "0: version, 1: features, 2: check, 3: dump of a tree that runs on, 4: "
		      "restore "
		      "of one, 5: what the processor can" },
	[BEFORE] = { "before", 0, 2, 1, "other requests on the same socket before it" },
	[NOTIFY] = { "notify", 0, 1, 0, "1: criu tells how far a dump or restore is" },
	[DAMAGE] = { "damage", 0, DAMAGE_KINDS - 1, 0,
		     "of the request, 4: its end is missing, 5: it is empty, 7: more at the end, "
		     "9: "
		     "a wire type, 10: twice in one; 13: a number, 14: a bit" },
	[AT] = { "at", 0, 255, 0, "where in the request" },
	[VALUE] = { "value", 0, DAMAGE_VALUES - 1, 0, "which other value" },
	{ NULL, 0, 0, 0, NULL },
};
