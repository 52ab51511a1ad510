/* SPDX-License-Identifier: Apache-2.0
 *
 * The trap into which an actor runs where its hook returns to. It is set while the actor runs on, which
 * saves a stop: nobody but the actor comes there, and it waits in its hook until the trap is there.
 */
#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "../freezer/victim/raw.h"
#include "freezer.h"

struct proc *ex_proc(struct freezer *z)
{
	struct proc *p = &z->proc[z->f->actor];

	if (p->pid != (int)z->f->pid)
		ex_forget_proc(z);
	return p;
}

void ex_forget_proc(struct freezer *z)
{
	struct proc *p = &z->proc[z->f->actor];

	if (p->pid)
		proc_close(p);
	*p = proc_of((int)z->f->pid);
}

/* If nothing is transferred the file is that of an earlier process with this pid. */
static int transfer(struct freezer *z, int nr, void *code)
{
	for (int tries = 0; tries < 2; tries++) {
		int fd = proc_open(ex_proc(z), PROC_MEMORY);
		long n = fd < 0 ? fd : raw4(nr, fd, code, MACHINE_TRAP, z->f->pc);

		if (n)
			return n < 0 ? (int)n : 0;
		ex_forget_proc(z);
	}
	return -ESRCH;
}

int ex_set_trap(struct freezer *z)
{
	uint64_t trap = machine_trap_code();
	int ret = transfer(z, SYS_pread64, &z->trapped);

	if (!ret)
		ret = transfer(z, SYS_pwrite64, &trap);
	return inject_failed(&z->in, "inject.trap", ret);
}

/* 1 or 0 as ex_await_trap. The executor holds the deadline: it kills an actor that gets nowhere. */
static int await_any_trap(struct freezer *z)
{
	int status, signo;
	uint64_t pc;

	for (;;) {
		if (waitpid(z->in.pid, &status, __WALL) < 0 || !WIFSTOPPED(status) ||
		    machine_get_pc(z->in.pid, &pc))
			return EX_GONE;
		signo = status >> 16 ? 0 : WSTOPSIG(status);
		if (signo == SIGTRAP && pc == z->f->pc + MACHINE_TRAP)
			return 1;
		if (signo == SIGTRAP && z->f->withdrawn)
			return 0;
		if (ptrace(PTRACE_CONT, z->in.pid, 0, signo) < 0)
			return EX_GONE;
	}
}

int ex_await_trap(struct freezer *z)
{
	int arrived = await_any_trap(z), ret;

	if (arrived == EX_GONE)
		return arrived;
	ret = inject_arrived(&z->in);
	if (!ret)
		ret = transfer(z, SYS_pwrite64, &z->trapped);
	if (!ret && arrived)
		ret = machine_set_pc(z->in.pid, z->f->pc);
	ret = inject_failed(&z->in, "inject.trap", ret);
	return ret ? ret : arrived;
}
