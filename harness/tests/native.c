/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs that nobody controls: each is counted, whatever it comes to, and what no machine shows does not come.
 */
#include <dlfcn.h>

#include "drive.h"

static const struct row {
	const char *target, *variant;
	uint32_t runs;
	enum cf_kind kind; /* of all of them; none: they pass */
	const char *site;
	const char *text; /* what each has come to, NULL: several things */
} rows[] = {
	{ "test-targets/uncontrolled", "passes", 5000, CF_NO_KIND, "", "sum=2" },
	{ "test-targets/uncontrolled", "fails", 2000, CF_STALE_READ, "uncontrolled.left", "" },
	{ "test-targets/uncontrolled", "in-the-end", 2000, CF_INVARIANT, "uncontrolled.wrong",
	  "sum=2, wrongly" },
	{ "test-targets/uncontrolled", "crashes", 20, CF_CRASH, "", "" },
	{ "test-targets/uncontrolled", "hangs", 1, CF_HANG, "uncontrolled", "" },
	{ "test-targets/uncontrolled", "leaves", 20, CF_CRASH, "uncontrolled", "" },
	{ "targets/queue", "full", 5000, CF_NO_KIND, "", "" },
	{ "litmus/litmus", "sb-fences", 3000, CF_NO_KIND, "", NULL },
	{ "litmus/litmus", "corr", 3000, CF_NO_KIND, "", NULL },
};

static void fill_plan(struct cf_plan *plan, const char *path, const char *variant)
{
	char so[64];
	const struct cf_target *target;

	snprintf(so, sizeof(so), "./%s.so", path);
	target = dlsym(dlopen(so, RTLD_NOW), "cryofuzz_target");
	CHECK(target != NULL, "%s: %s", so, dlerror());
	*plan = (struct cf_plan){ .budget = DRIVE_BUDGET };
	while (strcmp(target->variants[plan->variant].name, variant) != 0)
		CHECK(target->variants[++plan->variant].name != NULL, "no variant %s", variant);
	for (int i = 0; target->params != NULL && target->params[i].name != NULL; i++)
		plan->params[i] = target->params[i].def;
}

static void check_entry(const struct row *row, const struct cf_seen *seen)
{
	CHECK(seen->kind == (uint32_t)row->kind && strcmp(seen->site, row->site) == 0 &&
		      (row->text == NULL || strcmp(seen->text, row->text) == 0),
	      "%s %s: %lu runs came to '%s', kind %u in '%s'", row->target, row->variant,
	      seen->runs, seen->text, seen->kind, seen->site);
}

static void check_row(const struct row *row)
{
	struct drive d = drive_open_on(UINT32_MAX, row->target);
	const struct cf_outcomes *outcomes = &d.control->outcomes;
	uint64_t counted = 0;

	fill_plan(&d.control->plan, row->target, row->variant);
	d.control->mailbox.seed = 7;
	d.control->mailbox.budget = row->runs;
	drive_run(&d, CF_NATIVE);
	drive_run(&d, CF_NATIVE_ON);
	for (uint32_t i = 0; i < outcomes->seen; i++) {
		check_entry(row, &outcomes->entry[i]);
		counted += outcomes->entry[i].runs;
	}
	/* On a crowded machine there are fewer. */
	CHECK(counted > 0 && counted <= 2 * row->runs && outcomes->runs == counted,
	      "%s %s: %lu of %lu runs", row->target, row->variant, counted, outcomes->runs);
	drive_close(&d);
}

static void check_refused(void)
{
	struct drive d = drive_open("targets/mailbox");

	fill_plan(&d.control->plan, "targets/mailbox", "strict");
	d.control->mailbox.budget = 1;
	CHECK(drive_run(&d, CF_NATIVE)->outcome == CF_UNSUPPORTED, "%s", d.control->result.detail);
	drive_close(&d);
}

/* The actors of these runs run, on a processor each if there are some. */
static void check_scheduling(void)
{
	struct drive d = drive_open_on(UINT32_MAX, "test-targets/uncontrolled");
	const struct cf_scheduling *table = &d.control->scheduling;
	uint64_t cpus = 0;
	cpu_set_t usable;

	CHECK(sched_getaffinity(0, sizeof(usable), &usable) == 0, "set-up");
	fill_plan(&d.control->plan, "test-targets/uncontrolled", "passes");
	d.control->plan.flags = CF_PLAN_SCHEDULING;
	d.control->mailbox.budget = 2000;
	drive_run(&d, CF_NATIVE);
	if (table->source != CF_SCHEDULING_TRACEPOINTS) {
		CHECK(table->why[0] != '\0', "no table, and no reason");
		printf("native: no table of scheduling: %s\n", table->why);
		drive_close(&d);
		return;
	}
	CHECK(table->sum[0].run > 0 && table->sum[1].run > 0, "an actor never ran");
	for (uint32_t i = 0; i < table->periods; i++)
		cpus |= 1ull << table->entry[i].cpu % 64;
	CHECK(CPU_COUNT(&usable) < 2 || __builtin_popcountll(cpus) >= 2, "all on one processor");
	drive_close(&d);
}

int main(void)
{
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&rows[i]);
	check_refused();
	check_scheduling();
	printf("native: %zu targets end as they must\n", sizeof(rows) / sizeof(rows[0]));
	return 0;
}
