/* SPDX-License-Identifier: Apache-2.0
 *
 * Waits for descriptors. A call that would block is tried without blocking; if it would
 * block, the actor is parked and the token moves on.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include "calls.h"

enum { EXTERNAL_SLICE_MS = 2 }; /* between two looks at the one who must answer */

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
