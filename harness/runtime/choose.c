/* SPDX-License-Identifier: Apache-2.0
 *
 * What a burst does at points while the run goes on: it notes where others could have gone on, and has
 * the actor of the highest priority go on. Each switch that it wants becomes an event of the plan, behind
 * those of the actors, so that the plan without any choosing is the same run.
 */
#include "hot.h"

static uint8_t others(void)
{
	uint8_t mask = 0;

	for (unsigned i = 0; i < rt.shared->actors; i++)
		if (i != rt.actor && eligible(&rt.shared->actor[i]))
			mask |= (uint8_t)(1u << i);
	return mask;
}

static void note(struct rt_choices *c, uint8_t mask)
{
	if (c->options < RT_OPTIONS)
		c->option[c->options] = (struct rt_option){
			.actor = (uint8_t)rt.actor,
			.others = mask,
			.point = (uint16_t)(rt.me->points - 1),
		};
	c->options++;
}

/* All initial ones are higher than the number of changes. */
static void change_priority(struct rt_choices *c)
{
	while (c->changed < c->changes && c->change[c->changed] < rt.shared->total)
		c->priority[rt.actor] = c->changes - ++c->changed;
}

static unsigned highest(const struct rt_choices *c, uint8_t mask)
{
	unsigned best = rt.actor;

	for (unsigned i = 0; i < rt.shared->actors; i++)
		if (mask >> i & 1 && c->priority[i] > c->priority[best])
			best = i;
	return best;
}

static struct cf_event *add_switch(uint32_t site, uint32_t nth, unsigned to)
{
	struct cf_plan *plan = &rt.control->plan;

	rt.control->result.fired[plan->events] = (struct cf_fired){
		.fate = CF_MOOT,
		.point = rt.me->points - 1,
		.site = site,
		.nth = nth,
	};
	plan->event[plan->events] = (struct cf_event){
		.op = CF_DO_SWITCH,
		.actor = (uint8_t)rt.actor,
		.added = 1,
		.point = rt.me->points - 1,
		.arg = to,
	};
	return &plan->event[plan->events++];
}

struct cf_event *rt_choose(uint32_t site, uint32_t nth)
{
	struct rt_choices *c = &rt.shared->choices;
	uint8_t mask = others();
	unsigned to;

	if (mask != 0)
		note(c, mask);
	if (!c->by_priority)
		return NULL;
	change_priority(c);
	to = highest(c, mask);
	if (to == rt.actor || rt.control->plan.events >= c->most)
		return NULL;
	return add_switch(site, nth, to);
}
