/* SPDX-License-Identifier: Apache-2.0
 *
 * Patience lasts while somebody goes on by whom the other one may be woken, and ends soon when nobody
 * does.
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../freezer/victim/patience.h"

enum { WORK_MS = 100, SOON_MS = 5000 };

static double now_ms(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void *work(void *unused)
{
	double end = now_ms(CLOCK_THREAD_CPUTIME_ID) + WORK_MS;

	while (now_ms(CLOCK_THREAD_CPUTIME_ID) < end)
		;
	return unused;
}

static void wait_for_child(void)
{
	pid_t child = fork();

	if (child == 0) {
		work(NULL);
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

static void wait_for_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, work, NULL) == 0)
		pthread_join(thread, NULL);
}

static void wait_for_nobody(void)
{
	if (fork() == 0) { /* a child that sleeps, too, is no hope */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pause();
	}
	pause();
}

static const struct {
	const char *name;
	void (*wait)(void);
	int answers;
} waits[] = {
	{ "a child", wait_for_child, 1 },
	{ "a thread", wait_for_thread, 1 },
	{ "nobody", wait_for_nobody, 0 },
};

static int is_answered(int fd, int pid)
{
	struct patience patience = patience_for(pid);
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int slice, ret = 0;

	while (!ret && (slice = patience_slice(&patience)))
		ret = poll(&p, 1, slice);
	return ret;
}

static int try(unsigned i)
{
	double begin = now_ms(CLOCK_MONOTONIC);
	int ends[2], answered, pid;

	if (pipe(ends))
		return 1;
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		waits[i].wait();
		_exit(write(ends[1], "", 1) != 1);
	}
	answered = is_answered(ends[0], pid);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(ends[0]);
	close(ends[1]);
	if (answered == waits[i].answers && (answered || now_ms(CLOCK_MONOTONIC) < begin + SOON_MS))
		return 0;
	fprintf(stderr, "inject_patience: one that waits for %s: answered %d, after %.0f ms\n",
		waits[i].name, answered, now_ms(CLOCK_MONOTONIC) - begin);
	return 1;
}

int main(void)
{
	int failed = 0;

	for (unsigned i = 0; i < sizeof(waits) / sizeof(waits[0]); i++)
		failed |= try(i);
	if (!failed)
		printf("inject_patience: it lasts for who waits for a child or a thread, not for "
		       "others\n");
	return failed;
}
