/* SPDX-License-Identifier: Apache-2.0
 * Fences, and what else keeps accesses in order without being one. */
#include "memory.h"

void rt_fence(int order, uint32_t site)
{
	struct rt_deal deal;
	struct rt_actor *me = rt.me;

	settle();
	point(site, RT_NO_ACCESS, &deal);
	if (me->promised)
		rt_break_promise();
	if (order == SEQ_CST || (releases(order) && model() >= CF_WEAK))
		rt_drain();
	if (RACING)
		rt_race_fence(order);
	if (acquires(order))
		me->floor = max(me->floor, order == SEQ_CST ? me->lastaccess : me->lastload);
	step(CF_OP_FENCE, 0, site, (size_t)order, 0, 0, 0);
}

void rt_acquire_clock(uint32_t time)
{
	rt.me->floor = max(rt.me->floor, time);
	if (rt_races())
		rt_race_given(rt.actor, time);
}

void rt_wake_clock(struct rt_actor *actor)
{
	actor->floor = max(actor->floor, rt.shared->now);
	if (rt_races())
		rt_race_given((unsigned)(actor - rt.shared->actor), rt.shared->now);
}
