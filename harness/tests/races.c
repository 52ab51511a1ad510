/* SPDX-License-Identifier: Apache-2.0
 *
 * Data races: each pair of accesses that is one is told, with its word, on both carriers and under every
 * model; none that is kept in order is, whatever is reordered; and no good variant of any target has one.
 */
#include <dlfcn.h>
#include <stdbool.h>

#include "drive.h"

enum { RANDOM = 300, GOOD = 3000 };

static uint64_t state = 11;

static unsigned below(unsigned limit)
{
	state = state * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned)((state >> 33) % limit);
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

static struct cf_plan plan_of(const struct cf_target *target, unsigned variant)
{
	struct cf_plan plan = { .budget = DRIVE_BUDGET,
				.variant = variant,
				.flags = CF_PLAN_RACES };

	for (unsigned i = 0; target->params != NULL && target->params[i].name != NULL; i++)
		plan.params[i] = target->params[i].def;
	return plan;
}

static bool is_race(const struct cf_result *result)
{
	return result->outcome == CF_VIOLATED && result->kind == CF_DATA_RACE;
}

static void check_title(const struct cf_result *result, const char *expect, const char *variant)
{
	char title[128];

	snprintf(title, sizeof(title), "data-race in %s", result->site);
	CHECK(is_race(result) && strcmp(title, expect) == 0, "%s: outcome %u, %s: %s", variant,
	      result->outcome, title, result->detail);
}

static void check_pair(struct drive *d, const struct cf_target *target, unsigned variant)
{
	const struct cf_variant_spec *spec = &target->variants[variant];

	for (enum cf_carrier carrier = CF_CARRIER_PROCESS; carrier <= CF_CARRIER_FIBER; carrier++)
		for (enum cf_memory memory = CF_SC; memory <= CF_WEAK_EARLY; memory++) {
			const struct cf_result *result;

			d->control->plan = plan_of(target, variant);
			d->control->plan.carrier = carrier;
			d->control->plan.memory = memory;
			result = drive_run(d, CF_RUN);
			if (spec->expect != NULL)
				check_title(result, spec->expect, spec->name);
			else
				CHECK(result->outcome == CF_PASSED, "%s: %s", spec->name,
				      result->detail);
			d->control->plan.flags = 0;
			result = drive_run(d, CF_RUN);
			CHECK(result->outcome == CF_PASSED, "%s, not looked for: %s", spec->name,
			      result->detail);
		}
}

static int by_place(const void *a, const void *b)
{
	const struct cf_event *first = a, *second = b;

	if (first->actor != second->actor)
		return first->actor - second->actor;
	return first->point < second->point ? -1 : first->point > second->point;
}

static void choose_events(struct cf_plan *plan, const struct cf_result *usual)
{
	static const enum cf_do choices[] = { CF_DO_SWITCH, CF_DO_SWITCH, CF_DO_STALE, CF_DO_HOLD,
					      CF_DO_EARLY };

	plan->events = 1 + below(5);
	for (unsigned i = 0; i < plan->events; i++) {
		unsigned actor = below(usual->actors);
		enum cf_do op = choices[below(sizeof(choices) / sizeof(choices[0]))];

		plan->event[i] = (struct cf_event){
			.op = (uint8_t)op,
			.actor = (uint8_t)actor,
			.point = below(usual->actor_result[actor].points + 1),
			.arg = op == CF_DO_SWITCH ? below(usual->actors) : 1 + below(6),
		};
	}
	qsort(plan->event, plan->events, sizeof(plan->event[0]), by_place);
}

/* In any order of the accesses, and whatever versions are read. */
static unsigned check_good(struct drive *d, const struct cf_target *target, unsigned variant,
			   unsigned runs)
{
	struct cf_result usual;

	d->control->plan = plan_of(target, variant);
	usual = *drive_run(d, CF_RUN);
	for (unsigned i = 0; i < runs; i++) {
		const struct cf_result *result;

		d->control->plan = plan_of(target, variant);
		d->control->plan.memory = below(CF_WEAK_EARLY + 1);
		choose_events(&d->control->plan, &usual);
		result = drive_run(d, CF_RUN);
		CHECK(!is_race(result), "%s %s: %s: %s", target->name,
		      target->variants[variant].name, result->site, result->detail);
	}
	return runs;
}

static void check_pairs(void)
{
	const struct cf_target *target = describe("test-targets/races");
	struct drive d = drive_open("test-targets/races");
	unsigned pairs = 0;

	for (; target->variants[pairs].name != NULL; pairs++) {
		check_pair(&d, target, pairs);
		if (target->variants[pairs].expect == NULL &&
		    strcmp(target->variants[pairs].name, "wake-up") != 0)
			check_good(&d, target, pairs, RANDOM);
	}
	drive_close(&d);
	printf("races: %u pairs as expected\n", pairs);
}

static void check_target(const char *path)
{
	const struct cf_target *target = describe(path);
	struct drive d = drive_open(path);
	unsigned runs = 0;

	for (unsigned i = 0; target->variants[i].name != NULL; i++)
		if (target->variants[i].expect == NULL)
			runs += check_good(&d, target, i, GOOD);
	drive_close(&d);
	printf("races: %s: none in %u runs of good variants\n", path, runs);
}

int main(int argc, char **argv)
{
	static const char *const good[] = { "targets/queue", "targets/ring", "targets/spinlock",
					    "targets/boost-spsc", "targets/counted" };

	check_pairs();
	for (unsigned i = 0; argc < 2 && i < sizeof(good) / sizeof(good[0]); i++)
		check_target(good[i]);
	for (int i = 1; i < argc; i++)
		check_target(argv[i]);
	return 0;
}
