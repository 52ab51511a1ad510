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
	if ((me->nheld > 0 || RACING) &&
	    (order == SEQ_CST || (releases(order) && model() >= CF_WEAK)))
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

void rt_acquire_from_anybody(void)
{
	rt.me->floor = rt.shared->now;
	if (rt_races())
		rt_race_from_abroad();
}

/* Who is stopped comes through the kernel's scheduler, a full fence. No actor learns of another by that, or
 * a race would be hidden from whoever freezes: a tracer's own accesses are nobody's. Where all stop at
 * once nothing is left in a buffer, nothing older is there to be read afterwards, and what was done before
 * can't be at the same time as what is done then: an outcome that needs it would be one that no CPU shows. */
void rt_stand_still(const struct cf_event *freeze)
{
	bool all = freeze->op == CF_DO_CHECKPOINT ||
		   (freeze->op == CF_DO_STOP && (freeze->arg & 0xff) == CF_STOP_CGROUP);
	unsigned me = rt.actor;

	if (all)
		rt_break_all_promises();
	for (unsigned i = 0; i < rt.shared->actors; i++) {
		if (i != me && !all)
			continue;
		rt_become(i);
		rt_drain();
		rt.me->floor = max(rt.me->floor, rt.me->lastaccess);
	}
	for (unsigned i = 0; i < rt.shared->actors && all; i++)
		rt.shared->actor[i].floor = rt.shared->now;
	rt_become(me);
	if (all && rt_races())
		rt_race_all_stopped();
}

void rt_wake_clock(struct rt_actor *actor)
{
	actor->floor = max(actor->floor, rt.shared->now);
	if (rt_races())
		rt_race_given((unsigned)(actor - rt.shared->actor), rt.shared->now);
}
