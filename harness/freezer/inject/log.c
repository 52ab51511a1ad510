/* SPDX-License-Identifier: Apache-2.0 */
#include "log.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "../victim/raw.h"
#include "inject.h"

enum { LINE = 128 };

/* What poll knows of pipes, sockets and terminals; files are always ready. Whoever shares a pipe with other
 * writers makes it O_NONBLOCK: one of them could come in between. */
static int look(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	raw3(SYS_poll, &p, 1, 0);
	return p.revents;
}

/* The reader may go away in between: a SIGPIPE that comes of that is not for our caller. */
static long write_quietly(int fd, const char *line, size_t size)
{
	const uint64_t broken = 1ull << (SIGPIPE - 1);
	const struct timespec now = { 0 };
	uint64_t before;
	long n;

	raw4(SYS_rt_sigprocmask, SIG_BLOCK, &broken, &before, 8);
	n = look(fd) == POLLOUT ? raw3(SYS_write, fd, line, size) : -EAGAIN;
	if (n == -EPIPE && !(before & broken))
		raw4(SYS_rt_sigtimedwait, &broken, 0, &now, 8);
	raw4(SYS_rt_sigprocmask, SIG_SETMASK, &before, 0, 8);
	return n;
}

/* Where nobody takes it now, or nobody ever will. */
static int is_careless(const struct inject *in, int fd)
{
	switch (in->slip) {
	case INJECT_LOG_WAITS:
		return !look(fd);
	case INJECT_LOG_KILLS:
		return look(fd) & POLLERR;
	default:
		return 0;
	}
}

static size_t put(const struct inject *in, const char *what, long error, char line[LINE])
{
	const struct inject_log *log = in->port->log;
	int n = snprintf(line, LINE, "inject: %d: %.40s", in->pid, what);

	if (error)
		n += snprintf(line + n, LINE - (size_t)n, " fails: error %ld", -error);
	if (log->lost)
		n += snprintf(line + n, LINE - (size_t)n, " (%u lines before are lost)", log->lost);
	line[n] = '\n';
	return (size_t)n + 1;
}

void inject_say(struct inject *in, const char *what, long error)
{
	struct inject_log *log = in->port->log;
	char line[LINE];
	size_t size;
	long n;

	if (!log || log->fd < 0)
		return;
	size = put(in, what, error, line);
	in->waiting = patience_for(in->pid);
	n = log->write && is_careless(in, log->fd) ? log->write(log->fd, line, size)
						   : write_quietly(log->fd, line, size);
	log->said += n == (long)size;
	log->lost = n == (long)size ? 0 : log->lost + 1;
}
