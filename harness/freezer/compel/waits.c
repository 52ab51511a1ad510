/* SPDX-License-Identifier: Apache-2.0
 *
 * Doors behind which libcompel waits for the victim, and has no end of its own for that.
 */
#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "../victim/patience.h"
#include "../victim/raw.h"
#include "wire.h"

static int result(long ret)
{
	if (ret >= 0)
		return (int)ret;
	errno = (int)-ret;
	return -1;
}

static long await_child(pid_t pid, int *status, int flags, struct rusage *usage)
{
	const uint64_t child = 1ull << (SIGCHLD - 1);
	struct patience patience = patience_for(wire_rules.pid);
	long ret;
	int slice;

	while (!(ret = raw4(SYS_wait4, pid, status, flags | WNOHANG, usage)) &&
	       !(flags & WNOHANG) && (slice = patience_slice(&patience))) {
		const struct timespec t = { .tv_nsec = slice * 1000000l };

		raw4(SYS_rt_sigtimedwait, &child, 0, &t, 8);
	}
	return ret;
}

static void record(long pid, int status)
{
	if (pid != wire_rules.pid || WIFCONTINUED(status))
		return;
	if (WIFSTOPPED(status)) {
		wire_has_stopped();
		return;
	}
	wire.gone = 1;
	wire.status = status;
}

/* A tracee's stop sends SIGCHLD, which stays pending while it is blocked; so no stop is missed
 * between the look and the wait. */
static pid_t wait_in_time(pid_t pid, int *status, int flags, struct rusage *usage)
{
	const uint64_t child = 1ull << (SIGCHLD - 1);
	uint64_t before;
	long ret;

	raw4(SYS_rt_sigprocmask, SIG_BLOCK, &child, &before, 8);
	ret = await_child(pid, status, flags, usage);
	raw4(SYS_rt_sigprocmask, SIG_SETMASK, &before, 0, 8);
	if (ret > 0 && status)
		record(ret, *status);
	return ret || flags & WNOHANG ? result(ret) : wire_give_up("compel.wait4");
}

/* What it was to wait for has come by the time it fails: whether or not would be chance. */
static int fail_late(void)
{
	patience_settle(wire_rules.pid);
	return -1;
}

pid_t door_wait4(pid_t pid, int *status, int flags, struct rusage *usage)
{
	return wire_fails(WIRE_wait4) ? fail_late() : wait_in_time(pid, status, flags, usage);
}

pid_t door_waitpid(pid_t pid, int *status, int flags)
{
	return wire_fails(WIRE_waitpid) ? -1 : wait_in_time(pid, status, flags, NULL);
}

/* libcompel waits for the parasite's word `daemon_connected` in a loop that only the parasite can
 * end; to end it without one, the word gets the error that the parasite would have written. */
static long wait_connected(uint32_t *word, uint32_t value)
{
	struct patience patience = patience_for_thread(wire_rules.pid);
	int slice;

	while ((slice = patience_slice(&patience))) {
		const struct timespec t = { .tv_nsec = slice * 1000000l };
		long ret = raw6(SYS_futex, word, FUTEX_WAIT, value, &t, 0, 0);

		if (ret != -ETIMEDOUT)
			return ret;
	}
	__atomic_store_n(word, (uint32_t)-ETIMEDOUT, __ATOMIC_SEQ_CST);
	wire_give_up("compel.daemon_connected");
	return 0;
}

/* What libcompel passes to syscall(): the futex calls and a few without waits. */
long door_syscall(long nr, long a, long b, long c, long d, long e, long f)
{
	int waits = nr == SYS_futex && ((int)b & FUTEX_CMD_MASK) == FUTEX_WAIT;
	long ret;

	/* What the word says is all that libcompel looks at, so that call can't fail. */
	if (!waits && wire_fails(WIRE_syscall))
		return -1;
	ret = waits ? wait_connected((uint32_t *)a, (uint32_t)c) : raw_call(nr, a, b, c, d, e, f);
	if (ret >= 0)
		return ret;
	errno = (int)-ret;
	return -1;
}
