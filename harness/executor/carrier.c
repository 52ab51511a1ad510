/* SPDX-License-Identifier: Apache-2.0
 *
 * Which carrier a run has: fibers for exploring, wherever a target has declared itself fit and
 * nothing in the plan needs a process; processes for all else, and for whatever asks for fresh ones,
 * as those do who confirm a finding.
 */
#include <stdio.h>

#include "executor.h"

/* Events that act on a process. */
static const struct {
	enum cf_do op;
	const char *name;
} of_processes[] = {
	{ CF_DO_INFECT, "infect" }, { CF_DO_CHECKPOINT, "checkpoint" },
	{ CF_DO_STOP, "stop" },     { CF_DO_SIGNAL, "signal" },
	{ CF_DO_KILL, "kill" },     { CF_DO_AFFINITY, "affinity" },
};

/* Why this plan can't be run on fibers, or "". */
static void name_obstacle(const struct executor *ex, char *why, size_t size)
{
	const struct cf_target *target = ex->loaded.target;
	const struct cf_plan *plan = &ex->control->plan;
	uint32_t kinds = ex_kinds(plan);

	why[0] = '\0';
	if (!(target->flags & CF_FIBERS) || (target->flags & (CF_KEEPS_DATA | CF_EXTERNAL_CALLS)))
		snprintf(why, size, "the target %s needs processes", target->name);
	else if (plan->flags & CF_PLAN_AUDIT)
		snprintf(why, size, "an audit needs processes");
	else if (plan->flags & CF_PLAN_SCHEDULING)
		snprintf(why, size, "the table of scheduling needs processes");
	for (size_t i = 0; why[0] == '\0' && i < sizeof(of_processes) / sizeof(of_processes[0]);
	     i++)
		if (kinds >> of_processes[i].op & 1)
			snprintf(why, size, "the event %s needs processes", of_processes[i].name);
}

enum cf_carrier ex_carrier(struct executor *ex, bool fresh)
{
	struct cf_control *control = ex->control;
	enum cf_carrier wanted = (enum cf_carrier)control->plan.carrier;
	char why[96];

	if (wanted == CF_CARRIER_PROCESS || (wanted == CF_CARRIER_ANY && fresh))
		return CF_CARRIER_PROCESS;
	name_obstacle(ex, why, sizeof(why));
	if (why[0] == '\0')
		return CF_CARRIER_FIBER;
	if (wanted == CF_CARRIER_ANY)
		return CF_CARRIER_PROCESS;
	ex_broken(ex, "carrier fiber: %s", why);
	control->result.outcome = CF_UNSUPPORTED;
	return CF_CARRIER_ANY;
}
