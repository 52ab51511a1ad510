/* SPDX-License-Identifier: Apache-2.0
 *
 * Threads that a target creates: whatever comes in between, all is done once they are joined, in the same
 * way on both carriers; who does not wait for them finds them at work. What can't be had is said.
 */
#include <stdbool.h>

#include "drive.h"

static const struct {
	enum cf_outcome outcome;
	enum cf_kind kind;
	const char *site;
	const char *detail; /* part of it */
} expectations[] = {
	{ CF_PASSED, CF_NO_KIND, "", "" },
	{ CF_VIOLATED, CF_INVARIANT, "threads.sum", "the sum: 0, not 6" },
	{ CF_VIOLATED, CF_DEADLOCK, "threads.main",
	  "main waits for the end of thread0; thread0 waits for mutex [0] held by main" },
	{ CF_UNSUPPORTED, CF_NO_KIND, "", "more threads than it has actors" },
	{ CF_UNSUPPORTED, CF_NO_KIND, "", "a thread's argument points to" },
	{ CF_UNSUPPORTED, CF_NO_KIND, "", "a thread's argument points to" },
	{ CF_UNSUPPORTED, CF_NO_KIND, "", "static data has changed" },
	{ CF_VIOLATED, CF_INVARIANT, "pthread_join", "detached, or was joined before" },
	{ CF_VIOLATED, CF_INVARIANT, "pthread_join", "detached, or was joined before" },
	{ CF_PASSED, CF_NO_KIND, "", "" },
	{ CF_UNSUPPORTED, CF_NO_KIND, "", "calls pthread_key_create, of which" },
	{ CF_UNSUPPORTED, CF_NO_KIND, "", "calls pthread_cancel, of which" },
	{ CF_UNSUPPORTED, CF_NO_KIND, "", "calls tss_create, of which" },
	{ CF_PASSED, CF_NO_KIND, "", "" },
};

enum { JOINED = 0, TOLD_LATE = 13, THREADS = 3 };

static struct cf_result run_on(struct drive *d, enum cf_carrier carrier)
{
	d->control->plan.carrier = carrier;
	return *drive_run(d, CF_RUN);
}

static void check_said(struct drive *d, unsigned variant)
{
	struct cf_result r = run_on(d, CF_CARRIER_PROCESS);
	uint64_t hash = r.hash;

	CHECK(r.outcome == expectations[variant].outcome && r.kind == expectations[variant].kind &&
		      strcmp(r.site, expectations[variant].site) == 0 &&
		      strstr(r.detail, expectations[variant].detail) != NULL,
	      "variant %u: outcome %u kind %u %s: %s", variant, r.outcome, r.kind, r.site,
	      r.detail);
	for (unsigned i = 0; i < 2; i++) {
		r = run_on(d, CF_CARRIER_FIBER);
		CHECK(r.hash == hash, "variant %u: another trace on fibers: %s", variant, r.detail);
	}
}

/* Each switch alone, and each stale load. */
static void check_disturbed(struct drive *d)
{
	struct cf_result all = run_on(d, CF_CARRIER_FIBER);

	d->control->plan.memory = CF_WEAK;
	for (unsigned actor = 0; actor <= THREADS; actor++)
		for (unsigned point = 0; point < all.actor_result[actor].points; point++)
			for (unsigned to = 0; to <= THREADS + 1; to++) {
				struct cf_result r;

				d->control->plan.events = 0;
				drive_event(d, actor, point,
					    to > THREADS ? CF_DO_STALE : CF_DO_SWITCH,
					    to > THREADS ? 1 : to);
				r = run_on(d, CF_CARRIER_FIBER);
				CHECK(r.outcome == CF_PASSED, "actor %u point %u to %u: %s: %s",
				      actor, point, to, r.site, r.detail);
			}
	d->control->plan.events = 0;
}

/* What one does before it creates another, and that one until it has been joined, is in order. */
static void check_races(struct drive *d)
{
	const struct cf_result *r;

	d->control->plan.memory = CF_SC;
	d->control->plan.flags = CF_PLAN_RACES;
	for (unsigned variant = JOINED; variant <= TOLD_LATE; variant += TOLD_LATE) {
		d->control->plan.variant = variant;
		r = drive_run(d, CF_RUN);
		CHECK(variant == JOINED ? r->outcome == CF_PASSED : r->kind == CF_DATA_RACE,
		      "variant %u: outcome %u %s: %s", variant, r->outcome, r->site, r->detail);
	}
}

int main(void)
{
	struct drive d = drive_open("test-targets/threads");
	unsigned count = sizeof(expectations) / sizeof(expectations[0]);

	d.control->plan.params[0] = THREADS;
	for (unsigned variant = 0; variant < count; variant++) {
		d.control->plan.variant = variant;
		check_said(&d, variant);
	}
	d.control->plan.variant = JOINED;
	check_disturbed(&d);
	check_races(&d);
	drive_close(&d);
	printf("threads: %u sayings\n", count);
	return 0;
}
