/* SPDX-License-Identifier: Apache-2.0
 *
 * The places at which a victim ends by itself: as a whole, or its first thread alone. That is a zombie then
 * which nobody can stop or reap, while its process lives on in another thread.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/wait.h>

#include "calls.h"
#include "patience.h"
#include "raw.h"
#include "threads.h"

enum { STACK = 4096 };

static uint8_t stack[STACK] __attribute__((aligned(16)));

/* ---- inside ------------------------------------------------------------------------------------- */

/* The next order is for it: that all is over. */
static void survive(void *unused)
{
	char order;

	(void)unused;
	raw3(SYS_read, VICTIM_FD, &order, 1);
	for (;;)
		raw1(SYS_exit_group, VICTIM_CHILD_STATUS);
}

int ending_prepare(struct victim_told *told)
{
	const uint64_t flags =
		CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
	long ret = thread_clone(flags, stack + STACK, NULL, survive, NULL);

	(void)told;
	return ret < 0 ? (int)ret : 0;
}

/* ---- outside ------------------------------------------------------------------------------------ */

int victim_ends(const struct victim *v)
{
	return !!(calls[v->setting.place].flags & CALL_ENDS);
}

static int await_first_thread(const struct victim *v)
{
	struct patience patience = patience_for(v->pid);
	char state;
	int slice;

	while (!(state = patience_state(v->pid), state == 'Z' || state == 'X') &&
	       (slice = patience_slice(&patience)))
		raw3(SYS_poll, 0, 0, slice);
	return state == 'Z' || state == 'X' ? 0 : -ETIMEDOUT;
}

int victim_reap(struct victim *v, int *status)
{
	struct patience patience = patience_for(v->pid);
	const char order = 0;
	int slice;
	long ret = await_first_thread(v);

	if (ret)
		return (int)ret;
	raw3(SYS_write, v->fd, &order, 1); /* nobody hears it, or the survivor does */
	while (!(ret = raw4(SYS_wait4, v->pid, status, WNOHANG | __WALL, 0)) &&
	       (slice = patience_slice(&patience)))
		raw3(SYS_poll, 0, 0, slice);
	if (ret <= 0)
		return ret ? (int)ret : -ETIMEDOUT;
	raw1(SYS_close, v->fd);
	v->pid = 0;
	return 0;
}
