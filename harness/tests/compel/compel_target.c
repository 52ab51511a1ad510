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
static const struct cf_target *description;
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
		[CF_LOST_SIGNAL] = "lost-signal",
		[CF_BAD_ACCEPT] = "bad-accept",
	};
	const char *kind = r->kind < CF_KINDS && kinds[r->kind] ? kinds[r->kind] : "another kind";

	if (r->outcome == CF_PASSED)
		return "passed";
	snprintf(text, 128, "%s in %s", r->outcome == CF_VIOLATED ? kind : "broken", r->site);
	return text;
}

/* Params that are not the default, "name=value" each. */
enum { GIVEN = 4 };

struct params {
	const char *given[GIVEN];
};

static const struct params defaults;

static void set_params(const struct params *params)
{
	const struct cf_param_spec *spec = description->params;

	for (int i = 0; spec[i].name; i++) {
		size_t length = strlen(spec[i].name);

		drive.control->plan.params[i] = spec[i].def;
		for (int g = 0; g < GIVEN && params->given[g]; g++)
			if (!strncmp(params->given[g], spec[i].name, length) &&
			    params->given[g][length] == '=')
				drive.control->plan.params[i] = atoi(params->given[g] + length + 1);
	}
}

static const struct cf_result *run(unsigned variant, struct params params)
{
	drive.control->plan.variant = variant;
	set_params(&params);
	return drive_run(&drive, CF_RUN);
}

static uint64_t expect_pass(unsigned variant, struct params params, const char *when)
{
	const struct cf_result *r = run(variant, params);
	char text[128];

	CHECK(r->outcome == CF_PASSED, "%s %s: %s: %s", when,
	      params.given[1] ? params.given[1] : "", title(r, text), r->detail);
	return r->hash;
}

/* ---- the checks ------------------------------------------------------------------------------ */

static void expect_same_trace(struct params params)
{
	uint64_t first = expect_pass(0, params, "run without events");

	for (int i = 0; i < 5; i++) {
		uint64_t again = expect_pass(0, params, "once more");

		CHECK(again == first, "%s: another trace", params.given[0]);
	}
}

static void check_defaults(void)
{
	static const char *const places[] = { "place=0", "place=1" };
	static const char *const counts[] = { "commands=0", "commands=1", "commands=2",
					      "commands=3", "commands=4" };

	for (int i = 0; i < 5 * 2 * 2; i++)
		expect_same_trace((struct params){
			{ counts[i % 5], places[i / 5 % 2], i < 10 ? "vectors=0" : "vectors=1" } });
	for (unsigned v = 0; description->variants[v].name; v++)
		for (int place = 0; place < 2; place++)
			expect_pass(v, (struct params){ { places[place] } },
				    description->variants[v].name);
}

enum { TOLD_TO_LEAVE = 6 /* STRANGER_FINI */ };

/* Whichever command is first, and with whom else at the socket. */
static void check_commands(void)
{
	char first[16], stranger[16];

	for (int i = 0; i < 8; i++) {
		snprintf(first, sizeof(first), "first=%d", i);
		expect_same_trace((struct params){ { "commands=4", first } });
	}
	for (int i = 1; i <= 7; i++) {
		snprintf(stranger, sizeof(stranger), "stranger=%d", i);
		if (i != TOLD_TO_LEAVE)
			expect_same_trace((struct params){ { stranger } });
	}
	/* Whether the parasite has left when the first command is sent is its own affair. */
	snprintf(stranger, sizeof(stranger), "stranger=%d", TOLD_TO_LEAVE);
	for (int i = 0; i < 6; i++)
		expect_pass(0, (struct params){ { stranger } }, "a stranger's FINI");
}

/* Each call of libcompel fails once: it may refuse, but whatever it says must be so. */
static void check_failing_calls(void)
{
	static const int last[24] = {
		[9] = 12, [12] = 90, [21] = 12, [22] = 12, [17] = 3, [18] = 3, [20] = 4
	};
	char fails[16], nth[16];

	for (int call = 1; call < 24; call++)
		for (int i = 0; i <= last[call]; i++) {
			snprintf(fails, sizeof(fails), "fails=%d", call);
			snprintf(nth, sizeof(nth), "nth=%d", i);
			expect_pass(
				0, (struct params){ { fails, nth, i & 1 ? "error=1" : "error=3" } },
				fails);
			expect_pass(0, defaults, fails);
		}
}

/* The points of the messages of a run. */
static unsigned find_messages(unsigned variant, struct params params,
			      struct cf_step steps[MESSAGES])
{
	const struct cf_result *r = run(variant, params);
	unsigned count = 0;

	for (unsigned i = 0; i < r->steps && count < MESSAGES; i++) {
		const struct cf_step *step = &drive.control->trace[i];

		if (step->op == CF_OP_SEND || step->op == CF_OP_RECV)
			steps[count++] = *step;
	}
	return count;
}

static void damage(unsigned variant, struct params params, const struct cf_step *step,
		   enum cf_do op, unsigned arg, const char *expect)
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
	r = run(variant, params);
	if (print)
		printf("spy#%-3u %s of %2llu bytes  %-9s %3u: %s %s%s%s\n", step->point,
		       step->op == CF_OP_SEND ? "send" : "recv", (unsigned long long)step->value,
		       names[op], arg, r->fired[0].fate == CF_MOOT ? "(moot)" : "", title(r, text),
		       r->outcome == CF_PASSED ? "" : ": ",
		       r->outcome == CF_PASSED ? "" : r->detail);
	CHECK(!strcmp(title(r, text), expect), "%s, %s %u at spy#%u: %s: %s",
	      description->variants[variant].name, names[op], arg, step->point, title(r, text),
	      r->detail);
	drive.control->plan.events = 0;
	expect_pass(0, defaults, names[op]);
}

/* Every event on every message: what libcompel sends, and what it receives. */
static void check_damaged(struct params params, unsigned messages)
{
	struct cf_step steps[MESSAGES];
	unsigned count = find_messages(0, params, steps);

	CHECK(count == messages, "messages=%u", count);
	for (unsigned i = 0; i < count; i++) {
		for (int op = CF_DO_TRIM; op <= CF_DO_STRAY_FD; op++)
			if (op != CF_DO_REWRITE)
				damage(0, params, &steps[i], op, 5, "passed");
		for (unsigned field = 0; field < 3; field++)
			damage(0, params, &steps[i], CF_DO_REWRITE, field, "passed");
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
	{ "no-time-out", CF_DO_DROP, INIT_ACK, 0, { { 0 } } },
	{ "long-ack", CF_DO_EXTEND, INIT_ACK, 5, { { 0 } } },
	{ "init-error", CF_DO_REWRITE, INIT_ACK, 2, { { 0 } } },
	{ "ack-ignored", CF_DO_DROP, FIRST_COMMAND, 0, { { 0 } } },
	{ "plain-sigframe", 0, 0, 0, { { "vectors=1" } } },
	{ "command-trimmed", 0, 0, 0, { { "commands=3" } } },
	{ "ack-awaited-twice", 0, 0, 0, { { "commands=3" } } },
	{ "trap-reset", 0, 0, 0, { { "trap=2" } } },
	{ "poll-ends", 0, 0, 0, { { "place=2" } } },
	{ "sequence-lost", 0, 0, 0, { { "code=5" } } },
	{ "shared-executable", 0, 0, 0, { { "layout=2" } } },
	{ "long-path", 0, 0, 0, { { "layout=3", "seed=5" } } },
	{ "breakpoints-lost", 0, 0, 0, { { "thread-area=2" } } },
	{ "limit-lost", CF_DO_EXTEND, FIRST_COMMAND, 5, { { "process=1" } } },
	{ "offset-lost", CF_DO_EXTEND, FIRST_COMMAND, 5, { { "files=1" } } },
	{ "takes-anyone", 0, 0, 0, { { "stranger=2" } } },
	{ "no-deadline", 0, 0, 0, { { "stranger=7" } } },
	{ "hears-anyone", 0, 0, 0, { { "stranger=4" } } },
	{ "reads-elsewhere", 0, 0, 0, { { "first=2" } } },
	{ "leaves-written", 0, 0, 0, { { "first=3" } } },
	{ "gives-another", 0, 0, 0, { { "first=4" } } },
	{ "keeps-taken", 0, 0, 0, { { "first=5" } } },
	{ "does-not-sleep", 0, 0, 0, { { "first=6" } } },
	{ "failure-ignored", 0, 0, 0, { { "first=7" } } },
	{ "refusal-unheard", 0, 0, 0, { { "first=7" } } },
	{ "result-misread", 0, 0, 0, { { "commands=3" } } },
	{ "ack-cut", 0, 0, 0, { { "commands=3" } } },
	{ "turned-away", 0, 0, 0, { { "commands=3" } } },
	{ "not-interrupted", 0, 0, 0, { { "commands=3" } } },
	{ "peek-unchecked", 0, 0, 0, { { "fails=21" } } },
	{ "map-unchecked", 0, 0, 0, { { "fails=14" } } },
	{ "close-unchecked", 0, 0, 0, { { "fails=23" } } },
	{ "stop-refused", 0, 0, 0, { { "disturbs=1" } } },
	{ "stop-races", 0, 0, 0, { { "disturbs=1" } } },
	{ "stop-races-cure", 0, 0, 0, { { "disturbs=1" } } },
	{ "stop-forgotten", 0, 0, 0, { { "disturbs=1" } } },
	{ "continue-refused", 0, 0, 0, { { "disturbs=2" } } },
	{ "stops-again", 0, 0, 0, { { "disturbs=2", "stopped=1" } } },
	{ "handled-stops", 0, 0, 0, { { "disturbs=5" } } },
	{ "stop-signal-refused", 0, 0, 0, { { "stopped=3" } } },
	{ "waits-for-anybody", 0, 0, 0, { { "disturbs=14" } } },
	{ "orphan-harmed", 0, 0, 0, { { "disturbs=15", "when=40" } } },
	{ "stop-lost", 0, 0, 0, { { "stopped=1" } } },
	{ "signal-swallowed", 0, 0, 0, { { "disturbs=8" } } },
	{ "killed-instead", 0, 0, 0, { { "disturbs=9" } } },
	{ "thawed", 0, 0, 0, { { "home=2" } } },
	{ "thread-register-lost", 0, 0, 0, { { "threads=1" } } },
	{ "wait-interrupted", 0, 0, 0, { { "fails=9" } } },
	{ "refusal-swallows", 0, 0, 0, { { "disturbs=9", "place=1" } } },
	{ "recovery-careless", 0, 0, 0, { { "fails=2" } } },
	{ "log-waits", 0, 0, 0, { { "log=2" } } },
	{ "log-signals", 0, 0, 0, { { "log=3" } } },
	{ "awaits-dead", 0, 0, 0, { { "disturbs=19" } } },
	{ "one-leader", 0, 0, 0, { { "disturbs=20" } } },
};

/* The others need a damaged frame that leaves a cure possible: the parasite's recv cuts an over-long
 * command. */
static struct showing showing_of(const char *variant)
{
	for (unsigned i = 0; i < sizeof(showings) / sizeof(showings[0]); i++)
		if (!strcmp(variant, showings[i].variant))
			return showings[i];
	return (struct showing){ variant, CF_DO_EXTEND, FIRST_COMMAND, 5, { { 0 } } };
}

static void show(unsigned variant, const struct cf_variant_spec *spec)
{
	struct cf_step steps[MESSAGES];
	struct showing showing = showing_of(spec->name);
	const struct cf_result *r;
	char text[128];

	if (showing.op) {
		CHECK(find_messages(variant, showing.params, steps) >= 7, "%s", spec->name);
		damage(variant, showing.params, &steps[showing.message], showing.op, showing.arg,
		       spec->expect);
		return;
	}
	r = run(variant, showing.params);
	/* whether the victim has stopped before libcompel waits for anybody is chance */
	for (int more = 2;
	     more > 0 && r->outcome == CF_PASSED && !strcmp(spec->name, "waits-for-anybody");
	     more--)
		r = run(variant, showing.params);
	CHECK(!strcmp(title(r, text), spec->expect), "%s: %s: %s\n%s", spec->name, title(r, text),
	      r->detail, drive.control->text);
	expect_pass(0, defaults, spec->name);
}

static void check_bad(void)
{
	for (unsigned v = 1; description->variants[v].name; v++)
		show(v, &description->variants[v]);
}

/* With a hang come both stacks and both logs, with a crash the stack of the driver. */
static void check_evidence(void)
{
	static const struct {
		const char *variant, *words[4];
	} wanted[] = {
		{ "ack-awaited-twice",
		  { "the spy waits in compel.recv", "compel_rpc_sync+", "(parasite)",
		    "Daemon waits for command" } },
		{ "map-unchecked",
		  { "signal 11 in the spy", "compel_infect_no_daemon+", "its log as with -v4",
		    "the parasite's log" } },
	};

	for (unsigned i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		unsigned v = 0;

		while (strcmp(description->variants[v].name, wanted[i].variant))
			v++;
		run(v, showing_of(wanted[i].variant).params);
		for (int w = 0; w < 4; w++)
			CHECK(strstr(drive.control->text, wanted[i].words[w]), "%s: %s: %s",
			      wanted[i].variant, wanted[i].words[w], drive.control->text);
		expect_pass(0, defaults, wanted[i].variant);
		CHECK(!drive.control->text[0], "a run that passed has evidence");
	}
}

/* A wait for somebody who will never answer is recognized as such, not waited out. */
static void check_hang_is_quick(void)
{
	struct cf_step steps[MESSAGES];
	double quickest = 60; /* of a few: a busy machine makes any of them slow */

	find_messages(1, defaults, steps);
	for (int i = 0; i < 5; i++) {
		double start = drive_seconds(), took;

		damage(1, defaults, &steps[INIT_ACK], CF_DO_DROP, 0, "hang in compel.recv");
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

	(void)argv;
	print = argc > 1;
	CHECK(target, "%s", dlerror());
	description = dlsym(target, "cryofuzz_target");
	drive = drive_open("targets/compel");
	check_defaults();
	check_commands();
	check_failing_calls();
	/* log, init ack, two commands with acks, fini */
	check_damaged(defaults, 7);
	/* the same, with a descriptor in each direction */
	check_damaged((struct params){ { "first=4" } }, 9);
	check_bad();
	check_evidence();
	check_hang_is_quick();
	print_rate();
	drive_close(&drive);
	return 0;
}
