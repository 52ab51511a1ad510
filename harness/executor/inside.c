/* SPDX-License-Identifier: Apache-2.0
 *
 * A freeze inside the system call that the actor was about to make. It is woken there afterwards by a
 * signal of ours, and must have been in that very call until then.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>

#include "freezer.h"

enum { CALL_S = 4 /* to come to a call; after 5 the watchdog looks */ };

bool ex_is_inside(const struct freezer *z)
{
	return z->f->pc == 0;
}

enum { NO_CALL = -1, NO_PROCESS = -2 };

/* The number of the system call that a process sleeps in, with its first argument. */
static long call_of(uint32_t pid, uint64_t *argument)
{
	char line[256];
	long call;

	if (ex_read_proc((pid_t)pid, "syscall", line, sizeof(line)) <= 0)
		return NO_PROCESS;
	return sscanf(line, "%ld %lx", &call, (unsigned long *)argument) == 2 ? call : NO_CALL;
}

/* A call with a time-out is restarted as another one, by which the kernel knows how much is left. */
static bool is_the_call(const struct rt_freeze *f, long call, uint64_t argument)
{
	return call == SYS_restart_syscall || (call == f->call && argument == f->argument);
}

int ex_await_call(struct freezer *z)
{
	const struct timespec soon = { .tv_nsec = 20000 };
	uint64_t argument = 0;
	struct timespec now;
	time_t end;
	long call;

	clock_gettime(CLOCK_MONOTONIC, &now);
	for (end = now.tv_sec + CALL_S; now.tv_sec < end; clock_gettime(CLOCK_MONOTONIC, &now)) {
		if (__atomic_load_n(&z->f->over, __ATOMIC_ACQUIRE))
			return -EINTR; /* the actor says what came out of it */
		call = call_of(z->f->pid, &argument);
		if (is_the_call(z->f, call, argument))
			return 0;
		if (call == NO_PROCESS) { /* which its parent sees and says */
			z->in.gone = 1;
			return -ESRCH;
		}
		nanosleep(&soon, NULL);
	}
	z->in.pid = (int)z->f->pid;
	ex_found(z, CF_HANG, "call", "it does not come back to the call in which it was");
	return -ETIMEDOUT;
}

/* From here on it is the actor's to go on. */
static void nudge(struct freezer *z)
{
	inject_resume(&z->in);
	if (z->in.stopped)
		ex_continue(z);
	if (z->in.gone || ex_await_call(z))
		return;
	z->f->nudged = !(z->event->slip & CF_WAKE_UNASKED);
	kill(z->in.pid, RT_NUDGE);
}

int ex_freeze_inside(struct freezer *z)
{
	int ret = ex_await_call(z);

	if (ret)
		return ret;
	ret = ex_seize(z, z->event->op == CF_DO_INFECT ? z->event->slip & CF_INJECT_SLIP : 0);
	if (ex_refused(z, ret))
		return ret;
	ex_work(z);
	if (!z->in.gone)
		nudge(z);
	return z->in.gone;
}
