/* SPDX-License-Identifier: Apache-2.0
 *
 * What a burst does at points while the run goes on: it notes where others could have gone on, and says
 * who does. Each switch that it wants becomes an event of the plan, behind those of the actors, so that the
 * plan without any choosing is the same run.
 *
 * by priority   PCT (Burckhardt and others, 2010): whoever runs is the highest, and at a few points becomes
 *               the lowest
 * by races      POS (Yuan and others, 2018): each access that somebody is about to make has a priority of
 *               its own; one that races with what was just done is given another
 * uniformly     SURW (Zhao and others, 2025): the actor that makes the next counted access is drawn by how
 *               many each has left, and the others wait at theirs; all else is drawn evenly
 */
#include "choose.h"
#include "schedule.h"

static __attribute__((noinline)) bool is_eligible(const struct rt_actor *actor)
{
	return eligible(actor);
}

/* Ready, with no delay, as most are: the others are looked at out of line. */
static inline bool is_free(const struct rt_actor *actor)
{
	return (actor->state | actor->not_before) == 0;
}

_Static_assert(CF_ACTOR_READY == 0, "is_free");

RT_HOT uint8_t others(void)
{
	const struct rt_actor *actor = rt.shared->actor, *end = actor + rt.shared->actors;
	uint8_t mask = 0, at = 1;

	for (; actor < end; actor++, at = (uint8_t)(at << 1))
		if (actor != rt.me && (is_free(actor) || is_eligible(actor)))
			mask |= at;
	return mask;
}

static void note(struct rt_choices *c, uint8_t mask)
{
	if (c->options < RT_OPTIONS)
		c->option[c->options] = (struct rt_option){
			.actor = (uint8_t)rt.actor,
			.others = mask,
			.point = (uint16_t)(rt.me->points - 1),
			.steps = rt.shared->steps,
		};
	c->options++;
}

/* Of this actor and the others, the one of the highest priority. */
static unsigned highest(const struct rt_choices *c, uint8_t mask)
{
	unsigned best = rt.actor;

	for (; mask != 0; mask &= (uint8_t)(mask - 1)) {
		unsigned at = (unsigned)__builtin_ctz(mask);

		if (c->priority[at] > c->priority[best])
			best = at;
	}
	return best;
}

/* ---- by priority --------------------------------------------------------------------------------- */

/* All initial ones are higher than the number of changes. */
static unsigned by_priority(struct rt_choices *c, uint8_t mask)
{
	while (c->changed < c->changes && c->change[c->changed] < rt.shared->total)
		c->priority[rt.actor] = c->changes - ++c->changed;
	return highest(c, mask);
}

/* ---- by races ------------------------------------------------------------------------------------ */

static bool race(uint32_t a, uint32_t b)
{
	return a != RT_NO_ACCESS && a >> 1 == b >> 1 && ((a | b) & 1);
}

/* What its first access will be is not known before it has come to it. */
static bool has_begun(unsigned actor)
{
	return rt.shared->actor[actor].points > 0;
}

static unsigned by_races(struct rt_choices *c, uint8_t mask)
{
	unsigned best = highest(c, mask);
	uint32_t racing = c->at & bit(best) ? c->at & ~(uint32_t)bit(best) : 0;

	for (; mask != 0; mask &= (uint8_t)(mask - 1))
		if (!has_begun((unsigned)__builtin_ctz(mask)))
			return (unsigned)__builtin_ctz(mask);
	for (; racing != 0; racing &= racing - 1) {
		unsigned i = (unsigned)__builtin_ctz(racing);

		if (race(c->access[i], c->access[best]))
			c->priority[i] = below(c, UINT32_MAX);
	}
	return best;
}

/* ---- uniformly ----------------------------------------------------------------------------------- */

static bool counts(const struct rt_choices *c, uint32_t access)
{
	return c->counted == RT_NO_ACCESS || access >> 1 == c->counted >> 1;
}

/* The n-th actor of the mask. */
static unsigned nth_of(uint8_t mask, uint32_t n)
{
	for (; n > 0; n--)
		mask &= (uint8_t)(mask - 1);
	return (unsigned)__builtin_ctz(mask);
}

static uint32_t size_of(uint8_t mask)
{
	uint32_t size = 0;

	for (; mask != 0; mask &= (uint8_t)(mask - 1))
		size++;
	return size;
}

/* One of the mask, by how many it has left; evenly if none has. */
static unsigned elect(struct rt_choices *c, uint8_t mask)
{
	uint32_t sum = 0, at;
	uint8_t rest;

	for (rest = mask; rest != 0; rest &= (uint8_t)(rest - 1))
		sum += c->left[__builtin_ctz(rest)];
	if (sum == 0)
		return nth_of(mask, below(c, size_of(mask)));
	at = below(c, sum);
	for (rest = mask; at >= c->left[__builtin_ctz(rest)]; rest &= (uint8_t)(rest - 1))
		at -= c->left[__builtin_ctz(rest)];
	return (unsigned)__builtin_ctz(rest);
}

static uint8_t not_ended(void)
{
	uint8_t mask = 0;

	for (unsigned i = 0; i < rt.shared->actors; i++)
		if (rt.shared->actor[i].state != CF_ACTOR_ENDED &&
		    rt.shared->actor[i].state != CF_ACTOR_DEAD)
			mask |= bit(i);
	return mask;
}

static unsigned uniformly(struct rt_choices *c, uint8_t mask)
{
	uint8_t able = mask | bit(rt.actor), free;
	unsigned to;

	if (c->elected == CF_MAX_ACTORS)
		c->elected = elect(c, not_ended());
	/* those that need not wait for it */
	free = able & (uint8_t)(~c->counting | bit(c->elected));
	if (free == 0) { /* it is stuck, or made fewer of them than before */
		c->elected = elect(c, able);
		free = bit(c->elected);
	}
	to = (free & (free - 1)) == 0 ? nth_of(free, 0) : nth_of(free, below(c, size_of(free)));
	if (c->counting & bit(to)) {
		c->left[to] -= c->left[to] > 0;
		c->elected = CF_MAX_ACTORS;
	}
	return to;
}

/* ---- at a point ---------------------------------------------------------------------------------- */

/* Whoever is chosen can go on: it takes effect. */
static void add_switch(uint32_t site, uint32_t nth, unsigned to)
{
	struct cf_plan *plan = &rt.control->plan;

	rt.control->result.fired[plan->events] = (struct cf_fired){
		.fate = CF_FIRED,
		.point = rt.me->points - 1,
		.site = site,
		.nth = nth,
	};
	plan->event[plan->events++] = (struct cf_event){
		.op = CF_DO_SWITCH,
		.actor = (uint8_t)rt.actor,
		.added = 1,
		.point = rt.me->points - 1,
		.arg = to,
	};
}

RT_HOT void come_to(struct rt_choices *c, uint32_t access)
{
	if (c->way == RT_BY_PRIORITY)
		return;
	c->at |= bit(rt.actor);
	c->access[rt.actor] = access;
	if (c->way == RT_BY_RACES)
		c->priority[rt.actor] = below(c, UINT32_MAX);
	c->counting &= ~(uint32_t)bit(rt.actor);
	c->counting |= counts(c, access) ? bit(rt.actor) : 0;
}

void rt_come_to(uint32_t access)
{
	come_to(&rt.shared->choices, access);
}

void rt_note_weak(void)
{
	struct rt_choices *c = &rt.shared->choices;

	if (c->way == RT_NOTED && c->weak_ones < RT_WEAK_ONES)
		c->weak_one[c->weak_ones++] = (struct rt_place){
			.actor = (uint16_t)rt.actor,
			.point = (uint16_t)(rt.me->points - 1),
		};
}

static unsigned choose(struct rt_choices *c, uint8_t mask)
{
	switch ((enum rt_way)c->way) {
	case RT_BY_PRIORITY:
		return by_priority(c, mask);
	case RT_BY_RACES:
		return by_races(c, mask);
	case RT_UNIFORMLY:
		return uniformly(c, mask);
	case RT_AS_PLANNED:
	case RT_NOTED:
		break;
	}
	return rt.actor;
}

static bool may_switch(void)
{
	return !(rt.control->plan.without >> CF_DO_SWITCH & 1);
}

/* True if another one has had the token. */
static bool choose_once(uint32_t site, uint32_t nth)
{
	struct rt_choices *c = &rt.shared->choices;
	uint8_t mask = may_switch() ? others() : 0;
	unsigned to;

	if (c->way == RT_NOTED && mask != 0)
		note(c, mask);
	to = rt.control->plan.events < c->most ? choose(c, mask) : rt.actor;
	c->at &= ~(uint32_t)bit(to);
	c->counting &= ~(uint32_t)bit(to);
	if (to != rt.actor) {
		add_switch(site, nth, to);
		rt_hand_over_as_asked(&rt.shared->actor[to]);
		return true;
	}
	if (c->way == RT_BY_PRIORITY || c->way == RT_BY_RACES)
		rt_be_sure(mask);
	return false;
}

/* As long as this actor is only the next one, and not the one that was chosen. */
void rt_choose(uint32_t site, uint32_t nth)
{
	do
		rt.shared->asked_for = 0;
	while (choose_once(site, nth) && !rt.shared->asked_for);
}

void rt_come_to_choose(uint32_t access, uint32_t site, uint32_t nth)
{
	come_to(&rt.shared->choices, access);
	rt_choose(site, nth);
}
