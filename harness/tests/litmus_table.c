/* SPDX-License-Identifier: Apache-2.0
 *
 * The verdict table of the memory models: each litmus test under each model, over every order of its
 * accesses, and with each of them every choice of stale reads, held and early stores that can make a
 * difference, to the end. A relaxed outcome that a model allows must be reached, one that it forbids must never appear,
 * and there must be as many different outcomes as there are.
 *
 *   litmus_table [-v]     -v: says how many runs each took
 */
#include <dlfcn.h>
#include <sched.h>
#include <stdbool.h>

#include "drive.h"

enum { MAX_PLACES = 24, MAX_TURNS = 24 };
enum { THREADS, COUNT }; /* parameters of the target */

/* As the target has it; see its struct ledger. */
struct ledger {
	uint64_t r[4];
	unsigned distinct, relaxed;
};

/* Memory events to choose from at one point, besides none. */
struct place {
	uint8_t actor;
	uint16_t point;
	unsigned ways;
	struct {
		enum cf_do op;
		unsigned arg;
	} way[MAX_PLACES];
};

/* What an actor does in its turns: it comes to its first point, if a store may be early there; its
 * accesses; its end, if a store may be held beyond that. The first actor is where it begins anyway. */
struct turns {
	unsigned count;
	uint16_t next[MAX_TURNS]; /* where it gives the token away after that */
};

struct space {
	unsigned actors, places;
	struct turns turns[CF_MAX_ACTORS];
	struct place place[MAX_PLACES];
	uint64_t size; /* choices of memory events */
};

/* An order of all turns: actors. */
struct order {
	unsigned length;
	uint8_t actor[MAX_TURNS];
};

static const char *const models[] = { "sc", "x86", "weak", "weak-early" };
static void (*describe)(unsigned variant, unsigned *threads, unsigned *outcomes);
static bool verbose;

static bool is_access(const struct cf_step *step)
{
	return step->op == CF_OP_LOAD || step->op == CF_OP_STORE || step->op == CF_OP_RMW;
}

static void add_way(struct place *place, enum cf_do op, unsigned arg)
{
	CHECK(place->ways < MAX_PLACES, "too many ways");
	place->way[place->ways].op = op;
	place->way[place->ways++].arg = arg;
}

/* As many versions back as the others may have stored there. */
static void add_stale(struct place *place, const struct drive *d, const struct cf_step *load)
{
	unsigned back = 0;

	for (uint32_t i = 0; i < d->control->result.steps; i++) {
		const struct cf_step *step = &d->control->trace[i];

		if (is_access(step) && step->op != CF_OP_LOAD && step->actor != load->actor &&
		    step->address == load->address)
			add_way(place, CF_DO_STALE, ++back);
	}
}

/* Later stores of the actor. */
static void add_early(struct place *place, const struct drive *d, const struct cf_step *load)
{
	for (uint32_t i = 0; i < d->control->result.steps; i++) {
		const struct cf_step *step = &d->control->trace[i];

		if (step->op == CF_OP_STORE && step->actor == load->actor &&
		    step->point > load->point)
			add_way(place, CF_DO_EARLY, step->point - load->point);
	}
}

/* Until each later point but the next, where nobody could have seen it, and beyond the last; a store that
 * is its actor's last act is late enough by itself. */
static void add_hold(struct place *place, const struct drive *d, const struct cf_step *store)
{
	unsigned points = d->control->result.actor_result[store->actor].points;

	if (store->point + 2u < points)
		for (unsigned ahead = 2; store->point + ahead <= points; ahead++)
			add_way(place, CF_DO_HOLD, ahead);
}

static void add_turn(struct turns *turns, unsigned next)
{
	if (turns->count > 0 && turns->next[turns->count - 1] == next)
		return; /* another step of the same access */
	CHECK(turns->count < MAX_TURNS, "too many accesses");
	turns->next[turns->count++] = (uint16_t)next;
}

static void add_place(struct space *space, const struct drive *d, const struct cf_step *step)
{
	enum cf_memory model = (enum cf_memory)d->control->plan.memory;
	struct place *place = &space->place[space->places];

	*place = (struct place){ .actor = step->actor, .point = step->point };
	if (step->op == CF_OP_LOAD && model >= CF_WEAK)
		add_stale(place, d, step);
	if (step->op == CF_OP_LOAD && model >= CF_WEAK_EARLY)
		add_early(place, d, step);
	if (step->op == CF_OP_STORE && model >= CF_X86)
		add_hold(place, d, step);
	space->places += place->ways > 0;
	CHECK(space->places < MAX_PLACES, "too many points");
	space->size *= 1 + place->ways;
}

static bool has(const struct space *space, unsigned actor, enum cf_do op)
{
	for (unsigned i = 0; i < space->places; i++)
		for (unsigned j = 0; j < space->place[i].ways; j++)
			if (space->place[i].actor == actor && space->place[i].way[j].op == op)
				return true;
	return false;
}

static void add_turns(struct space *space, const struct drive *d, unsigned actor)
{
	const struct cf_result *result = &d->control->result;
	struct turns *turns = &space->turns[actor];

	if (actor > 0 && has(space, actor, CF_DO_EARLY))
		add_turn(turns, 0);
	for (uint32_t i = 0; i < result->steps; i++)
		if (d->control->trace[i].actor == actor && is_access(&d->control->trace[i]))
			add_turn(turns, d->control->trace[i].point + 1u);
	if (has(space, actor, CF_DO_HOLD))
		add_turn(turns, result->actor_result[actor].points);
}

/* The places are the accesses of the default run. */
static struct space explore(struct drive *d)
{
	struct space space = { .size = 1 };
	const struct cf_result *result;

	d->control->plan.events = 0;
	result = drive_run(d, CF_RUN);
	CHECK(result->outcome == CF_PASSED, "the default run: %s", result->detail);
	space.actors = result->actors;
	for (uint32_t i = 0; i < result->steps; i++)
		if (is_access(&d->control->trace[i]))
			add_place(&space, d, &d->control->trace[i]);
	for (unsigned i = 0; i < space.actors; i++)
		add_turns(&space, d, i);
	return space;
}

static int by_place(const void *a, const void *b)
{
	const struct cf_event *x = a, *y = b;

	return x->actor != y->actor ? x->actor - y->actor : (int)x->point - (int)y->point;
}

/* The memory events with this number. */
static void choose(struct drive *d, const struct space *space, uint64_t number)
{
	for (unsigned i = 0; i < space->places; i++) {
		const struct place *place = &space->place[i];
		unsigned way = (unsigned)(number % (place->ways + 1));

		number /= place->ways + 1;
		if (way > 0)
			drive_event(d, place->actor, place->point, place->way[way - 1].op,
				    place->way[way - 1].arg);
	}
}

/* Whoever has had its turn gives the token away at its next point; the first one has it. */
static void arrange(struct drive *d, const struct space *space, const struct order *order)
{
	unsigned done[CF_MAX_ACTORS] = { 0 };

	if (order->actor[0] != 0)
		drive_event(d, 0, 0, CF_DO_SWITCH, order->actor[0]);
	for (unsigned i = 0; i + 1 < order->length; i++) {
		unsigned actor = order->actor[i], to = order->actor[i + 1];
		unsigned turn = done[actor]++;

		if (to != actor)
			drive_event(d, actor, space->turns[actor].next[turn], CF_DO_SWITCH, to);
	}
}

struct verdict {
	bool reached;
	unsigned distinct; /* outcomes, if they are counted */
	uint64_t runs;
};

static void run_all_choices(struct drive *d, const struct space *space, const struct order *order,
			    struct verdict *verdict)
{
	struct cf_plan *plan = &d->control->plan;

	for (uint64_t i = 0; i < space->size && !verdict->reached; i++) {
		const struct cf_result *result;

		plan->events = 0;
		choose(d, space, i);
		arrange(d, space, order);
		qsort(plan->event, plan->events, sizeof(plan->event[0]), by_place);
		result = drive_run(d, CF_RUN);
		verdict->runs++;
		CHECK(result->outcome == CF_PASSED || result->kind == CF_INVARIANT, "%s",
		      result->detail);
		verdict->reached = result->outcome == CF_VIOLATED;
	}
}

static void run_all_orders(struct drive *d, const struct space *space, struct order *order,
			   struct verdict *verdict)
{
	unsigned taken[CF_MAX_ACTORS] = { 0 };
	bool complete = true;

	for (unsigned i = 0; i < order->length; i++)
		taken[order->actor[i]]++;
	for (unsigned actor = 0; actor < space->actors; actor++) {
		if (taken[actor] == space->turns[actor].count)
			continue;
		complete = false;
		order->actor[order->length++] = (uint8_t)actor;
		run_all_orders(d, space, order, verdict);
		order->length--;
	}
	if (complete)
		run_all_choices(d, space, order, verdict);
}

/* If outcomes are not counted, until the first run that fails. */
static struct verdict enumerate(struct drive *d)
{
	const struct ledger *ledger = (const struct ledger *)d->control->ledger;
	struct space space = explore(d);
	struct verdict verdict = { 0 };
	struct order order = { 0 };

	run_all_orders(d, &space, &order, &verdict);
	if (d->control->plan.params[COUNT]) {
		verdict.distinct = ledger->distinct;
		verdict.reached = ledger->relaxed;
	}
	return verdict;
}

/* What is allowed besides where plain and volatile loads of one word are in no order. */
static bool is_of_unordered_loads(const char *name)
{
	return strcmp(name, "corr-volatile") == 0;
}

static int check_test(struct drive *d, unsigned variant, const struct cf_variant_spec *spec,
		      enum cf_memory model, uint32_t flags)
{
	static int counted;
	unsigned threads, outcomes;
	bool allowed = spec->expect != NULL ? model >= spec->memory
					    : flags && is_of_unordered_loads(spec->name);
	unsigned expected;
	struct verdict verdict;

	describe(variant, &threads, &outcomes);
	expected = outcomes > 0 ? outcomes - !allowed : 0;
	d->control->plan = (struct cf_plan){ .budget = DRIVE_BUDGET,
					     .variant = variant,
					     .memory = model,
					     .flags = flags,
					     .params = { threads, outcomes > 0 ? ++counted : 0 } };
	verdict = enumerate(d);
	if (verbose)
		printf("%-24s %-10s%s %s %2u outcomes, %llu runs\n", spec->name, models[model],
		       flags ? " unordered loads" : "", verdict.reached ? "reached" : "never  ",
		       verdict.distinct, (unsigned long long)verdict.runs);
	if (verdict.reached == allowed && verdict.distinct == expected)
		return 0;
	fprintf(stderr, "%s under %s: %s, but it is %s; %u outcomes of %u\n", spec->name,
		models[model], verdict.reached ? "reached" : "never reached",
		allowed ? "allowed" : "forbidden", verdict.distinct, expected);
	return 1;
}

int main(int argc, char **argv)
{
	void *handle = dlopen("./litmus/litmus.so", RTLD_NOW);
	const struct cf_target *target = handle != NULL ? dlsym(handle, "cryofuzz_target") : NULL;
	struct drive d;
	int wrong = 0;
	cpu_set_t one;

	verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
	CHECK(target != NULL, "litmus.so: %s", dlerror());
	*(void **)&describe = dlsym(handle, "litmus_describe");
	CHECK(describe != NULL, "litmus.so: %s", dlerror());
	CPU_ZERO(&one);
	CPU_SET(drive_cpu(),
		&one); /* where the executor is: that makes every run some times as fast */
	sched_setaffinity(0, sizeof(one), &one);
	d = drive_open("litmus/litmus");
	for (unsigned i = 0; target->variants[i].name != NULL; i++) {
		const struct cf_variant_spec *spec = &target->variants[i];

		for (enum cf_memory model = CF_SC; model <= CF_WEAK_EARLY; model++)
			wrong += check_test(&d, i, spec, model, 0);
		wrong += check_test(&d, i, spec, CF_WEAK, CF_PLAN_UNORDERED_LOADS);
	}
	drive_close(&d);
	printf("litmus_table: %d wrong\n", wrong);
	return wrong != 0;
}
