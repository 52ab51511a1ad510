/* SPDX-License-Identifier: Apache-2.0
 *
 * Settings of a process: prctl, personality, limits, scheduling, how likely it is to be killed.
 */
#include "part.h"

#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct rlimit limits[] = {
	[RLIMIT_CPU] = { 50000, 60000 },
	[RLIMIT_FSIZE] = { 1 << 30, RLIM_INFINITY },
	[RLIMIT_DATA] = { 1ul << 40, 1ul << 41 },
	[RLIMIT_STACK] = { 4 << 20, 1ul << 30 },
	[RLIMIT_CORE] = { 0, 4096 },
	[RLIMIT_MSGQUEUE] = { 1000, 2000 },
	[RLIMIT_NICE] = { 0, 0 },
	[RLIMIT_SIGPENDING] = { 500, 600 },
};

enum { LIMITS = sizeof(limits) / sizeof(limits[0]), SLACK = 123456, IO_PRIORITY = 2 << 13 | 3 };

static void set_limits(void)
{
	for (unsigned i = 0; i < LIMITS; i++)
		if (limits[i].rlim_max != 0)
			must(setrlimit(i, &limits[i]) == 0, "setrlimit");
}

static void set_own(const char *file, const char *value)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC);

	must(fd >= 0 && write(fd, value, strlen(value)) > 0, file);
	close(fd);
}

void set_habits(void)
{
	const struct sched_param none = { 0 };

	set_limits();
	set_own("/proc/self/oom_score_adj", "321");
	set_own("/proc/self/coredump_filter", "0x7f");
	must(syscall(SYS_ioprio_set, 1, 0, IO_PRIORITY) == 0, "ioprio_set");
	must(prctl(PR_SET_TIMERSLACK, SLACK) == 0 && prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0) == 0,
	     "prctl");
	must(prctl(PR_SET_TSC, PR_TSC_ENABLE) == 0, "prctl");
	must(personality(PER_LINUX | UNAME26) >= 0, "personality");
	must(sched_setscheduler(0, SCHED_BATCH, &none) == 0, "sched_setscheduler");
}

static int io_priority(void)
{
	return (int)syscall(SYS_ioprio_get, 1, 0);
}

static long core_filter(void)
{
	int fd = open("/proc/self/coredump_filter", O_RDONLY | O_CLOEXEC);
	char text[16] = "";

	(void)!read(fd, text, sizeof(text) - 1);
	close(fd);
	return strtol(text, NULL, 16);
}

static int limits_changed(void)
{
	for (unsigned i = 0; i < LIMITS; i++) {
		struct rlimit now;

		if (limits[i].rlim_max == 0)
			continue;
		getrlimit(i, &now);
		if (now.rlim_cur != limits[i].rlim_cur || now.rlim_max != limits[i].rlim_max)
			return differs("limit %u is %lx and %lx, was %lx and %lx", i,
				       (long)now.rlim_cur, (long)now.rlim_max,
				       (long)limits[i].rlim_cur, (long)limits[i].rlim_max);
	}
	return 0;
}

/* CRIU brings none of these back in some release. */
static int forgotten(void)
{
	if (minds(TREE_SLACK_LOST) && prctl(PR_GET_TIMERSLACK) != SLACK)
		return differs("the timer slack is %d ns, was %d", prctl(PR_GET_TIMERSLACK), SLACK);
	if (minds(TREE_IO_PRIORITY_LOST) && io_priority() != IO_PRIORITY)
		return differs("the priority of input and output is 0x%x, was 0x%x", io_priority(),
			       IO_PRIORITY);
	if (minds(TREE_CORE_FILTER_LOST) && core_filter() != 0x7f)
		return differs("the filter of cores is 0x%lx, was 0x7f", core_filter());
	return 0;
}

static int score(void)
{
	int fd = open("/proc/self/oom_score_adj", O_RDONLY | O_CLOEXEC);
	char text[16] = "";

	(void)!read(fd, text, sizeof(text) - 1);
	close(fd);
	return atoi(text);
}

int habits_changed(void)
{
	if (spoils(TREE_HABITS))
		set_own("/proc/self/oom_score_adj", "123");
	if (!minds(TREE_PERSONALITY_LOST))
		personality(PER_LINUX | UNAME26);
	if (limits_changed())
		return 1;
	if (score() != 321)
		return differs("oom_score_adj is %d, was 321", score());
	if (prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0) != 1)
		return differs("huge pages are not disabled any more");
	if (sched_getscheduler(0) != SCHED_BATCH)
		return differs("the scheduling policy is %d, was SCHED_BATCH",
			       sched_getscheduler(0));
	if (personality(0xffffffff) != (PER_LINUX | UNAME26))
		return differs("the personality is 0x%x, was 0x%x", personality(0xffffffff),
			       PER_LINUX | UNAME26);
	return forgotten();
}
