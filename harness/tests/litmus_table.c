/* SPDX-License-Identifier: Apache-2.0
 *
 * The verdict table of the memory models: each litmus test under each model, over every choice of
 * switches, stale reads and held stores. A relaxed outcome that a model allows must be reached; one
 * that it forbids must never appear. Spaces above LIMIT are sampled, and that is said.
 */
#include <dlfcn.h>
#include <sched.h>
#include <stdbool.h>

#include "drive.h"

enum { LIMIT = 8000, MAX_PLACES = 24 };

/* What can happen at one point: a switch to one of the others, and one memory event. */
struct place {
	uint8_t actor;
	uint16_t point;
	unsigned switches; /* other actors */
	unsigned memory; /* events to choose from, besides none */
	enum cf_do op;
};

struct space {
	unsigned actors, places;
	struct place place[MAX_PLACES];
	double size;
};

static const char *const models[] = { "sc", "x86", "weak" };
static const unsigned holds[] = { 1, 2, 9 };

static unsigned memory_events(uint8_t op, enum cf_memory model, enum cf_do *event)
{
	*event = CF_DO_NONE;
	if (op == CF_OP_LOAD && model == CF_WEAK) {
		*event = CF_DO_STALE;
		return 2;
	}
	if (op == CF_OP_STORE && model != CF_SC) {
		*event = CF_DO_HOLD;
		return sizeof(holds) / sizeof(holds[0]);
	}
	return 0;
}

/* The places are the points of the default run. */
static struct space explore(struct drive *d)
{
	const struct cf_result *result;
	struct space space = { .size = 1 };

	d->control->plan.events = 0;
	result = drive_run(d, CF_RUN);
	CHECK(result->outcome == CF_PASSED, "the default run: %s", result->detail);
	while (space.actors < result->actors && result->actor_result[space.actors].points > 1)
		space.actors++; /* threads beyond these only end */
	for (uint32_t i = 0; i < result->steps; i++) {
		const struct cf_step *step = &d->control->trace[i];
		struct place *place = &space.place[space.places];

		if (step->op != CF_OP_LOAD && step->op != CF_OP_STORE && step->op != CF_OP_FENCE &&
		    step->op != CF_OP_END)
			continue;
		if (step->actor >= space.actors)
			continue;
		CHECK(space.places < MAX_PLACES, "too many points");
		place->actor = step->actor;
		place->point = step->point;
		/* A switch before a fence is one before the access that follows. */
		place->switches = step->op == CF_OP_FENCE ? 0 : space.actors - 1;
		place->memory = memory_events(step->op, d->control->plan.memory, &place->op);
		space.size *= (place->switches + 1.0) * (place->memory + 1.0);
		space.places++;
	}
	return space;
}

static uint64_t state = 7;

static unsigned next(unsigned below)
{
	state = state * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned)((state >> 33) % below);
}

/* The choice with this number; sampled ones draw each place. */
static void choose(struct drive *d, const struct space *space, uint64_t number, bool sampled)
{
	d->control->plan.events = 0;
	for (unsigned i = 0; i < space->places; i++) {
		const struct place *place = &space->place[i];
		unsigned ways = (place->switches + 1) * (place->memory + 1);
		unsigned way = sampled ? next(ways) : (unsigned)(number % ways);
		unsigned to = way % (place->switches + 1), memory = way / (place->switches + 1);

		number /= ways;
		if (to > 0)
			drive_event(d, place->actor, place->point, CF_DO_SWITCH,
				    (place->actor + to) % space->actors);
		if (memory > 0)
			drive_event(d, place->actor, place->point, place->op,
				    place->op == CF_DO_HOLD ? holds[memory - 1] : memory);
	}
}

static int by_place(const void *a, const void *b)
{
	const struct cf_event *x = a, *y = b;

	return x->actor != y->actor ? x->actor - y->actor : (int)x->point - (int)y->point;
}

static int check_test(struct drive *d, unsigned variant, const struct cf_variant_spec *spec,
		      enum cf_memory model)
{
	bool allowed = spec->expect != NULL && model >= spec->memory, sampled, reached = false;
	struct space space;
	uint64_t runs;

	d->control->plan.variant = variant;
	d->control->plan.memory = model;
	space = explore(d);
	sampled = space.size > LIMIT;
	runs = sampled ? LIMIT : (uint64_t)space.size;
	for (uint64_t i = 0; i < runs && !reached; i++) {
		const struct cf_result *result;

		choose(d, &space, i, sampled);
		qsort(d->control->plan.event, d->control->plan.events, sizeof(struct cf_event),
		      by_place);
		result = drive_run(d, CF_RUN);
		CHECK(result->outcome == CF_PASSED || result->kind == CF_INVARIANT,
		      "%s under %s: %s", spec->name, models[model], result->detail);
		reached = result->outcome == CF_VIOLATED;
	}
	if (reached == allowed)
		return 0;
	fprintf(stderr, "%s under %s: %s, but it is %s (%s%.0f choices)\n", spec->name,
		models[model], reached ? "reached" : "never reached",
		allowed ? "allowed" : "forbidden", sampled ? "a sample of " : "", space.size);
	return 1;
}

int main(void)
{
	void *handle = dlopen("./test-targets/litmus.so", RTLD_NOW);
	const struct cf_target *target = handle != NULL ? dlsym(handle, "cryofuzz_target") : NULL;
	struct drive d;
	int wrong = 0;
	cpu_set_t one;

	CHECK(target != NULL, "litmus.so: %s", dlerror());
	CPU_ZERO(&one);
	CPU_SET(drive_cpu(),
		&one); /* where the executor is: that makes every run some times as fast */
	sched_setaffinity(0, sizeof(one), &one);
	d = drive_open("test-targets/litmus");
	for (unsigned i = 0; target->variants[i].name != NULL; i++)
		for (enum cf_memory model = CF_SC; model <= CF_WEAK; model++)
			wrong += check_test(&d, i, &target->variants[i], model);
	drive_close(&d);
	printf("litmus_table: %d wrong\n", wrong);
	return wrong != 0;
}
