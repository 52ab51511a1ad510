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

#include "experiment.h"

/* ---- its steps --------------------------------------------------------------------------------- */

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

	for (uint32_t i = ex_begin(&ex_first.result); i <= index; i++) {
		const struct cf_step *step = ex_step(ex_first.step, i);

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
	const struct cf_step *step = ex_step(ex_first.step, index);
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
	const struct cf_step *load = ex_step(ex_first.step, stale);
	uint32_t until = overwritten(ex, load);
	unsigned count = 0;

	for (uint32_t i = stale;
	     until != 0 && i-- > ex_begin(&ex_first.result) && count < EX_SOURCES;) {
		const struct cf_step *step = ex_step(ex_first.step, i);

		if (ex_is_access(step, load->actor) && step->op != CF_OP_STORE &&
		    !(step->flags & CF_STEP_FORWARD) && read_at(ex, i) >= until)
			all[count++] = (struct suspicion){ i, stale };
	}
	return count;
}

/* By the same path to another address, in the run that was just made. */
static bool address_differs(const struct executor *ex, const struct suspicion *s)
{
	const struct cf_result *result = &ex->control->result;
	uint8_t actor = ex_step(ex_first.step, s->stale)->actor;
	uint32_t there = ex_begin(result);

	for (uint32_t here = ex_begin(&ex_first.result); here <= s->stale; here++, there++) {
		const struct cf_step *before, *now;

		here = ex_next_access(ex_first.step, ex_first.result.steps, here, actor);
		there = ex_next_access(ex->control->trace, result->steps, there, actor);
		if (there == result->steps)
			return false;
		before = ex_step(ex_first.step, here);
		now = ex_step(ex->control->trace, there);
		if (before->site != now->site || before->op != now->op)
			return false;
		if (here == s->stale)
			return before->address != now->address;
	}
	return false;
}

static bool depends(struct executor *ex, const struct suspicion *s)
{
	const struct cf_step *source = ex_step(ex_first.step, s->source);
	uint64_t values[EX_VALUES];
	unsigned count = ex_others(source, false, values);
	bool does = false;

	for (unsigned i = 0; i < count && !does; i++) {
		ex_experiment(ex, source, values[i]);
		does = address_differs(ex, s);
	}
	return does;
}

/* ---- the judgement ------------------------------------------------------------------------------ */

/* The event that made a load stale. */
static struct cf_event *event_of(struct executor *ex, const struct cf_step *stale)
{
	struct cf_plan *plan = &ex->control->plan;

	for (uint32_t i = 0; i < plan->events; i++) {
		const struct cf_event *event = &plan->event[i];

		if (event->op == CF_DO_STALE && event->actor == stale->actor &&
		    ex_first.result.fired[i].fate == CF_FIRED &&
		    (uint16_t)ex_first.result.fired[i].point == stale->point)
			return &plan->event[i];
	}
	return NULL;
}

/* The first stale load that can't have been, NULL if all can. The commits are those of the run that
 * is judged until the first experiment: so all suspicions come before. */
struct cf_event *ex_forbidden_stale(struct executor *ex)
{
	static struct suspicion all[CF_MAX_EVENTS * EX_SOURCES];
	unsigned count = 0;

	for (uint32_t i = ex_begin(&ex_first.result); i < ex_first.result.steps; i++)
		if (ex_step(ex_first.step, i)->flags & CF_STEP_STALE &&
		    count <= (CF_MAX_EVENTS - 1) * EX_SOURCES)
			count += suspect(ex, i, all + count);
	for (unsigned i = 0; i < count; i++)
		if (depends(ex, &all[i]))
			return event_of(ex, ex_step(ex_first.step, all[i].stale));
	return NULL;
}
