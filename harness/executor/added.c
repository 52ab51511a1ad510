/* SPDX-License-Identifier: Apache-2.0
 * The events that a burst adds to a plan. */
#include <string.h>

#include "explore.h"

enum {
	MOST_BACK = 3, /* versions of a random stale load */
	MOST_AHEAD = 24, /* points of a random held store */
	MOST_STORES = 2, /* next ones, of which one is early */
};

void ex_copy_plan(struct cf_plan *to, const struct cf_plan *from)
{
	memcpy(to, from, offsetof(struct cf_plan, event) + from->events * sizeof(from->event[0]));
}

/* The supervisor puts what it adds there too. */
void ex_insert(struct cf_plan *plan, const struct cf_event *event)
{
	uint32_t at = plan->events++;

	for (; at > 0; at--) {
		const struct cf_event *before = &plan->event[at - 1];

		if (before->actor < event->actor ||
		    (before->actor == event->actor && before->point <= event->point))
			break;
		plan->event[at] = *before;
	}
	plan->event[at] = *event;
}

static bool is_schedule(uint8_t op)
{
	return op == CF_DO_SWITCH || op == CF_DO_DELAY;
}

/* One is left for experiments (dependency.c). */
bool ex_has_room(const struct cf_plan *plan)
{
	return plan->events + 1 < CF_MAX_EVENTS;
}

bool ex_add(struct search *s, const struct cf_event *event)
{
	if (s->base.without >> event->op & 1)
		return false;
	for (uint32_t i = 0; i < s->plan->events; i++) {
		const struct cf_event *other = &s->plan->event[i];

		if (other->actor == event->actor && other->point == event->point &&
		    (other->op == event->op || (is_schedule(other->op) && is_schedule(event->op))))
			return false;
	}
	if (!ex_has_room(s->plan))
		return false;
	ex_insert(s->plan, event);
	return true;
}

static bool is_possible(const struct search *s, const struct place *place)
{
	return s->base.memory >= (place->op == CF_OP_STORE ? CF_X86 : CF_WEAK);
}

static uint8_t done_at(const struct place *place)
{
	return place->op == CF_OP_LOAD  ? CF_DO_STALE
	       : place->op == CF_OP_RMW ? CF_DO_SPURIOUS
					: CF_DO_HOLD;
}

bool ex_add_reordering(struct search *s, const struct place *place, uint32_t far)
{
	return is_possible(s, place) && ex_add(s, &(struct cf_event){ .op = done_at(place),
								      .actor = place->actor,
								      .added = 1,
								      .point = place->point,
								      .arg = far });
}

bool ex_add_early(struct search *s, const struct place *load, uint32_t which)
{
	const struct place *end = s->place + s->places, *at;

	if (s->base.memory < CF_WEAK_EARLY || load->op != CF_OP_LOAD)
		return false;
	for (at = load + 1; at < end; at++)
		if (at->actor == load->actor && at->op == CF_OP_STORE && at->point > load->point &&
		    which-- == 0)
			break;
	return at < end && ex_add(s, &(struct cf_event){ .op = CF_DO_EARLY,
							 .actor = load->actor,
							 .added = 1,
							 .point = load->point,
							 .arg = at->point - load->point });
}

/* Nobody can tell unless somebody else goes on between the store and the load. */
static bool add_random_early(struct search *s, const struct place *load)
{
	uint32_t to = ex_below(s, s->ex->shared->actors);

	if (!ex_add_early(s, load, ex_below(s, MOST_STORES) * ex_below(s, 2)))
		return false;
	if (to != load->actor)
		ex_add(s, &(struct cf_event){ .op = CF_DO_SWITCH,
					      .actor = load->actor,
					      .added = 1,
					      .point = load->point,
					      .arg = to });
	return true;
}

void ex_add_random_reordering(struct search *s)
{
	const struct place *place;

	if (s->places == 0)
		return;
	place = &s->place[ex_below(s, s->places)];
	if (s->base.memory >= CF_WEAK_EARLY && ex_below(s, 2) && add_random_early(s, place))
		return;
	ex_add_reordering(s, place,
			  1 + ex_below(s, place->op == CF_OP_LOAD ? MOST_BACK : MOST_AHEAD));
}

void ex_ask_to_choose(struct search *s, enum rt_way way)
{
	struct rt_choices *c = &s->ex->shared->choices;

	c->way = way;
	c->most = CF_MAX_EVENTS - 1;
	c->options = c->at = c->counting = c->weak_ones = 0;
}

bool ex_add_below(struct search *s, const struct cf_plan *above, const struct cf_event *event,
		  struct cf_plan *below)
{
	if (!ex_has_room(above))
		return false;
	ex_copy_plan(s->plan, above);
	ex_insert(s->plan, event);
	if (below != NULL) {
		ex_copy_plan(below, s->plan);
		ex_ask_to_choose(s, RT_NOTED);
	}
	return true;
}

void ex_make_explicit(struct search *s)
{
	struct cf_plan chosen = *s->plan;

	s->ex->shared->choices.way = RT_AS_PLANNED;
	s->plan->events = 0;
	for (uint32_t i = 0; i < chosen.events; i++)
		ex_insert(s->plan, &chosen.event[i]);
}
