/* SPDX-License-Identifier: Apache-2.0
 *
 * Strategies that draw schedules do so with the chances that are published of them: PCT finds a bug of depth d
 * among n actors and k points with at least 1/(n k^(d-1)); POS gives each access a priority and draws that
 * of a lost race again; under SURW all orders of the counted accesses are as likely. The portfolio gives more
 * to what pays, and the same again from the same seed.
 */
#include <stdbool.h>

#include "drive.h"

enum { LAST, MANY, DEEP_1, DEEP_2, DEEP_3 };
enum { TRIES = 8000, BASE_RUNS = 2, MOST_ORDERS = 128 };

/* Of pct: the depth; of surw: what counts. */
enum { ALL_POINTS = 1, A_WORD = 2 };

static void plan(struct drive *d, unsigned variant, int before, int stores)
{
	d->control->plan = (struct cf_plan){ .budget = DRIVE_BUDGET, .variant = variant };
	d->control->plan.params[0] = before;
	d->control->plan.params[1] = stores;
}

/* The first run of the strategy from this seed. */
static const struct cf_result *draw(struct drive *d, enum cf_strategy strategy, unsigned aim,
				    uint64_t seed)
{
	struct cf_mailbox *mailbox = &d->control->mailbox;

	mailbox->strategy = strategy;
	mailbox->aim = (uint16_t)aim;
	mailbox->seed = seed;
	mailbox->budget = BASE_RUNS + 1;
	d->control->plan.events = 0;
	return drive_run(d, CF_EXPLORE);
}

static double chance(struct drive *d, enum cf_strategy strategy, unsigned aim)
{
	unsigned failed = 0;

	for (unsigned seed = 1; seed <= TRIES; seed++)
		failed += draw(d, strategy, aim, seed)->outcome == CF_VIOLATED;
	return (double)failed / TRIES;
}

/* Four and a half times what it may be off by chance, squared. */
static double slack(double p)
{
	return 4.5 * 4.5 * p * (1 - p) / TRIES;
}

static bool is_about(double is, double wanted)
{
	return (is - wanted) * (is - wanted) <= slack(wanted);
}

/* ---- pct ----------------------------------------------------------------------------------------- */

static void check_pct(struct drive *d)
{
	for (unsigned depth = 1; depth <= 3; depth++) {
		double bound = 1.0 / 2, found;

		plan(d, DEEP_1 + depth - 1, 0, 1);
		drive_run(d, CF_RUN);
		for (unsigned i = 1; i < depth; i++)
			bound /= d->control->result.points;
		found = chance(d, CF_STRATEGY_PCT, depth);
		CHECK(found >= bound || is_about(found, bound), "depth %u: %g, bound %g", depth,
		      found, bound);
		CHECK(depth > 1 || is_about(found, bound), "depth 1: %g", found);
		printf("drawn: pct: depth %u: %.4f, at least %.4f is promised\n", depth, found,
		       bound);
	}
}

/* ---- pos ----------------------------------------------------------------------------------------- */

/* a is the last if its access has a lower priority than all of b's before it, and than the others after it was
 * drawn again. */
static void check_pos(struct drive *d)
{
	static const struct {
		int before, stores;
		double chance;
	} table[] = {
		{ 0, 1, 1.0 / 2 }, { 1, 1, 1.0 / 3 }, { 3, 1, 1.0 / 5 },
		{ 0, 2, 1.0 / 4 }, { 0, 3, 1.0 / 8 }, { 2, 2, 1.0 / 8 },
	};

	for (unsigned i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		double found;

		plan(d, LAST, table[i].before, table[i].stores);
		found = chance(d, CF_STRATEGY_POS, 0);
		CHECK(is_about(found, table[i].chance), "%d before, %d stores: %g, not %g",
		      table[i].before, table[i].stores, found, table[i].chance);
	}
}

/* ---- surw ---------------------------------------------------------------------------------------- */

struct count {
	uint64_t order;
	unsigned times;
};

static unsigned tell(struct count *counts, unsigned orders, uint64_t order)
{
	unsigned i = 0;

	while (i < orders && counts[i].order != order)
		i++;
	CHECK(i < MOST_ORDERS, "more than %d orders", MOST_ORDERS);
	counts[i].order = order;
	counts[i].times++;
	return i < orders ? orders : orders + 1;
}

/* Who came when, a bit each: to x, or to any point. */
static uint64_t order_of(const struct drive *d, unsigned aim)
{
	const struct cf_result *r = &d->control->result;
	uint64_t order = 1;

	if (aim == A_WORD) {
		memcpy(&order, d->control->ledger, sizeof(order));
		return order;
	}
	for (unsigned i = 0; i < r->steps; i++)
		if (d->control->trace[i].op == CF_OP_STORE || d->control->trace[i].op == CF_OP_END)
			order = order << 1 | d->control->trace[i].actor;
	return order;
}

static void check_even(struct drive *d, unsigned aim, unsigned expected)
{
	static struct count counts[MOST_ORDERS];
	double mean = (double)TRIES / expected, off = 0, most = expected + 5 * expected / 4.0;
	unsigned orders = 0;

	memset(counts, 0, sizeof(counts));
	for (unsigned seed = 1; seed <= TRIES; seed++) {
		CHECK(draw(d, CF_STRATEGY_SURW, aim, seed)->outcome == CF_PASSED, "a finding");
		orders = tell(counts, orders, order_of(d, aim));
	}
	for (unsigned i = 0; i < orders; i++)
		off += (counts[i].times - mean) * (counts[i].times - mean) / mean;
	CHECK(orders == expected && off < most, "%u orders of %u, chi square %.1f, at most %.1f",
	      orders, expected, off, most);
	printf("drawn: surw: %u orders of %u, chi square %.1f\n", orders, expected, off);
}

/* Three stores each, and the end: 4 + 4 points, of which 3 + 3 are to x. The same with some of b's that do
 * not count. */
static void check_surw(struct drive *d)
{
	plan(d, MANY, 0, 3);
	check_even(d, ALL_POINTS, 70);
	check_even(d, A_WORD, 20);
	plan(d, MANY, 6, 3);
	check_even(d, A_WORD, 20);
}

/* ---- portfolio ----------------------------------------------------------------------------------- */

static struct cf_result explore_all(uint64_t seed)
{
	struct drive d = drive_open("targets/queue");
	struct cf_result r;

	d.control->plan = (struct cf_plan){ .budget = DRIVE_BUDGET,
					    .memory = CF_WEAK,
					    .flags = CF_PLAN_FEEDBACK,
					    .params = { 2, 3, 2 } };
	d.control->mailbox.strategy = CF_STRATEGY_PORTFOLIO;
	d.control->mailbox.seed = seed;
	d.control->mailbox.budget = 3000;
	r = *drive_run(&d, CF_EXPLORE);
	CHECK(r.outcome == CF_PASSED, "%s", r.detail);
	drive_close(&d);
	return r;
}

static void check_portfolio(void)
{
	struct cf_result r = explore_all(3), again = explore_all(3);
	unsigned runs = 0, best = 1, worst = 1;

	CHECK(memcmp(r.share, again.share, sizeof(r.share)) == 0, "other shares from one seed");
	for (unsigned i = CF_STRATEGY_RANDOM; i < CF_STRATEGY_PORTFOLIO; i++) {
		runs += r.share[i].runs;
		CHECK(i == CF_STRATEGY_SWEEP || r.share[i].runs >= 3000 / 6 / 2 - 10,
		      "strategy %u has %u runs", i, r.share[i].runs);
		printf("drawn: strategy %u: %u runs, %u reached something new\n", i,
		       r.share[i].runs, r.share[i].news);
		best = r.share[i].news > r.share[best].news ? i : best;
		worst = r.share[i].news < r.share[worst].news ? i : worst;
	}
	CHECK(runs + r.share[CF_STRATEGY_NONE].runs == 3000, "%u runs", runs);
	CHECK(r.share[best].runs > r.share[worst].runs, "who pays most has %u runs, least %u",
	      r.share[best].runs, r.share[worst].runs);
}

int main(void)
{
	struct drive d = drive_open("test-targets/orders");

	check_pct(&d);
	check_pos(&d);
	check_surw(&d);
	drive_close(&d);
	check_portfolio();
	printf("drawn: the chances are those that are published\n");
	return 0;
}
