/* SPDX-License-Identifier: Apache-2.0
 *
 * The target compel in a real executor: default runs pass, those of bad variants too, and have one
 * trace; each bad variant is found under its title, and with a careful spy every frame event on every
 * message of libcompel passes. After each of them the next run passes too.
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

struct params {
	int commands, place, vectors, trap;
};

static const struct params defaults = { 2, 0, 0, 0 };

static const struct cf_result *run(unsigned variant, struct params params)
{
	drive.control->plan.variant = variant;
	drive.control->plan.params[0] = params.commands;
	drive.control->plan.params[1] = params.place;
	drive.control->plan.params[2] = 1;
	drive.control->plan.params[3] = params.vectors;
	drive.control->plan.params[4] = params.trap;
	return drive_run(&drive, CF_RUN);
}

static uint64_t expect_pass(unsigned variant, struct params params, const char *when)
{
	const struct cf_result *r = run(variant, params);
	char text[128];

	CHECK(r->outcome == CF_PASSED, "%s: %s: %s", when, title(r, text), r->detail);
	return r->hash;
}

/* ---- the checks ------------------------------------------------------------------------------ */

static void expect_same_trace(struct params params)
{
	uint64_t first = expect_pass(0, params, "run without events");

	for (int i = 0; i < 5; i++) {
		uint64_t again = expect_pass(0, params, "once more");

		CHECK(again == first, "commands=%d place=%d vectors=%d: another trace",
		      params.commands, params.place, params.vectors);
	}
}

static void check_defaults(const struct cf_variant_spec *variants)
{
	for (int i = 0; i < 5 * 2 * 2; i++)
		expect_same_trace((struct params){ i % 5, i / 5 % 2, i / 10, 0 });
	for (unsigned v = 0; variants[v].name; v++)
		for (int place = 0; place < 2; place++)
			expect_pass(v, (struct params){ 2, place, 0, 0 }, variants[v].name);
}

/* The points of the messages of a run with two commands. */
static unsigned find_messages(unsigned variant, struct cf_step steps[MESSAGES])
{
	const struct cf_result *r = run(variant, defaults);
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
	r = run(variant, defaults);
	if (print)
		printf("spy#%-3u %s of %2llu bytes  %-9s %3u: %s %s%s%s\n", step->point,
		       step->op == CF_OP_SEND ? "send" : "recv", (unsigned long long)step->value,
		       names[op], arg, r->fired[0].fate == CF_MOOT ? "(moot)" : "", title(r, text),
		       r->outcome == CF_PASSED ? "" : ": ",
		       r->outcome == CF_PASSED ? "" : r->detail);
	CHECK(!strcmp(title(r, text), expect), "%s %u at spy#%u: %s: %s", names[op], arg,
	      step->point, text, r->detail);
	drive.control->plan.events = 0;
	expect_pass(0, defaults, names[op]);
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

/* What brings a bad variant out: an event on a message, or params. */
enum { INIT_ACK = 1, FIRST_COMMAND = 2 };

static const struct showing {
	const char *variant;
	enum cf_do op; /* or 0 */
	unsigned message, arg;
	struct params params;
} showings[] = {
	{ "no-time-out", CF_DO_DROP, INIT_ACK, 0, { 2, 0, 0, 0 } },
	{ "long-ack", CF_DO_EXTEND, INIT_ACK, 5, { 2, 0, 0, 0 } },
	{ "init-error", CF_DO_REWRITE, INIT_ACK, 2, { 2, 0, 0, 0 } },
	{ "ack-ignored", CF_DO_DROP, FIRST_COMMAND, 0, { 2, 0, 0, 0 } },
	{ "plain-sigframe", 0, 0, 0, { 2, 0, 1, 0 } },
	{ "command-trimmed", 0, 0, 0, { 3, 0, 0, 0 } },
	{ "ack-awaited-twice", 0, 0, 0, { 3, 0, 0, 0 } },
	{ "trap-reset", 0, 0, 0, { 2, 0, 0, 2 } },
	{ "poll-ends", 0, 0, 0, { 2, 2, 0, 0 } },
};

/* The others need a damaged frame that leaves a cure possible: the parasite's recv cuts an over-long
 * command. */
static struct showing showing_of(const char *variant)
{
	for (unsigned i = 0; i < sizeof(showings) / sizeof(showings[0]); i++)
		if (!strcmp(variant, showings[i].variant))
			return showings[i];
	return (struct showing){ variant, CF_DO_EXTEND, FIRST_COMMAND, 5, { 2, 0, 0, 0 } };
}

static void show(unsigned variant, const struct cf_variant_spec *spec)
{
	struct cf_step steps[MESSAGES];
	struct showing showing = showing_of(spec->name);
	const struct cf_result *r;
	char text[128];

	if (showing.op) {
		CHECK(find_messages(variant, steps) == 7, "%s", spec->name);
		damage(variant, &steps[showing.message], showing.op, showing.arg, spec->expect);
		return;
	}
	r = run(variant, showing.params);
	CHECK(!strcmp(title(r, text), spec->expect), "%s: %s: %s", spec->name, text, r->detail);
	expect_pass(0, defaults, spec->name);
}

static void check_bad(const struct cf_variant_spec *variants)
{
	for (unsigned v = 1; variants[v].name; v++)
		show(v, &variants[v]);
}

/* A wait for somebody who will never answer is recognized as such, not waited out. */
static void check_hang_is_quick(void)
{
	struct cf_step steps[MESSAGES];
	double quickest = 60; /* of a few: a busy machine makes any of them slow */

	find_messages(1, steps);
	for (int i = 0; i < 5; i++) {
		double start = drive_seconds(), took;

		damage(1, &steps[INIT_ACK], CF_DO_DROP, 0, "hang in compel.recv");
		took = drive_seconds() - start;
		quickest = took < quickest ? took : quickest;
	}
	CHECK(quickest < 0.2, "the quickest hang took %.0f ms", quickest * 1000);
}

static void print_rate(void)
{
	double start = drive_seconds();
	int runs = 0;

	for (; drive_seconds() - start < 1; runs++)
		expect_pass(0, defaults, "rate");
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
	check_defaults(description->variants);
	check_damaged();
	check_bad(description->variants);
	check_hang_is_quick();
	print_rate();
	drive_close(&drive);
	return 0;
}
