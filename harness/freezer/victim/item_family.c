/* SPDX-License-Identifier: Apache-2.0
 *
 * Two children: one that lives until its parent is released, and a dead one whose status nobody has
 * asked for yet. They die with their parent.
 */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "raw.h"
#include "state.h"

enum { STATUS = 42 };

static long living, dead;

static _Noreturn void live(void)
{
	raw2(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		raw1(SYS_pause, 0);
}

static _Noreturn void die(void)
{
	for (;;)
		raw1(SYS_exit_group, STATUS);
}

static void set(unsigned wish, uint64_t seed)
{
	(void)wish, (void)seed;
	living = state_must("fork", raw1(SYS_fork, 0));
	if (living == 0)
		live();
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
