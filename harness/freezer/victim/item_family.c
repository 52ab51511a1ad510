/* SPDX-License-Identifier: Apache-2.0
 *
 * Two children: one that lives until its parent is released, and a dead one whose status nobody has
 * asked for yet. The living one reads from a pipe whose other end its parent has: it ends when that is
 * closed. A parent with another user's id could not kill it, not even by its own death.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "raw.h"
#include "state.h"

enum { STATUS = 42, FROM_FD = 50 /* above those that are of interest */ };

static long living, dead, gate;

static _Noreturn void live(int fd)
{
	char end;

	raw1(SYS_close, gate);
	raw3(SYS_read, fd, &end, 1);
	for (;;)
		raw1(SYS_exit_group, STATUS);
}

static void bear_living(void)
{
	int ends[2] = { -1, -1 };

	state_must("pipe2", raw2(SYS_pipe2, ends, O_CLOEXEC));
	gate = state_must("fcntl", raw3(SYS_fcntl, ends[1], F_DUPFD_CLOEXEC, FROM_FD));
	raw1(SYS_close, ends[1]);
	living = state_must("fork", raw1(SYS_fork, 0));
	if (living == 0)
		live(ends[0]);
	raw1(SYS_close, ends[0]);
}

static _Noreturn void die(void)
{
	for (;;)
		raw1(SYS_exit_group, STATUS);
}

static void set(unsigned wish, uint64_t seed)
{
	(void)wish, (void)seed;
	bear_living();
	dead = state_must("fork", raw1(SYS_fork, 0));
	if (dead == 0)
		die();
	if (dead > 0)
		state_await_child(dead, WNOWAIT);
}

/* What wait says of one, without reaping it. */
static uint64_t status_of(long pid)
{
	siginfo_t info = { .si_code = 0 };
	long ret = raw5(SYS_waitid, P_PID, pid, &info, WEXITED | WNOHANG | WNOWAIT, 0);

	return ret < 0 ? (uint64_t)ret : (uint64_t)info.si_code << 32 | (uint32_t)info.si_status;
}

static void look(struct state_view *view, unsigned wish)
{
	(void)wish;
	state_see(view, "children", "what wait says of the living child", status_of(living));
	state_see(view, "children", "what wait says of the dead child", status_of(dead));
}

static void end(void)
{
	if (living > 0 && raw2(SYS_kill, living, SIGKILL) == 0)
		state_await_child(living, 0);
	if (dead > 0)
		raw4(SYS_wait4, dead, 0, __WALL | WNOHANG, 0);
}

const struct state_ops state_family = { .set = set, .look = look, .end = end };
