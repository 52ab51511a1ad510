/* SPDX-License-Identifier: Apache-2.0
 *
 * The same scenario is the same run on fibers and on processes: outcome, text, points, fates and
 * trace hash, of random scenarios of every target that fits. What does not fit is said.
 *
 *   fibers [-n SCENARIOS] [-s SEED] [TARGET…]
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>

#include "drive.h"

enum { SCENARIOS = 300, MOST_EVENTS = 6 };

static uint64_t state = 1;

static unsigned below(unsigned limit)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state >> 11) % limit;
}

static const struct cf_target *describe(const char *path)
{
	char so[256];
	void *handle;

	snprintf(so, sizeof(so), "./%s.so", path);
	handle = dlopen(so, RTLD_NOW | RTLD_LOCAL);
	CHECK(handle != NULL, "%s", dlerror());
	return dlsym(handle, "cryofuzz_target");
}

/* ---- random scenarios -------------------------------------------------------------------------- */

static const struct choice {
	enum cf_do op;
	unsigned limit; /* of its argument */
} choices[] = {
	{ CF_DO_SWITCH, CF_MAX_ACTORS },
	{ CF_DO_SWITCH, CF_MAX_ACTORS },
	{ CF_DO_DELAY, 20 },
	{ CF_DO_STALE, 4 },
	{ CF_DO_STALE, 4 },
	{ CF_DO_HOLD, 20 },
	{ CF_DO_HOLD, 20 },
	{ CF_DO_EXPIRE, 1 },
	{ CF_DO_FAIL, 0 },
	{ CF_DO_TRIM, 13 },
};

/* Of a target that has channels. */
static const struct choice frame_choices[] = {
	{ CF_DO_SWITCH, CF_MAX_ACTORS },
	{ CF_DO_DELAY, 20 },
	{ CF_DO_EXPIRE, 1 },
	{ CF_DO_FAIL, 0 },
	{ CF_DO_SHORT, 13 },
	{ CF_DO_TRIM, 13 },
	{ CF_DO_EXTEND, 13 },
	{ CF_DO_SPLIT, 13 },
	{ CF_DO_MERGE, 1 },
	{ CF_DO_EMPTY, 1 },
	{ CF_DO_DUPLICATE, 1 },
	{ CF_DO_REORDER, 1 },
	{ CF_DO_DROP, 1 },
	{ CF_DO_REWRITE, 3 },
	{ CF_DO_STRAY_FD, 1 },
};

static const int errors[] = { EINTR, EAGAIN, ENOMEM, ENOBUFS, ECONNRESET, EPIPE };

static int by_place(const void *a, const void *b)
{
	const struct cf_event *first = a, *second = b;

	if (first->actor != second->actor)
		return first->actor - second->actor;
	return first->point < second->point ? -1 : first->point > second->point;
}

static struct cf_event choose_event(const struct choice *choice)
{
	struct cf_event event = {
		.op = (uint8_t)choice->op,
		.actor = (uint8_t)below(4),
		.point = below(below(2) ? 6 : 40), /* some have few */
	};

	if (choice->op == CF_DO_FAIL)
		event.arg = (uint32_t)errors[below(sizeof(errors) / sizeof(errors[0]))];
	else
		event.arg = below(choice->limit);
	if (choice->op == CF_DO_REWRITE)
		event.value = below(2) ? 64 : below(5);
	return event;
}

static void choose_events(struct cf_plan *plan, bool talks)
{
	plan->events = below(MOST_EVENTS + 1);
	for (unsigned i = 0; i < plan->events; i++) {
		const struct choice *choice = &choices[below(sizeof(choices) / sizeof(choices[0]))];

		if (talks && below(4))
			choice = &frame_choices[below(sizeof(frame_choices) /
						      sizeof(frame_choices[0]))];
		plan->event[i] = choose_event(choice);
	}
	qsort(plan->event, plan->events, sizeof(plan->event[0]), by_place);
}

static void choose_plan(struct cf_plan *plan, const struct cf_target *target)
{
	unsigned variants = 0;

	while (target->variants[variants].name != NULL)
		variants++;
	*plan = (struct cf_plan){ .budget = DRIVE_BUDGET,
				  .flags = CF_PLAN_FEEDBACK,
				  .variant = below(variants),
				  .memory = below(CF_WEAK + 1) };
	for (unsigned i = 0; target->params != NULL && target->params[i].name != NULL; i++) {
		const struct cf_param_spec *param = &target->params[i];

		plan->params[i] =
			below(2) ? param->def
				 : param->min + (int)below((unsigned)(param->max - param->min + 1));
	}
	choose_events(plan, target->channels != NULL);
}

/* ---- both carriers ------------------------------------------------------------------------------ */

static struct cf_result run_on(struct drive *d, enum cf_carrier carrier, uint8_t *feedback)
{
	struct cf_result result;

	d->control->plan.carrier = carrier;
	memset(d->control->feedback, 0, CF_FEEDBACK_SIZE);
	result = *drive_run(d, CF_RUN);
	memcpy(feedback, d->control->feedback, CF_FEEDBACK_SIZE);
	return result;
}

static bool same_run(const struct cf_result *a, const struct cf_result *b)
{
	for (unsigned i = 0; i < a->actors && i < CF_MAX_ACTORS; i++)
		if (a->actor_result[i].state != b->actor_result[i].state ||
		    a->actor_result[i].points != b->actor_result[i].points ||
		    a->actor_result[i].site != b->actor_result[i].site ||
		    strcmp(a->actor_result[i].waits, b->actor_result[i].waits) != 0)
			return false;
	return a->outcome == b->outcome && a->kind == b->kind && a->site_id == b->site_id &&
	       a->hash == b->hash && a->points == b->points && a->switches == b->switches &&
	       a->commits == b->commits && a->unseen == b->unseen && a->steps == b->steps &&
	       a->actors == b->actors && strcmp(a->site, b->site) == 0 &&
	       strcmp(a->detail, b->detail) == 0;
}

static void print_plan(const struct cf_plan *plan)
{
	fprintf(stderr, "variant=%u memory=%u params=%d,%d,%d\n", plan->variant, plan->memory,
		plan->params[0], plan->params[1], plan->params[2]);
	for (unsigned i = 0; i < plan->events; i++)
		fprintf(stderr, "  actor %u point %u does %u, %u\n", plan->event[i].actor,
			plan->event[i].point, plan->event[i].op, plan->event[i].arg);
}

/* True if it is one that fibers can't have after all. */
static bool needs_process(const struct cf_result *r)
{
	return r->outcome == CF_UNSUPPORTED && strstr(r->detail, "a process of its own") != NULL;
}

/* The second run on fibers finds what the first has left. */
static bool compare(struct drive *d, const char *name, unsigned number)
{
	static uint8_t features[2][CF_FEEDBACK_SIZE];
	struct cf_result process = run_on(d, CF_CARRIER_PROCESS, features[0]);
	struct cf_result first = run_on(d, CF_CARRIER_FIBER, features[1]);
	struct cf_result fiber = run_on(d, CF_CARRIER_FIBER, features[1]);

	CHECK(same_run(&first, &fiber), "%s scenario %u: another run the second time: %s; %s", name,
	      number, first.detail, fiber.detail);
	if (needs_process(&fiber))
		return false;
	if (!same_run(&process, &fiber) ||
	    memcmp(process.fired, fiber.fired, d->control->plan.events * sizeof(fiber.fired[0])) !=
		    0)
		print_plan(&d->control->plan);
	CHECK(same_run(&process, &fiber), "%s scenario %u: hash=%#llx %#llx, outcome=%u %u: %s; %s",
	      name, number, (unsigned long long)process.hash, (unsigned long long)fiber.hash,
	      process.outcome, fiber.outcome, process.detail, fiber.detail);
	CHECK(memcmp(process.fired, fiber.fired,
		     d->control->plan.events * sizeof(fiber.fired[0])) == 0,
	      "%s scenario %u: other fates", name, number);
	CHECK(memcmp(features[0], features[1], CF_FEEDBACK_SIZE) == 0,
	      "%s scenario %u: other feedback", name, number);
	CHECK(process.carrier == CF_CARRIER_PROCESS && fiber.carrier == CF_CARRIER_FIBER,
	      "%s ran on %u and %u", name, process.carrier, fiber.carrier);
	return true;
}

static void check_same(const char *path, unsigned scenarios)
{
	const struct cf_target *target = describe(path);
	struct drive d = drive_open(path);
	unsigned found = 0, unfit = 0;
	uint64_t traces = 0;

	for (unsigned i = 0; i < scenarios + unfit; i++) {
		choose_plan(&d.control->plan, target);
		unfit += !compare(&d, path, i);
		found += d.control->result.outcome == CF_VIOLATED;
		traces = (traces << 1 | traces >> 63) ^ d.control->result.hash;
		CHECK(unfit <= scenarios, "%s: most need processes", path);
	}
	drive_close(&d);
	printf("fibers: %s: %u scenarios the same, %u of them findings, traces %016llx", path,
	       scenarios, found, (unsigned long long)traces);
	if (unfit > 0)
		printf("; %u more need processes", unfit);
	putchar('\n');
}

/* ---- what an actor has for itself ---------------------------------------------------------------- */

static const struct cf_result *run_variant(struct drive *d, unsigned variant,
					   enum cf_carrier carrier)
{
	d->control->plan.variant = variant;
	d->control->plan.carrier = carrier;
	return drive_run(d, CF_RUN);
}

static void check_statics(void)
{
	struct drive d = drive_open("test-targets/statics");
	const struct cf_result *r;

	for (unsigned point = 0; point < 8; point++) {
		d.control->plan.events = 0;
		drive_event(&d, 0, point, CF_DO_SWITCH, 1);
		drive_event(&d, 1, 7 - point, CF_DO_SWITCH, 0);
		for (unsigned i = 0; i < 2; i++) {
			r = run_variant(&d, 0, CF_CARRIER_FIBER);
			CHECK(r->outcome == CF_PASSED, "switched at point %u: %s", point,
			      r->detail);
		}
	}
	d.control->plan.events = 0;
	drive_event(&d, 0, 4, CF_DO_SWITCH, 1);
	r = run_variant(&d, 1, CF_CARRIER_FIBER);
	CHECK(r->outcome == CF_VIOLATED && r->kind == CF_INVARIANT, "a shared counter: %u %s",
	      r->outcome, r->detail);
	drive_close(&d);
}

/* ---- which carrier ------------------------------------------------------------------------------- */

/* A process that has a handler of its own can't be kept, whatever runs in between. */
static void check_doomed(struct drive *d, unsigned handler)
{
	uint32_t pid = run_variant(d, handler, CF_CARRIER_PROCESS)->actor_result[0].pid;

	run_variant(d, 0, CF_CARRIER_FIBER);
	CHECK(run_variant(d, 0, CF_CARRIER_PROCESS)->actor_result[0].pid != pid,
	      "a process was kept that can't be");
}

static void check_asks(void)
{
	const struct cf_target *target = describe("test-targets/asks");
	struct drive d = drive_open("test-targets/asks");
	const struct cf_result *r;
	const unsigned fit = 11;

	d.control->plan.params[0] = 2;
	for (unsigned i = 0; target->variants[i].name != NULL; i++) {
		const char *name = target->variants[i].name;

		r = run_variant(&d, i, CF_CARRIER_ANY);
		CHECK(r->outcome == CF_PASSED, "%s: %u %s", name, r->outcome, r->detail);
		CHECK(r->carrier == (i < fit ? CF_CARRIER_FIBER : CF_CARRIER_PROCESS),
		      "%s ran on %u", name, r->carrier);
		r = run_variant(&d, i, CF_CARRIER_FIBER);
		CHECK(r->outcome == (i < fit ? CF_PASSED : CF_UNSUPPORTED), "%s: %u %s", name,
		      r->outcome, r->detail);
		CHECK(i < fit || strstr(r->detail, "needs a process of its own"), "%s: %s", name,
		      r->detail);
	}
	check_doomed(&d, fit + 2);
	r = run_variant(&d, 0, CF_CARRIER_ANY);
	CHECK(r->carrier == CF_CARRIER_FIBER, "after all that: %u", r->carrier);
	r = drive_run(&d, CF_FRESH);
	CHECK(r->carrier == CF_CARRIER_PROCESS, "in fresh processes: %u", r->carrier);
	drive_close(&d);
}

static void unsupported(struct drive *d, const char *why)
{
	const struct cf_result *r = run_variant(d, 0, CF_CARRIER_FIBER);

	CHECK(r->outcome == CF_UNSUPPORTED && strcmp(r->detail, why) == 0, "%u %s, not %s",
	      r->outcome, r->detail, why);
	r = run_variant(d, 0, CF_CARRIER_ANY);
	CHECK(r->carrier == CF_CARRIER_PROCESS, "%s: ran on %u", why, r->carrier);
}

static void check_unfit(void)
{
	struct drive d = drive_open("test-targets/reaps");

	unsupported(&d, "carrier fiber: the target reaps needs processes");
	drive_close(&d);
	d = drive_open("test-targets/ten-points");
	d.control->plan.flags = CF_PLAN_AUDIT;
	unsupported(&d, "carrier fiber: an audit needs processes");
	d.control->plan.flags = 0;
	drive_event(&d, 0, 1, CF_DO_SIGNAL, SIGURG);
	unsupported(&d, "carrier fiber: the event signal needs processes");
	drive_close(&d);
}

int main(int argc, char **argv)
{
	static const char *const fit[] = {
		"targets/queue",           "targets/ring",
		"targets/spinlock",        "targets/boost-spsc",
		"targets/mailbox",         "targets/exclusion",
		"targets/lockfree",        "targets/monitor",
		"litmus/litmus",           "test-targets/locks",
		"test-targets/misuse",     "test-targets/threads",
		"test-targets/ten-points", "test-targets/unannounced",
		"test-targets/hang",       "test-targets/no-point",
		"test-targets/wide",       "targets/counted",
		"test-targets/c11",        "test-targets/gates",
		"targets/rings",           "targets/shapes",
	};
	unsigned scenarios = SCENARIOS;
	int option;

	while ((option = getopt(argc, argv, "n:s:")) != -1) {
		CHECK(option == 'n' || option == 's', "usage: fibers [-n N] [-s SEED] [TARGET…]");
		if (option == 'n')
			scenarios = (unsigned)atoi(optarg);
		else
			state = strtoull(optarg, NULL, 0) * 2 + 1;
	}
	for (int i = optind; i < argc; i++)
		check_same(argv[i], scenarios);
	if (optind < argc)
		return 0;
	for (unsigned i = 0; i < sizeof(fit) / sizeof(fit[0]); i++)
		check_same(fit[i], scenarios);
#ifdef CF_UNDER
	printf("fibers: not test-targets/talks: what answers its processes is " CF_UNDER "\n");
#else
	check_same("test-targets/talks", scenarios);
#endif
	check_statics();
	check_asks();
	check_unfit();
	printf("fibers: the same as processes\n");
	return 0;
}
