/* SPDX-License-Identifier: Apache-2.0
 *
 * Who waits for a processor does not use up a deadline, and gets twice the time at most.
 */
#include "../../freezer/criu/deadline.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../freezer/criu/keeper.h"

enum { MS = 400, SLACK_MS = 300, RIVALS = 2 };

static void spin(void)
{
	for (;;)
		;
}

/* All on one processor, so that each waits for most of the time. */
static void begin_rivals(pid_t rival[RIVALS])
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	sched_setaffinity(0, sizeof(one), &one);
	for (int i = 0; i < RIVALS; i++)
		if ((rival[i] = fork()) == 0)
			spin();
}

static long ms_until_over(void)
{
	const struct timespec soon = { 0, 5000000 };
	struct deadline deadline = deadline_in(MS);
	long begin = keeper_now_ms();

	while (!deadline_is_over(&deadline))
		nanosleep(&soon, NULL);
	return keeper_now_ms() - begin;
}

static int is_between(long ms, long least, long most, const char *who)
{
	if (ms >= least && ms <= most)
		return 1;
	printf("deadline: %s: over after %ld ms, wanted %ld to %ld\n", who, ms, least, most);
	return 0;
}

int main(void)
{
	long most = DEADLINE_TIMES * MS + SLACK_MS;
	int good = is_between(ms_until_over(), MS, most, "alone");
	pid_t rival[RIVALS];

	begin_rivals(rival);
	good &= is_between(ms_until_over(), MS + MS / 2, most, "with rivals");
	for (int i = 0; i < RIVALS; i++) {
		kill(rival[i], SIGKILL);
		waitpid(rival[i], NULL, 0);
	}
	if (good)
		printf("deadline: who waits for a processor does not use it up\n");
	return !good;
}
