/* SPDX-License-Identifier: Apache-2.0
 *
 * Bursts: many runs around one plan at one request. Whatever a strategy chooses becomes explicit events,
 * so that the first run that fails is told as a plan like any other; that it is the same run without the
 * strategy is not believed but tried. Only on fibers: a process takes as long for a run as a request does.
 */
#include <stdio.h>
#include <string.h>

#include "explore.h"

enum { ORPHANED_EVERY = 1024 };

static uint8_t merged[CF_FEEDBACK_SIZE];

uint32_t ex_below(struct search *s, uint32_t limit)
{
	uint64_t z = s->random += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return (uint32_t)(((z ^ z >> 31) >> 32) * limit >> 32);
}

/* ---- events of a plan --------------------------------------------------------------------------- */

/* Behind all others of its point: the supervisor puts what it adds there too. */
static void insert(struct cf_plan *plan, const struct cf_event *event)
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

bool ex_add(struct search *s, const struct cf_event *event)
{
	for (uint32_t i = 0; i < s->plan->events; i++) {
		const struct cf_event *other = &s->plan->event[i];

		if (other->actor == event->actor && other->point == event->point &&
		    (other->op == event->op || (is_schedule(other->op) && is_schedule(event->op))))
			return false;
	}
	if (s->plan->events + CF_MAX_ACTORS >= CF_MAX_EVENTS)
		return false;
	insert(s->plan, event);
	return true;
}

void ex_ask_to_choose(struct search *s)
{
	s->ex->shared->choices.options = 0;
	for (unsigned i = 0; i < s->ex->shared->actors; i++)
		insert(s->plan, &(struct cf_event){ .op = RT_DO_CHOOSE, .actor = (uint8_t)i });
}

static void make_explicit(struct cf_plan *plan)
{
	struct cf_plan chosen = *plan;

	plan->events = 0;
	for (uint32_t i = 0; i < chosen.events; i++)
		if (chosen.event[i].op != RT_DO_CHOOSE)
			insert(plan, &chosen.event[i]);
}

/* ---- runs ---------------------------------------------------------------------------------------- */

/* Each counter as high as in the run that had it the highest: a sum over a burst would only say how long
 * it was. */
static void merge_feedback(struct cf_control *control)
{
	for (unsigned i = 0; i < CF_FEEDBACK_SIZE; i++)
		if (merged[i] < control->feedback[i])
			merged[i] = control->feedback[i];
	memset(control->feedback, 0, CF_FEEDBACK_SIZE);
}

static void run_once(struct search *s)
{
	struct cf_control *control = s->ex->control;

	ex_run_once(s->ex, false);
	control->mailbox.runs++;
	if (control->plan.flags & CF_PLAN_FEEDBACK)
		merge_feedback(control);
}

/* A run has failed. True if it is allowed after all. */
static bool is_excused(struct search *s)
{
	struct cf_result *result = &s->ex->control->result;
	struct cf_plan chosen = *s->plan;
	uint64_t hash = result->hash;

	make_explicit(s->plan);
	run_once(s);
	if (result->hash != hash) {
		ex_broken(s->ex,
			  "divergence: a run of a burst is another one by its events: %#llx %#llx",
			  (unsigned long long)hash, (unsigned long long)result->hash);
		return false;
	}
	ex_judge_dependencies(s->ex, false);
	if (result->outcome != CF_PASSED)
		return false;
	*s->plan = chosen;
	return true;
}

bool ex_try(struct search *s)
{
	const struct cf_mailbox *mailbox = &s->ex->control->mailbox;
	const struct cf_result *result = &s->ex->control->result;

	if (mailbox->runs >= mailbox->budget ||
	    (mailbox->runs % ORPHANED_EVERY == 0 && ex_orphaned(s->ex)))
		return false;
	run_once(s);
	return result->outcome == CF_PASSED || (result->outcome == CF_VIOLATED && is_excused(s));
}

/* ---- the supervisor's own run -------------------------------------------------------------------- */

/* A range is many steps of one point. */
static bool is_noted(const struct search *s, const struct cf_step *step)
{
	const struct place *last = &s->place[s->places > 0 ? s->places - 1 : 0];

	return s->places > 0 && last->actor == step->actor && last->point == step->point &&
	       last->op == step->op;
}

static void note_place(struct search *s, const struct cf_step *step)
{
	if ((step->op == CF_OP_LOAD || step->op == CF_OP_STORE) && s->places < EX_PLACES &&
	    !is_noted(s, step))
		s->place[s->places++] = (struct place){ step->actor, step->op, step->point };
}

static void note_run(struct search *s)
{
	const struct cf_control *control = s->ex->control;
	const struct rt_choices *choices = &s->ex->shared->choices;
	uint32_t steps = control->result.steps;

	s->points = control->result.points;
	for (unsigned i = 0; i < control->result.actors; i++)
		s->actor_points[i] = control->result.actor_result[i].points;
	s->options = choices->options < RT_OPTIONS ? choices->options : RT_OPTIONS;
	memcpy(s->option, choices->option, s->options * sizeof(s->option[0]));
	for (uint32_t i = steps > CF_TRACE_STEPS ? steps - CF_TRACE_STEPS : 0; i < steps; i++)
		note_place(s, &control->trace[i % CF_TRACE_STEPS]);
}

/* False if there is nothing to explore around it. */
static bool run_base(struct search *s)
{
	const struct cf_result *result = &s->ex->control->result;

	run_once(s);
	if (result->outcome == CF_VIOLATED)
		ex_judge_dependencies(s->ex, false);
	if (result->outcome != CF_PASSED || result->carrier != CF_CARRIER_FIBER ||
	    s->base.events + 2 * CF_MAX_ACTORS > CF_MAX_EVENTS)
		return false;
	/* What needs a process then ends the burst, and not each of its runs twice. */
	s->base.carrier = s->plan->carrier = CF_CARRIER_FIBER;
	ex_ask_to_choose(s);
	if (!ex_try(s))
		return false;
	note_run(s);
	*s->plan = s->base;
	return true;
}

void ex_explore(struct executor *ex)
{
	static void (*const strategies[CF_STRATEGIES])(struct search *) = {
		[CF_STRATEGY_RANDOM] = ex_search_randomly,
		[CF_STRATEGY_PCT] = ex_search_by_priority,
		[CF_STRATEGY_SYSTEMATIC] = ex_search_all,
		[CF_STRATEGY_SWEEP] = ex_sweep,
	};
	static struct search s;
	struct cf_mailbox *mailbox = &ex->control->mailbox;
	uint32_t carrier = ex->control->plan.carrier;

	s = (struct search){ .ex = ex,
			     .plan = &ex->control->plan,
			     .base = ex->control->plan,
			     .random = mailbox->seed };
	ex->shared->choices.by_priority = 0;
	mailbox->runs = mailbox->complete = mailbox->schedules = mailbox->exhausted = 0;
	memset(merged, 0, sizeof(merged));
	if (run_base(&s) && mailbox->strategy < CF_STRATEGIES &&
	    strategies[mailbox->strategy] != NULL)
		strategies[mailbox->strategy](&s);
	if (ex->control->result.outcome != CF_VIOLATED)
		*s.plan = s.base;
	s.plan->carrier = carrier;
	memcpy(ex->control->feedback, merged, sizeof(merged));
}
