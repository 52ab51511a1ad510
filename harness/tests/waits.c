/* SPDX-License-Identifier: Apache-2.0
 *
 * Waits for a signal, a child, or a descriptor by epoll: who waits for nobody is told what for, what a
 * signal does to a wait is what the kernel does, and a child that nobody controls may end while its parent
 * is frozen.
 */
#include <stdbool.h>

#include "drive.h"

static const struct {
	const char *target;
	unsigned variant;
	enum cf_outcome outcome;
	enum cf_kind kind;
	const char *detail;
} expectations[] = {
	{ "unheard", 0, CF_VIOLATED, CF_DEADLOCK, "left waits in epoll_wait on channel line;" },
	{ "unheard", 1, CF_VIOLATED, CF_DEADLOCK, "left waits in sigsuspend for a signal;" },
	{ "unheard", 2, CF_VIOLATED, CF_DEADLOCK, "left waits in pause for a signal;" },
	{ "unheard", 3, CF_UNSUPPORTED, CF_NO_KIND, "an actor that does not have it blocked" },
	{ "unheard", 4, CF_UNSUPPORTED, CF_NO_KIND, "a signal to a group of processes" },
	{ "reaps", 0, CF_PASSED, CF_NO_KIND, "" },
	{ "reaps", 1, CF_VIOLATED, CF_HANG, "waitpid waits without a time-out" },
	{ "signals", 0, CF_PASSED, CF_NO_KIND, "" },
	{ "signals", 1, CF_VIOLATED, CF_DEADLOCK, "left waits in waitpid for a child" },
	{ "signals", 2, CF_PASSED, CF_NO_KIND, "" },
	{ "signals", 3, CF_PASSED, CF_NO_KIND, "" },
	{ "signals", 4, CF_PASSED, CF_NO_KIND, "" },
	{ "signals", 5, CF_PASSED, CF_NO_KIND, "" },
	{ "signals", 6, CF_UNSUPPORTED, CF_NO_KIND, "is in a call that is not known to be ended" },
	{ "signals", 7, CF_PASSED, CF_NO_KIND, "" },
	{ "signals", 8, CF_PASSED, CF_NO_KIND, "" },
};

static void check_told(unsigned i)
{
	struct drive d;
	char path[64];
	uint64_t hash = 0;

	snprintf(path, sizeof(path), "test-targets/%s", expectations[i].target);
	d = drive_open(path);
	for (unsigned round = 0; round < 2; round++) {
		const struct cf_result *r;

		d.control->plan.variant = expectations[i].variant;
		r = drive_run(&d, CF_RUN);
		CHECK(r->outcome == expectations[i].outcome && r->kind == expectations[i].kind &&
			      strstr(r->detail, expectations[i].detail) != NULL,
		      "%u: outcome %u kind %u %s: %s", i, r->outcome, r->kind, r->site, r->detail);
		CHECK(round == 0 || r->hash == hash, "%u: another hash", i);
		hash = r->hash;
	}
	drive_close(&d);
}

/* Time passes for an alarm that is set, once, wherever its actor is; the time left is what it is without. */
static void check_rings(void)
{
	struct drive d = drive_open("test-targets/signals");
	unsigned rung = 0, moot = 0, points = 1;

	for (unsigned point = 0; point < points; point++) {
		const struct cf_result *r;
		bool fired;

		d.control->plan = (struct cf_plan){ .budget = DRIVE_BUDGET, .variant = 8 };
		drive_event(&d, 0, point, CF_DO_EXPIRE, 0);
		r = drive_run(&d, CF_RUN);
		fired = r->fired[0].fate == CF_FIRED;
		CHECK(r->outcome == CF_PASSED && r->fired[0].fate != CF_UNREACHED &&
			      strcmp(r->outcome_text,
				     fired ? "heard=1 left=0" : "heard=0 left=2") == 0,
		      "point %u: fate %u, %s", point, r->fired[0].fate, r->outcome_text);
		points = r->actor_result[0].points;
		rung += fired;
		moot += !fired;
	}
	CHECK(rung >= 4 && moot > 0, "it rang at %u points of %u", rung, points);
	drive_close(&d);
}

/* The only point of the parent is its waitpid, besides its end. */
static void check_frozen(enum cf_do op, unsigned arg)
{
	struct drive d = drive_open("test-targets/reaps");
	const struct cf_result *r;

	drive_event(&d, 0, 0, op, arg | CF_INSIDE << 8);
	r = drive_run(&d, CF_RUN);
	if (r->outcome == CF_UNSUPPORTED)
		printf("waits: not inside waitpid: %s\n", r->detail);
	else
		CHECK(r->outcome == CF_PASSED && r->fired[0].fate == CF_FIRED,
		      "do %u: outcome %u %s: %s, fate %u", op, r->outcome, r->site, r->detail,
		      r->fired[0].fate);
	drive_close(&d);
}

/* In its call, and again when that is over. */
static void check_frozen_twice(void)
{
	struct drive d = drive_open("test-targets/reaps");
	const struct cf_result *r;

	drive_event(&d, 0, 0, CF_DO_INFECT, 1 | CF_INSIDE << 8);
	drive_event(&d, 0, 0, CF_DO_STOP, CF_STOP_SIGNAL);
	r = drive_run(&d, CF_RUN);
	if (r->outcome == CF_UNSUPPORTED)
		printf("waits: not twice: %s\n", r->detail);
	else
		CHECK(r->outcome == CF_PASSED && r->fired[0].fate == CF_FIRED &&
			      r->fired[1].fate == CF_FIRED,
		      "outcome %u %s: %s, fates %u %u", r->outcome, r->site, r->detail,
		      r->fired[0].fate, r->fired[1].fate);
	drive_close(&d);
}

int main(void)
{
	unsigned count = sizeof(expectations) / sizeof(expectations[0]);

	for (unsigned i = 0; i < count; i++)
		check_told(i);
	check_rings();
	check_frozen(CF_DO_INFECT, 2);
	check_frozen(CF_DO_STOP, CF_STOP_SIGNAL);
	check_frozen(CF_DO_STOP, CF_STOP_CGROUP);
	check_frozen_twice();
#ifndef __SANITIZE_ADDRESS__ /* as in checkpoints.c */
	check_frozen(CF_DO_CHECKPOINT, 0);
#endif
	printf("waits: %u told what for, frozen while a child ends\n", count);
	return 0;
}
