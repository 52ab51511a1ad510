/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of scheduling: periods out of given switches and wake-ups, row by row; and of real runs, whose periods
 * must fit together and into the time that the run took. Where tracepoints can't be had, there are sums.
 */
#include <errno.h>
#include <stdbool.h>
#include <sys/mount.h>

#include "../executor/scheduling.h"
#include "drive.h"

enum { BEGAN = 1000, ENDED = 2000, A = 11, B = 12, TRIES = 20 };

static const pid_t pids[] = { A, B };

/* ---- given events ----------------------------------------------------------------------------------- */

#define SWITCH(time_, from_, state_, to_)                                                  \
	{                                                                                  \
		.time = (time_), .from = (from_), .to = (to_), .state = (state_), .cpu = 3 \
	}
#define WAKE(time_, to_)                                                  \
	{                                                                 \
		.time = (time_), .to = (to_), .wakes = true, .state = 'R' \
	}

static const struct row {
	const char *what;
	struct tp_event event[6];
	struct cf_period expected[3];
	uint32_t lost;
} rows[] = {
	{ "what came before the first switch is not known",
	  { SWITCH(1100, 0, 'R', A), SWITCH(1150, A, 'S', 0) },
	  { { .at = 150, .run = 50, .state = 'S' } } },
	{ "who is woken waits for a processor from then on",
	  { WAKE(1090, A), SWITCH(1100, 0, 'R', A), SWITCH(1150, A, 'S', 0) },
	  { { .at = 150, .delay = 10, .run = 50, .state = 'S' } } },
	{ "it waits since it left",
	  { SWITCH(1100, 0, 'R', A), SWITCH(1150, A, 'S', 0), WAKE(1200, A),
	    SWITCH(1230, 0, 'R', A), SWITCH(1240, A, 'D', 0) },
	  { { .at = 150, .run = 50, .state = 'S' },
	    { .at = 240, .wait = 80, .delay = 30, .run = 10, .state = 'D' } } },
	{ "who is pushed away could have gone on at once",
	  { SWITCH(1100, 0, 'R', A), SWITCH(1150, A, 'R', B), SWITCH(1170, B, 'S', A),
	    SWITCH(1180, A, 'X', 0) },
	  { { .at = 150, .run = 50, .state = 'R' },
	    { .at = 170, .run = 20, .actor = 1, .state = 'S' },
	    { .at = 180, .wait = 20, .delay = 20, .run = 10, .state = 'X' } } },
	{ "woken twice, or while it runs, it waits no longer for that",
	  { WAKE(1080, A), WAKE(1090, A), SWITCH(1100, 0, 'R', A), WAKE(1120, A),
	    SWITCH(1150, A, 'S', 0) },
	  { { .at = 150, .delay = 20, .run = 50, .state = 'S' } } },
	{ "who leaves without having come has come unseen",
	  { SWITCH(1100, 0, 'R', A), SWITCH(1150, A, 'S', 0), SWITCH(1200, A, 'S', 0),
	    SWITCH(1230, 0, 'R', A), SWITCH(1240, A, 'S', 0) },
	  { { .at = 150, .run = 50, .state = 'S' },
	    { .at = 240, .wait = 30, .run = 10, .state = 'S' } },
	  1 },
	{ "so has who was woken, and leaves",
	  { WAKE(1050, A), SWITCH(1100, A, 'S', 0) },
	  { { 0 } },
	  1 },
	{ "who comes twice has left unseen",
	  { SWITCH(1100, 0, 'R', A), SWITCH(1200, 0, 'R', A), SWITCH(1250, A, 'S', 0) },
	  { { .at = 250, .run = 50, .state = 'S' } },
	  1 },
	{ "who still runs has run until the end",
	  { SWITCH(1900, 0, 'R', B) },
	  { { .at = 1000, .run = 100, .actor = 1 } } },
	{ "others are none of its business",
	  { SWITCH(1100, 99, 'S', 98), WAKE(1100, 97), SWITCH(1200, A, 'S', 0) },
	  { { 0 } } },
};

static void check_row(const struct row *row)
{
	static struct cf_scheduling table;
	struct cf_scheduled sum[2] = { { 0 } };
	size_t count = 0, expected = 0;

	memset(&table, 0, sizeof(table));
	while (count < 6 && row->event[count].time > 0)
		count++;
	while (expected < 3 && row->expected[expected].run > 0)
		expected++;
	scheduling_fill(&table, pids, 2, row->event, count, BEGAN, ENDED);
	CHECK(table.periods == expected, "%s: %u periods", row->what, table.periods);
	for (size_t i = 0; i < expected; i++) {
		struct cf_period period = row->expected[i];

		period.cpu = 3;
		CHECK(memcmp(&table.entry[i], &period, sizeof(period)) == 0, "%s: period %zu",
		      row->what, i);
		sum[period.actor].wait += period.wait;
		sum[period.actor].delay += period.delay;
		sum[period.actor].run += period.run;
		sum[period.actor].periods++;
	}
	CHECK(memcmp(sum, table.sum, sizeof(sum)) == 0, "%s: the sums", row->what);
	CHECK(table.lost == row->lost, "%s: %u are lost", row->what, table.lost);
}

/* ---- real runs -------------------------------------------------------------------------------------- */

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void check_sums(const struct cf_scheduling *table, unsigned actors, uint64_t took)
{
	uint64_t run = 0;

	for (unsigned i = 0; i < actors; i++) {
		const struct cf_scheduled *sum = &table->sum[i];

		CHECK(sum->periods > 0 && sum->run > 0, "actor %u never ran", i);
		CHECK(sum->wait + sum->run <= took, "actor %u: more than the run took", i);
		run += sum->run;
	}
	CHECK(run <= took, "on one processor they ran longer than the run took");
}

static void check_periods(const struct cf_scheduling *table, uint64_t took)
{
	uint64_t left[CF_MAX_ACTORS] = { 0 };

	for (uint32_t i = 0; i < table->periods; i++) {
		const struct cf_period *period = &table->entry[i];

		CHECK(period->at <= took && period->run <= period->at, "period %u", i);
		CHECK(period->delay <= period->wait || period->wait == 0, "period %u: delay", i);
		CHECK(left[period->actor] == 0 ||
			      period->wait == period->at - period->run - left[period->actor],
		      "period %u does not follow the one before: actor %u, wait %llu, at %llu, run "
		      "%llu, left %llu",
		      i, period->actor, (unsigned long long)period->wait,
		      (unsigned long long)period->at, (unsigned long long)period->run,
		      (unsigned long long)left[period->actor]);
		left[period->actor] = period->at;
	}
}

static void check_schedstat(const struct cf_scheduling *table, const char *of)
{
	CHECK(table->source == CF_SCHEDULING_SCHEDSTAT && table->why[0] != '\0' &&
		      table->sum[0].run > 0 && table->sum[1].run > 0 && table->periods == 0,
	      "%s: neither table nor sums: %s", of, table->why);
	printf("scheduling: of %s by schedstat only: %s\n", of, table->why);
}

static uint64_t run_once(struct drive *d)
{
	uint64_t began = now_ns();
	const struct cf_result *r = drive_run(d, CF_RUN);

	CHECK(r->outcome == CF_PASSED && r->carrier == CF_CARRIER_PROCESS, "%s", r->detail);
	return now_ns() - began;
}

/* Each hand-over of the token puts one actor to sleep. Of a run in which the kernel kept something to itself only that
 * is known. */
static void check_runs(void)
{
	struct drive d = drive_open("test-targets/ten-points");
	const struct cf_scheduling *table = &d.control->scheduling;
	uint64_t took;

	d.control->plan.flags = CF_PLAN_SCHEDULING;
	drive_event(&d, 0, 2, CF_DO_SWITCH, 1);
	drive_event(&d, 0, 4, CF_DO_SWITCH, 1);
	took = run_once(&d);
	for (int tries = 1; tries < TRIES && table->lost > 0; tries++)
		took = run_once(&d);
	if (table->source == CF_SCHEDULING_TRACEPOINTS) {
		check_sums(table, 2, took);
		check_periods(table, took);
		CHECK(table->sum[0].periods >= 2 && table->lost == 0 && table->more == 0,
		      "%u periods, %u lost", table->sum[0].periods, table->lost);
	} else {
		check_schedstat(table, "runs");
	}
	drive_close(&d);
}

/* Who has ended by itself is there until it was asked. */
static void check_native_sums(void)
{
	struct drive d = drive_open_on(UINT32_MAX, "test-targets/uncontrolled");

	d.control->plan.flags = CF_PLAN_SCHEDULING;
	d.control->mailbox.budget = 2000;
	CHECK(drive_run(&d, CF_NATIVE)->outcome == CF_PASSED, "%s", d.control->result.detail);
	check_schedstat(&d.control->scheduling, "native runs");
	drive_close(&d);
}

/* In a pid namespace, as in a container. */
static void run_contained(void)
{
	pid_t child;
	int status;

	if (unshare(CLONE_NEWPID | CLONE_NEWNS) < 0) {
		printf("scheduling: no namespaces here: %s\n", strerror(errno));
		return;
	}
	child = fork();
	if (child == 0) {
		CHECK(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
			      mount("proc", "/proc", "proc", 0, NULL) == 0,
		      "set-up");
		check_runs();
		check_native_sums();
		fflush(stdout);
		_exit(0); /* a leak sanitizer can't look around in there */
	}
	CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0, "in a container");
}

/* Whoever has made such a namespace can have no other children. */
static void check_container(void)
{
	pid_t child;
	int status;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		run_contained();
		fflush(stdout);
		_exit(0);
	}
	CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0, "in a container");
}

static void check_not_asked(void)
{
	struct drive d = drive_open("test-targets/ten-points");

	drive_run(&d, CF_RUN);
	CHECK(d.control->scheduling.source == CF_SCHEDULING_NONE &&
		      d.control->scheduling.sum[0].pid == 0,
	      "nobody has asked for it");
	d.control->plan.flags = CF_PLAN_SCHEDULING;
	d.control->plan.carrier = CF_CARRIER_FIBER;
	CHECK(drive_run(&d, CF_RUN)->outcome == CF_UNSUPPORTED, "fibers are no processes");
	drive_close(&d);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&rows[i]);
	check_runs();
	check_not_asked();
	check_container();
	return 0;
}
