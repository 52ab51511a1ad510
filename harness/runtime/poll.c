/* SPDX-License-Identifier: Apache-2.0
 *
 * poll and select, tried without blocking. select is a poll whose list is made of its sets, but for the
 * call that it makes if it is to be frozen in there.
 */
#include <errno.h>
#include <sys/select.h>
#include <sys/syscall.h>

#include "calls.h"

#define WRAPPED __attribute__((visibility("hidden")))
#define SITE() rt_site(__builtin_return_address(0))

/* Which of the two it is. */
struct waiting {
	const char *call;
	/* The actor is about to park: it makes the call for real if it is to be frozen in it. */
	void (*freeze_inside)(const struct waiting *w, struct pollfd *fds, nfds_t count);
};

static int ready_now(struct pollfd *fds, nfds_t count)
{
	int ready = rt_fd_poll(fds, count), more = 0;

	for (nfds_t i = 0; i < count && ready >= 0; i++) {
		if (!(fds[i].events & POLLIN) || !rt_pushed_back(fds[i].fd))
			continue;
		more += fds[i].revents == 0;
		fds[i].revents |= POLLIN;
	}
	return ready < 0 ? ready : ready + more;
}

uint64_t rt_deadline_after(int timeout_ms)
{
	return timeout_ms < 0 ? RT_NEVER : rt.shared->clock + (uint64_t)timeout_ms * 1000000;
}

static bool any_external(const struct pollfd *fds, nfds_t count)
{
	for (nfds_t i = 0; i < count; i++)
		if (rt_is_external(fds[i].fd))
			return true;
	return false;
}

static int wait_ready(const struct waiting *w, struct pollfd *fds, nfds_t count, int timeout_ms)
{
	uint64_t deadline = rt_deadline_after(timeout_ms);
	int ready = ready_now(fds, count);
	char waits[CF_WAITS];

	if (ready != 0 || timeout_ms == 0)
		return ready;
	if (any_external(fds, count))
		return rt_wait_external(fds, count, timeout_ms, w->call) ? ready_now(fds, count)
									 : 0;
	rt_name_wait(waits, sizeof(waits), count > 0 ? fds[0].fd : -1, w->call);
	w->freeze_inside(w, fds, count);
	while (ready == 0) {
		if (!rt_park(RT_PARK_IPC, 0, deadline, waits))
			return ready_now(fds, count);
		ready = ready_now(fds, count);
	}
	return ready;
}

static void note(uint32_t site, const struct pollfd *fds, nfds_t count, int ready)
{
	rt_step(CF_OP_POLL, ready == 0 ? CF_STEP_TIMEOUT : 0, site, 0, count,
		(uint64_t)(int64_t)ready, count > 0 ? (uint64_t)fds[0].revents : 0);
}

/* ---- poll -------------------------------------------------------------------------------------- */

static void poll_inside(const struct waiting *w, struct pollfd *fds, nfds_t count)
{
	(void)w;
	rt_freeze_inside_timed(SYS_poll, (uintptr_t)fds, count, (uint64_t)-1);
}

WRAPPED int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
	static const struct waiting waiting = { "poll", poll_inside };
	uint32_t site = SITE();
	struct rt_deal deal;
	int ready;

	if (!rt.running)
		return __real_poll(fds, count, timeout_ms);
	rt_call(site, &deal);
	ready = rt_fail(&deal, RT_POLLS, -1, 0);
	if (ready < 0)
		return (int)rt_result(ready);
	ready = wait_ready(&waiting, fds, count, timeout_ms);
	note(site, fds, count, ready);
	return (int)rt_result(ready);
}

/* ---- select ------------------------------------------------------------------------------------ */

enum { SETS = 3, WATCHED = 64 };

/* What each of the sets waits for, and which states of a descriptor count as that. */
static const struct {
	short asks, counts;
} kinds[SETS] = {
	{ POLLIN, POLLIN | POLLHUP | POLLERR },
	{ POLLOUT, POLLOUT | POLLERR },
	{ POLLPRI, POLLPRI },
};

struct selecting {
	struct waiting waiting;
	int count;
	fd_set *set[SETS];
};

/* Made anew from the list, since the call changes its sets. */
static void select_inside(const struct waiting *w, struct pollfd *fds, nfds_t count)
{
	const struct selecting *s = (const struct selecting *)w;
	fd_set set[SETS];

	for (unsigned kind = 0; kind < SETS; kind++) {
		FD_ZERO(&set[kind]);
		for (nfds_t i = 0; i < count; i++)
			if (fds[i].events & kinds[kind].asks)
				FD_SET(fds[i].fd, &set[kind]);
	}
	rt_freeze_inside(SYS_select, (uint64_t)s->count, (uintptr_t)&set[0], (uintptr_t)&set[1],
			 (uintptr_t)&set[2]);
}

static nfds_t list_of(const struct selecting *s, struct pollfd fds[WATCHED])
{
	nfds_t count = 0;

	for (int fd = 0; fd < s->count; fd++) {
		short events = 0;

		for (unsigned kind = 0; kind < SETS; kind++)
			if (s->set[kind] != NULL && FD_ISSET(fd, s->set[kind]))
				events |= kinds[kind].asks;
		if (events == 0)
			continue;
		if (count == WATCHED)
			rt_refuse("the target selects among more than 64 descriptors");
		fds[count++] = (struct pollfd){ .fd = fd, .events = events };
	}
	return count;
}

/* The sets as they are to be, and how many descriptors are in them; or -errno, and the sets unchanged. */
static int into_sets(const struct selecting *s, const struct pollfd *fds, nfds_t count)
{
	int ready = 0;

	for (nfds_t i = 0; i < count; i++)
		if (fds[i].revents & POLLNVAL)
			return -EBADF;
	for (nfds_t i = 0; i < count; i++)
		for (unsigned kind = 0; kind < SETS; kind++) {
			bool asked = fds[i].events & kinds[kind].asks;
			bool is = asked && (fds[i].revents & kinds[kind].counts);

			if (asked && !is)
				FD_CLR(fds[i].fd, s->set[kind]);
			ready += is;
		}
	return ready;
}

static int milliseconds(const struct timeval *t)
{
	return t == NULL ? -1 : (int)(t->tv_sec * 1000 + (t->tv_usec + 999) / 1000);
}

/* As Linux does, what is left of the time is told. */
static void tell_left(struct timeval *timeout, uint64_t deadline)
{
	uint64_t now = rt.shared->clock, left = deadline > now ? deadline - now : 0;

	if (timeout == NULL)
		return;
	timeout->tv_sec = (time_t)(left / 1000000000);
	timeout->tv_usec = (suseconds_t)(left % 1000000000 / 1000);
}

WRAPPED int __wrap_select(int count, fd_set *in, fd_set *out, fd_set *urgent,
			  struct timeval *timeout)
{
	const struct selecting s = { { "select", select_inside }, count, { in, out, urgent } };
	uint64_t deadline;
	struct pollfd fds[WATCHED];
	uint32_t site = SITE();
	struct rt_deal deal;
	nfds_t watched;
	int ready;

	if (!rt.running)
		return __real_select(count, in, out, urgent, timeout);
	rt_call(site, &deal);
	ready = rt_fail(&deal, RT_POLLS, -1, 0);
	if (ready < 0)
		return (int)rt_result(ready);
	deadline = rt_deadline_after(milliseconds(timeout));
	watched = list_of(&s, fds);
	ready = wait_ready(&s.waiting, fds, watched, milliseconds(timeout));
	note(site, fds, watched, ready);
	tell_left(timeout, deadline);
	return (int)rt_result(into_sets(&s, fds, watched));
}
