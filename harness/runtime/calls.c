/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls on descriptors. A call that would block is tried without blocking; if it would
 * block, the actor is parked and the token moves on. Linked in place of libc's by --wrap.
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

enum { EXTERNAL_SLICE_MS = 2 }; /* between two looks at the one who must answer */

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

/* The receive time-out that the target has set on its socket, as a deadline. */
static uint64_t own_timeout(int fd, short events)
{
	struct timeval time = { 0 };
	socklen_t size = sizeof(time);
	int option = events & POLLIN ? SO_RCVTIMEO : SO_SNDTIMEO;

	if (rt.fibers) /* who sets one needs a process */
		return RT_NEVER;
	if (getsockopt(fd, SOL_SOCKET, option, &time, &size) < 0 ||
	    (time.tv_sec == 0 && time.tv_usec == 0))
		return RT_NEVER;
	return rt.shared->clock + (uint64_t)time.tv_sec * 1000000000 +
	       (uint64_t)time.tv_usec * 1000;
}

bool rt_is_external(int fd)
{
	unsigned direction;

	return (rt.target->flags & CF_EXTERNAL_CALLS) && rt_channel_of(fd, &direction) < 0;
}

static int poll_real(struct pollfd *fds, nfds_t count, int timeout_ms)
{
	int ready;

	do {
		ready = __real_poll(fds, count, timeout_ms);
	} while (ready < 0 && errno == EINTR);
	return ready;
}

/* Gives up at the limit, or when the target knows that there is no hope. */
static int poll_hopeful(struct pollfd *fds, nfds_t count, int limit, char why[CF_WAITS])
{
	int ready = 0;

	if (rt.hopeless == NULL)
		return poll_real(fds, count, limit);
	for (int waited = 0; ready == 0 && waited < limit; waited += EXTERNAL_SLICE_MS) {
		if (rt.hopeless(why, CF_WAITS))
			break;
		ready = poll_real(fds, count, EXTERNAL_SLICE_MS);
	}
	return ready;
}

_Noreturn void rt_never_answered(const char *call, const char *why)
{
	char site[CF_SITE_NAME], detail[CF_DETAIL];

	snprintf(site, sizeof(site), "%s.%s", rt.target->name, call);
	snprintf(detail, sizeof(detail),
		 "%s waits without a time-out for an answer that never comes%s%s", call,
		 why[0] ? ": " : "", why);
	rt_finish(CF_VIOLATED, CF_HANG, rt.me->site, site, detail);
}

/* Somebody whom we do not control must answer: really wait, but not for ever. */
bool rt_wait_external(struct pollfd *fds, nfds_t count, int timeout_ms, const char *call)
{
	int limit = (int)rt.external_ms, ready;
	bool own = timeout_ms >= 0 && timeout_ms < limit;
	char why[CF_WAITS] = "";

	rt_flush_frames(); /* what is kept back is sent when the actor waits */
	rt.shared->external++;
	ready = own ? poll_real(fds, count, timeout_ms) : poll_hopeful(fds, count, limit, why);
	rt.shared->external--;
	if (ready == 0 && !own)
		rt_never_answered(call, why);
	return ready > 0;
}

/* snprintf would be the dearest part of a wait. */
void rt_name_wait(char *text, size_t size, int fd, const char *call)
{
	unsigned direction;
	int channel = rt_channel_of(fd, &direction);
	const char *name = channel < 0 ? "" : rt.target->channels[channel].name;

	if (channel < 0 || strlen(call) + strlen(name) + sizeof("waits in  on channel ") > size)
		snprintf(text, size, "waits in %s on descriptor %d", call, fd);
	else
		stpcpy(stpcpy(stpcpy(stpcpy(text, "waits in "), call), " on channel "), name);
}

bool rt_wait_fd(int fd, short events, int flags, const char *call)
{
	struct pollfd one = { .fd = fd, .events = events };
	char waits[CF_WAITS];

	if ((flags & MSG_DONTWAIT) || (rt_fd_control(fd, F_GETFL, 0) & O_NONBLOCK))
		return false;
	if (rt_is_external(fd))
		return rt_wait_external(&one, 1, -1, call);
	rt_name_wait(waits, sizeof(waits), fd, call);
	return rt_park(RT_PARK_IPC, 0, own_timeout(fd, events), waits);
}

bool rt_wait_message(int fd, short events, struct msghdr *message, int flags)
{
	/* With a time-out of the socket's any stop ends the call (signal(7)). */
	bool blocks = !(flags & MSG_DONTWAIT) && !(rt_fd_control(fd, F_GETFL, 0) & O_NONBLOCK) &&
		      !rt_is_external(fd) && own_timeout(fd, events) == RT_NEVER;

	if (blocks && (events & POLLIN))
		rt_freeze_inside(SYS_recvmsg, (uint64_t)fd, (uintptr_t)message,
				 (uint64_t)flags | MSG_PEEK, 0);
	else if (blocks)
		rt_freeze_inside(SYS_sendmsg, (uint64_t)fd, (uintptr_t)message, (uint64_t)flags, 0);
	return rt_wait_fd(fd, events, flags, events & POLLIN ? "recv" : "send");
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
