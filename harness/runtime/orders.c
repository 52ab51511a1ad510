/* SPDX-License-Identifier: Apache-2.0
 *
 * Sites that a plan orders otherwise than their code does: an explanation asks whether the failure can still be
 * had then. A run with such sites makes each of its points eventful, so that others pay nothing.
 */
#include "memory.h"

unsigned rt_order_of(uint32_t site)
{
	const struct cf_plan *plan = &rt.control->plan;
	unsigned how = 0;

	for (uint32_t i = 0; i < plan->ordered && i < CF_MAX_ORDERED; i++)
		if (plan->order[i].site == site)
			how |= plan->order[i].how;
	return how;
}

int rt_stronger(int order, unsigned possible, uint32_t site)
{
	unsigned how = rt_order_of(site) & possible;

	if (acquires(order))
		how |= CF_ACQUIRES;
	if (releases(order))
		how |= CF_RELEASES;
	if (how == 0 || order == SEQ_CST)
		return order;
	return how == CF_ACQUIRES ? ACQUIRE : how == CF_RELEASES ? RELEASE : ACQ_REL;
}

void rt_fence_before_access(void)
{
	rt_drain();
	if (RACING)
		rt_race_fence(SEQ_CST);
	rt.me->floor = max(rt.me->floor, rt.me->lastaccess);
}
