/* SPDX-License-Identifier: Apache-2.0
 *
 * Sites that a plan orders otherwise than their code says (enum cf_order), and events that it keeps from being
 * added: a litmus test with an order at the site of a thread comes to the outcomes of the one that is written
 * with that order, each space enumerated to its end. Without the orders it must come to others, or the
 * comparison would show nothing.
 *
 *   ordered [-v]     -v: says how many outcomes and runs each had
 */
#include <dlfcn.h>
#include <stdbool.h>

#include "drive.h"

enum { PLENTY = 2000000, THREADS = 4, NONE = 0 };
enum { A = CF_ACQUIRES, R = CF_RELEASES, F = CF_FENCED, U = CF_UNBROKEN };

/* As written, with these orders of its threads, and the test that it must be then. */
static const struct row {
	const char *variant, *same_as;
	enum cf_memory memory;
	unsigned how[THREADS];
} rows[] = {
	{ "mp", "mp-release-acquire", CF_WEAK, { R, A } },
	{ "mp", "mp-release-acquire", CF_WEAK_EARLY, { R, A } },
	{ "mp", "mp-wmb-rmb", CF_WEAK, { F, F } },
	{ "mp-wmb", "mp-release-acquire", CF_WEAK, { NONE, A } },
	{ "mp-rmb", "mp-release-acquire", CF_WEAK, { R, NONE } },
	{ "sb", "sb-fences", CF_X86, { F, F } },
	{ "sb", "sb-fences", CF_WEAK, { F, F } },
	{ "lb", "lb-acquires", CF_WEAK_EARLY, { A, A } },
	{ "lb", "lb-releases", CF_WEAK_EARLY, { R, R } },
	{ "lb", "lb-fences", CF_WEAK_EARLY, { F, F } },
	{ "s", "s-release-acquire", CF_WEAK, { R, A } },
	{ "r", "r-fences", CF_WEAK, { F, F } },
	{ "two-two-w", "two-two-w-wmbs", CF_WEAK, { R, R } },
	{ "wrc", "wrc-release-acquire", CF_WEAK, { NONE, R | A, A } },
};

/* One of the two is not enough: it must still be able to do what its test forbids. */
static const struct row halves[] = {
	{ "mp", "mp", CF_WEAK, { R, NONE } },     { "mp", "mp", CF_WEAK, { NONE, A } },
	{ "mp", "mp", CF_WEAK, { A, R } }, /* what is stored can't acquire, nor what is loaded release */
	{ "sb", "sb", CF_X86, { R | A, R | A } }, { "sb", "sb", CF_WEAK, { F, NONE } },
	{ "s", "s", CF_WEAK_EARLY, { R, NONE } },
};

static void (*describe)(unsigned variant, unsigned *threads, unsigned *outcomes);
static const struct cf_target *target;
static bool verbose;

static unsigned variant_named(const char *name)
{
	unsigned i = 0;

	while (target->variants[i].name != NULL && strcmp(target->variants[i].name, name) != 0)
		i++;
	CHECK(target->variants[i].name != NULL, "no variant %s", name);
	return i;
}

static void plan(struct drive *d, const char *variant, enum cf_memory memory)
{
	unsigned threads, ignored;

	describe(variant_named(variant), &threads, &ignored);
	d->control->plan = (struct cf_plan){
		.budget = DRIVE_BUDGET,
		.variant = variant_named(variant),
		.memory = memory,
		.params = { (int)threads },
	};
}

static void order(struct drive *d, unsigned site, unsigned how)
{
	struct cf_plan *p = &d->control->plan;

	CHECK(site != 0 && p->ordered < CF_MAX_ORDERED, "site %u", site);
	p->order[p->ordered++] = (struct cf_ordered){ (uint16_t)site, (uint16_t)how };
}

/* A thread stands on one line, so it is one site. */
static unsigned site_of(const struct drive *d, unsigned actor)
{
	for (uint32_t i = 0; i < d->control->result.steps; i++)
		if (d->control->trace[i].actor == actor && d->control->trace[i].site != 0)
			return d->control->trace[i].site;
	return 0;
}

static void order_threads(struct drive *d, const unsigned *how)
{
	unsigned site[THREADS];

	drive_run(d, CF_RUN);
	for (unsigned i = 0; i < THREADS; i++)
		site[i] = site_of(d, i);
	for (unsigned i = 0; i < THREADS; i++)
		if (how[i] != NONE)
			order(d, site[i], how[i]);
}

static struct cf_outcomes collect(struct drive *d, const char *what)
{
	const struct cf_outcomes *outcomes = &d->control->outcomes;

	d->control->mailbox.strategy = CF_STRATEGY_NONE;
	d->control->mailbox.budget = PLENTY;
	drive_run(d, CF_COLLECT);
	CHECK(outcomes->exhausted, "%s: %lu runs", what, outcomes->runs);
	if (verbose)
		printf("%s: %u outcomes, %lu runs\n", what, outcomes->seen, outcomes->covered);
	return *outcomes;
}

static bool has(const struct cf_outcomes *all, const char *text)
{
	for (unsigned i = 0; i < all->seen; i++)
		if (strcmp(all->entry[i].text, text) == 0)
			return true;
	return false;
}

static bool same(const struct cf_outcomes *one, const struct cf_outcomes *other)
{
	for (unsigned i = 0; i < one->seen; i++)
		if (!has(other, one->entry[i].text))
			return false;
	return one->seen == other->seen;
}

static bool is_same_with(struct drive *d, const struct row *row, const struct cf_outcomes *wanted,
			 bool with)
{
	const unsigned none[THREADS] = { NONE };
	struct cf_outcomes seen;

	plan(d, row->variant, row->memory);
	order_threads(d, with ? row->how : none);
	seen = collect(d, row->variant);
	return same(&seen, wanted);
}

static void check_row(struct drive *d, const struct row *row, bool differs_without)
{
	static struct cf_outcomes wanted;

	plan(d, row->same_as, row->memory);
	wanted = collect(d, row->same_as);
	CHECK(is_same_with(d, row, &wanted, true),
	      "%s is not %s by its orders: %u outcomes, not %u", row->variant, row->same_as,
	      d->control->outcomes.seen, wanted.seen);
	if (differs_without)
		CHECK(!is_same_with(d, row, &wanted, false), "%s is %s without any order",
		      row->variant, row->same_as);
}

/* Nobody goes on before what is done there: then there is the default run and no other. */
static void check_unbroken(struct drive *d)
{
	const unsigned all[THREADS] = { U, U };

	plan(d, "sb", CF_SC);
	order_threads(d, all);
	CHECK(collect(d, "sb unbroken").seen < 3, "sb has all outcomes, though unbroken");
}

static void check_without(struct drive *d)
{
	plan(d, "sb", CF_SC);
	d->control->plan.without = 1u << CF_DO_SWITCH;
	CHECK(collect(d, "sb without switches").covered == 1, "%lu runs without any switch",
	      d->control->outcomes.covered);
	plan(d, "mp", CF_WEAK);
	d->control->plan.without = 1u << CF_DO_STALE | 1u << CF_DO_HOLD;
	CHECK(collect(d, "mp without reordering").seen == 3, "%u outcomes without any reordering",
	      d->control->outcomes.seen);
}

/* ---- plain and volatile accesses ---------------------------------------------------------------- */

enum { NO_BARRIER = 1, DRAWN = 4000 };

static unsigned site_that(const struct drive *d, unsigned actor, enum cf_op op, uint64_t address)
{
	for (uint32_t i = 0; i < d->control->result.steps; i++) {
		const struct cf_step *step = &d->control->trace[i];

		if (step->actor == actor && step->op == op && step->address == address)
			return step->site;
	}
	return 0;
}

static unsigned failing_queues(struct drive *d, unsigned reader, unsigned writer)
{
	unsigned failing = 0;

	d->control->plan = (struct cf_plan){
		.budget = DRIVE_BUDGET,
		.variant = NO_BARRIER,
		.memory = CF_WEAK_EARLY,
		.params = { 1, 1, 1 },
	};
	drive_run(d, CF_RUN);
	if (writer != NONE)
		order(d, site_that(d, 1, CF_OP_STORE, 0), writer);
	if (reader != NONE)
		order(d, site_that(d, 0, CF_OP_LOAD, 0), reader);
	d->control->mailbox.strategy = CF_STRATEGY_PORTFOLIO;
	d->control->mailbox.budget = DRAWN;
	d->control->mailbox.seed = 1;
	drive_run(d, CF_COLLECT);
	for (unsigned i = 0; i < d->control->outcomes.seen; i++)
		failing += d->control->outcomes.entry[i].kind != CF_NO_KIND;
	return failing;
}

/* next_in is the first word; the writer's store of it and the reader's load are what has to be ordered. */
static void check_queue(void)
{
	struct drive d = drive_open("targets/queue");

	CHECK(failing_queues(&d, A, R) == 0, "the ordered queue: %s", d.control->result.detail);
	CHECK(failing_queues(&d, A, NONE) > 0, "the reader's order alone is enough");
	CHECK(failing_queues(&d, NONE, R) > 0, "the writer's order alone is enough");
	CHECK(failing_queues(&d, NONE, NONE) > 0, "no order is enough");
	drive_close(&d);
}

int main(int argc, char **argv)
{
	void *handle = dlopen("./litmus/litmus.so", RTLD_NOW);
	struct drive d;

	verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
	target = handle != NULL ? dlsym(handle, "cryofuzz_target") : NULL;
	CHECK(target != NULL, "litmus.so: %s", dlerror());
	*(void **)&describe = dlsym(handle, "litmus_describe");
	d = drive_open("litmus/litmus");
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&d, &rows[i], true);
	for (unsigned i = 0; i < sizeof(halves) / sizeof(halves[0]); i++)
		check_row(&d, &halves[i], false);
	check_unbroken(&d);
	check_without(&d);
	drive_close(&d);
	check_queue();
	printf("ordered: as if it were written so\n");
	return 0;
}
