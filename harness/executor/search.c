/* SPDX-License-Identifier: Apache-2.0
 * Strategies that know no end, or only that of a list: random, priorities, each single reordering. */
#include <stdlib.h>

#include "explore.h"

enum {
	MOST_ADDED = 6, /* random events in a run */
	MOST_REORDERED = 2, /* of those that go with priorities */
	MOST_BACK = 3, /* versions of a random stale load */
	MOST_AHEAD = 24, /* points of a random held store */
	VERSIONS = 16, /* of a stale load that is swept */
};

/* ---- random -------------------------------------------------------------------------------------- */

static void add_switch(struct search *s)
{
	const struct rt_option *option;
	uint32_t to;

	if (s->options == 0)
		return;
	option = &s->option[ex_below(s, s->options)];
	to = ex_below(s, s->ex->shared->actors - 1);
	ex_add(s, &(struct cf_event){ .op = CF_DO_SWITCH,
				      .actor = option->actor,
				      .added = 1,
				      .point = option->point,
				      .arg = to + (to >= option->actor) });
}

static bool is_possible(const struct search *s, const struct place *place)
{
	return s->base.memory >= (place->op == CF_OP_LOAD ? CF_WEAK : CF_X86);
}

static bool add_reordering(struct search *s, const struct place *place, uint32_t far)
{
	return is_possible(s, place) &&
	       ex_add(s,
		      &(struct cf_event){ .op = place->op == CF_OP_LOAD ? CF_DO_STALE : CF_DO_HOLD,
					  .actor = place->actor,
					  .added = 1,
					  .point = place->point,
					  .arg = far });
}

static void add_random_reordering(struct search *s)
{
	const struct place *place;

	if (s->places == 0)
		return;
	place = &s->place[ex_below(s, s->places)];
	add_reordering(s, place, 1 + ex_below(s, place->op == CF_OP_LOAD ? MOST_BACK : MOST_AHEAD));
}

void ex_search_randomly(struct search *s)
{
	do {
		uint32_t added = 1 + ex_below(s, MOST_ADDED);

		*s->plan = s->base;
		while (added-- > 0)
			if (s->base.memory > CF_SC && ex_below(s, 2))
				add_random_reordering(s);
			else
				add_switch(s);
	} while (ex_try(s));
}

/* ---- priorities ---------------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
	uint32_t first = *(const uint32_t *)a, second = *(const uint32_t *)b;

	return first < second ? -1 : first > second;
}

/* The initial priorities are a random order above all that a change can give. */
static void choose_priorities(struct search *s, struct rt_choices *c)
{
	c->changes = 2 + ex_below(s, RT_CHANGES - 1);
	c->changed = 0;
	for (unsigned i = 0; i < CF_MAX_ACTORS; i++) {
		unsigned at = ex_below(s, i + 1);

		c->priority[i] = c->priority[at];
		c->priority[at] = c->changes + i;
	}
	for (unsigned i = 0; i < c->changes; i++)
		c->change[i] = ex_below(s, s->points);
	qsort(c->change, c->changes, sizeof(c->change[0]), by_number);
}

void ex_search_by_priority(struct search *s)
{
	struct rt_choices *c = &s->ex->shared->choices;

	c->most = CF_MAX_EVENTS;
	c->by_priority = 1;
	do {
		uint32_t reordered = ex_below(s, MOST_REORDERED + 1);

		*s->plan = s->base;
		while (reordered-- > 0)
			add_random_reordering(s);
		ex_ask_to_choose(s);
		choose_priorities(s, c);
	} while (ex_try(s));
	c->by_priority = 0;
}

/* ---- each single one ----------------------------------------------------------------------------- */

/* The event that was added. */
static bool has_fired(const struct search *s)
{
	for (uint32_t i = 0; i < s->plan->events; i++)
		if (s->plan->event[i].added)
			return s->ex->control->result.fired[i].fate == CF_FIRED;
	return false;
}

/* It, and none of the others, as far as it goes. False once the search is over. */
static bool sweep_place(struct search *s, const struct place *place)
{
	uint32_t left = s->actor_points[place->actor] - place->point;
	uint32_t farthest = place->op == CF_OP_LOAD ? VERSIONS : left;

	for (uint32_t far = 1; far <= farthest; far++) {
		*s->plan = s->base;
		if (!add_reordering(s, place, far))
			break;
		if (!ex_try(s))
			return false;
		s->tried++;
		if (!has_fired(s))
			break;
	}
	return true;
}

/* From somewhere on, so that short bursts together have them all. */
void ex_sweep(struct search *s)
{
	uint32_t first = s->places > 0 ? ex_below(s, s->places) : 0;

	for (uint32_t i = 0; i < s->places; i++)
		if (!sweep_place(s, &s->place[(first + i) % s->places]))
			return;
	s->ex->control->mailbox.schedules = s->tried;
	s->ex->control->mailbox.exhausted = 1;
}
