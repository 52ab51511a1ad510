/* SPDX-License-Identifier: Apache-2.0
 *
 * How a victim is let go from its place. Of a time it is asked twice: by itself, whether it was over
 * too early; from outside, whether it still sleeps in its call although the time is over. The clock
 * says nothing about that, since a busy machine makes everything late: but one that has been woken
 * is not asleep, whenever it gets a processor.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/uio.h>
#include <time.h>

#include "calls.h"
#include "codes.h"
#include "patience.h"
#include "raw.h"

enum { LATE = 5 /* milliseconds */ };

static void sleep_until(int64_t when)
{
	const struct timespec t = { when / 1000000000, when % 1000000000 };

	raw4(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &t, 0);
}

/* The other end of what it sleeps on. */
static long far_end(const struct victim *v)
{
	long pidfd = raw2(SYS_pidfd_open, v->pid, 0), fd;

	if (pidfd < 0)
		return pidfd;
	fd = raw3(SYS_pidfd_getfd, pidfd, CALL_FAR, 0);
	raw1(SYS_close, pidfd);
	return fd;
}

/* Nobody reads what is written to its pipe any more once a releaser has done its part. */
static int await_releaser(long fd)
{
	struct pollfd p = { .fd = (int)fd };

	return raw3(SYS_poll, &p, 1, PATIENCE_AT_MOST) == 1 ? 0 : -ETIMEDOUT;
}

static long write_far(const struct victim *v, uint64_t word)
{
	long fd = far_end(v), ret;

	if (fd < 0)
		return fd;
	ret = raw3(SYS_write, fd, &word, sizeof(word));
	if (ret > 0 && call_of(v)->act && await_releaser(fd))
		ret = -ETIMEDOUT;
	raw1(SYS_close, fd);
	return ret;
}

/* A sleep is thawed when half of its time is over: one that began anew would last beyond its end, and one that
 * has lost its time would end too early, even if both have to wait for a processor for a while. */
static long release_call(const struct victim *v)
{
	const uint64_t word = VICTIM_WORD;
	const struct call *call = call_of(v);

	if (call->milliseconds) {
		sleep_until(v->ordered + call->milliseconds * (int64_t)CALL_MILLISECOND / 2);
		return sizeof(word);
	}
	if (call->flags & (CALL_STOP_ENDS | CALL_LATER | CALL_GIVES_ANY))
		return sizeof(word);
	if (call->flags & CALL_BY_ORDER)
		return raw3(SYS_write, v->fd, &word, sizeof(word));
	return write_far(v, word);
}

/* It spins no more: it is another program, or it has ended. */
static int is_over(const struct victim *v, long error)
{
	const unsigned flags = call_of(v)->flags;

	return (flags & CALL_REPLACES && error == -EFAULT) ||
	       (flags & CALL_ENDS && (error == -ESRCH || error == -EFAULT));
}

int place_release(const struct victim *v)
{
	uint64_t word = 0;
	struct iovec here = { &word, sizeof(word) }, there = { &victim_go, sizeof(word) };
	long ret;

	if (code_of(v->setting.place))
		ret = raw6(SYS_process_vm_writev, v->pid, &here, 1, &there, 1, 0);
	else
		ret = release_call(v);
	if (is_over(v, ret))
		return 0;
	return ret == sizeof(word) ? 0 : ret < 0 ? (int)ret : -EPIPE;
}

/* By then its time is over, if it has gone on by now. */
static int64_t end_of(const struct victim *v)
{
	const struct call *call = call_of(v);
	const int64_t now = place_now();
	const int64_t begin = call->flags & CALL_CLOCK_STOPS ? now : v->held;
	const int64_t end = begin + call->milliseconds * (int64_t)CALL_MILLISECOND;

	return (end > now ? end : now) + LATE * (int64_t)CALL_MILLISECOND;
}

static int has_spoken(const struct victim *v, int milliseconds)
{
	struct pollfd p = { .fd = v->fd, .events = POLLIN };

	return raw3(SYS_poll, &p, 1, milliseconds) != 0;
}

/* True once it is back in its call. If it never is, it has something to say, or never will. */
static int await_back(const struct victim *v)
{
	struct patience patience = patience_for(v->pid);
	int slice;

	while (!place_still_sleeps(v)) {
		slice = patience_slice(&patience);
		if (!slice || has_spoken(v, slice))
			return 0;
	}
	return 1;
}

static int release_later(const struct victim *v)
{
	return await_back(v) && write_far(v, VICTIM_WORD) < 0 ? -EPIPE : 0;
}

/* Where the clock stands still meanwhile it goes on only once the victim is back in its call, for which
 * it needs a processor. */
static int await_time(const struct victim *v)
{
	int64_t end;

	if ((call_of(v)->flags & CALL_CLOCK_STOPS) && !await_back(v))
		return 0;
	end = end_of(v);
	while (!has_spoken(v, 1))
		if (place_now() >= end) /* in this order: its time was over when it was asleep */
			return place_still_sleeps(v) ? -ETIME : 0;
	return 0;
}

int place_await_end(const struct victim *v)
{
	if (call_of(v)->flags & CALL_LATER)
		return release_later(v);
	return call_of(v)->milliseconds ? await_time(v) : 0;
}
