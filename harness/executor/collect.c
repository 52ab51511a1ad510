/* SPDX-License-Identifier: Apache-2.0
 *
 * What can come of a scenario: as a burst makes many runs around one plan, but goes on whatever comes of a
 * run, and keeps of each outcome how often it came and the plan of the first run that it came of. That one is
 * judged: an outcome that only a broken address dependency could bring is none. Asked to go on, the search
 * goes on where it was.
 */
#include <string.h>

#include "explore.h"
#include "seen.h"
#include "strategies.h"

enum { ORPHANED_EVERY = 1024 };

static struct search s;
static const struct strategy *strategy;

/* What a strategy has chosen while the run went on stands behind the other events, where none is looked for. */
static bool can_be(void)
{
	if (strategy != NULL && strategy != &ex_exhaustive) {
		ex_make_explicit(&s);
		ex_run_once(s.ex, false);
	}
	return ex_can_be(s.ex);
}

static void record(void)
{
	struct cf_outcomes *outcomes = &s.ex->control->outcomes;
	const struct cf_result *result = &s.ex->control->result;
	struct cf_seen *seen = seen_find(outcomes, result);

	if (seen != NULL) {
		seen->runs++;
		seen_facts(seen, result);
	} else if (outcomes->seen == CF_SEEN) {
		outcomes->others++;
	} else if (can_be()) {
		ex_copy_plan(&seen_add(outcomes, result)->plan, s.plan);
	} else {
		outcomes->impossible++;
	}
}

/* Runs the plan. False if that says nothing: it can't be run here, or something is wrong with us. */
static bool run(bool is_recorded)
{
	struct cf_control *control = s.ex->control;

	ex_run_once(s.ex, false);
	control->mailbox.runs++;
	control->outcomes.runs++;
	if (control->result.outcome != CF_PASSED && control->result.outcome != CF_VIOLATED)
		return false;
	if (is_recorded)
		record();
	return true;
}

/* The supervisor's own run, and once more for what there is to change in it. */
static bool run_base(void)
{
	if (!run(true) || !ex_has_room(&s.base))
		return false;
	ex_copy_plan(s.plan, &s.base);
	ex_ask_to_choose(&s, RT_NOTED);
	if (!run(false))
		return false;
	ex_note_run(&s);
	return true;
}

static bool try_next(void)
{
	ex_copy_plan(s.plan, &s.base);
	s.ex->shared->choices.way = RT_AS_PLANNED;
	if (!strategy->next(&s) || !run(false))
		return false;
	if (strategy->passed != NULL)
		strategy->passed(&s);
	s.ex->shared->choices.way = RT_AS_PLANNED; /* of experiments, too */
	if (strategy != &ex_exhaustive || ex_was_new())
		record();
	return true;
}

static bool begin(struct executor *ex)
{
	struct cf_control *control = ex->control;

	s = (struct search){ .ex = ex, .plan = &control->plan };
	ex_copy_plan(&s.base, &control->plan);
	memset(&control->outcomes, 0, offsetof(struct cf_outcomes, entry));
	strategy = NULL;
	return run_base();
}

/* Another one than before begins, with what is known of the outcomes. */
static void choose_strategy(const struct cf_mailbox *mailbox)
{
	const struct strategy *wanted = &ex_exhaustive;

	if (mailbox->strategy != CF_STRATEGY_NONE && mailbox->strategy < CF_STRATEGIES)
		wanted = ex_strategies[mailbox->strategy];
	if (wanted == strategy)
		return;
	strategy = wanted;
	s.random = mailbox->seed;
	if (strategy->begin != NULL)
		strategy->begin(&s);
}

static void go_on(const struct executor *ex, const struct cf_mailbox *mailbox)
{
	choose_strategy(mailbox);
	while (mailbox->runs < mailbox->budget)
		if ((mailbox->runs % ORPHANED_EVERY == 0 && ex_orphaned(ex)) || !try_next())
			return;
}

void ex_collect(struct executor *ex)
{
	struct cf_mailbox *mailbox = &ex->control->mailbox;

	mailbox->runs = mailbox->exhausted = 0;
	if (mailbox->kind == CF_COLLECT_ON || begin(ex))
		go_on(ex, mailbox);
	ex->shared->choices.way = RT_AS_PLANNED;
}
