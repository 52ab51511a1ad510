/* SPDX-License-Identifier: Apache-2.0
 * What is done at few points: events, choices of a burst, actors whose delay has run out. */
#include "schedule.h"

void rt_moot(struct cf_event *event)
{
	fate_of(event)->fate = CF_MOOT;
}

struct cf_event *rt_take(struct rt_deal *deal, enum cf_do op)
{
	for (unsigned i = 0; i < deal->count; i++) {
		if (deal->event[i]->op == op) {
			fate_of(deal->event[i])->fate = CF_FIRED;
			return deal->event[i];
		}
	}
	return NULL;
}

static void delay(struct cf_event *event)
{
	struct rt_shared *s = rt.shared;
	struct rt_actor *next = rt_next_eligible(rt.actor, false);

	if (next == NULL || event->arg == 0)
		return;
	fate_of(event)->fate = CF_FIRED;
	rt.me->not_before = s->total + event->arg;
	if (rt.me->not_before < s->alarm)
		s->alarm = rt.me->not_before;
	rt_hand_over(next);
}

static void switch_to(struct cf_event *event)
{
	struct rt_shared *s = rt.shared;
	struct rt_actor *to;

	if (event->arg >= s->actors || event->arg == rt.actor)
		return;
	to = &s->actor[event->arg];
	if (!eligible(to))
		return;
	fate_of(event)->fate = CF_FIRED;
	rt_hand_over_as_asked(to);
}

/* The events of a point that are done there, whatever operation follows. */
struct at_once {
	const struct cf_event *freeze, *early;
	uint64_t schedule; /* a bit for each event of the plan */
	struct cf_event *strike, *move, *ring;
};

/* Time passes: for the actor's alarm, else for the call that it is about to make. A target that does not promise to
 * survive faults may learn from time that passes in calls that nobody else can do anything any more. */
static void deal_expire(struct cf_event *event, struct at_once *at_once)
{
	if (rt.me->alarm != 0)
		at_once->ring = event;
	else if ((rt.target->flags & (CF_ALARMS | CF_SURVIVES_FAULTS)) != CF_ALARMS)
		rt.own->expire = event;
}

static void deal_event(struct cf_event *event, struct rt_deal *deal, struct at_once *at_once)
{
	switch ((enum cf_do)event->op) {
	case CF_DO_SWITCH:
	case CF_DO_DELAY:
		at_once->schedule |= 1ull << (event - rt.control->plan.event);
		break;
	case CF_DO_INFECT:
	case CF_DO_CHECKPOINT:
	case CF_DO_STOP:
		*(CF_WHERE(event) == CF_INSIDE ? &rt.inside : &at_once->freeze) = event;
		break;
	case CF_DO_SIGNAL:
	case CF_DO_KILL:
		at_once->strike = event;
		break;
	case CF_DO_AFFINITY:
		at_once->move = event;
		break;
	case CF_DO_EXPIRE:
		deal_expire(event, at_once);
		break;
	case CF_DO_EARLY:
		at_once->early = event;
		break;
	default:
		if (deal->count < RT_DEAL)
			deal->event[deal->count++] = event;
	}
}

static void deal_events(uint32_t site, uint32_t nth, struct rt_deal *deal, struct at_once *at_once)
{
	uint32_t point = rt.me->points - 1;

	for (uint32_t i = rt.me->first; i < rt.me->end; i++) {
		struct cf_event *event = &rt.control->plan.event[i];

		if (event->by_site ? event->site != site || event->nth != nth
				   : event->point != point)
			continue;
		*fate_of(event) = (struct cf_fired){
			.fate = CF_MOOT,
			.point = point,
			.site = site,
			.nth = nth,
		};
		deal_event(event, deal, at_once);
	}
}

/* Actors whose delay has run out come back at once: that is what the number of points is for. */
static void resume_delayed(void)
{
	struct rt_shared *s = rt.shared;

	for (unsigned i = 0; i < s->actors; i++) {
		struct rt_actor *actor = &s->actor[i];

		if (actor != rt.me && actor->not_before != 0 && actor->not_before <= s->total) {
			rt_hand_over(actor);
			return;
		}
	}
}

static void reschedule(struct cf_event *event)
{
	if (event->op == CF_DO_SWITCH)
		switch_to(event);
	else
		delay(event);
}

/* One event after the other: the next one is done when this actor has the token again. */
static void schedule(const struct at_once *at_once, uint32_t site, uint32_t nth)
{
	rt.shared->asked_for = 0;
	for (uint64_t left = at_once->schedule; left != 0; left &= left - 1)
		reschedule(&rt.control->plan.event[__builtin_ctzll(left)]);
	if (rt.shared->choices.way != RT_AS_PLANNED && !rt.shared->asked_for)
		rt_choose(site, nth);
}

static uint32_t planned_for(const struct rt_actor *actor)
{
	uint32_t due;

	if (actor->promised || rt.control->plan.ordered > 0)
		return 0;
	due = rt_earliest_until(actor);
	for (uint32_t i = actor->first; i < actor->end; i++) {
		const struct cf_event *event = &rt.control->plan.event[i];

		if (event->by_site)
			return 0;
		if (event->point >= actor->points && event->point < due)
			due = event->point + 1;
	}
	return due;
}

void rt_be_due(struct rt_actor *actor, uint32_t planned)
{
	bool straight = is_straight(actor) && rt.shared->choices.way == RT_AS_PLANNED;

	actor->planned = planned;
	actor->due = straight ? planned : 0;
}

void rt_look_ahead(struct rt_actor *actor)
{
	rt_be_due(actor, planned_for(actor));
}

/* What an event has left for the call at its point is forgotten at the next one. */
static void look_ahead(void)
{
	if (rt.inside != NULL || rt.own->expire != NULL)
		rt_be_due(rt.me, rt.me->points + 1);
	else
		rt_look_ahead(rt.me);
}

static _Noreturn void use_up_budget(uint32_t site)
{
	rt_finish(CF_VIOLATED, CF_HANG, site, "", "the budget of points is used up");
}

/* What may come before the access at this point, from others or from outside. */
static void let_others_in(const struct at_once *at_once, uint32_t site, uint32_t nth, bool unbroken)
{
	const struct rt_shared *s = rt.shared;

	if (s->total >= s->alarm)
		resume_delayed();
	if (!unbroken)
		schedule(at_once, site, nth);
	if (at_once->move != NULL)
		rt_move(at_once->move);
	if (at_once->ring != NULL)
		rt_ring_here(at_once->ring);
	if (at_once->strike != NULL)
		rt_strike(at_once->strike);
	if (at_once->freeze != NULL)
		rt_freeze_arm(at_once->freeze);
}

/* Nothing is due here, at nearly all points of a burst and while a store is held. */
static bool is_only_a_choice(void)
{
	return rt.me->points < rt.me->planned && rt.shared->total < rt.shared->alarm;
}

static void __attribute__((noinline))
be_eventful(uint32_t site, uint32_t access, struct rt_deal *deal)
{
	struct rt_shared *s = rt.shared;
	uint32_t nth = rt.visits[site].count - 1;
	unsigned how = order_of(site);
	bool fenced = how & CF_FENCED;
	struct at_once at_once = { 0 };

	if (s->total > rt.control->plan.budget)
		use_up_budget(site);
	rt.inside = NULL;
	rt.own->expire = NULL;
	rt_expire_holds();
	deal_events(site, nth, deal, &at_once);
	if (rt.me->promised)
		rt_pass_promised_point();
	if (fenced && at_once.early != NULL)
		rt_fence_before_access();
	if (at_once.early != NULL && rt_early(at_once.early))
		fate_of(at_once.early)->fate = CF_FIRED;
	look_ahead();
	if (!s->alone) {
		if (s->choices.way != RT_AS_PLANNED)
			rt_come_to(access);
		let_others_in(&at_once, site, nth, how & CF_UNBROKEN);
	}
	if (fenced &&
	    at_once.early == NULL) /* as late as it can: what is held is not seen before */
		rt_fence_before_access();
}

void rt_be_eventful(uint32_t site, uint32_t access, struct rt_deal *deal)
{
	if (!is_only_a_choice())
		be_eventful(site, access, deal);
	else if (rt.shared->choices.way != RT_AS_PLANNED)
		rt_come_to_choose(access, site, rt.visits[site].count - 1);
}

void rt_point(uint32_t site, struct rt_deal *deal)
{
	point(site, RT_NO_ACCESS, deal);
}
