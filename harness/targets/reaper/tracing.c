/* SPDX-License-Identifier: Apache-2.0
 *
 * Children that are traced. The kernel tells their tracer first: of each signal, which it may swallow, and of their end,
 * which their parent hears of only when the tracer has taken it or lets go.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "reaper.h"

/* ---- a debugger: a real process, which lets its child on at once, and keeps its end ------------------ */

enum { REFUSED = 1 };

static int raw_wait(pid_t pid, int *status, int options)
{
	return (int)syscall(SYS_wait4, pid, status, options, NULL);
}

static _Noreturn void debug(pid_t child)
{
	siginfo_t info;

	if (ptrace(PTRACE_SEIZE, child, NULL, NULL) < 0)
		_exit(REFUSED);
	for (;;) {
		int status;

		if (syscall(SYS_waitid, P_PID, child, &info, WEXITED | WSTOPPED | WNOWAIT | __WALL,
			    NULL) < 0 ||
		    (info.si_code != CLD_TRAPPED && info.si_code != CLD_STOPPED))
			for (;;)
				pause();
		raw_wait(child, &status, __WALL);
		ptrace(PTRACE_CONT, child, NULL, status >> 16 != 0 ? 0 : WSTOPSIG(status));
	}
}

static pid_t tracer_of(pid_t pid)
{
	char path[40], line[128];
	pid_t tracer = 0;
	FILE *status;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	status = fopen(path, "re");
	while (status != NULL && fgets(line, sizeof(line), status) != NULL)
		if (sscanf(line, "TracerPid: %d", &tracer) == 1)
			break;
	if (status != NULL)
		fclose(status);
	return tracer;
}

/* Its pid, or 0: the parent was faster. */
static pid_t set_on(const struct child *c)
{
	const struct timespec slice = { .tv_nsec = 100000 };
	pid_t debugger = cf_fork_uncontrolled();
	int status;

	if (debugger == 0)
		debug(c->pid);
	if (debugger < 0)
		cf_broken("can't fork");
	while (tracer_of(c->pid) == 0) {
		if (raw_wait(debugger, &status, WNOHANG) == debugger)
			cf_unsupported("ptrace: a process may not trace another one that is "
				       "not its child here");
		syscall(SYS_ppoll, NULL, 0, &slice, NULL, 0);
	}
	if (tracer_of(c->pid) == debugger)
		return debugger;
	raw_wait(debugger, &status, 0);
	return 0;
}

void tracer(unsigned index)
{
	const struct child *c = &the_ledger()->child[1];
	pid_t debugger;

	(void)index;
	await(&the()->born, 2);
	debugger = c->pid != 0 && !c->ended ? set_on(c) : 0;
	announce(&the()->traced, 1);
	await(&the()->gone, 1);
	if (debugger == 0)
		return;
	kill(debugger, SIGKILL);
	raw_wait(debugger, NULL, 0); /* once it is dead the parent has been told */
	cf_obeyed();
}

/* ---- by the parent ---------------------------------------------------------------------------------- */

void trace(struct child *c)
{
	if (c->stopped)
		return; /* its stops would be the parent's to let on, and come when they like */
	c->held = ptrace(PTRACE_SEIZE, c->pid, NULL, NULL) == 0;
	if (!c->held && !c->ended && tracer_of(c->pid) == 0)
		cf_unsupported("ptrace: %s", strerror(errno));
}

void let_on(struct child *c, int status)
{
	int signo = status >> 16 != 0 || cf_variant() == SWALLOWS ? 0 : WSTOPSIG(status);

	ptrace(PTRACE_CONT, c->pid, NULL, signo);
	settle(c);
}
