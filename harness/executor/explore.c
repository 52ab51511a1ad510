/* SPDX-License-Identifier: Apache-2.0
 *
 * Bursts: many runs around one plan at one request. Whatever a strategy chooses becomes explicit events,
 * so that the first run that fails is told as a plan like any other; that it is the same run without the
 * strategy is not believed but tried. Only on fibers: a process takes as long for a run as a request does.
 */
#include <stdio.h>
#include <string.h>

#include "explore.h"
#include "strategies.h"

enum {
	ORPHANED_EVERY = 1024,
	TITLES = 64,
	FEWEST = 50, /* runs of a burst, however long they are: some of each strategy */
};

const struct strategy *const ex_strategies[CF_STRATEGIES] = {
	[CF_STRATEGY_RANDOM] = &ex_random,
	[CF_STRATEGY_PCT] = &ex_pct,
	[CF_STRATEGY_SYSTEMATIC] = &ex_systematic,
	[CF_STRATEGY_SWEEP] = &ex_sweep,
	[CF_STRATEGY_POS] = &ex_pos,
	[CF_STRATEGY_SURW] = &ex_surw,
	[CF_STRATEGY_PORTFOLIO] = &ex_portfolio,
};

uint32_t ex_below(struct search *s, uint32_t limit)
{
	uint64_t z = s->random += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return (uint32_t)(((z ^ z >> 31) >> 32) * limit >> 32);
}

/* ---- runs ---------------------------------------------------------------------------------------- */

/* Returns how much it reached that was never reached before. */
static uint32_t run_once(struct search *s)
{
	struct cf_control *control = s->ex->control;

	ex_run_once(s->ex, false);
	control->mailbox.runs++;
	control->mailbox.points += control->result.points;
	s->squares += (uint64_t)control->result.points * control->result.points;
	return control->plan.flags & CF_PLAN_FEEDBACK ? ex_merge_feedback(control->feedback) : 0;
}

/* A run has failed. True if it is allowed after all. */
static bool is_excused(struct search *s)
{
	struct cf_result *result = &s->ex->control->result;
	struct cf_plan chosen = *s->plan;
	uint64_t hash = result->hash;

	ex_make_explicit(s);
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

/* ---- failures that were told ---------------------------------------------------------------------- */

static uint64_t told[TITLES]; /* hashes */
static unsigned titles;

/* The site has a name of its own, or is a place in the code. */
static uint64_t title_of(const struct cf_result *result)
{
	uint64_t hash = (uint64_t)result->kind << 32;

	if (result->site[0] == '\0')
		return hash | result->site_id;
	for (const char *at = result->site; *at != '\0'; at++)
		hash = (hash ^ (uint8_t)*at) * 0x100000001b3ull;
	return hash;
}

static bool was_told(const struct cf_control *control)
{
	uint64_t title = title_of(&control->result);

	if (control->plan.flags & CF_PLAN_NEW_ONLY)
		for (unsigned i = 0; i < titles; i++)
			if (told[i] == title)
				return true;
	return false;
}

static void tell(const struct cf_control *control)
{
	if (titles < TITLES && !was_told(control))
		told[titles++] = title_of(&control->result);
}

/* ---- a plan -------------------------------------------------------------------------------------- */

static void account(const struct search *s, uint32_t news)
{
	struct cf_control *control = s->ex->control;
	struct cf_share *share = &control->result.share[control->mailbox.by];

	share->runs++;
	share->news += news > 0;
	ex_pay((enum cf_strategy)control->mailbox.by, &control->result, news, s->failed);
}

/* Some way that no burst has told, or so that it can't be judged. */
static bool has_failed(struct search *s)
{
	struct cf_control *control = s->ex->control;

	if (control->result.outcome == CF_VIOLATED && was_told(control)) {
		control->result.told++;
		return false;
	}
	return control->result.outcome != CF_PASSED &&
	       (control->result.outcome != CF_VIOLATED || !is_excused(s));
}

static bool is_used_up(const struct search *s)
{
	const struct cf_mailbox *mailbox = &s->ex->control->mailbox;

	return mailbox->runs >= mailbox->budget ||
	       (mailbox->squares > 0 && s->squares >= mailbox->squares && mailbox->runs >= FEWEST);
}

/* Runs the plan. False once the search is over: it failed, or the budget is used up. */
static bool try_plan(struct search *s)
{
	const struct cf_mailbox *mailbox = &s->ex->control->mailbox;
	uint32_t news;

	if (is_used_up(s) || (mailbox->runs % ORPHANED_EVERY == 0 && ex_orphaned(s->ex)))
		return false;
	news = run_once(s);
	s->failed = has_failed(s);
	account(s, news);
	return !s->failed;
}

/* ---- a burst ------------------------------------------------------------------------------------- */

/* The supervisor's own run. False if there is nothing to explore around it. */
static bool run_base(struct search *s)
{
	const struct cf_result *result = &s->ex->control->result;

	account(s, run_once(s));
	if (result->outcome == CF_VIOLATED)
		ex_judge_dependencies(s->ex, false);
	s->failed = result->outcome != CF_PASSED;
	if (s->failed || result->carrier != CF_CARRIER_FIBER || !ex_has_room(&s->base))
		return false;
	/* What needs a process then ends the burst, and not each of its runs twice. */
	s->base.carrier = s->plan->carrier = CF_CARRIER_FIBER;
	ex_ask_to_choose(s, RT_NOTED);
	if (!try_plan(s))
		return false;
	ex_note_run(s);
	return true;
}

static void search(struct search *s, const struct strategy *strategy)
{
	if (strategy->begin != NULL)
		strategy->begin(s);
	for (;;) {
		ex_copy_plan(s->plan, &s->base);
		s->ex->shared->choices.way = RT_AS_PLANNED;
		if (!strategy->next(s) || !try_plan(s))
			return;
		if (strategy->passed != NULL)
			strategy->passed(s);
	}
}

static void begin(struct cf_control *control)
{
	struct cf_mailbox *mailbox = &control->mailbox;

	mailbox->points = 0;
	mailbox->runs = mailbox->complete = mailbox->schedules = mailbox->exhausted = 0;
	mailbox->by = CF_STRATEGY_NONE;
	memset(control->result.share, 0, sizeof(control->result.share));
	control->result.told = 0;
	ex_begin_feedback();
}

/* What was told earlier is not told again; but nothing is known to pass then. */
static void conclude(struct search *s)
{
	struct cf_control *control = s->ex->control;

	if (control->result.told > 0)
		control->mailbox.complete = control->mailbox.exhausted = 0;
	if (s->failed && control->result.outcome == CF_VIOLATED) {
		tell(control);
		return;
	}
	ex_copy_plan(s->plan, &s->base);
	if (control->result.outcome == CF_VIOLATED)
		control->result.outcome = CF_PASSED;
}

void ex_explore(struct executor *ex)
{
	static struct search s;
	struct cf_control *control = ex->control;
	uint32_t strategy = control->mailbox.strategy, carrier = control->plan.carrier;

	s = (struct search){ .ex = ex,
			     .plan = &control->plan,
			     .base = control->plan,
			     .random = control->mailbox.seed };
	begin(control);
	if (run_base(&s) && strategy < CF_STRATEGIES && ex_strategies[strategy] != NULL) {
		control->mailbox.by = strategy;
		search(&s, ex_strategies[strategy]);
	}
	ex->shared->choices.way = RT_AS_PLANNED;
	conclude(&s);
	s.plan->carrier = carrier;
	ex_end_feedback(control->feedback);
}
