/* SPDX-License-Identifier: Apache-2.0
 *
 * Virtual time: it stands still while anybody can run, moves a microsecond when it is asked for,
 * and jumps to the next deadline when everybody waits.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "calls.h"
#include "clock.h"

#define WRAPPED __attribute__((visibility("hidden")))
#define SITE() rt_site(__builtin_return_address(0))

enum { SECOND = 1000000000, EPOCH = 1700000000, TICK = 1000 };

int __real_nanosleep(const struct timespec *time, struct timespec *left);
int __real_clock_nanosleep(clockid_t clock, int flags, const struct timespec *time,
			   struct timespec *left);
int __real_usleep(useconds_t microseconds);
unsigned __real_sleep(unsigned seconds);
int __real_clock_gettime(clockid_t clock, struct timespec *time);
int __real_timespec_get(struct timespec *time, int base);
int __real_gettimeofday(struct timeval *time, void *zone);
time_t __real_time(time_t *out);
int __real_sched_yield(void);
int __real_thrd_sleep(const struct timespec *time, struct timespec *left);
void __real_thrd_yield(void);

static uint64_t nanoseconds(const struct timespec *time)
{
	return (uint64_t)time->tv_sec * SECOND + (uint64_t)time->tv_nsec;
}

uint64_t rt_deadline(const struct timespec *time, int absolute)
{
	uint64_t when = nanoseconds(time);

	if (!absolute)
		return rt.shared->clock + when;
	if (when < (uint64_t)EPOCH * SECOND + rt.shared->clock)
		return rt.shared->clock; /* it is over */
	return when - (uint64_t)EPOCH * SECOND;
}

/* True if a handler ends it: all signals are blocked meanwhile, so that it runs here. */
static bool park_for_signal(uint64_t deadline)
{
	bool restarts, heard = false;
	sigset_t own;

	rt_block(&own);
	while (!heard && rt_park(RT_PARK_SLEEP, 0, deadline, "sleeps"))
		heard = rt_hear(&own, &restarts);
	rt_let_in(&own);
	return heard;
}

/* What is left of it when a signal ends it, or 0. */
static uint64_t sleep_until(uint64_t deadline, uint32_t site)
{
	static const struct timespec an_hour = { .tv_sec = 3600 };
	struct rt_deal deal;

	rt_call(site, &deal);
	if (rt_fail(&deal, RT_SLEEPS, -1, 0) < 0)
		return deadline - rt.shared->clock;
	rt_step(CF_OP_SLEEP, 0, site, 0, 0, deadline, 0);
	rt_freeze_inside_timed(SYS_nanosleep, (uintptr_t)&an_hour, 0, 0);
	if (rt.own->catches)
		return park_for_signal(deadline) ? deadline - rt.shared->clock : 0;
	while (rt_park(RT_PARK_SLEEP, 0, deadline, "sleeps"))
		;
	return 0;
}

/* As nanosleep does it: with what is left, if that is asked for. */
static int slept(uint64_t ns, struct timespec *left)
{
	if (ns == 0)
		return 0;
	rt_untracked(left);
	if (left != NULL)
		*left = (struct timespec){ (time_t)(ns / SECOND), (long)(ns % SECOND) };
	return EINTR;
}

WRAPPED int __wrap_nanosleep(const struct timespec *time, struct timespec *left)
{
	if (!rt.running)
		return __real_nanosleep(time, left);
	return (int)rt_result(-slept(sleep_until(rt_deadline(time, 0), SITE()), left));
}

WRAPPED int __wrap_thrd_sleep(const struct timespec *time, struct timespec *left)
{
	if (!rt.running)
		return __real_thrd_sleep(time, left);
	return slept(sleep_until(rt_deadline(time, 0), SITE()), left) == 0 ? 0 : -1;
}

WRAPPED int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *time,
				   struct timespec *left)
{
	if (!rt.running)
		return __real_clock_nanosleep(clock, flags, time, left);
	return slept(sleep_until(rt_deadline(time, flags & TIMER_ABSTIME), SITE()),
		     flags & TIMER_ABSTIME ? NULL : left);
}

WRAPPED int __wrap_usleep(useconds_t microseconds)
{
	if (!rt.running)
		return __real_usleep(microseconds);
	return (int)rt_result(-slept(
		sleep_until(rt.shared->clock + (uint64_t)microseconds * 1000, SITE()), NULL));
}

WRAPPED unsigned __wrap_sleep(unsigned seconds)
{
	uint64_t left;

	if (!rt.running)
		return __real_sleep(seconds);
	left = sleep_until(rt.shared->clock + (uint64_t)seconds * SECOND, SITE());
	return (unsigned)((left + SECOND / 2) / SECOND);
}

uint64_t rt_tell_time(uint32_t site)
{
	struct rt_deal deal;

	rt_call(site, &deal);
	rt.shared->clock += TICK;
	rt_call_step(site, "time", 0, (int64_t)rt.shared->clock, 0);
	return (uint64_t)EPOCH * SECOND + rt.shared->clock;
}

WRAPPED int __wrap_clock_gettime(clockid_t clock, struct timespec *time)
{
	uint64_t now;

	if (!rt.running)
		return __real_clock_gettime(clock, time);
	now = rt_tell_time(SITE());
	rt_untracked(time);
	time->tv_sec = (time_t)(now / SECOND);
	time->tv_nsec = (long)(now % SECOND);
	return 0;
}

WRAPPED int __wrap_timespec_get(struct timespec *time, int base)
{
	uint64_t now;

	if (!rt.running || base != TIME_UTC)
		return __real_timespec_get(time, base);
	now = rt_tell_time(SITE());
	rt_untracked(time);
	time->tv_sec = (time_t)(now / SECOND);
	time->tv_nsec = (long)(now % SECOND);
	return base;
}

WRAPPED int __wrap_gettimeofday(struct timeval *time, void *zone)
{
	uint64_t now;

	if (!rt.running)
		return __real_gettimeofday(time, zone);
	now = rt_tell_time(SITE());
	rt_untracked(time);
	time->tv_sec = (time_t)(now / SECOND);
	time->tv_usec = (suseconds_t)(now % SECOND / 1000);
	return 0;
}

WRAPPED time_t __wrap_time(time_t *out)
{
	time_t now;

	if (!rt.running)
		return __real_time(out);
	now = (time_t)(rt_tell_time(SITE()) / SECOND);
	rt_untracked(out);
	if (out != NULL)
		*out = now;
	return now;
}

/* Not progress by itself: a loop of loads and yields is a spin. */
static void yield(uint32_t site)
{
	struct rt_deal deal;

	rt_settle();
	rt_drain();
	if (rt_spin_turn(site, 0, 0))
		return;
	rt_point(site, &deal);
	rt_step(CF_OP_YIELD, 0, site, 0, 0, 0, 0);
	rt_yield();
}

WRAPPED int __wrap_sched_yield(void)
{
	if (!rt.running)
		return __real_sched_yield();
	yield(SITE());
	return 0;
}

WRAPPED void __wrap_thrd_yield(void)
{
	if (rt.running)
		yield(SITE());
	else
		__real_thrd_yield();
}
