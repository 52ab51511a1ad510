/* SPDX-License-Identifier: Apache-2.0
 *
 * What a victim can only get from another process: signals that are sent to it, and breakpoints in its
 * debug registers, which a tracer has set and left there when it detached.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>

#include "raw.h"
#include "victim.h"

/* Where nothing is executed or written; the second one is a watch on writes of eight bytes. */
static const uint64_t registers[][2] = {
	{ 0, 0x7000 },
	{ 1, 0x7008 },
	{ 7, 1 << 0 | 1 << 2 | 0x9u << 20 },
};

static long poke(int pid)
{
	long ret = 0;

	for (unsigned i = 0; !ret && i < sizeof(registers) / sizeof(registers[0]); i++)
		ret = raw4(SYS_ptrace, PTRACE_POKEUSER, pid,
			   offsetof(struct user, u_debugreg) + 8 * registers[i][0],
			   registers[i][1]);
	return ret;
}

static long leave_breakpoints(int pid)
{
	long ret = raw4(SYS_ptrace, PTRACE_SEIZE, pid, 0, 0), detached;
	int status;

	if (ret)
		return ret;
	ret = raw4(SYS_ptrace, PTRACE_INTERRUPT, pid, 0, 0);
	if (!ret)
		ret = raw4(SYS_wait4, pid, &status, __WALL, 0) == pid ? poke(pid) : -ESRCH;
	detached = raw4(SYS_ptrace, PTRACE_DETACH, pid, 0, 0);
	return ret ? ret : detached;
}

enum { TO_PROCESS = 1, TO_THREAD = 2, TO_BOTH = 3 };

static long queue(int pid, int signo, int to_thread, uint64_t value)
{
	siginfo_t info = { .si_signo = signo, .si_code = SI_QUEUE };

	info.si_pid = 1;
	info.si_value.sival_ptr = (void *)(uintptr_t)value;
	return to_thread ? raw4(SYS_rt_tgsigqueueinfo, pid, pid, signo, &info)
			 : raw3(SYS_rt_sigqueueinfo, pid, signo, &info);
}

static long send(int pid, unsigned pending, uint64_t seed)
{
	long ret = 0;

	if (pending == TO_PROCESS || pending == TO_BOTH)
		ret = raw2(SYS_kill, pid, VICTIM_BLOCKED_SIGNAL);
	if (!ret && pending >= TO_THREAD)
		ret = queue(pid, VICTIM_QUEUED_SIGNAL, 1, seed);
	for (uint64_t i = 1; !ret && pending == TO_BOTH && i <= 3; i++) {
		ret = queue(pid, VICTIM_QUEUED_SIGNAL, 1, seed + i);
		if (!ret)
			ret = queue(pid, VICTIM_QUEUED_TOO, 0, ~seed - i);
	}
	return ret;
}

int victim_complete(const struct victim *v, unsigned pending, char *text, size_t size)
{
	long ret = state_failed(v->pid, &v->setting.state, text, size);

	if (ret)
		return (int)ret;
	if (v->setting.vectors == VICTIM_VECTORS_WIDE && !victim_has_wide()) {
		snprintf(text, size, "vectors=2: this processor has no AVX-512");
		return -ENODEV;
	}
	if (v->setting.state.of[STATE_THREAD] == STATE_THREAD_BREAKPOINTS)
		ret = leave_breakpoints(v->pid);
	if (!ret)
		ret = send(v->pid, pending, v->setting.seed);
	if (ret)
		snprintf(text, size, "the victim can't get it from outside: error %ld", -ret);
	return (int)ret;
}
