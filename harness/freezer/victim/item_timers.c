/* SPDX-License-Identifier: Apache-2.0
 *
 * Timers that are far from expiring. What is left of one shrinks, but the time at which it will expire
 * stays; it can be told between two looks at the clock.
 */
#include <signal.h>
#include <sys/time.h>
#include <time.h>

#include "raw.h"
#include "state.h"

enum { REAL_S = 3600, POSIX_S = 7200, INTERVAL_S = 1800, MICROSECOND = 1000 };

static int posix_timer;

static void set(unsigned wish, uint64_t seed)
{
	const struct itimerval real = { { INTERVAL_S, 0 }, { REAL_S, seed & 0xffff } };
	const struct itimerspec posix = { { INTERVAL_S + 1, 0 }, { POSIX_S, seed & 0xffff } };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };

	(void)wish;
	state_must("setitimer", raw3(SYS_setitimer, ITIMER_REAL, &real, 0));
	state_must("timer_create", raw3(SYS_timer_create, CLOCK_MONOTONIC, &event, &posix_timer));
	state_must("timer_settime", raw4(SYS_timer_settime, posix_timer, 0, &posix, 0));
}

static uint64_t nanoseconds(const struct timespec *t)
{
	return (uint64_t)t->tv_sec * 1000000000u + (uint64_t)t->tv_nsec;
}

static uint64_t now(void)
{
	struct timespec t = { 0, 0 };

	raw2(SYS_clock_gettime, CLOCK_MONOTONIC, &t);
	return nanoseconds(&t);
}

/* One that is off expires never. */
static void see(struct state_view *view, const char *what, uint64_t from, uint64_t left,
		uint64_t to)
{
	state_see_between(view, "timers", what, left ? from + left - MICROSECOND : 0,
			  left ? to + left + MICROSECOND : 0);
}

static void look(struct state_view *view, unsigned wish)
{
	struct itimerval real = { { 0, 0 }, { 0, 0 } };
	struct itimerspec posix = { { 0, 0 }, { 0, 0 } };
	uint64_t from = now();

	(void)wish;
	state_must("getitimer", raw2(SYS_getitimer, ITIMER_REAL, &real));
	see(view, "the end of the real-time timer", from,
	    (uint64_t)real.it_value.tv_sec * 1000000000u + (uint64_t)real.it_value.tv_usec * 1000u,
	    now());
	from = now();
	state_must("timer_gettime", raw2(SYS_timer_gettime, posix_timer, &posix));
	see(view, "the end of the POSIX timer", from, nanoseconds(&posix.it_value), now());
	state_see(view, "timers", "the real-time timer's interval",
		  (uint64_t)real.it_interval.tv_sec);
	state_see(view, "timers", "the POSIX timer's interval", nanoseconds(&posix.it_interval));
}

const struct state_ops state_timers = { .set = set, .look = look };
