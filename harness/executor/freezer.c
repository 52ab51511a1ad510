/* SPDX-License-Identifier: Apache-2.0
 *
 * The freezer: a process beside the actors, which stops one of them at a time. It alone uses ptrace
 * on actors; if it is killed they are let go. It has no heir: actors are ours, so the one that was
 * under it, whatever is in it, is thrown away with the run (watch.c), and both are replaced.
 */
#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "freezer.h"

static struct freezer freezer = { .in = INJECT_NONE };

static _Noreturn void serve(struct freezer *z, uint32_t served, pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(1);
	signal(SIGCHLD, SIG_DFL); /* which stops are told by is waited for, not handled */
	syscall(SYS_close_range, STDERR_FILENO + 1, ~0u, 0);
	for (;;) {
		while (__atomic_load_n(&z->f->request, __ATOMIC_ACQUIRE) == served)
			syscall(SYS_futex, &z->f->request, FUTEX_WAIT, served, NULL, NULL, 0);
		served = z->f->request;
		ex_freeze(z);
		__atomic_store_n(&z->f->served, served, __ATOMIC_RELEASE);
	}
}

bool ex_freezer_died(struct executor *ex)
{
	struct rt_freeze *f = &ex->shared->freeze;

	if (f->freezer == 0 || waitpid((pid_t)f->freezer, NULL, WNOHANG) <= 0)
		return false;
	f->freezer = 0;
	return true;
}

int ex_need_freezer(struct executor *ex)
{
	struct rt_freeze *f = &ex->shared->freeze;
	pid_t parent = getpid(), pid;
	uint32_t served = f->request;

	f->armed = 0;
	ex_freezer_died(ex);
	if (f->freezer != 0 ||
	    (!ex_has(&ex->control->plan, CF_DO_INFECT) && !ex_has(&ex->control->plan, CF_DO_STOP)))
		return 0;
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		freezer.ex = ex;
		freezer.f = f;
		serve(&freezer, served, parent);
	}
	f->served = served;
	f->freezer = (uint32_t)pid;
	return 0;
}

bool ex_freezer_works(const struct executor *ex)
{
	const struct rt_freeze *f = &ex->shared->freeze;

	return !ex->staged && f->freezer != 0 &&
	       __atomic_load_n(&f->served, __ATOMIC_ACQUIRE) != f->request;
}

void ex_kill_freezer(struct executor *ex)
{
	struct rt_freeze *f = &ex->shared->freeze;

	if (f->freezer == 0)
		return;
	kill((pid_t)f->freezer, SIGKILL);
	while (waitpid((pid_t)f->freezer, NULL, 0) < 0 && errno == EINTR)
		;
	f->freezer = 0;
}
