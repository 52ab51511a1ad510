/* SPDX-License-Identifier: Apache-2.0
 *
 * The target compel in a real executor: default runs pass and have one trace, each planted bug is
 * found under its title, the weaknesses of libcompel under theirs, and with a careful spy every frame
 * event on every message of libcompel passes. After each of them the next run passes too.
 *
 *   compel_target [print]     prints what each event came to
 */
#include <dlfcn.h>

#include "../drive.h"

enum { MESSAGES = 32 };

static struct drive drive;
static int print;

/* ---- runs ----------------------------------------------------------------------------------- */

static const char *title(const struct cf_result *r, char text[128])
{
	static const char *const kinds[CF_KINDS] = {
		[CF_SAVED_DATA_MODIFIED] = "saved-data-modified",
		[CF_STATE_CHANGED] = "state-changed",
		[CF_TRIMMED_MESSAGE] = "trimmed-message",
		[CF_INVARIANT] = "invariant",
		[CF_HANG] = "hang",
		[CF_CRASH] = "crash",
		[CF_BAD_ACCEPT] = "bad-accept",
	};
	const char *kind = r->kind < CF_KINDS && kinds[r->kind] ? kinds[r->kind] : "another kind";

	if (r->outcome == CF_PASSED)
		return "passed";
	snprintf(text, 128, "%s in %s", r->outcome == CF_VIOLATED ? kind : "broken", r->site);
	return text;
}

static const struct cf_result *run(unsigned variant, int commands, int place)
{
	drive.control->plan.variant = variant;
	drive.control->plan.params[0] = commands;
	drive.control->plan.params[1] = place;
	drive.control->plan.params[2] = 1;
	return drive_run(&drive, CF_RUN);
}

static uint64_t expect_pass(int commands, int place, const char *when)
{
	const struct cf_result *r = run(0, commands, place);
	char text[128];

	CHECK(r->outcome == CF_PASSED, "%s: %s: %s", when, title(r, text), r->detail);
	return r->hash;
}

/* ---- the checks ------------------------------------------------------------------------------ */

static void check_defaults(void)
{
	for (int place = 0; place < 2; place++) {
		for (int commands = 0; commands < 5; commands++) {
			uint64_t first = expect_pass(commands, place, "default run");

			for (int i = 0; i < 5; i++) {
				uint64_t again = expect_pass(commands, place, "once more");

				CHECK(again == first, "commands=%d place=%d: another trace",
				      commands, place);
			}
		}
	}
}

/* The events by which the weaknesses of libcompel show, on the first message received; the others show
 * in default runs. */
static const struct weakness {
	const char *variant;
	enum cf_do op;
	unsigned arg;
} weaknesses[] = {
	{ "no-time-out", CF_DO_DROP, 0 },
	{ "long-ack", CF_DO_EXTEND, 5 },
	{ "init-error", CF_DO_REWRITE, 2 },
};

static const struct weakness *weakness_of(const char *variant)
{
	for (unsigned i = 0; i < sizeof(weaknesses) / sizeof(weaknesses[0]); i++)
		if (!strcmp(variant, weaknesses[i].variant))
			return &weaknesses[i];
	return NULL;
}

static void check_planted(const struct cf_variant_spec *variants)
{
	for (unsigned v = 1; variants[v].name; v++) {
		if (weakness_of(variants[v].name))
			continue;
		for (int place = 0; place < 2; place++) {
			const struct cf_result *r = run(v, 2, place);
			char text[128];

			if (print)
				printf("%-22s %s: %s\n", variants[v].name, title(r, text),
				       r->detail);
			CHECK(!strcmp(title(r, text), variants[v].expect), "%s: %s: %s",
			      variants[v].name, text, r->detail);
			expect_pass(2, place, "after a planted bug");
		}
	}
}

/* The points of the messages of a run with two commands. */
static unsigned find_messages(unsigned variant, struct cf_step steps[MESSAGES])
{
	const struct cf_result *r = run(variant, 2, 0);
	unsigned count = 0;

	for (unsigned i = 0; i < r->steps && count < MESSAGES; i++) {
		const struct cf_step *step = &drive.control->trace[i];

		if (step->op == CF_OP_SEND || step->op == CF_OP_RECV)
			steps[count++] = *step;
	}
	return count;
}

static void damage(unsigned variant, const struct cf_step *step, enum cf_do op, unsigned arg,
		   const char *expect)
{
	static const char *const names[CF_DOS] = {
		[CF_DO_TRIM] = "trim",       [CF_DO_EXTEND] = "extend",
		[CF_DO_SPLIT] = "split",     [CF_DO_MERGE] = "merge",
		[CF_DO_EMPTY] = "empty",     [CF_DO_DUPLICATE] = "duplicate",
		[CF_DO_REORDER] = "reorder", [CF_DO_DROP] = "drop",
		[CF_DO_REWRITE] = "rewrite", [CF_DO_STRAY_FD] = "stray-fd",
	};
	const struct cf_result *r;
	char text[128];

	drive.control->plan.events = 0;
	drive_event(&drive, 0, step->point, op, arg);
	drive.control->plan.event[0].value = 7; /* of a rewritten field */
	r = run(variant, 2, 0);
	if (print)
		printf("spy#%-3u %s of %2llu bytes  %-9s %3u: %s %s%s%s\n", step->point,
		       step->op == CF_OP_SEND ? "send" : "recv", (unsigned long long)step->value,
		       names[op], arg, r->fired[0].fate == CF_MOOT ? "(moot)" : "", title(r, text),
		       r->outcome == CF_PASSED ? "" : ": ",
		       r->outcome == CF_PASSED ? "" : r->detail);
	CHECK(!strcmp(title(r, text), expect), "%s %u at spy#%u: %s: %s", names[op], arg,
	      step->point, text, r->detail);
	drive.control->plan.events = 0;
	expect_pass(2, 0, names[op]);
}

static void check_damaged(void)
{
	struct cf_step steps[MESSAGES];
	unsigned count = find_messages(0, steps);

	CHECK(count == 7, "messages=%u: log, init ack, two commands with acks, fini", count);
	for (unsigned i = 0; i < count; i++) {
		for (int op = CF_DO_TRIM; op <= CF_DO_STRAY_FD; op++)
			if (op != CF_DO_REWRITE)
				damage(0, &steps[i], op, 5, "passed");
		for (unsigned field = 0; field < 3; field++)
			damage(0, &steps[i], CF_DO_REWRITE, field, "passed");
	}
}

static void check_weaknesses(const struct cf_variant_spec *variants)
{
	struct cf_step steps[MESSAGES];

	for (unsigned v = 1; variants[v].name; v++) {
		const struct weakness *w = weakness_of(variants[v].name);

		if (!w)
			continue;
		CHECK(find_messages(v, steps) == 7, "%s", variants[v].name);
		damage(v, &steps[1], w->op, w->arg, variants[v].expect);
	}
}

static void print_rate(void)
{
	double start = drive_seconds();
	int runs = 0;

	for (; drive_seconds() - start < 1; runs++)
		expect_pass(2, 0, "rate");
	printf("compel_target: %d cycles/s\n", runs);
}

int main(int argc, char **argv)
{
	void *target = dlopen("./targets/compel.so", RTLD_NOW | RTLD_LOCAL);
	const struct cf_target *description;

	(void)argv;
	print = argc > 1;
	CHECK(target, "%s", dlerror());
	description = dlsym(target, "cryofuzz_target");
	drive = drive_open("targets/compel");
	check_defaults();
	check_planted(description->variants);
	check_damaged();
	check_weaknesses(description->variants);
	print_rate();
	drive_close(&drive);
	return 0;
}
