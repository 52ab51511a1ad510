/* SPDX-License-Identifier: Apache-2.0
 *
 * How many of the points to come are sure to be no choice, since nobody who could go on there would: they cost
 * what they cost without a burst. That ends when a store or a message changes something that another actor may
 * wait for. Uniform choices count accesses, so that each point has to be looked at.
 */
#include "choose.h"

enum { FOR_GOOD = UINT32_MAX / 2 };

/* Of those that can't go on now: who could after a change. False if that is not all it takes. */
static bool find_waiting(uint8_t able, uint8_t *waiting)
{
	const struct rt_shared *s = rt.shared;

	*waiting = 0;
	for (unsigned i = 0; i < s->actors; i++) {
		const struct rt_actor *actor = &s->actor[i];
		bool ended = actor->state == CF_ACTOR_ENDED || actor->state == CF_ACTOR_DEAD;

		if (i == rt.actor || ended)
			continue;
		if (actor->not_before != 0 ||
		    (actor->state == CF_ACTOR_PARKED && actor->park != RT_PARK_IPC))
			return false;
		*waiting |= able & bit(i) ? 0 : bit(i);
	}
	return true;
}

/* ---- by priority --------------------------------------------------------------------------------- */

static uint32_t points_to_change(struct rt_choices *c, uint8_t waiting)
{
	c->heeds_change = 0;
	for (; waiting != 0; waiting &= (uint8_t)(waiting - 1))
		if (c->priority[__builtin_ctz(waiting)] > c->priority[rt.actor])
			c->heeds_change = 1;
	return c->changed < c->changes ? c->change[c->changed] - rt.shared->total : FOR_GOOD;
}

/* ---- by races ------------------------------------------------------------------------------------ */

/* Alone, its accesses have priorities that nobody asks for but that of the last one. */
static uint32_t points_to_rival(struct rt_choices *c, uint8_t able)
{
	if (able != 0)
		return 0;
	c->priority[rt.actor] = below(c, UINT32_MAX);
	return FOR_GOOD;
}

void rt_be_sure(uint8_t able)
{
	struct rt_choices *c = &rt.shared->choices;
	struct rt_actor *me = rt.me;
	uint8_t waiting;
	uint32_t sure;

	if (!is_straight(me) || rt.control->plan.ordered > 0 || rt.control->plan.without > 0 ||
	    !find_waiting(able, &waiting))
		return; /* each point is looked at anyway */
	c->heeds_change = waiting != 0;
	sure = c->way == RT_BY_PRIORITY ? points_to_change(c, waiting) : points_to_rival(c, able);
	me->due = me->points + 1 + sure;
	if (me->planned < me->due)
		me->due = me->planned;
}
