/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of scheduling: periods out of given switches and wake-ups, row by row; of real runs, whose periods
 * must fit together and into the time that the run took; and the same run as perf sched timehist tells it.
 */
#include <errno.h>
#include <stdbool.h>
#include <sys/mount.h>

#include "../executor/scheduling.h"
#include "drive.h"

enum { BEGAN = 1000, ENDED = 2000, A = 11, B = 12 };

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
		      "period %u does not follow the one before", i);
		left[period->actor] = period->at;
	}
}

/* Each hand-over of the token puts one actor to sleep. True if the tracepoints told so. */
static bool check_runs(void)
{
	struct drive d = drive_open("test-targets/ten-points");
	const struct cf_scheduling *table = &d.control->scheduling;
	const struct cf_result *r;
	uint64_t began = now_ns();
	bool traced;

	d.control->plan.flags = CF_PLAN_SCHEDULING;
	drive_event(&d, 0, 2, CF_DO_SWITCH, 1);
	drive_event(&d, 0, 4, CF_DO_SWITCH, 1);
	r = drive_run(&d, CF_RUN);
	CHECK(r->outcome == CF_PASSED && r->carrier == CF_CARRIER_PROCESS, "%s", r->detail);
	traced = table->source == CF_SCHEDULING_TRACEPOINTS;
	if (traced) {
		check_sums(table, r->actors, now_ns() - began);
		check_periods(table, now_ns() - began);
		CHECK(table->sum[0].periods >= 2 && table->lost == 0 && table->more == 0,
		      "%u periods, %u lost", table->sum[0].periods, table->lost);
	} else {
		CHECK(table->source == CF_SCHEDULING_SCHEDSTAT && table->why[0] != '\0' &&
			      table->sum[0].run > 0 && table->periods == 0,
		      "neither table nor sums: %s", table->why);
		printf("scheduling: by schedstat only: %s\n", table->why);
	}
	drive_close(&d);
	return traced;
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

/* ---- as perf sees it -------------------------------------------------------------------------------- */

enum { HAND_OVERS = 20, ROWS = 4096, NEAR_NS = 30000, TRIES = 5 };

/* Of one process, in ms as perf prints them. */
struct perf_row {
	int pid;
	double wait, delay, run;
};

/* In a process of its own, which perf records: "pid wait delay run state" of each period, in ns. */
static int print_periods(void)
{
	struct drive d = drive_open("test-targets/ten-points");
	const struct cf_scheduling *table = &d.control->scheduling;

	d.control->plan.flags = CF_PLAN_SCHEDULING;
	drive_event(&d, 0, 2, CF_DO_SWITCH, 1);
	drive_event(&d, 0, 4, CF_DO_SWITCH, 1);
	drive_event(&d, 1, 3, CF_DO_SWITCH, 0);
	CHECK(drive_run(&d, CF_RUN)->outcome == CF_PASSED, "%s", d.control->result.detail);
	if (table->source != CF_SCHEDULING_TRACEPOINTS)
		printf("none %s\n", table->why);
	for (uint32_t i = 0; i < table->periods; i++) {
		const struct cf_period *period = &table->entry[i];

		printf("%u %lu %lu %lu %c\n", table->sum[period->actor].pid, period->wait,
		       period->delay, period->run, period->state ? period->state : '-');
	}
	drive_close(&d);
	return 0;
}

/* "  123.456789 [0001]  name[12/11]   0.123      0.004      0.005" */
static bool parse_row(const char *line, struct perf_row *row)
{
	const char *end = strrchr(line, ']'), *begin = end;

	while (begin != NULL && begin > line && *begin != '[')
		begin--;
	return begin != NULL && begin > line && sscanf(begin, "[%d", &row->pid) == 1 &&
	       sscanf(end + 1, "%lf %lf %lf", &row->wait, &row->delay, &row->run) == 3;
}

static size_t read_perf(const char *file, struct perf_row *rows)
{
	char command[128], line[512];
	size_t count = 0;
	FILE *perf;

	snprintf(command, sizeof(command), "perf sched timehist -i %s 2>/dev/null", file);
	perf = popen(command, "r");
	CHECK(perf != NULL, "%s", strerror(errno));
	while (fgets(line, sizeof(line), perf) != NULL)
		if (count < ROWS && parse_row(line, &rows[count]))
			count++;
	pclose(perf);
	return count;
}

static bool is_near(double ms, double ns)
{
	double difference = ms * 1e6 - ns;

	return difference < NEAR_NS && -difference < NEAR_NS;
}

/* Of the first period perf may know what was before it. Before 6.12 it has no delay of who was pushed away. */
static bool agree(const struct perf_row *theirs, const struct perf_row *ours, bool first,
		  bool pushed)
{
	return is_near(theirs->run, ours->run) &&
	       (first || (is_near(theirs->wait, ours->wait) &&
			  (is_near(theirs->delay, ours->delay) || (pushed && theirs->delay == 0))));
}

/* Whether they are there one after the other, among all that perf has of that process. */
static bool find_in(const struct perf_row *ours, const char *states, size_t count,
		    const struct perf_row *theirs, size_t all)
{
	struct perf_row of_pid[ROWS];
	size_t have = 0, same = 0;

	for (size_t i = 0; i < all; i++)
		if (theirs[i].pid == ours->pid)
			of_pid[have++] = theirs[i];
	for (size_t at = 0; at + count <= have && same < count; at++)
		for (same = 0; same < count; same++)
			if (!agree(&of_pid[at + same], &ours[same], same == 0,
				   same > 0 && states[same - 1] == 'R'))
				break;
	return same == count;
}

/* False if perf has something else; it may have lost some of it, which it does not say here. */
static bool is_same(const char *file, FILE *told)
{
	static struct perf_row theirs[ROWS];
	struct perf_row ours[2][HAND_OVERS], row;
	char states[2][HAND_OVERS] = { "" }, state;
	size_t count[2] = { 0 }, all;

	while (fscanf(told, "%d %lf %lf %lf %c", &row.pid, &row.wait, &row.delay, &row.run,
		      &state) == 5) {
		unsigned which = count[0] > 0 && ours[0]->pid != row.pid;

		if (state == '-' || count[which] == HAND_OVERS)
			continue; /* perf does not know that our run is over */
		states[which][count[which]] = state;
		ours[which][count[which]++] = row;
	}
	all = read_perf(file, theirs);
	for (unsigned i = 0; i < 2; i++) {
		CHECK(count[i] > 0, "no period of actor %u", i);
		if (!find_in(ours[i], states[i], count[i], theirs, all))
			return false;
	}
	printf("scheduling: perf sched timehist has the same %zu and %zu periods\n", count[0],
	       count[1]);
	return true;
}

static bool record_and_compare(const char *file)
{
	char command[128];
	FILE *told;
	bool same;

	snprintf(command, sizeof(command),
		 "perf sched record -o %s ./tests/scheduling periods 2>/dev/null", file);
	told = popen(command, "r");
	CHECK(told != NULL, "%s", strerror(errno));
	same = is_same(file, told);
	pclose(told);
	return same;
}

/* Who has both perf and the tracepoints is held to what perf says. */
static void check_perf(bool traced)
{
	char file[] = "/tmp/scheduling-XXXXXX";
	int fd, tries = 1;

	if (!traced || system("command -v perf >/dev/null") != 0) {
		printf("scheduling: no %s here, so nothing is compared\n",
		       traced ? "perf" : "tracepoints");
		return;
	}
	fd = mkstemp(file);
	CHECK(fd >= 0, "%s", strerror(errno));
	close(fd);
	while (!record_and_compare(file))
		CHECK(++tries <= TRIES, "perf has nothing like it, %d times", TRIES);
	unlink(file);
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "periods") == 0)
		return print_periods();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_row(&rows[i]);
	check_perf(check_runs());
	check_not_asked();
	check_container();
	return 0;
}
