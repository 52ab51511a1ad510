/* SPDX-License-Identifier: Apache-2.0
 * Actors that nobody controls, each a process on a processor. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "uncontrolled.h"

/* Side by side, each piece of runs in another way round. */
static void pin(const cpu_set_t *allowed, unsigned which)
{
	unsigned cpu = 0;
	cpu_set_t one;

	which %= (unsigned)CPU_COUNT(allowed);
	while (!CPU_ISSET(cpu, allowed) || which-- > 0)
		cpu++;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	sched_setaffinity(0, sizeof(one), &one);
}

/* Closed at both ends once all may begin: so that nobody is done before anybody looks at the scheduling. */
struct gate {
	int ends[2];
};

static void pass_gate(const struct gate *gate)
{
	char byte;

	close(gate->ends[1]);
	while (read(gate->ends[0], &byte, 1) < 0 && errno == EINTR)
		;
	close(gate->ends[0]);
}

static void open_gate(const struct gate *gate)
{
	close(gate->ends[0]);
	close(gate->ends[1]);
}

static pid_t fork_actor(struct executor *ex, const struct gate *gate, const cpu_set_t *allowed,
			unsigned index)
{
	pid_t parent = getpid(), pid = fork();

	if (pid != 0)
		return pid;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(1);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGPROF, SIG_DFL);
	pin(allowed, index + ex->shared->native.turn);
	pass_gate(gate);
	ex->loaded.ops->play_natively(index);
	_exit(1);
}

void ex_kill_uncontrolled(const pid_t *pids, unsigned count)
{
	siginfo_t info;

	for (unsigned i = 0; i < count; i++)
		if (pids[i] > 0)
			kill(pids[i], SIGKILL);
	for (unsigned i = 0; i < count; i++)
		if (pids[i] > 0)
			waitid(P_PID, (id_t)pids[i], &info, WEXITED | WNOWAIT);
}

void ex_reap_uncontrolled(const pid_t *pids, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (pids[i] > 0)
			waitpid(pids[i], NULL, 0);
}

bool ex_start_uncontrolled(struct executor *ex, const cpu_set_t *allowed, pid_t *pids,
			   unsigned count)
{
	struct gate gate;
	bool started = pipe2(gate.ends, O_CLOEXEC) == 0;

	if (!started) {
		ex_broken(ex, "can't start the actors: %s", strerror(errno));
		return false;
	}
	for (unsigned i = 0; i < count && started; i++) {
		pids[i] = fork_actor(ex, &gate, allowed, i);
		started = pids[i] > 0;
	}
	if (started) {
		ex_begin_scheduling(ex, pids);
	} else {
		ex_broken(ex, "can't start the actors: %s", strerror(errno));
		ex_kill_uncontrolled(pids, count);
		ex_reap_uncontrolled(pids, count);
	}
	open_gate(&gate);
	return started;
}
