/* SPDX-License-Identifier: Apache-2.0
 *
 * Ways to wait for children in calls that wait for them, while handlers pass on what has come.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reaper.h"

static sigjmp_buf again;

static void pass_on(int signo)
{
	int error = errno;

	if (signo == SIGALRM)
		on_alarm(signo);
	else
		on_interrupt(signo);
	act();
	errno = error;
}

static void jump(int signo)
{
	if (signo == SIGALRM)
		on_alarm(signo);
	else
		on_interrupt(signo);
	siglongjmp(again, 1);
}

static void discard(int signo)
{
	int error = errno;

	(void)signo;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	errno = error;
}

static void listen_to_pass_on(void)
{
	if (cf_variant() == STEALS)
		handle(SIGCHLD, discard, SA_RESTART);
	handle(SIGINT, cf_variant() == RESTARTS ? on_interrupt : pass_on, SA_RESTART);
	handle(SIGALRM, pass_on, SA_RESTART);
	alarm(WORK_S);
}

static void reap_in_turn(void)
{
	const struct ledger *ledger = the_ledger();

	for (unsigned i = 0; i < ledger->born; i++) {
		int status;

		while (waitpid(ledger->child[i].pid, &status, 0) < 0)
			sleep(1); /* it may have been interrupted */
		account(ledger->child[i].pid, status);
	}
}

static int jumps_at(void)
{
	return cf_variant() == JUMPS ? SIGINT : cf_variant() == TIMES_OUT ? SIGALRM : 0;
}

/* A variable that had the pid of each when it was born has that of the last one now. */
static pid_t whom(void)
{
	const struct ledger *ledger = the_ledger();

	if (cf_variant() != WRONG_PID || !asked_to_end || ledger->born == 0)
		return -1;
	return ledger->child[ledger->born - 1].pid;
}

static void reap_by_wait4(void)
{
	int status;
	pid_t pid;

	if (jumps_at() != 0 && sigsetjmp(again, 1) == 0)
		handle(jumps_at(), jump, 0);
	do {
		if (jumps_at() != 0 || cf_variant() == RESTARTS)
			act();
		pid = wait4(whom(), &status, 0, NULL);
		if (pid > 0)
			account(pid, status);
	} while (pid > 0 || errno == EINTR);
	if (jumps_at() != 0)
		handle(jumps_at(), pass_on, SA_RESTART); /* nobody is there to jump to any more */
}

/* Again and again: of a group that nobody is in any more there is nothing to wait for. */
static void reap_group(void)
{
	int status;
	pid_t pid;

	while (!all_counted()) {
		pid = wait4(0, &status, 0, NULL);
		if (pid > 0)
			account(pid, status);
		else
			sleep(1);
	}
}

/* ---- by tracing them: their stops come without having been asked for -------------------------------- */

static struct child *child_of(pid_t pid)
{
	struct ledger *ledger = the_ledger();

	for (unsigned i = 0; i < ledger->born; i++)
		if (ledger->child[i].pid == pid)
			return &ledger->child[i];
	cf_broken("wait4 tells of %d, which is no child", pid);
}

static void reap_by_tracing(void)
{
	struct ledger *ledger = the_ledger();
	int status;
	pid_t pid;

	for (unsigned i = 0; i < ledger->born; i++)
		trace(&ledger->child[i]);
	do {
		pid = wait4(-1, &status, __WALL, NULL);
		if (pid > 0 && WIFSTOPPED(status))
			let_on(child_of(pid), status);
		else if (pid > 0)
			account(pid, status);
	} while (pid > 0 || errno == EINTR);
}

const struct way by_wait4 = { listen_to_pass_on, reap_by_wait4 };
const struct way in_turn = { listen_to_pass_on, reap_in_turn };
const struct way by_group = { listen_to_pass_on, reap_group };
const struct way by_tracing = { listen_to_pass_on, reap_by_tracing };
