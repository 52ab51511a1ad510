/* SPDX-License-Identifier: Apache-2.0
 *
 * Bursts: each strategy finds the planted bugs that it can find, from every seed; what it tells is a plan
 * that fails in the same way without it; good variants stay clean; and systematic has run just as many
 * schedules as there are.
 *
 *   bursts [-v]     -v: says how many runs each took
 */
#include <dlfcn.h>
#include <stdbool.h>

#include "drive.h"

enum { SEEDS = 10, ENOUGH = 10000, CLEAN = 5000, MOST_POINTS = 64 };

static const char *const strategy_names[CF_STRATEGIES] = {
	"none", "random", "pct", "systematic", "sweep", "pos", "surw", "portfolio",
};
static bool verbose;

static const struct cf_target *describe(const char *path)
{
	char so[256];
	void *handle;

	snprintf(so, sizeof(so), "./%s.so", path);
	handle = dlopen(so, RTLD_NOW | RTLD_LOCAL);
	CHECK(handle != NULL, "%s", dlerror());
	return dlsym(handle, "cryofuzz_target");
}

static void default_plan(struct cf_plan *plan, const struct cf_target *target, unsigned variant)
{
	const struct cf_variant_spec *spec = &target->variants[variant];
	bool early = spec->expect == NULL || spec->memory > CF_WEAK;

	*plan = (struct cf_plan){ .budget = DRIVE_BUDGET,
				  .variant = variant,
				  .memory = early ? CF_WEAK_EARLY : CF_WEAK };
	for (unsigned i = 0; target->params != NULL && target->params[i].name != NULL; i++)
		plan->params[i] = target->params[i].def;
}

static struct cf_result burst(struct drive *d, enum cf_strategy strategy, uint64_t seed,
			      uint32_t budget)
{
	struct cf_mailbox *mailbox = &d->control->mailbox;

	mailbox->strategy = strategy;
	mailbox->seed = seed;
	mailbox->budget = budget;
	return *drive_run(d, CF_EXPLORE);
}

/* ---- what is told is what an ordinary run shows -------------------------------------------------- */

static void check_replays(struct drive *d, const struct cf_result *told)
{
	for (enum cf_carrier carrier = CF_CARRIER_PROCESS; carrier <= CF_CARRIER_FIBER; carrier++) {
		const struct cf_result *r;

		d->control->plan.carrier = carrier;
		r = drive_run(d, CF_RUN);
		CHECK(r->outcome == CF_VIOLATED && r->kind == told->kind && r->hash == told->hash,
		      "on carrier %u: outcome %u, hash=%#llx, told %#llx: %s", carrier, r->outcome,
		      (unsigned long long)r->hash, (unsigned long long)told->hash, r->detail);
	}
}

static void print_plan(const struct cf_plan *plan)
{
	for (unsigned i = 0; i < plan->events; i++)
		printf("  actor %u point %u does %u, %u\n", plan->event[i].actor,
		       plan->event[i].point, plan->event[i].op, plan->event[i].arg);
}

/* Runs until the bug was found, 0 if it was not. */
static uint32_t runs_to_find(struct drive *d, const struct cf_target *target, unsigned variant,
			     enum cf_strategy strategy, uint64_t seed)
{
	struct cf_result told;
	uint32_t runs;

	default_plan(&d->control->plan, target, variant);
	told = burst(d, strategy, seed,
		     target->variants[variant].memory > CF_WEAK ? 10 * ENOUGH : ENOUGH);
	runs = d->control->mailbox.runs;
	CHECK(told.outcome != CF_BROKEN && told.outcome != CF_UNSUPPORTED, "%s %s: %s",
	      target->name, target->variants[variant].name, told.detail);
	if (told.outcome != CF_VIOLATED)
		return 0;
	if (verbose && seed == 1)
		print_plan(&d->control->plan);
	if (seed <= 3)
		check_replays(d, &told);
	return runs;
}

/* ---- what each strategy finds -------------------------------------------------------------------- */

/* One reordering shows these only along with a switch that the default schedule has not. */
static const char *const beyond_sweep[] = { "read-barrier-only", "head-without-release",
					    "tail-without-release", "plain-unlock" };

/* Systematic changes nothing but schedules, and a sweep nothing but what memory shows. */
static bool can_find(enum cf_strategy strategy, const struct cf_variant_spec *variant)
{
	if (strategy == CF_STRATEGY_SYSTEMATIC)
		return variant->memory == CF_SC;
	if (strategy != CF_STRATEGY_SWEEP)
		return true;
	for (unsigned i = 0; i < sizeof(beyond_sweep) / sizeof(beyond_sweep[0]); i++)
		if (strcmp(beyond_sweep[i], variant->name) == 0)
			return false;
	return variant->memory != CF_SC;
}

static int by_number(const void *a, const void *b)
{
	uint32_t first = *(const uint32_t *)a, second = *(const uint32_t *)b;

	return first < second ? -1 : first > second;
}

static void check_bug(struct drive *d, const struct cf_target *target, unsigned variant,
		      enum cf_strategy strategy)
{
	const struct cf_variant_spec *spec = &target->variants[variant];
	bool can = can_find(strategy, spec);
	unsigned seeds = can ? SEEDS : 1; /* what it can't find takes the whole budget */
	uint32_t runs[SEEDS];

	for (unsigned seed = 0; seed < seeds; seed++) {
		runs[seed] = runs_to_find(d, target, variant, strategy, seed + 1);
		CHECK((runs[seed] > 0) == can, "%s %s by %s from seed %u: %u runs", target->name,
		      spec->name, strategy_names[strategy], seed + 1, runs[seed]);
	}
	qsort(runs, seeds, sizeof(runs[0]), by_number);
	if (verbose && can)
		printf("%s %s: %s: %u runs, at most %u\n", target->name, spec->name,
		       strategy_names[strategy], runs[SEEDS / 2], runs[SEEDS - 1]);
}

static void check_good(struct drive *d, const struct cf_target *target, unsigned variant,
		       enum cf_strategy strategy)
{
	struct cf_result r;

	default_plan(&d->control->plan, target, variant);
	r = burst(d, strategy, 1, CLEAN);
	CHECK(r.outcome == CF_PASSED, "%s %s by %s: %u %s", target->name,
	      target->variants[variant].name, strategy_names[strategy], r.outcome, r.detail);
	/* A failing run that is allowed after all was made once more. */
	CHECK(d->control->mailbox.exhausted || d->control->mailbox.runs >= CLEAN, "%s by %s: %u",
	      target->name, strategy_names[strategy], d->control->mailbox.runs);
	CHECK(d->control->plan.events == 0, "%u events are left", d->control->plan.events);
}

/* Those are looked for only by who asks for it: races.c. */
static bool is_race(const struct cf_variant_spec *variant)
{
	return variant->expect != NULL && strncmp(variant->expect, "data-race ", 10) == 0;
}

/* The litmus tests are there to need several reorderings at once, so a sweep is not held to them. */
static bool is_held(const struct cf_target *target, enum cf_strategy strategy)
{
	return strategy != CF_STRATEGY_SWEEP || strcmp(target->name, "litmus") != 0;
}

static void check_target(const char *path)
{
	const struct cf_target *target = describe(path);
	struct drive d = drive_open(path);

	for (unsigned i = 0; target->variants[i].name != NULL; i++)
		for (enum cf_strategy s = CF_STRATEGY_RANDOM; s < CF_STRATEGIES; s++)
			if (is_race(&target->variants[i]))
				continue;
			else if (target->variants[i].expect == NULL)
				check_good(&d, target, i, s);
			else if (is_held(target, s))
				check_bug(&d, target, i, s);
	drive_close(&d);
}

/* In an executor of its own: what paid before is remembered. */
static uint32_t find_anew(enum cf_strategy strategy, struct cf_plan *plan, uint64_t *hash)
{
	struct drive d = drive_open("targets/queue");
	uint32_t runs = runs_to_find(&d, describe("targets/queue"), 1, strategy, 4);

	*plan = d.control->plan;
	*hash = d.control->result.hash;
	drive_close(&d);
	return runs;
}

/* The same seed: the same runs to the same plan. */
static void check_same_again(void)
{
	static struct cf_plan plans[2];
	uint64_t hashes[2];

	for (enum cf_strategy s = CF_STRATEGY_RANDOM; s < CF_STRATEGIES; s++)
		CHECK(find_anew(s, &plans[0], &hashes[0]) == find_anew(s, &plans[1], &hashes[1]) &&
			      hashes[0] == hashes[1] &&
			      memcmp(&plans[0], &plans[1], sizeof(plans[0])) == 0,
		      "%s: another finding from the same seed", strategy_names[s]);
}

/* ---- all schedules ------------------------------------------------------------------------------- */

static bool all_fired(struct drive *d)
{
	const struct cf_result *r = drive_run(d, CF_RUN);

	CHECK(r->outcome == CF_PASSED, "%s", r->detail);
	for (unsigned i = 0; i < r->actors; i++)
		CHECK(r->actor_result[i].points < MOST_POINTS, "actor %u has %u points", i,
		      r->actor_result[i].points);
	for (uint32_t i = 0; i < d->control->plan.events; i++)
		if (r->fired[i].fate != CF_FIRED)
			return false;
	return true;
}

/* Lists of `more` events, from the point of number `from` on, that all take effect; of those at one point
 * each is done when its actor has the token again. */
static uint32_t count_sets(struct drive *d, unsigned actors, unsigned more, unsigned from)
{
	struct cf_plan *plan = &d->control->plan;
	uint32_t count = 0;

	if (more == 0)
		return all_fired(d);
	for (unsigned i = from; i < actors * MOST_POINTS * actors; i++) {
		unsigned actor = i / (MOST_POINTS * actors), to = i % actors;

		if (to == actor)
			continue;
		drive_event(d, actor, i / actors % MOST_POINTS, CF_DO_SWITCH, to);
		count += count_sets(d, actors, more - 1, i - to);
		plan->events--;
	}
	return count;
}

static void check_complete(struct drive *d, uint32_t budget, uint32_t complete, uint32_t schedules)
{
	const struct cf_mailbox *mailbox = &d->control->mailbox;
	struct cf_result r = burst(d, CF_STRATEGY_SYSTEMATIC, 1, budget);

	CHECK(r.outcome == CF_PASSED && mailbox->complete == complete &&
		      mailbox->schedules == schedules,
	      "%u runs: %u switches and %u schedules, not %u and %u: %s", budget, mailbox->complete,
	      mailbox->schedules, complete, schedules, r.detail);
}

/* With as many runs as it takes, and with one less. */
static void check_all(const char *path, unsigned variant, const int32_t *params, unsigned actors)
{
	struct drive d = drive_open(path);
	uint32_t one, two, runs;

	default_plan(&d.control->plan, describe(path), variant);
	for (unsigned i = 0; params[i] != 0; i++)
		d.control->plan.params[i] = params[i];
	one = count_sets(&d, actors, 1, 0);
	two = count_sets(&d, actors, 2, 0);
	/* The supervisor's own run twice, the second time with options; and so are others that lead to more. */
	runs = 2 + one;
	check_complete(&d, runs, 2, 1 + one);
	check_complete(&d, runs - 1, 1, 1);
	runs += one + two;
	check_complete(&d, runs, 3, 1 + one + two);
	check_complete(&d, runs - 1, 2, 1 + one);
	printf("bursts: %s: %u schedules with at most 1 switch, %u with at most 2\n", path, 1 + one,
	       1 + one + two);
	drive_close(&d);
}

/* ---- what few targets have ----------------------------------------------------------------------- */

static unsigned variant_named(const struct cf_target *target, const char *name)
{
	unsigned variant = 0;

	while (strcmp(target->variants[variant].name, name) != 0)
		variant++;
	return variant;
}

/* A weak compare-exchange that nobody makes again fails; clang takes it for a strong one. */
static void check_spurious(enum cf_strategy strategy)
{
	static const char *const variants[] = { "once-strong", "once-weak" };
	const struct cf_target *target = describe("test-targets/accesses");
	struct drive d = drive_open("test-targets/accesses");

	for (unsigned weak = 0; weak <= 1; weak++) {
		struct cf_result r;
#ifdef __clang__
		bool fails = false;
#else
		bool fails = weak;
#endif

		default_plan(&d.control->plan, target, variant_named(target, variants[weak]));
		r = burst(&d, strategy, 1, ENOUGH);
		CHECK(r.outcome == (fails ? CF_VIOLATED : CF_PASSED), "%s by %s: %u %s",
		      variants[weak], strategy_names[strategy], r.outcome, r.detail);
	}
	drive_close(&d);
}

/* ---- what is no burst ---------------------------------------------------------------------------- */

static void check_one_run(void)
{
	struct drive d = drive_open("targets/mailbox");
	struct cf_result r;

	default_plan(&d.control->plan, describe("targets/mailbox"), 0);
	d.control->plan.carrier = CF_CARRIER_PROCESS;
	r = burst(&d, CF_STRATEGY_RANDOM, 1, ENOUGH);
	CHECK(r.outcome == CF_PASSED && r.carrier == CF_CARRIER_PROCESS, "%u %s", r.outcome,
	      r.detail);
	CHECK(d.control->mailbox.runs == 1, "%u runs on processes", d.control->mailbox.runs);
	drive_close(&d);
	d = drive_open("targets/queue");
	CHECK(runs_to_find(&d, describe("targets/queue"), 1, CF_STRATEGY_RANDOM, 1) > 1, "nothing");
	r = burst(&d, CF_STRATEGY_RANDOM, 1, ENOUGH);
	CHECK(r.outcome == CF_VIOLATED && d.control->mailbox.runs == 1, "%u runs of what fails",
	      d.control->mailbox.runs);
	drive_close(&d);
}

/* A run that fails but does not fail again by its events is no finding. */
static void check_divergence(void)
{
	struct drive d = drive_open("test-targets/remembers");
	struct cf_result r;

	default_plan(&d.control->plan, describe("test-targets/remembers"), 0);
	r = burst(&d, CF_STRATEGY_RANDOM, 1, ENOUGH);
	CHECK(r.outcome == CF_BROKEN && strncmp(r.detail, "divergence: ", 12) == 0, "%u %s",
	      r.outcome, r.detail);
	drive_close(&d);
}

/* Whatever the supervisor's own run reaches, and more. */
static void check_feedback(void)
{
	static uint8_t plain[CF_FEEDBACK_SIZE];
	struct drive d = drive_open("targets/queue");
	unsigned more = 0;

	default_plan(&d.control->plan, describe("targets/queue"), 0);
	d.control->plan.flags = CF_PLAN_FEEDBACK;
	drive_run(&d, CF_RUN);
	memcpy(plain, d.control->feedback, sizeof(plain));
	memset(d.control->feedback, 0, sizeof(plain));
	burst(&d, CF_STRATEGY_RANDOM, 1, 1000);
	for (unsigned i = 0; i < CF_FEEDBACK_SIZE; i++) {
		CHECK(d.control->feedback[i] >= plain[i], "counter %u: %u, alone %u", i,
		      d.control->feedback[i], plain[i]);
		more += d.control->feedback[i] > 0 && plain[i] == 0;
	}
	CHECK(more > 0, "a burst reaches nothing new");
	drive_close(&d);
}

int main(int argc, char **argv)
{
	static const char *const fit[] = { "targets/queue", "targets/ring", "targets/spinlock",
					   "targets/boost-spsc", "litmus/litmus" };

	verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
	for (unsigned i = 0; i < sizeof(fit) / sizeof(fit[0]); i++)
		check_target(fit[i]);
	check_same_again();
	check_all("targets/spinlock", 0, (const int32_t[]){ 2, 1, 0 }, 2);
	check_all("targets/ring", 0, (const int32_t[]){ 2, 3, 0 }, 2);
	check_all("targets/queue", 0, (const int32_t[]){ 2, 1, 1, 0 }, 3);
	check_spurious(CF_STRATEGY_SWEEP);
	check_spurious(CF_STRATEGY_RANDOM);
	check_spurious(CF_STRATEGY_PORTFOLIO);
	check_one_run();
	check_divergence();
	check_feedback();
	printf("bursts: what they tell is so without them\n");
	return 0;
}
