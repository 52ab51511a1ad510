/* SPDX-License-Identifier: Apache-2.0
 * Spins: the same site reads the same value again, and nothing new was seen between. */
#include "schedule.h"

void rt_progress(void)
{
	progress();
}

void rt_let_spin(uint32_t site)
{
	struct rt_actor *me = rt.me;

	rt_drain();
	if (me->spin_change != rt.shared->change)
		me->idle_turns = 0;
	me->idle_turns++;
	me->spin_change = rt.shared->change;
	me->site = site;
	me->state = CF_ACTOR_SPINNING;
	rt_let_others();
}

bool rt_look_again(uint32_t site, uint64_t address, uint64_t value)
{
	struct rt_own *own = rt.own;

	for (unsigned i = 0; i < own->nobserved; i++) {
		struct rt_observed *before = &own->observed[i];

		if (before->site != site || before->address != address)
			continue;
		if (before->value == value) {
			if (before->stamp == own->nobserved)
				return true;
			before->stamp = own->nobserved;
			return false;
		}
		progress();
		break;
	}
	observe(site, address, value);
	return false;
}

bool rt_spin_turn(uint32_t site, uint64_t address, uint64_t value)
{
	return spin_turn(site, address, value);
}
