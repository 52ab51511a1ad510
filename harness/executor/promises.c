/* SPDX-License-Identifier: Apache-2.0
 *
 * Early stores (runtime/early.c): runs that only find out what a store will be, or that have broken a
 * promise, are made again. And dependencies: no CPU commits a store before it knows its address, its
 * value, that it is made at all, and where the accesses before it go. So each load that an early store
 * has overtaken is given other values in runs of their own; if anything of that differs then, the path
 * through the code too, even one without accesses, the store is forbidden.
 */
#include <stddef.h>
#include <string.h>

#include "experiment.h"

/* ---- runs again --------------------------------------------------------------------------------- */

void ex_begin_promises(struct rt_shared *s)
{
	for (uint32_t i = 0; i < s->promises; i++) {
		struct rt_promise *p = &s->promise[i];

		if (p->state == RT_PROMISE_SOUGHT)
			p->state = RT_PROMISE_NONE;
		else if (p->state != RT_PROMISE_REFUSED)
			p->state = RT_PROMISE_KNOWN;
	}
	s->alone = s->void_run = 0;
}

/* Each time one promise more is known, or refused for good: so this ends. */
static bool must_run_again(struct rt_shared *s)
{
	bool again = s->void_run;

	for (uint32_t i = 0; i < s->promises; i++) {
		struct rt_promise *p = &s->promise[i];

		if (p->state == RT_PROMISE_SOUGHT || p->state == RT_PROMISE_OPEN) {
			p->state = RT_PROMISE_REFUSED;
			again = true;
		}
	}
	return again;
}

/* What was chosen in a run that never was is not part of the plan. */
void ex_run_with_promises(struct executor *ex, bool fresh)
{
	struct rt_choices *choices = &ex->shared->choices;
	char before[offsetof(struct rt_choices, option)];
	uint32_t events = ex->control->plan.events;

	memcpy(before, choices, sizeof(before));
	ex_run_plainly(ex, fresh);
	while (must_run_again(ex->shared)) {
		memcpy(choices, before, sizeof(before));
		ex->control->plan.events = events;
		ex_run_plainly(ex, fresh);
	}
}

/* ---- what it depends on ------------------------------------------------------------------------- */

static struct rt_promise *promise_of(struct rt_shared *s, unsigned actor, uint32_t point)
{
	for (uint32_t i = 0; i < s->promises; i++)
		if (s->promise[i].actor == actor && s->promise[i].point == point)
			return &s->promise[i];
	return NULL;
}

static bool is_before(const struct cf_step *step, const struct rt_promise *p)
{
	return step->point >= p->point && step->point < p->until;
}

/* The step of the store with which it was kept, and so its address, are the same by the promise. */
static bool same_way(const struct executor *ex, const struct rt_promise *p)
{
	const struct cf_result *result = &ex->control->result;
	uint32_t here = ex_begin(&ex_first.result), there = ex_begin(result);

	for (;; here++, there++) {
		const struct cf_step *before, *now;

		here = ex_next_access(ex_first.step, ex_first.result.steps, here,
				      (uint8_t)p->actor);
		there = ex_next_access(ex->control->trace, result->steps, there, (uint8_t)p->actor);
		if (here == ex_first.result.steps || there == result->steps)
			return false;
		before = ex_step(ex_first.step, here);
		now = ex_step(ex->control->trace, there);
		if (before->site != now->site || before->op != now->op ||
		    before->address != now->address || before->point != now->point)
			return false;
		if (before->point >= p->until)
			return true;
	}
}

static bool depends_on(struct executor *ex, const struct cf_step *source, struct rt_promise *p,
		       uint64_t path)
{
	uint64_t values[EX_VALUES];
	unsigned count = ex_others(source, true, values);

	for (unsigned i = 0; i < count; i++) {
		ex_experiment(ex, source, values[i]);
		if (p->state != RT_PROMISE_KEPT || p->path != path || !same_way(ex, p))
			return true;
	}
	return false;
}

static bool depends(struct executor *ex, struct rt_promise *p)
{
	unsigned sources = 0;
	uint64_t path;

	ex_run_plainly(ex, false); /* the same run: for its path */
	path = p->path;
	for (uint32_t i = ex_begin(&ex_first.result); i < ex_first.result.steps; i++) {
		const struct cf_step *step = ex_step(ex_first.step, i);

		if (!ex_is_access(step, (uint8_t)p->actor) || step->op == CF_OP_STORE ||
		    (step->flags & CF_STEP_FORWARD) || !is_before(step, p))
			continue;
		if (++sources > EX_SOURCES || depends_on(ex, step, p, path))
			return true;
	}
	return false;
}

struct cf_event *ex_forbidden_early(struct executor *ex)
{
	struct cf_plan *plan = &ex->control->plan;
	uint32_t flags = plan->flags;
	struct cf_event *found = NULL;

	plan->flags = (flags & ~(uint32_t)CF_PLAN_FEEDBACK) | RT_PLAN_PATHS;
	for (uint32_t i = 0; i < plan->events && found == NULL; i++) {
		struct rt_promise *p;

		if (plan->event[i].op != CF_DO_EARLY || ex_first.result.fired[i].fate != CF_FIRED)
			continue;
		p = promise_of(ex->shared, plan->event[i].actor, ex_first.result.fired[i].point);
		if (p != NULL && depends(ex, p))
			found = &plan->event[i];
	}
	plan->flags = flags;
	return found;
}
