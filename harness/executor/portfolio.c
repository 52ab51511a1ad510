/* SPDX-License-Identifier: Apache-2.0
 *
 * All strategies together, one run of one after one run of another. A strategy gets the more of the time the
 * more its own runs have paid for theirs: they failed, or reached what none had reached before. What that was
 * is remembered from burst to burst, but fades; nobody gets less than half of an equal share. Time is told by
 * points and switches, and no clock is asked: the same campaign shares out in the same way.
 */
#include "explore.h"
#include "strategies.h"

enum { FIRST = CF_STRATEGY_RANDOM, ARMS = CF_STRATEGY_PORTFOLIO };

static const double fading = 0.999, failure_pays = 50, expected = 0.02, trust = 50;
static const double cost_of_switch = 4; /* in points */

static struct arm {
	bool ended; /* in this burst it knows nothing more */
	double pays, time; /* the older the less; in mean runs of all */
	double worth; /* runs that pay, in the time to come */
	double turn; /* whoever has the lowest comes next */
} arms[ARMS];

static unsigned last; /* who had the last run */

/* Who has had little is believed to do as all others. */
static void reckon(struct arm *arm)
{
	arm->worth = (arm->pays + expected * trust) / (arm->time + trust);
}

static double share_of(unsigned which)
{
	double sum = 0, left = 0;

	for (unsigned i = FIRST; i < ARMS; i++) {
		sum += arms[i].ended ? 0 : arms[i].worth;
		left += !arms[i].ended;
	}
	return (arms[which].worth / sum + 1 / left) / 2;
}

static double cost_of(const struct cf_result *run)
{
	return run->points + cost_of_switch * run->switches;
}

void ex_pay(enum cf_strategy strategy, const struct cf_result *run, uint32_t news, bool failed)
{
	struct arm *arm = &arms[strategy];
	static double mean;
	double cost = cost_of(run);

	if (strategy >= CF_STRATEGY_PORTFOLIO)
		return;
	mean = mean > 0 ? mean * fading + cost * (1 - fading) : cost;
	arm->pays = arm->pays * fading + (news > 0) + (failed ? failure_pays : 0);
	arm->time = arm->time * fading + cost / mean;
	reckon(arm);
}

static void begin(struct search *s)
{
	for (unsigned i = FIRST; i < ARMS; i++) {
		arms[i].ended = false;
		arms[i].turn = 0;
		reckon(&arms[i]);
		if (ex_strategies[i]->begin != NULL)
			ex_strategies[i]->begin(s);
	}
}

static unsigned whose_turn(void)
{
	unsigned best = ARMS;

	for (unsigned i = FIRST; i < ARMS; i++)
		if (!arms[i].ended && (best == ARMS || arms[i].turn < arms[best].turn))
			best = i;
	return best;
}

static bool next(struct search *s)
{
	for (;;) {
		last = whose_turn();
		if (last == ARMS)
			return false;
		s->ex->control->mailbox.by = last;
		if (ex_strategies[last]->next(s))
			return true;
		arms[last].ended = true;
		ex_copy_plan(s->plan, &s->base);
	}
}

static void passed(struct search *s)
{
	/* Runs that are collected pay nothing, but each has its turn. */
	arms[last].turn += cost_of(&s->ex->control->result) / share_of(last);
	if (ex_strategies[last]->passed != NULL)
		ex_strategies[last]->passed(s);
}

const struct strategy ex_portfolio = { begin, next, passed };
