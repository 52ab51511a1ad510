/* SPDX-License-Identifier: Apache-2.0
 *
 * Outcomes of litmus tests, each space enumerated to its end: all that a model allows are there, with a plan
 * that brings each of them again, and no other; and the end is claimed only where it was reached.
 */
#include <dlfcn.h>
#include <stdbool.h>

#include "drive.h"

enum { PLENTY = 1000000, FEW = 100, THREADS = 4 };

static const struct row {
	const char *variant;
	enum cf_memory memory;
	unsigned outcomes;
	unsigned failing; /* of them */
	unsigned runs; /* how many there are, if that is known */
} rows[] = {
	/* A thread's three points, two accesses and its end, among the four pieces of the other: 7 over 3. */
	{ "sb", CF_SC, 3, 0, 35 },
	{ "sb", CF_X86, 4, 1, 0 },
	{ "sb", CF_WEAK, 4, 1, 0 },
	{ "sb-fences", CF_WEAK, 3, 0, 0 },
	{ "mp", CF_X86, 3, 0, 0 },
	{ "mp", CF_WEAK, 4, 1, 0 },
	{ "mp-release-acquire", CF_WEAK, 3, 0, 0 },
	/* Only a broken address dependency could bring another one. */
	{ "mp-wmb-address", CF_WEAK, 2, 0, 0 },
	{ "s", CF_SC, 3, 0, 35 },
	{ "s", CF_WEAK, 4, 1, 0 },
	{ "two-two-w", CF_SC, 3, 0, 35 },
	{ "two-two-w", CF_WEAK, 4, 1, 0 },
	{ "wrc", CF_SC, 7, 0, 0 },
	{ "corr", CF_WEAK, 3, 0, 0 },
	{ "lb", CF_WEAK, 3, 0, 0 },
	{ "lb", CF_WEAK_EARLY, 4, 1, 0 },
	{ "lb-data", CF_WEAK_EARLY, 3, 0, 0 },
};

static unsigned variant_named(const struct cf_target *target, const char *name)
{
	unsigned i = 0;

	while (target->variants[i].name != NULL && strcmp(target->variants[i].name, name) != 0)
		i++;
	CHECK(target->variants[i].name != NULL, "no variant %s", name);
	return i;
}

static const struct cf_outcomes *collect(struct drive *d, unsigned variant, enum cf_memory memory,
					 uint32_t budget)
{
	d->control->plan = (struct cf_plan){
		.budget = DRIVE_BUDGET,
		.variant = variant,
		.memory = memory,
		.params = { THREADS },
	};
	d->control->mailbox.strategy = CF_STRATEGY_NONE;
	d->control->mailbox.budget = budget;
	drive_run(d, CF_COLLECT);
	return &d->control->outcomes;
}

static unsigned count_failing(const struct cf_outcomes *outcomes)
{
	unsigned failing = 0;

	for (unsigned i = 0; i < outcomes->seen; i++)
		failing += outcomes->entry[i].kind != CF_NO_KIND;
	return failing;
}

static uint64_t count_runs(const struct cf_outcomes *outcomes)
{
	uint64_t runs = outcomes->impossible;

	for (unsigned i = 0; i < outcomes->seen; i++)
		runs += outcomes->entry[i].runs;
	return runs;
}

static void check_row(struct drive *d, unsigned variant, const struct row *row)
{
	const struct cf_outcomes *outcomes = collect(d, variant, row->memory, PLENTY);

	CHECK(outcomes->exhausted, "%s %d: %lu runs", row->variant, row->memory, outcomes->runs);
	CHECK(outcomes->seen == row->outcomes && count_failing(outcomes) == row->failing,
	      "%s %d: %u outcomes, %u of them fail", row->variant, row->memory, outcomes->seen,
	      count_failing(outcomes));
	CHECK(count_runs(outcomes) == outcomes->covered, "%s %d: %lu runs counted, %lu covered",
	      row->variant, row->memory, count_runs(outcomes), outcomes->covered);
	CHECK(row->runs == 0 || outcomes->covered == row->runs, "%s %d: %lu runs", row->variant,
	      row->memory, outcomes->covered);
}

/* In processes, which know nothing of strategies. */
static void check_plans(struct drive *d)
{
	static struct cf_outcomes kept;

	kept = d->control->outcomes;
	for (unsigned i = 0; i < kept.seen; i++) {
		const struct cf_result *result;

		d->control->plan = kept.entry[i].plan;
		d->control->plan.carrier = CF_CARRIER_PROCESS;
		result = drive_run(d, CF_FRESH);
		CHECK(result->kind == kept.entry[i].kind &&
			      strcmp(result->outcome_text, kept.entry[i].text) == 0,
		      "%s is %s by its plan", kept.entry[i].text, result->outcome_text);
	}
}

/* In pieces it is the same as at once, and before its end that is not claimed. */
static void check_pieces(struct drive *d, unsigned variant)
{
	const struct cf_outcomes *outcomes = collect(d, variant, CF_WEAK, PLENTY);
	uint64_t runs = outcomes->runs, covered = outcomes->covered;

	collect(d, variant, CF_WEAK, FEW);
	CHECK(!outcomes->exhausted && outcomes->covered < covered, "claimed after %lu runs",
	      outcomes->runs);
	for (int i = 0; i < PLENTY / FEW && !outcomes->exhausted; i++)
		drive_run(d, CF_COLLECT_ON);
	CHECK(outcomes->exhausted && outcomes->runs == runs && outcomes->covered == covered,
	      "%lu runs, %lu covered, not %lu and %lu", outcomes->runs, outcomes->covered, runs,
	      covered);
}

int main(void)
{
	void *handle = dlopen("./litmus/litmus.so", RTLD_NOW);
	const struct cf_target *target = handle != NULL ? dlsym(handle, "cryofuzz_target") : NULL;
	struct drive d;

	CHECK(target != NULL, "litmus.so: %s", dlerror());
	d = drive_open("litmus/litmus");
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_row(&d, variant_named(target, rows[i].variant), &rows[i]);
		check_plans(&d);
	}
	check_pieces(&d, variant_named(target, "sb"));
	drive_close(&d);
	printf("outcomes: %zu spaces enumerated to the end\n", sizeof(rows) / sizeof(rows[0]));
	return 0;
}
