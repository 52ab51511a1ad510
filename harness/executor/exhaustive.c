/* SPDX-License-Identifier: Apache-2.0
 *
 * All runs around a plan, by the number of events that are added: switches, stale loads, held and early stores. As
 * with schedules alone (systematic.c) a run is one with its last event taken away, and that event at one of
 * the spots which come after the one before, in the order of time: so each is met exactly once, and it is
 * known when there are no more. An event that could change nothing makes no run of its own.
 */
#include <string.h>

#include "explore.h"
#include "strategies.h"

enum { MOST_EVENTS = 20, SPOTS = 1024 };

/* Where something can be done. */
struct spot {
	uint8_t op; /* enum cf_do */
	uint8_t actor;
	uint16_t point;
	/* switch: a bit for each actor; hold: so many points ahead; stale: as far as it goes */
	uint16_t ways;
};

struct level {
	struct cf_plan plan;
	uint32_t spots, at, way;
	/* of the run before at this spot: a load that is no older makes the same one */
	uint64_t hash;
	struct spot spot[SPOTS];
};

static struct {
	unsigned events; /* that are to be added */
	unsigned depth; /* of the level whose spots are tried */
	bool opens; /* the last run has events to come, so its spots were noted */
	bool was_new;
	bool too_long; /* a run had more spots than are noted, or its plan no room */
	uint8_t idle; /* actors that touch nothing: when they run is all the same */
	uint64_t runs, before; /* that were made; with fewer events */
	uint32_t without; /* events that are not to be added: a bit each */
	struct cf_event last; /* that was added */
	struct level level[MOST_EVENTS + 1];
} all;

static struct level *current(void)
{
	return &all.level[all.depth];
}

/* ---- spots of the run that was just made ---------------------------------------------------------- */

static void note_spot(struct level *level, struct spot spot)
{
	if (all.without >> spot.op & 1)
		return;
	all.too_long |= level->spots == SPOTS;
	if (level->spots < SPOTS)
		level->spot[level->spots++] = spot;
}

/* A range is many steps of one point; an early store is noted before a switch at that point. */
static bool is_noted(const struct level *level, enum cf_do op, unsigned actor, unsigned point)
{
	for (uint32_t i = level->spots; i-- > 0;)
		if (level->spot[i].actor == actor && level->spot[i].point <= point) {
			if (level->spot[i].point < point)
				return false;
			if (level->spot[i].op == op)
				return true;
		}
	return false;
}

static uint16_t points_left(const struct search *s, unsigned actor, unsigned point)
{
	return (uint16_t)(s->ex->control->result.actor_result[actor].points - point);
}

/* Its store commits before anybody else goes on at the point of the load, which is a step from i on. */
static void note_early(const struct search *s, struct level *level, uint32_t i, unsigned actor,
		       unsigned point)
{
	const struct cf_step *step = s->ex->control->trace;

	if (s->base.memory < CF_WEAK_EARLY || is_noted(level, CF_DO_EARLY, actor, point))
		return;
	while (i < s->ex->control->result.steps &&
	       (step[i].actor != actor || step[i].point != point || step[i].op != CF_OP_LOAD))
		i++;
	if (i < s->ex->control->result.steps)
		note_spot(level, (struct spot){ CF_DO_EARLY, (uint8_t)actor, (uint16_t)point,
						points_left(s, actor, point) });
}

static void note_option(const struct search *s, struct level *level, uint32_t i,
			const struct rt_option *option)
{
	uint8_t others = option->others & (uint8_t)~all.idle;

	if (others == 0 || all.idle >> option->actor & 1)
		return;
	note_early(s, level, i, option->actor, option->point);
	note_spot(level, (struct spot){ CF_DO_SWITCH, option->actor, option->point, others });
}

static void note_access(const struct search *s, struct level *level, uint32_t i)
{
	const struct cf_step *step = &s->ex->control->trace[i];
	enum cf_do op = step->op == CF_OP_LOAD ? CF_DO_STALE : CF_DO_HOLD;

	if ((step->op != CF_OP_LOAD && step->op != CF_OP_STORE) ||
	    s->base.memory < (op == CF_DO_STALE ? CF_WEAK : CF_X86) ||
	    is_noted(level, op, step->actor, step->point))
		return;
	if (op == CF_DO_STALE)
		note_early(s, level, i, step->actor, step->point);
	note_spot(level,
		  (struct spot){ (uint8_t)op, step->actor, step->point,
				 op == CF_DO_STALE ? UINT16_MAX
						   : points_left(s, step->actor, step->point) });
}

/* In the order of time: a choice is made before the access at its point. */
static void note_spots(struct search *s, struct level *level)
{
	const struct rt_choices *c = &s->ex->shared->choices;
	uint32_t steps = s->ex->control->result.steps, options = c->options, next = 0;

	all.too_long |= options > RT_OPTIONS || steps > CF_TRACE_STEPS;
	if (all.too_long)
		return;
	level->spots = 0;
	for (uint32_t i = 0; i < steps; i++) {
		for (; next < options && c->option[next].steps <= i; next++)
			note_option(s, level, i, &c->option[next]);
		note_access(s, level, i);
	}
	for (; next < options; next++)
		note_option(s, level, steps, &c->option[next]);
}

static uint8_t idle_actors(const struct search *s)
{
	uint8_t idle = (uint8_t)((1u << s->ex->shared->actors) - 1);

	for (uint32_t i = 0; i < s->ex->control->result.steps && i < CF_TRACE_STEPS; i++) {
		const struct cf_step *step = &s->ex->control->trace[i];

		if (step->op != CF_OP_END && step->op != CF_OP_SWITCH && step->op != CF_OP_COMMIT)
			idle &= (uint8_t) ~(1u << step->actor);
	}
	return idle;
}

/* ---- one after the other -------------------------------------------------------------------------- */

/* All with so many were made. */
static void complete(struct search *s)
{
	struct cf_outcomes *outcomes = &s->ex->control->outcomes;

	outcomes->complete = all.events + 1;
	outcomes->covered = all.runs;
	outcomes->exhausted = all.runs == all.before && !all.too_long;
	all.before = all.runs;
}

/* Of none there is the supervisor's own run only, which was just made. */
static void begin(struct search *s)
{
	all.events = all.depth = 0;
	all.runs = 1;
	all.before = 0;
	all.too_long = false;
	all.without = s->base.without;
	all.idle = idle_actors(s);
	ex_copy_plan(&current()->plan, &s->base);
	note_spots(s, current());
	current()->at = current()->way = 0;
	complete(s);
	all.events = 1;
}

static bool next_way(const struct level *level, struct cf_event *event)
{
	const struct spot *spot = &level->spot[level->at];
	uint32_t way = level->way;

	*event = (struct cf_event){
		.op = spot->op, .actor = spot->actor, .added = 1, .point = spot->point
	};
	if (spot->op == CF_DO_SWITCH) {
		while (way < CF_MAX_ACTORS && !(spot->ways >> way & 1))
			way++;
		event->arg = way;
		return way < CF_MAX_ACTORS;
	}
	event->arg = way + 1;
	return way < spot->ways;
}

/* The next event of this level; false if it has no more. */
static bool next_event(struct level *level, struct cf_event *event)
{
	for (; level->at < level->spots; level->at++, level->way = 0)
		if (next_way(level, event)) {
			level->way = event->op == CF_DO_SWITCH ? event->arg + 1 : event->arg;
			return true;
		}
	return false;
}

/* Begins again with one event more; false if there can be none. */
static bool deepen(struct search *s)
{
	if (all.too_long)
		return false;
	complete(s);
	if (s->ex->control->outcomes.exhausted || all.events == MOST_EVENTS)
		return false;
	all.events++;
	current()->at = current()->way = 0;
	return true;
}

static bool next(struct search *s)
{
	while (!next_event(current(), &all.last))
		if (all.depth > 0)
			all.depth--;
		else if (!deepen(s))
			return false;
	all.opens = all.depth + 1 < all.events;
	all.too_long |= !ex_add_below(s, &current()->plan, &all.last,
				      all.opens ? &all.level[all.depth + 1].plan : NULL);
	return !all.too_long;
}

static bool is_new(const struct search *s)
{
	const struct cf_plan *plan = s->plan;
	uint64_t before = current()->hash;

	for (uint32_t i = plan->events; i-- > 0;) {
		const struct cf_event *event = &plan->event[i];

		if (event->op == all.last.op && event->actor == all.last.actor &&
		    event->point == all.last.point && event->arg == all.last.arg)
			return s->ex->control->result.fired[i].fate == CF_FIRED &&
			       (event->op != CF_DO_STALE || s->ex->control->result.hash != before);
	}
	return false;
}

/* Of a switch the spot is none of the run that makes it, so the next one has its number. */
static void made(struct search *s)
{
	uint32_t at = current()->at;

	all.was_new = !all.opens;
	if (!is_new(s)) {
		all.was_new = false;
		if (all.last.op == CF_DO_STALE || all.last.op == CF_DO_HOLD)
			current()->way = UINT16_MAX; /* nor would anything farther */
		return;
	}
	current()->hash = s->ex->control->result.hash;
	if (!all.opens) {
		all.runs++;
		return;
	}
	all.depth++;
	note_spots(s, current());
	current()->at = at + (all.last.op != CF_DO_SWITCH);
	current()->way = 0;
}

bool ex_was_new(void)
{
	return all.was_new;
}

const struct strategy ex_exhaustive = { begin, next, made };
