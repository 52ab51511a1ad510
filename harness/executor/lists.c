/* SPDX-License-Identifier: Apache-2.0
 * Strategies that add events from a list, whatever the run does with them: a few random ones, each single
 * reordering. */
#include "explore.h"
#include "strategies.h"

enum {
	MOST_ADDED = 6, /* random events in a run */
	VERSIONS = 16, /* of a stale load that is swept */
	MOST_EARLY = 4, /* stores at each load that is swept */
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

static bool next_random(struct search *s)
{
	for (uint32_t left = 1 + ex_below(s, MOST_ADDED); left > 0; left--)
		if (s->base.memory > CF_SC && ex_below(s, 2))
			ex_add_random_reordering(s);
		else
			add_switch(s);
	return true;
}

const struct strategy ex_random = { NULL, next_random, NULL };

/* ---- each single one ----------------------------------------------------------------------------- */

/* From a random place on, so that short bursts together have them all; twice, the second time for stores
 * that are early there. */
static struct {
	uint32_t first, places; /* that were gone through */
	uint32_t far; /* of the last run, 0 = none of this place */
	uint32_t runs;
} sweep;

static const struct place *swept(const struct search *s)
{
	return &s->place[(sweep.first + sweep.places) % s->places];
}

static void begin_sweep(struct search *s)
{
	sweep.first = s->places > 0 ? ex_below(s, s->places) : 0;
	sweep.places = sweep.far = sweep.runs = 0;
}

static bool is_second_time(const struct search *s)
{
	return sweep.places >= s->places;
}

static bool is_farther(const struct search *s, const struct place *place)
{
	uint32_t left = s->actor_points[place->actor] - place->point;

	return sweep.far < (place->op == CF_OP_LOAD ? VERSIONS : place->op == CF_OP_RMW ? 1 : left);
}

static bool add_swept(struct search *s)
{
	if (is_second_time(s))
		return sweep.far < MOST_EARLY && ex_add_early(s, swept(s), sweep.far);
	return is_farther(s, swept(s)) && ex_add_reordering(s, swept(s), sweep.far + 1);
}

/* It, and none of the others, as far as it goes. */
static bool next_of_sweep(struct search *s)
{
	for (; sweep.places < 2 * s->places; sweep.places++, sweep.far = 0)
		if (add_swept(s)) {
			sweep.far++;
			return true;
		}
	s->ex->control->mailbox.schedules = sweep.runs;
	s->ex->control->mailbox.exhausted = 1;
	return false;
}

/* The event that was added. */
static bool has_fired(const struct search *s)
{
	for (uint32_t i = 0; i < s->plan->events; i++)
		if (s->plan->event[i].added)
			return s->ex->control->result.fired[i].fate == CF_FIRED;
	return false;
}

static void swept_one(struct search *s)
{
	sweep.runs++;
	if (!has_fired(s) && !is_second_time(s)) {
		sweep.places++;
		sweep.far = 0;
	}
}

const struct strategy ex_sweep = { begin_sweep, next_of_sweep, swept_one };
