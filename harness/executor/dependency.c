/* SPDX-License-Identifier: Apache-2.0
 *
 * Address dependencies. A CPU does not load from an address before it has it: where an earlier load
 * of the same actor gave the address of a later one, the later one can't get a value that had been
 * overwritten when the earlier one's was committed. Hooks show addresses but not where they come
 * from, so a run may have had such a choice, and is judged only once it is known that it had not:
 * each earlier load that would forbid a stale one is given another value in a run of its own. If the
 * stale one then has another address, by the same path through the code, it depended on that load. A
 * choice that was forbidden is taken out, and the run made again without it.
 *
 * Control dependencies keep no loads in order: another path says nothing. Nor does it show if the
 * value is used in a way in which it can't matter (x ^ x): CPUs keep that order too, but no
 * program has it to be kept.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "executor.h"

enum {
	SOURCES = 32, /* loads that are tried for one stale one: those just before it */
	VALUES = 5, /* that each is given */
	ONE_FIELD = 8, /* bytes: another value if none was seen, of a pointer or of a number */
};

/* The run that is to be judged. */
static struct {
	struct cf_result result;
	char text[CF_TEXT_SIZE];
	struct cf_step step[CF_TRACE_STEPS];
} first;

/* ---- its steps --------------------------------------------------------------------------------- */

static const struct cf_step *step_of(const struct cf_step *steps, uint32_t i)
{
	return &steps[i % CF_TRACE_STEPS];
}

/* The first one that is still there. */
static uint32_t begin(const struct cf_result *result)
{
	return result->steps > CF_TRACE_STEPS ? result->steps - CF_TRACE_STEPS : 0;
}

/* What the actor did itself, at points of its own. */
static bool is_access(const struct cf_step *step, uint8_t actor)
{
	return step->actor == actor && (step->op == CF_OP_LOAD || step->op == CF_OP_STORE ||
					step->op == CF_OP_RMW || step->op == CF_OP_CAS_FAIL);
}

static uint64_t mask_of(const struct cf_step *step)
{
	uint64_t ones = step->size >= 8 ? ~0ull : (1ull << (step->size * 8)) - 1;

	return ones << (step->address & 7) * 8;
}

static bool overlap(const struct rt_commit *commit, const struct cf_step *step)
{
	return commit->word == step->address >> 3 && (commit->mask & mask_of(step));
}

/* The commit at this time, NULL if it is not remembered. */
static const struct rt_commit *commit_at(const struct executor *ex, uint32_t time)
{
	const struct rt_commit *commit = &ex->shared->commit[time % RT_COMMITS];

	return time != 0 && commit->time == time ? commit : NULL;
}

/* When what a load got was overwritten; 0 if it was not. */
static uint32_t overwritten(const struct executor *ex, const struct cf_step *load)
{
	for (uint32_t time = (uint32_t)load->extra + 1; time <= ex->shared->now; time++) {
		const struct rt_commit *commit = commit_at(ex, time);

		if (commit != NULL && overlap(commit, load))
			return time;
	}
	return 0;
}

/* The commit clock after the step with this number. */
static uint32_t clock_after(uint32_t index)
{
	uint32_t now = 0;

	for (uint32_t i = begin(&first.result); i <= index; i++) {
		const struct cf_step *step = step_of(first.step, i);

		if (step->op == CF_OP_STORE || step->op == CF_OP_COMMIT)
			now = (uint32_t)step->extra;
		else if (step->op == CF_OP_RMW || step->op == CF_OP_UNSEEN)
			now++;
	}
	return now;
}

/* When the value that this step read was committed. One that modified read the newest just then. */
static uint32_t read_at(const struct executor *ex, uint32_t index)
{
	const struct cf_step *step = step_of(first.step, index);
	uint32_t now;

	if (step->op == CF_OP_LOAD)
		return (uint32_t)step->extra;
	now = clock_after(index);
	if (step->op == CF_OP_RMW)
		return now;
	for (; now > 0; now--) {
		const struct rt_commit *commit = commit_at(ex, now);

		if (commit == NULL || overlap(commit, step))
			break;
	}
	return now;
}

/* ---- experiments ------------------------------------------------------------------------------- */

/* A stale load, and an earlier one that forbids it if it gave the address. */
struct suspicion {
	uint32_t source, stale; /* steps */
};

static unsigned suspect(const struct executor *ex, uint32_t stale, struct suspicion *all)
{
	const struct cf_step *load = step_of(first.step, stale);
	uint32_t until = overwritten(ex, load);
	unsigned count = 0;

	for (uint32_t i = stale; until != 0 && i-- > begin(&first.result) && count < SOURCES;) {
		const struct cf_step *step = step_of(first.step, i);

		if (is_access(step, load->actor) && step->op != CF_OP_STORE &&
		    !(step->flags & CF_STEP_FORWARD) && read_at(ex, i) >= until)
			all[count++] = (struct suspicion){ i, stale };
	}
	return count;
}

static bool is_among(const uint64_t *values, unsigned count, uint64_t value)
{
	for (unsigned i = 0; i < count; i++)
		if (values[i] == value)
			return true;
	return false;
}

/* Other values for what a step read: some that its place has had, then some that it may have. */
static unsigned others(const struct cf_step *source, uint64_t *values)
{
	uint64_t read = source->op == CF_OP_RMW ? source->extra : source->value;
	const uint64_t likely[] = { 0, read ^ ONE_FIELD, read ^ 1 };
	uint64_t known[1 + VALUES] = { read };
	unsigned count = 1;

	for (uint32_t i = begin(&first.result); i < first.result.steps && count < 3; i++) {
		const struct cf_step *step = step_of(first.step, i);

		if (step->address == source->address && step->size == source->size &&
		    is_access(step, step->actor) && !is_among(known, count, step->value))
			known[count++] = step->value;
	}
	for (unsigned i = 0; i < sizeof(likely) / sizeof(likely[0]); i++)
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
		.value = value,
	};
	plan->events++;
}

/* The number of the actor's next access from i on, `steps` if there is none. */
static uint32_t next_access(const struct cf_step *steps, uint32_t count, uint32_t i, uint8_t actor)
{
	while (i < count && !is_access(step_of(steps, i), actor))
		i++;
	return i;
}

/* By the same path to another address, in the run that was just made. */
static bool address_differs(const struct executor *ex, const struct suspicion *s)
{
	const struct cf_result *result = &ex->control->result;
	uint8_t actor = step_of(first.step, s->stale)->actor;
	uint32_t there = begin(result);

	for (uint32_t here = begin(&first.result); here <= s->stale; here++, there++) {
		const struct cf_step *before, *now;

		here = next_access(first.step, first.result.steps, here, actor);
		there = next_access(ex->control->trace, result->steps, there, actor);
		if (there == result->steps)
			return false;
		before = step_of(first.step, here);
		now = step_of(ex->control->trace, there);
		if (before->site != now->site || before->op != now->op)
			return false;
		if (here == s->stale)
			return before->address != now->address;
	}
	return false;
}

static bool depends(struct executor *ex, const struct suspicion *s)
{
	const struct cf_step *source = step_of(first.step, s->source);
	struct cf_plan *plan = &ex->control->plan;
	uint64_t values[VALUES];
	unsigned count = others(source, values);
	bool does = false;

	for (unsigned i = 0; i < count && !does; i++) {
		struct cf_plan kept = *plan;

		plan->flags &= ~(uint32_t)CF_PLAN_FEEDBACK;
		add_event(plan, source, values[i]);
		ex_run_once(ex, false);
		does = address_differs(ex, s);
		*plan = kept;
	}
	return does;
}

/* ---- the judgement ------------------------------------------------------------------------------ */

static void keep(const struct executor *ex)
{
	const struct cf_control *control = ex->control;
	uint32_t steps = control->result.steps;

	first.result = control->result;
	memcpy(first.text, control->text, sizeof(first.text));
	memcpy(first.step, control->trace,
	       (steps < CF_TRACE_STEPS ? steps : CF_TRACE_STEPS) * sizeof(first.step[0]));
}

static void put_back(struct executor *ex)
{
	uint32_t steps = first.result.steps;

	ex->control->result = first.result;
	memcpy(ex->control->text, first.text, sizeof(first.text));
	memcpy(ex->control->trace, first.step,
	       (steps < CF_TRACE_STEPS ? steps : CF_TRACE_STEPS) * sizeof(first.step[0]));
}

/* The event that made a load stale. */
static struct cf_event *event_of(struct executor *ex, const struct cf_step *stale)
{
	struct cf_plan *plan = &ex->control->plan;

	for (uint32_t i = 0; i < plan->events; i++) {
		const struct cf_event *event = &plan->event[i];

		if (event->op == CF_DO_STALE && event->actor == stale->actor &&
		    first.result.fired[i].fate == CF_FIRED &&
		    (uint16_t)first.result.fired[i].point == stale->point)
			return &plan->event[i];
	}
	return NULL;
}

/* The first stale load that can't have been, NULL if all can. The commits are those of the run that
 * is judged until the first experiment: so all suspicions come before. */
static struct cf_event *forbidden(struct executor *ex)
{
	static struct suspicion all[CF_MAX_EVENTS * SOURCES];
	unsigned count = 0;

	for (uint32_t i = begin(&first.result); i < first.result.steps; i++)
		if (step_of(first.step, i)->flags & CF_STEP_STALE &&
		    count <= (CF_MAX_EVENTS - 1) * SOURCES)
			count += suspect(ex, i, all + count);
	for (unsigned i = 0; i < count; i++)
		if (depends(ex, &all[i]))
			return event_of(ex, step_of(first.step, all[i].stale));
	return NULL;
}

static bool has_stale(const struct executor *ex)
{
	const struct cf_plan *plan = &ex->control->plan;

	for (uint32_t i = 0; i < plan->events; i++)
		if (plan->event[i].op == CF_DO_STALE && !plan->event[i].slip)
			return true;
	return false;
}

void ex_judge_dependencies(struct executor *ex, bool fresh)
{
	struct cf_plan *plan = &ex->control->plan;
	struct cf_event *event;

	/* With a full plan there is no room for an experiment. */
	while (ex->control->result.outcome == CF_VIOLATED && plan->events < CF_MAX_EVENTS &&
	       !(ex->loaded.target->flags & CF_EXTERNAL_CALLS) && has_stale(ex)) {
		keep(ex);
		event = forbidden(ex);
		if (event == NULL) {
			put_back(ex);
			break;
		}
		event->slip = RT_FORBIDDEN;
		ex_run_once(ex, fresh);
	}
	for (uint32_t i = 0; i < plan->events; i++)
		if (plan->event[i].op == CF_DO_STALE)
			plan->event[i].slip = 0;
}
