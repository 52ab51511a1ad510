/* SPDX-License-Identifier: Apache-2.0 */
#include "rival.h"

#include <errno.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "patience.h"
#include "raw.h"

static int stop(int victim)
{
	struct patience patience = patience_for(victim);
	long ret = raw4(SYS_ptrace, PTRACE_SEIZE, victim, 0, 0);
	int slice;

	if (!ret)
		ret = raw4(SYS_ptrace, PTRACE_INTERRUPT, victim, 0, 0);
	if (ret)
		return (int)ret;
	while (!(ret = raw4(SYS_wait4, victim, 0, WNOHANG | __WALL, 0)) &&
	       (slice = patience_slice(&patience)))
		raw3(SYS_poll, 0, 0, slice);
	if (ret == victim)
		return 1;
	return ret ? (int)ret : -ETIMEDOUT;
}

static _Noreturn void live(int victim, int fd)
{
	int says = stop(victim);
	char end;

	raw3(SYS_write, fd, &says, sizeof(says));
	raw3(SYS_read, fd, &end, 1);
	if (says == 1)
		raw4(SYS_ptrace, PTRACE_DETACH, victim, 0, 0);
	for (;;)
		raw1(SYS_exit_group, 0);
}

int rival_come(struct rival *r, int victim, int (*fork_it)(void))
{
	int pair[2];
	long ret = raw4(SYS_socketpair, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair);

	if (ret)
		return (int)ret;
	r->pid = fork_it();
	if (r->pid == 0) {
		raw1(SYS_close, pair[0]);
		live(victim, pair[1]);
	}
	raw1(SYS_close, pair[1]);
	r->fd = pair[0];
	if (r->pid < 0)
		return -errno;
	ret = raw3(SYS_read, r->fd, &r->says, sizeof(r->says));
	if (ret < 0)
		return (int)ret;
	return ret == sizeof(r->says) ? 0 : -EPIPE;
}

void rival_leave(struct rival *r)
{
	if (r->fd < 0)
		return;
	raw1(SYS_close, r->fd);
	r->fd = -1;
	if (r->pid > 0)
		raw4(SYS_wait4, r->pid, 0, __WALL, 0);
	r->pid = 0;
}
