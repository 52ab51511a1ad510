/* SPDX-License-Identifier: Apache-2.0
 *
 * What a victim can only get from another process: breakpoints in its debug registers, which a tracer
 * has set and left there when it detached.
 */
#include <errno.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>

#include "raw.h"
#include "state.h"

enum { BREAKPOINTS = 2 };

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

int state_set_from_outside(int pid, const struct state_wish *wish)
{
	return wish->of[STATE_THREAD] == BREAKPOINTS ? (int)leave_breakpoints(pid) : 0;
}
