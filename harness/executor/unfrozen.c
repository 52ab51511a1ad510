/* SPDX-License-Identifier: Apache-2.0
 *
 * Instead of freezer.c, stage.c and what they need, where the injector doesn't know the processor: an
 * event that freezes can't be had, and says so.
 */
#include <errno.h>

#include "executor.h"

static int say_so(struct executor *ex)
{
	ex_broken(ex, "freezes need the injector, which knows the registers of x86-64 only");
	ex->control->result.outcome = CF_UNSUPPORTED;
	return -ENOSYS;
}

int ex_need_freezer(struct executor *ex)
{
	const struct cf_plan *plan = &ex->control->plan;

	return ex_has(plan, CF_DO_INFECT) || ex_has(plan, CF_DO_STOP) ? say_so(ex) : 0;
}

bool ex_freezer_died(struct executor *ex)
{
	(void)ex;
	return false;
}

bool ex_freezer_works(const struct executor *ex)
{
	(void)ex;
	return false;
}

void ex_kill_freezer(struct executor *ex)
{
	(void)ex;
}

void ex_perform(struct executor *ex)
{
	say_so(ex);
}

int ex_stage(struct loaded *loaded, const char *control_path)
{
	(void)loaded;
	(void)control_path;
	return 3;
}

void ex_close_ward(void)
{
}
