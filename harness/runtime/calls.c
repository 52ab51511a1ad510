/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls on descriptors, linked in place of libc's by --wrap. Where they wait is waits.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "calls.h"

#define WRAPPED __attribute__((visibility("hidden")))
#define SITE() rt_site(__builtin_return_address(0))

void rt_call(uint32_t site, struct rt_deal *deal)
{
	rt_settle();
	rt_progress();
	rt_point(site, deal);
	rt_drain();
}

ssize_t rt_result(ssize_t status)
{
	if (status >= 0)
		return status;
	errno = (int)-status;
	return -1;
}

/* ---- descriptors ------------------------------------------------------------------------------ */

int rt_channel_of(int fd, unsigned *direction)
{
	for (unsigned i = 0; i < CF_MAX_CHANNELS; i++) {
		if (fd < 0 || rt.own->channel_fd[i] != fd)
			continue;
		*direction = rt.own->channel_side[i];
		return (int)i;
	}
	return -1;
}

void rt_take_channel(unsigned channel, int fd)
{
	const char *role = rt.target->roles[rt.me->role].name;

	rt.own->channel_fd[channel] = fd;
	rt.own->channel_side[channel] = strcmp(rt.target->channels[channel].a, role) != 0;
}

void rt_channel_changed(void)
{
	rt.shared->ipc++;
	if (rt.shared->choices.heeds_change)
		rt.me->due = 0;
}

bool rt_is_socket(int fd)
{
	return rt_fd_type(fd) >= 0;
}

bool rt_is_stream(int fd)
{
	int type = rt_fd_type(fd);

	return type == SOCK_STREAM || type < 0;
}

/* ---- messages ---------------------------------------------------------------------------------- */

WRAPPED ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags)
{
	if (!rt.running || !rt_is_socket(fd))
		return rt_result(rt_fd_send(fd, message, flags));
	return rt_send(fd, message, flags, SITE());
}

static ssize_t send_one(int fd, const void *bytes, size_t size, int flags, const void *name,
			socklen_t name_size, uint32_t site)
{
	struct iovec iov = { (void *)bytes, size };
	struct msghdr message = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_name = (void *)name, .msg_namelen = name_size
	};

	if (!rt.running || !rt_is_socket(fd))
		return rt_result(rt_fd_send(fd, &message, flags));
	return rt_send(fd, &message, flags, site);
}

WRAPPED ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags)
{
	return send_one(fd, bytes, size, flags, NULL, 0, SITE());
}

WRAPPED ssize_t __wrap_sendto(int fd, const void *bytes, size_t size, int flags,
			      const struct sockaddr *to, socklen_t to_size)
{
	return send_one(fd, bytes, size, flags, to, to_size, SITE());
}

WRAPPED ssize_t __wrap_recvmsg(int fd, struct msghdr *message, int flags)
{
	if (!rt.running || !rt_is_socket(fd))
		return rt_result(rt_fd_recv(fd, message, flags));
	return rt_recv(fd, message, flags, SITE());
}

static ssize_t recv_one(int fd, void *bytes, size_t size, int flags, uint32_t site)
{
	struct iovec iov = { bytes, size };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (!rt.running || !rt_is_socket(fd))
		return rt_result(rt_fd_recv(fd, &message, flags));
	return rt_recv(fd, &message, flags, site);
}

WRAPPED ssize_t __wrap_recv(int fd, void *bytes, size_t size, int flags)
{
	return recv_one(fd, bytes, size, flags, SITE());
}

WRAPPED ssize_t __wrap_recvfrom(int fd, void *bytes, size_t size, int flags, struct sockaddr *from,
				socklen_t *from_size)
{
	if (from != NULL)
		rt_plays();
	if (!rt.running || !rt_is_socket(fd) || from != NULL)
		return __real_recvfrom(fd, bytes, size, flags, from, from_size);
	return recv_one(fd, bytes, size, flags, SITE());
}

/* Pipes, files and the like: no frames, but they may block. */
static ssize_t plain_io(int fd, void *bytes, size_t size, bool reading, uint32_t site)
{
	short events = reading ? POLLIN : POLLOUT;
	const size_t whole = size;
	struct rt_deal deal;
	ssize_t done;
	int status;

	rt_call(site, &deal);
	status = rt_fail(&deal, reading ? RT_READS : RT_WRITES, fd, 0);
	if (status < 0)
		return rt_result(status);
	size = rt_short(&deal, size);
	for (;;) {
		struct pollfd one = { .fd = fd, .events = events };

		if (rt_fd_poll(&one, 1) != 0)
			break;
		if (!rt_is_external(fd) && !(rt_fd_control(fd, F_GETFL, 0) & O_NONBLOCK))
			rt_freeze_inside(reading ? SYS_read : SYS_write, (uint64_t)fd,
					 (uintptr_t)bytes, size, 0);
		if (!rt_wait_fd(fd, events, 0, reading ? "read" : "write"))
			return rt_result(-EAGAIN);
	}
	done = rt_result(reading ? rt_fd_read(fd, bytes, size) : rt_fd_write(fd, bytes, size));
	rt_channel_changed();
	if (reading && done > 0)
		rt_acquire_from_anybody();
	rt_call_step(site, reading ? "read" : "write", (uint64_t)fd, done,
		     size < whole ? CF_STEP_EVENT : 0);
	return done;
}

WRAPPED ssize_t __wrap_read(int fd, void *bytes, size_t size)
{
	if (!rt.running)
		return __real_read(fd, bytes, size);
	if (rt_is_socket(fd))
		return recv_one(fd, bytes, size, 0, SITE());
	return plain_io(fd, bytes, size, true, SITE());
}

WRAPPED ssize_t __wrap_write(int fd, const void *bytes, size_t size)
{
	if (!rt.running)
		return __real_write(fd, bytes, size);
	if (rt_is_socket(fd))
		return send_one(fd, bytes, size, 0, NULL, 0, SITE());
	return plain_io(fd, (void *)bytes, size, false, SITE());
}

/* ---- close and shutdown ------------------------------------------------------------------------ */

WRAPPED int __wrap_close(int fd)
{
	unsigned direction = 0;
	struct rt_deal deal;
	uint32_t site = SITE();
	int channel, status, failed;

	if (!rt.running)
		return __real_close(fd);
	channel = rt_channel_of(fd, &direction);
	rt_call(site, &deal);
	failed = rt_fail(&deal, RT_CLOSES, fd, 0);
	rt_flush_frames();
	status = (int)rt_result(rt_fd_close(fd)); /* whatever it returns, the descriptor is gone */
	if (channel >= 0 && status == 0)
		rt.own->channel_fd[channel] = -1;
	rt_channel_changed();
	rt_step(CF_OP_CLOSE, 0, site, 0,
		channel < 0 ? UINT64_MAX : (uint64_t)channel << 1 | direction, (uint64_t)status, 0);
	return failed < 0 ? (int)rt_result(failed) : status;
}

WRAPPED int __wrap_shutdown(int fd, int how)
{
	struct rt_deal deal;
	uint32_t site = SITE();
	int status;

	if (!rt.running)
		return __real_shutdown(fd, how);
	rt_call(site, &deal);
	rt_flush_frames();
	status = (int)rt_result(rt_fd_shutdown(fd, how));
	rt_channel_changed();
	rt_step(CF_OP_CLOSE, 0, site, 0, (uint64_t)fd, (uint64_t)status, (uint64_t)how + 1);
	return status;
}
