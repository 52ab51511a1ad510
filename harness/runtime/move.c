/* SPDX-License-Identifier: Apache-2.0
 *
 * Which processor an actor is on: the one where all are, until an event moves it, for the rest of the run.
 * Processors are counted from there, so a scenario means the same wherever it runs.
 */
#include <sched.h>

#include "rt.h"

static RT_KEPT cpu_set_t home;

unsigned cf_processors(void)
{
	return rt.shared->processors;
}

unsigned cf_processor(unsigned n)
{
	return rt.shared->processor[n % rt.shared->processors];
}

static int go_to(unsigned which)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(cf_processor(which), &one);
	return sched_setaffinity(0, sizeof(one), &one);
}

void rt_come_home(void)
{
	if (rt.moved_to != 0)
		sched_setaffinity(0, sizeof(home), &home);
	rt.moved_to = 0;
}

static _Noreturn void refuse(const char *why)
{
	rt_finish(CF_UNSUPPORTED, CF_NO_KIND, 0, "", why);
}

void rt_move(struct cf_event *event)
{
	unsigned to = event->arg % rt.shared->processors;

	if (rt.shared->processors < 2)
		refuse("affinity: there is one processor only, nobody can be moved to another");
	if (to == rt.moved_to)
		return;
	if (rt.moved_to == 0)
		sched_getaffinity(0, sizeof(home), &home);
	if (to == 0)
		rt_come_home();
	else if (go_to(to) < 0)
		refuse("affinity: the actor may not go to another processor");
	rt.moved_to = to;
	rt.control->result.fired[event - rt.control->plan.event].fate = CF_FIRED;
	rt_step(CF_OP_MOVE, CF_STEP_EVENT, rt.me->site, 0, 0, event->arg, 0);
}
