/* SPDX-License-Identifier: Apache-2.0
 *
 * Fault events: at every point of two actors that make all calls that can fail. A careful program
 * survives them all, in the same way each time; a careless one is told exactly what the event says.
 */
#include <errno.h>
#include <stdbool.h>

#include "drive.h"

enum { CAREFUL, CARELESS, ACTORS = 2, POINTS = 64 };

static const struct fault {
	enum cf_do op;
	unsigned arg;
	unsigned least; /* places of both actors where it can happen at least */
	const char *careless; /* what a careless one sees somewhere, or NULL */
} faults[] = {
	{ CF_DO_FAIL, EINTR, 18, "error 4" },    { CF_DO_FAIL, ENOMEM, 6, "error 12" },
	{ CF_DO_FAIL, ENOBUFS, 2, "error 105" }, { CF_DO_FAIL, ECONNRESET, 4, "error 104" },
	{ CF_DO_FAIL, EPIPE, 2, "error 32" },    { CF_DO_FAIL, EIO, 4, "error 5" },
	{ CF_DO_FAIL, ENOSPC, 4, "error 28" },   { CF_DO_SHORT, 5, 10, "5, error 0" },
	{ CF_DO_SHORT, BUFSIZ, 0, NULL },        { CF_DO_EXPIRE, 0, 7, "poll: 0" },
	{ CF_DO_SIGNAL, SIGUSR1, 20, NULL },     { CF_DO_SIGNAL, SIGTERM, 20, NULL },
	{ CF_DO_SIGNAL, SIGCHLD, 20, NULL },     { CF_DO_KILL, 0, 20, NULL },
};

static const struct cf_result *strike(struct drive *d, const struct fault *fault, unsigned actor,
				      unsigned point)
{
	d->control->plan.events = 0;
	drive_event(d, actor, point, fault->op, fault->arg);
	return drive_run(d, CF_RUN);
}

static bool fired(const struct cf_result *r)
{
	return r->fired[0].fate == CF_FIRED;
}

static unsigned careful(struct drive *d, const struct fault *fault, unsigned actor, unsigned point)
{
	const struct cf_result *r = strike(d, fault, actor, point);
	uint64_t hash = r->hash;
	bool done = fired(r);

	CHECK(r->outcome == CF_PASSED, "do %u arg %u actor %u point %u: outcome %u %s: %s",
	      fault->op, fault->arg, actor, point, r->outcome, r->site, r->detail);
	r = strike(d, fault, actor, point);
	CHECK(r->hash == hash, "do %u arg %u actor %u point %u: another hash", fault->op,
	      fault->arg, actor, point);
	return done;
}

static unsigned points_of(struct drive *d, unsigned actor)
{
	const struct cf_result *r;

	d->control->plan.events = 0;
	r = drive_run(d, CF_RUN);
	CHECK(r->outcome == CF_PASSED, "the default run: %s: %s", r->site, r->detail);
	CHECK(r->actor_result[actor].points <= POINTS, "%u points", r->actor_result[actor].points);
	return r->actor_result[actor].points;
}

static void check_careful(struct drive *d, const struct fault *fault)
{
	unsigned places = 0;

	d->control->plan.variant = CAREFUL;
	for (unsigned actor = 0; actor < ACTORS; actor++)
		for (unsigned point = 0, end = points_of(d, actor); point < end; point++)
			places += careful(d, fault, actor, point);
	CHECK(places >= fault->least && (fault->least || !places),
	      "do %u arg %u: at %u places, expected %u", fault->op, fault->arg, places,
	      fault->least);
}

/* Somewhere it sees what the event says, and nowhere anything if that is nothing. */
static void check_careless(struct drive *d, const struct fault *fault)
{
	unsigned seen = 0;

	d->control->plan.variant = CARELESS;
	for (unsigned actor = 0; actor < ACTORS; actor++)
		for (unsigned point = 0, end = points_of(d, actor); point < end; point++) {
			const struct cf_result *r = strike(d, fault, actor, point);

			seen += r->outcome == CF_VIOLATED && fault->careless != NULL &&
				strstr(r->detail, fault->careless) != NULL;
		}
	CHECK(seen > 0 || fault->careless == NULL, "do %u arg %u: nobody sees it", fault->op,
	      fault->arg);
}

/* Death by a signal is a finding unless an event has sent that very signal. */
static void check_death_without_event(void)
{
	struct drive d = drive_open("test-targets/crash");
	const struct cf_result *r = drive_run(&d, CF_RUN);

	CHECK(r->outcome == CF_VIOLATED && r->kind == CF_CRASH, "outcome %u: %s", r->outcome,
	      r->detail);
	drive_close(&d);
}

int main(void)
{
	struct drive d = drive_open("test-targets/survives");
	unsigned count = sizeof(faults) / sizeof(faults[0]);

	for (unsigned i = 0; i < count; i++) {
		check_careful(&d, &faults[i]);
		check_careless(&d, &faults[i]);
	}
	drive_close(&d);
	check_death_without_event();
	printf("faults: %u kinds, each survived by the careful one\n", count);
	return 0;
}
