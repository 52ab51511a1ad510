/* SPDX-License-Identifier: Apache-2.0
 *
 * Infect events: wherever an actor is frozen the run goes on as if nothing had happened; and what a
 * careless injector does is seen.
 *
 *   freezes [rounds]    prints the rate of runs with a freeze in each
 */
#include "../freezer/inject/inject.h"
#include "drive.h"

struct tally {
	unsigned fired, moot;
};

static const struct cf_result *freeze(struct drive *d, unsigned actor, unsigned point, unsigned arg,
				      unsigned slip)
{
	d->control->plan.events = 0;
	drive_event(d, actor, point, CF_DO_INFECT, arg);
	d->control->plan.event[0].slip = slip;
	return drive_run(d, CF_RUN);
}

static unsigned freezes_in_trace(const struct drive *d)
{
	unsigned found = 0;

	for (uint32_t i = 0; i < d->control->result.steps; i++)
		found += d->control->trace[i].op == CF_OP_FREEZE;
	return found;
}

static const struct cf_result *freeze_unharmed(struct drive *d, unsigned actor, unsigned point,
					       unsigned arg)
{
	const struct cf_result *r = freeze(d, actor, point, arg, 0);

	CHECK(r->outcome == CF_PASSED, "actor %u point %u arg %#x: outcome %u %s: %s", actor, point,
	      arg, r->outcome, r->site, r->detail);
	return r;
}

static void freeze_here(struct drive *d, unsigned actor, unsigned point, unsigned arg,
			struct tally *tally)
{
	const struct cf_result *r = freeze_unharmed(d, actor, point, arg);
	uint64_t hash = r->hash;
	unsigned fired = r->fired[0].fate == CF_FIRED;

	CHECK(r->fired[0].fate != CF_UNREACHED, "actor %u point %u", actor, point);
	CHECK(freezes_in_trace(d) == fired, "actor %u point %u: the trace does not say so", actor,
	      point);
	r = freeze_unharmed(d, actor, point, arg);
	CHECK(r->hash == hash, "actor %u point %u arg %#x: another hash", actor, point, arg);
	tally->fired += fired;
	tally->moot += !fired;
}

static void default_params(struct drive *d, const int *params, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		d->control->plan.params[i] = params[i];
}

/* Of the target's calls so many block at least. */
static void check_everywhere(const char *target, const int *params, unsigned count,
			     unsigned blocking)
{
	struct drive d = drive_open(target);
	struct tally tally = { 0, 0 }, inside = { 0, 0 };
	unsigned actors, points[CF_MAX_ACTORS];

	default_params(&d, params, count);
	drive_run(&d, CF_RUN);
	actors = d.control->result.actors;
	for (unsigned i = 0; i < actors; i++)
		points[i] = d.control->result.actor_result[i].points;
	for (unsigned i = 0; i < actors; i++)
		for (unsigned point = 0; point < points[i]; point++)
			for (unsigned arg = 0; arg <= 3; arg++)
				freeze_here(&d, i, point, arg | arg * 3 << 8, &tally);
	/* Only the end of an actor is no place to return to. */
	CHECK(tally.fired >= tally.moot * 3, "%s: %u of %u", target, tally.fired, tally.moot);
	for (unsigned i = 0; i < actors; i++)
		for (unsigned point = 0; point < points[i]; point++)
			freeze_here(&d, i, point, 1 | CF_INSIDE << 8, &inside);
	CHECK(inside.fired >= blocking, "%s: inside %u calls, at least %u block", target,
	      inside.fired, blocking);
	printf("freezes: %s: frozen at %u places, not at %u, and inside %u calls\n", target,
	       tally.fired, tally.moot, inside.fired);
	drive_close(&d);
}

/* ---- each oracle fires ------------------------------------------------------------------------ */

static const struct {
	unsigned slip;
	enum cf_kind kind;
	const char *site;
	unsigned commands; /* beside the first */
} slips[] = {
	{ INJECT_X87_LOST | CF_BY_FORCE, CF_STATE_CHANGED, "freeze.x87" },
	{ INJECT_REGISTER_LOST | CF_BY_FORCE, CF_STATE_CHANGED, "freeze.registers" },
	{ INJECT_FLAGS_LOST | CF_BY_FORCE, CF_STATE_CHANGED, "freeze.flags" },
	{ INJECT_RED_ZONE | CF_BY_FORCE, CF_SAVED_DATA_MODIFIED, "freeze.red-zone" },
	{ INJECT_MASK_LOST | CF_BY_FORCE, CF_STATE_CHANGED, "freeze.signal-mask" },
	{ INJECT_CODE_LEFT | CF_BY_FORCE, CF_SAVED_DATA_MODIFIED, "freeze.code" },
	{ INJECT_MAPPING_LEFT | CF_BY_FORCE, CF_STATE_CHANGED, "freeze.mappings" },
	{ INJECT_FILES_LEFT | CF_BY_FORCE, CF_STATE_CHANGED, "freeze.descriptors" },
	{ INJECT_BREAKPOINT_LEFT | CF_BY_FORCE, CF_STATE_CHANGED, "freeze.breakpoints" },
	{ INJECT_FUSSY, CF_INVARIANT, "freeze.command", INJECT_LATE },
	{ INJECT_LINGERS, CF_HANG, "freeze.fini", INJECT_LATE },
};

static void check_slips(void)
{
	struct drive d = drive_open("test-targets/ten-points");

	for (unsigned i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
		const struct cf_result *r = freeze(&d, 1, 2, 1 + slips[i].commands, slips[i].slip);

		CHECK(r->outcome == CF_VIOLATED && r->kind == slips[i].kind &&
			      strcmp(r->site, slips[i].site) == 0,
		      "slip %#x: outcome %u kind %u %s: %s", slips[i].slip, r->outcome, r->kind,
		      r->site, r->detail);
		r = freeze(&d, 1, 2, 1, CF_BY_FORCE);
		CHECK(r->outcome == CF_PASSED, "after slip %#x: %u %s: %s", slips[i].slip,
		      r->outcome, r->site, r->detail);
	}
	drive_close(&d);
}

/* The first call of the first actor that blocks. */
static unsigned blocking_point(struct drive *d)
{
	unsigned point = 0;

	while (freeze(d, 0, point, CF_INSIDE << 8, 0)->fired[0].fate == CF_MOOT)
		point++;
	CHECK(d->control->result.fired[0].fate == CF_FIRED, "nothing blocks");
	return point;
}

static void check_slips_inside(void)
{
	static const struct {
		unsigned slip;
		const char *site;
	} inside[] = {
		{ INJECT_RESTART_LOST | CF_BY_FORCE, "freeze.registers" },
		{ CF_WAKE_UNASKED, "freeze.call" },
	};
	struct drive d = drive_open("test-targets/blocks");
	unsigned point = blocking_point(&d);

	for (unsigned i = 0; i < sizeof(inside) / sizeof(inside[0]); i++) {
		const struct cf_result *r =
			freeze(&d, 0, point, 1 | CF_INSIDE << 8, inside[i].slip);

		CHECK(r->outcome == CF_VIOLATED && r->kind == CF_STATE_CHANGED &&
			      strcmp(r->site, inside[i].site) == 0,
		      "slip %#x: outcome %u kind %u %s: %s", inside[i].slip, r->outcome, r->kind,
		      r->site, r->detail);
		r = freeze(&d, 0, point, 1 | CF_INSIDE << 8, CF_BY_FORCE);
		CHECK(r->outcome == CF_PASSED, "after slip %#x: %u %s: %s", inside[i].slip,
		      r->outcome, r->site, r->detail);
	}
	drive_close(&d);
}

/* A run that it dies in is nobody's finding; the next one has another freezer. */
static void check_freezer_dies(void)
{
	struct drive d = drive_open("test-targets/ten-points");
	const struct cf_result *r = freeze(&d, 0, 1, 1, 0);

	CHECK(r->outcome == CF_PASSED, "before: %s", r->detail);
	CHECK(kill(drive_youngest_child(d.executor), SIGKILL) == 0, "the freezer is killed");
	r = freeze(&d, 0, 1, 1, 0);
	CHECK(r->outcome == CF_PASSED ||
		      (r->outcome == CF_BROKEN && strstr(r->detail, "freezer") != NULL),
	      "it dies: outcome %u: %s", r->outcome, r->detail);
	r = freeze(&d, 0, 1, 1, 0);
	CHECK(r->outcome == CF_PASSED, "another one takes over: outcome %u: %s", r->outcome,
	      r->detail);
	drive_close(&d);
}

static void measure(int rounds)
{
	struct drive d = drive_open("test-targets/ten-points");
	double begin = drive_seconds();

	for (int i = 0; i < rounds; i++)
		CHECK(freeze(&d, i & 1, 2, 1, 0)->outcome == CF_PASSED, "round %d", i);
	printf("freezes: %.0f runs/s with a freeze in each\n", rounds / (drive_seconds() - begin));
	drive_close(&d);
}

int main(int argc, char **argv)
{
	static const int queue[] = { 1, 2, 2 }, mailbox[] = { 2 };

	check_everywhere("test-targets/ten-points", NULL, 0, 0);
	check_everywhere("targets/queue", queue, 3, 0);
	check_everywhere("targets/mailbox", mailbox, 1, 4);
	check_everywhere("test-targets/blocks", NULL, 0, 20);
	check_everywhere("test-targets/parts", NULL, 0, 5);
	check_slips();
	check_slips_inside();
	check_freezer_dies();
	measure(argc > 1 ? atoi(argv[1]) : 200);
	return 0;
}
