/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of scheduling against perf: a run while perf sched records it, and what perf sched timehist tells of it.
 *
 *	timehist [periods]	periods: a run, and what our own table has of it
 */
#include <errno.h>
#include <stdbool.h>
#include <sys/mount.h>

#include "drive.h"

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
	printf("timehist: perf sched timehist has the same %zu and %zu periods\n", count[0],
	       count[1]);
	return true;
}

static bool record_and_compare(const char *file)
{
	char command[128];
	FILE *told;
	bool same;

	snprintf(command, sizeof(command),
		 "perf sched record -o %s ./tests/timehist periods 2>/dev/null", file);
	told = popen(command, "r");
	CHECK(told != NULL, "%s", strerror(errno));
	same = is_same(file, told);
	pclose(told);
	return same;
}

/* perf mounts tracefs where nobody has, and leaves it there. */
static void keep_mounts_apart(void)
{
	if (unshare(CLONE_NEWNS) == 0)
		CHECK(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0, "%s",
		      strerror(errno));
}

/* Who has both perf and the tracepoints is held to what perf says. */
static void check_perf(bool traced)
{
	char file[] = "/tmp/timehist-XXXXXX";
	int fd, tries = 1;

	if (!traced || system("command -v perf >/dev/null") != 0) {
		printf("timehist: no %s here, so nothing is compared\n",
		       traced ? "perf" : "tracepoints");
		return;
	}
	fd = mkstemp(file);
	CHECK(fd >= 0, "%s", strerror(errno));
	close(fd);
	keep_mounts_apart();
	while (!record_and_compare(file))
		CHECK(++tries <= TRIES, "perf has nothing like it, %d times", TRIES);
	unlink(file);
}

static bool is_traced(void)
{
	struct drive d = drive_open("test-targets/ten-points");
	bool traced;

	d.control->plan.flags = CF_PLAN_SCHEDULING;
	drive_run(&d, CF_RUN);
	traced = d.control->scheduling.source == CF_SCHEDULING_TRACEPOINTS;
	drive_close(&d);
	return traced;
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "periods") == 0)
		return print_periods();
	check_perf(is_traced());
	return 0;
}
