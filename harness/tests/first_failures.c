/* SPDX-License-Identifier: Apache-2.0
 *
 * How many schedules a strategy takes to the first failure of each published shape, with few actors and with
 * many, over some seeds; each seed with an executor that has learnt nothing. The portfolio must find all of
 * them, be within twice the best single strategy in the geometric mean, and nowhere be worse than the best
 * one times the number of strategies.
 *
 *   first_failures [-n SEEDS [FIRST]]    with SEEDS (3) seeds from FIRST (1) on; with more than three the
 *                                        table is printed too, from twenty on it is judged: medians of
 *                                        fewer differ several times over from one set of seeds to another
 */
#include <dlfcn.h>
#include <stdbool.h>

#include "drive.h"

enum {
	FEW_SEEDS = 3,
	JUDGED_SEEDS = 20,
	MOST_SEEDS = 100,
	ENOUGH = 10000,
	FEWEST_SETTERS = 3,
	MOST_ROWS = 64
};
/* Each but the sweep, which changes no schedule. */
static const struct {
	enum cf_strategy strategy;
	const char *name;
} strategies[] = {
	{ CF_STRATEGY_RANDOM, "random" },
	{ CF_STRATEGY_PCT, "pct" },
	{ CF_STRATEGY_POS, "pos" },
	{ CF_STRATEGY_SURW, "surw" },
	{ CF_STRATEGY_SYSTEMATIC, "systematic" },
	{ CF_STRATEGY_PORTFOLIO, "portfolio" },
};
enum { STRATEGIES = sizeof(strategies) / sizeof(strategies[0]), PORTFOLIO = STRATEGIES - 1 };

/* More setters are for one shape alone. */
static const struct {
	int actors, setters;
} sizes[] = { { 4, FEWEST_SETTERS },
	      { CF_MAX_ACTORS, FEWEST_SETTERS },
	      { CF_MAX_ACTORS, 20 },
	      { CF_MAX_ACTORS, 100 } };
enum { SIZES = sizeof(sizes) / sizeof(sizes[0]) };

static unsigned seeds = FEW_SEEDS, first_seed = 1;

struct cell {
	uint32_t runs; /* median; not found counts as the whole budget */
	unsigned found;
};

struct row {
	const char *shape;
	int actors, setters;
	struct cell cell[STRATEGIES];
};

static int by_number(const void *a, const void *b)
{
	uint32_t first = *(const uint32_t *)a, second = *(const uint32_t *)b;

	return first < second ? -1 : first > second;
}

/* Schedules until it fails, 0 if it does not. */
static uint32_t runs_to_fail(struct drive *d, unsigned variant, const struct row *row,
			     enum cf_strategy strategy, uint64_t seed)
{
	struct cf_mailbox *mailbox = &d->control->mailbox;
	const struct cf_result *r;

	d->control->plan = (struct cf_plan){ .budget = DRIVE_BUDGET,
					     .variant = variant,
					     .flags = CF_PLAN_FEEDBACK,
					     .params = { row->actors, 0, row->setters } };
	mailbox->strategy = (uint16_t)strategy;
	mailbox->seed = seed;
	mailbox->budget = ENOUGH;
	r = drive_run(d, CF_EXPLORE);
	CHECK(r->outcome == CF_PASSED || r->outcome == CF_VIOLATED, "%s", r->detail);
	return r->outcome == CF_VIOLATED ? mailbox->runs : 0;
}

static struct cell measure(unsigned variant, const struct row *row, enum cf_strategy strategy)
{
	uint32_t runs[MOST_SEEDS];
	struct cell cell = { 0 };

	for (unsigned seed = 0; seed < seeds; seed++) {
		struct drive d = drive_open("targets/shapes");
		uint32_t now =
			runs_to_fail(&d, variant, row, strategy, 1000ull * (first_seed + seed));

		cell.found += now > 0;
		runs[seed] = now > 0 ? now : ENOUGH;
		drive_close(&d);
	}
	qsort(runs, seeds, sizeof(runs[0]), by_number);
	cell.runs = runs[seeds / 2];
	return cell;
}

static void print_row(const struct row *row)
{
	printf("%-16s %6d %7d", row->shape, row->actors, row->setters);
	for (unsigned s = 0; s < STRATEGIES; s++)
		printf("  %6u %2u/%u", row->cell[s].runs, row->cell[s].found, seeds);
	printf("\n");
	fflush(stdout);
}

static void print_head(void)
{
	printf("%-16s %6s %7s", "shape", "actors", "setters");
	for (unsigned s = 0; s < STRATEGIES; s++)
		printf("  %12s", strategies[s].name);
	printf("\n");
}

/* ---- what is wanted ------------------------------------------------------------------------------ */

/* The n-th root of a product of ratios, without a logarithm: half an interval each time. */
static double root(double product, unsigned n)
{
	double low = 0, high = product > 1 ? product : 1;

	for (int i = 0; i < 200; i++) {
		double middle = (low + high) / 2, power = 1;

		for (unsigned j = 0; j < n; j++)
			power *= middle;
		*(power < product ? &low : &high) = middle;
	}
	return low;
}

static double mean(const struct row *rows, unsigned count, unsigned strategy)
{
	double mean = 1;

	for (unsigned i = 0; i < count; i++)
		mean *= root(rows[i].cell[strategy].runs, count);
	return mean;
}

static uint32_t best_of(const struct row *row)
{
	uint32_t best = ENOUGH;

	for (unsigned s = 0; s < PORTFOLIO; s++)
		best = row->cell[s].runs < best ? row->cell[s].runs : best;
	return best;
}

static void judge(const struct row *rows, unsigned count)
{
	double best = ENOUGH, portfolio = mean(rows, count, PORTFOLIO);

	for (unsigned s = 0; s < PORTFOLIO; s++)
		if (mean(rows, count, s) < best)
			best = mean(rows, count, s);
	for (unsigned i = 0; i < count; i++) {
		const struct cell *cell = &rows[i].cell[PORTFOLIO];

		CHECK(cell->runs <= best_of(&rows[i]) * STRATEGIES, "%s, %d actors: %u, best %u",
		      rows[i].shape, rows[i].actors, cell->runs, best_of(&rows[i]));
	}
	CHECK(portfolio <= 2 * best, "portfolio %.1f, best %.1f", portfolio, best);
	printf("first_failures: geometric mean of the portfolio %.1f, of the best strategy %.1f\n",
	       portfolio, best);
}

/* With few seeds the strategies are not compared: only the portfolio is tried. */
static void fill(struct row *row, unsigned variant)
{
	for (unsigned s = seeds > FEW_SEEDS ? 0 : PORTFOLIO; s < STRATEGIES; s++)
		row->cell[s] = measure(variant, row, strategies[s].strategy);
}

static void check_found(const struct row *row)
{
	CHECK(row->cell[PORTFOLIO].found == seeds, "%s, %d actors: found %u of %u", row->shape,
	      row->actors, row->cell[PORTFOLIO].found, seeds);
}

int main(int argc, char **argv)
{
	void *handle = dlopen("./targets/shapes.so", RTLD_NOW | RTLD_LOCAL);
	static struct row rows[MOST_ROWS];
	const struct cf_target *target;
	unsigned count = 0;

	CHECK(handle != NULL, "%s", dlerror());
	target = dlsym(handle, "cryofuzz_target");
	if (argc > 2 && strcmp(argv[1], "-n") == 0)
		seeds = (unsigned)atoi(argv[2]);
	if (argc > 3)
		first_seed = (unsigned)atoi(argv[3]);
	CHECK(seeds > 0 && seeds <= MOST_SEEDS, "1 to %d seeds", MOST_SEEDS);
	if (seeds > FEW_SEEDS)
		print_head();
	for (unsigned i = 1; target->variants[i].name != NULL; i++)
		for (unsigned size = 0; size < SIZES; size++) {
			struct row *row = &rows[count];
			const char *name = target->variants[i].name;

			if (sizes[size].setters > FEWEST_SETTERS && strcmp(name, "reorder") != 0)
				continue;
			*row = (struct row){
				name, sizes[size].actors, sizes[size].setters, { { 0 } }
			};
			fill(row, i);
			if (seeds > FEW_SEEDS)
				print_row(row);
			check_found(row);
			count++;
		}
	if (seeds >= JUDGED_SEEDS)
		judge(rows, count);
	else if (seeds > FEW_SEEDS)
		printf("first_failures: not judged, that takes %d seeds\n", JUDGED_SEEDS);
	printf("first_failures: each shape is found from %u seeds\n", seeds);
	return 0;
}
