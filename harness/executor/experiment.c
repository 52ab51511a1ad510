/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "experiment.h"

enum {
	ONE_FIELD = 8, /* bytes: another value if none was seen, of a pointer or of a number */
	SEEN = 3, /* values of the same place */
	SOME = 3, /* of those that are likely */
};

struct ex_first ex_first;

bool ex_is_access(const struct cf_step *step, uint8_t actor)
{
	return step->actor == actor && (step->op == CF_OP_LOAD || step->op == CF_OP_STORE ||
					step->op == CF_OP_RMW || step->op == CF_OP_CAS_FAIL);
}

uint32_t ex_next_access(const struct cf_step *steps, uint32_t count, uint32_t i, uint8_t actor)
{
	while (i < count && !ex_is_access(ex_step(steps, i), actor))
		i++;
	return i;
}

static bool is_among(const uint64_t *values, unsigned count, uint64_t value)
{
	for (unsigned i = 0; i < count; i++)
		if (values[i] == value)
			return true;
	return false;
}

unsigned ex_others(const struct cf_step *source, bool many, uint64_t *values)
{
	uint64_t read = source->op == CF_OP_RMW ? source->extra : source->value;
	uint64_t sign = 1ull << (source->size >= 8 ? 63 : source->size * 8 - 1);
	const uint64_t likely[] = { 0,     read ^ ONE_FIELD, read ^ 1, read + 1, read - 1, 1, 2, 3,
				    ~read, read ^ sign };
	const unsigned most = many ? sizeof(likely) / sizeof(likely[0]) : SOME;
	uint64_t known[1 + EX_VALUES] = { read };
	unsigned count = 1;

	for (uint32_t i = ex_begin(&ex_first.result); i < ex_first.result.steps && count < SEEN;
	     i++) {
		const struct cf_step *step = ex_step(ex_first.step, i);

		if (step->address == source->address && step->size == source->size &&
		    ex_is_access(step, step->actor) && !is_among(known, count, step->value))
			known[count++] = step->value;
	}
	for (unsigned i = 0; i < most; i++)
		if (!is_among(known, count, likely[i]))
			known[count++] = likely[i];
	memcpy(values, known + 1, (count - 1) * sizeof(known[0]));
	return count - 1;
}

/* Before all other events of its actor: no more than a few can be at one point. */
static void add_event(struct cf_plan *plan, const struct cf_step *source, uint64_t value)
{
	uint32_t at = 0;

	while (at < plan->events && plan->event[at].actor < source->actor)
		at++;
	memmove(&plan->event[at + 1], &plan->event[at],
		(plan->events - at) * sizeof(plan->event[0]));
	plan->event[at] = (struct cf_event){
		.op = RT_DO_PERTURB,
		.actor = source->actor,
		.point = source->point,
		.arg = (uint32_t)(source->address >> 3),
		.value = value,
	};
	plan->events++;
}

void ex_experiment(struct executor *ex, const struct cf_step *source, uint64_t value)
{
	struct cf_plan *plan = &ex->control->plan, kept = *plan;

	plan->flags &= ~(uint32_t)(CF_PLAN_FEEDBACK | CF_PLAN_SCHEDULING);
	add_event(plan, source, value);
	ex_run_plainly(ex, false);
	*plan = kept;
}

/* ---- the judgement ------------------------------------------------------------------------------ */

static void keep_first(const struct executor *ex)
{
	const struct cf_control *control = ex->control;
	uint32_t steps = control->result.steps;

	ex_first.result = control->result;
	memcpy(ex_first.text, control->text, sizeof(ex_first.text));
	memcpy(ex_first.step, control->trace,
	       (steps < CF_TRACE_STEPS ? steps : CF_TRACE_STEPS) * sizeof(ex_first.step[0]));
}

static void put_back_first(struct executor *ex)
{
	uint32_t steps = ex_first.result.steps;

	ex->control->result = ex_first.result;
	memcpy(ex->control->text, ex_first.text, sizeof(ex_first.text));
	memcpy(ex->control->trace, ex_first.step,
	       (steps < CF_TRACE_STEPS ? steps : CF_TRACE_STEPS) * sizeof(ex_first.step[0]));
}

static bool is_suspicious(const struct cf_event *event)
{
	return event->op == CF_DO_STALE || event->op == CF_DO_EARLY;
}

static bool has_suspicious(const struct executor *ex)
{
	const struct cf_plan *plan = &ex->control->plan;

	for (uint32_t i = 0; i < plan->events; i++)
		if (is_suspicious(&plan->event[i]) && !plan->event[i].slip)
			return true;
	return false;
}

static void judge(struct executor *ex, bool fresh, bool passed_too)
{
	struct cf_plan *plan = &ex->control->plan;
	struct cf_event *event;

	/* With a full plan there is no room for an experiment. */
	while ((ex->control->result.outcome == CF_VIOLATED ||
		(passed_too && ex->control->result.outcome == CF_PASSED)) &&
	       plan->events < CF_MAX_EVENTS && !(ex->loaded.target->flags & CF_EXTERNAL_CALLS) &&
	       has_suspicious(ex)) {
		keep_first(ex);
		event = ex_forbidden_stale(ex);
		if (event == NULL)
			event = ex_forbidden_early(ex);
		if (event == NULL) {
			put_back_first(ex);
			break;
		}
		event->slip = RT_FORBIDDEN;
		ex_run_once(ex, fresh);
	}
	for (uint32_t i = 0; i < plan->events; i++)
		if (is_suspicious(&plan->event[i]))
			plan->event[i].slip = 0;
}

void ex_judge_dependencies(struct executor *ex, bool fresh)
{
	judge(ex, fresh, false);
}

bool ex_can_be(struct executor *ex)
{
	uint64_t hash = ex->control->result.hash;

	judge(ex, false, true);
	return ex->control->result.hash == hash;
}
