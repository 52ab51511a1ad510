/* SPDX-License-Identifier: Apache-2.0
 *
 * Relations: children stopped, dead by a signal, in groups and sessions of their own, and orphans that this
 * process has taken in.
 */
#include "part.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct notes {
	uint32_t go, ready;
	pid_t orphan;
} * notes;
static pid_t stopped, killed, grouped, leader, member;

static _Noreturn void live_on(void)
{
	__atomic_add_fetch(&notes->ready, 1, __ATOMIC_RELEASE);
	futex_wake(&notes->ready);
	await_order(&notes->go);
	_exit(5);
}

static pid_t bear(void (*first)(void))
{
	pid_t pid = fork();

	must(pid >= 0, "fork");
	if (pid != 0)
		return pid;
	first();
	live_on();
}

static void nothing(void)
{
}

static void own_group(void)
{
	setpgid(0, 0);
}

static void join_group(void)
{
	setpgid(0, grouped);
}

static void own_session(void)
{
	setsid();
}

static void leave_orphan(void)
{
	pid_t pid = fork();

	if (pid == 0)
		live_on();
	notes->orphan = pid;
	_exit(0);
}

static void await_many(uint32_t many)
{
	uint32_t now;

	while ((now = __atomic_load_n(&notes->ready, __ATOMIC_ACQUIRE)) < many)
		futex_wait(&notes->ready, now);
}

void set_kin(void)
{
	const struct rlimit none = { 0, 4096 };
	pid_t parent;

	notes = (void *)map(MAP_SHARED | MAP_ANONYMOUS, -1);
	must(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0 && setrlimit(RLIMIT_CORE, &none) == 0, "prctl");
	grouped = bear(own_group);
	await_many(1);
	member = bear(join_group);
	leader = bear(own_session);
	stopped = bear(nothing);
	killed = bear(nothing);
	parent = bear(leave_orphan);
	must(waitpid(parent, NULL, 0) == parent, "waitpid");
	await_many(6);
	kill(stopped, SIGSTOP);
	must(waitid(P_PID, (id_t)stopped, &(siginfo_t){ 0 }, WSTOPPED | WNOWAIT) == 0, "waitid");
	kill(killed, SIGSEGV);
	must(waitid(P_PID, (id_t)killed, &(siginfo_t){ 0 }, WEXITED | WNOWAIT) == 0, "waitid");
}

static int relations_changed(void)
{
	if (getpgid(grouped) != grouped || getpgid(member) != grouped ||
	    getpgid(stopped) != getpgid(0))
		return differs("the groups are %d, %d and %d, were %d, %d and %d", getpgid(grouped),
			       getpgid(member), getpgid(stopped), grouped, grouped, getpgid(0));
	if (getsid(leader) != leader || getpgid(leader) != leader || getsid(member) != getsid(0))
		return differs("the sessions are %d and %d, were %d and %d", getsid(leader),
			       getsid(member), leader, getsid(0));
	return 0;
}

static int ends_well(pid_t pid)
{
	int status = 0;

	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 5;
}

/* A restored one is sent the signal again; it may still be on its way. */
static int stops(pid_t pid)
{
	const struct timespec soon = { 0, 5000000 };

	for (int i = 0; i < 200; i++) {
		siginfo_t info = { 0 };

		if (waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOHANG) < 0)
			return 0;
		if (info.si_pid == pid)
			return info.si_status == SIGSTOP;
		nanosleep(&soon, NULL);
	}
	return 0;
}

int kin_changed(void)
{
	int status = 0;

	if (spoils(TREE_KIN))
		kill(stopped, SIGCONT);
	if (relations_changed())
		return 1;
	if (!stops(stopped))
		return differs("the stopped child is not stopped any more");
	if (waitpid(killed, &status, WNOHANG) != killed || !WIFSIGNALED(status) ||
	    WTERMSIG(status) != SIGSEGV)
		return differs("the killed child's status is 0x%x, was SIGSEGV", status);
	order(&notes->go);
	kill(stopped, SIGCONT);
	if (!ends_well(grouped) || !ends_well(member) || !ends_well(leader) || !ends_well(stopped))
		return differs("a child is gone");
	return ends_well(notes->orphan) ? 0 : differs("the orphan is gone");
}
