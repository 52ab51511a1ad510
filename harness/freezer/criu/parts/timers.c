/* SPDX-License-Identifier: Apache-2.0
 *
 * Timers that fire long after the run.
 */
#include "part.h"

#include <signal.h>
#include <sys/time.h>
#include <time.h>

static timer_t posix_timer;

void set_timers(void)
{
	const struct itimerval real = { { 11, 0 }, { 6000, 0 } };
	const struct itimerspec own = { { 13, 0 }, { 7000, 0 } };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };

	must(setitimer(ITIMER_REAL, &real, NULL) == 0, "setitimer");
	must(timer_create(CLOCK_MONOTONIC, &event, &posix_timer) == 0 &&
		     timer_settime(posix_timer, 0, &own, NULL) == 0,
	     "timer_create");
}

int timers_changed(void)
{
	static const struct itimerval off;
	struct itimerspec own = { 0 };
	struct itimerval real = { 0 };

	if (spoils(TREE_TIMERS))
		setitimer(ITIMER_REAL, &off, NULL);
	getitimer(ITIMER_REAL, &real);
	if (real.it_interval.tv_sec != 11 || real.it_value.tv_sec < 5900 ||
	    real.it_value.tv_sec > 6000)
		return differs("the real timer has %ld s left of 6000, every %ld s",
			       (long)real.it_value.tv_sec, (long)real.it_interval.tv_sec);
	if (timer_gettime(posix_timer, &own) < 0 || own.it_interval.tv_sec != 13 ||
	    own.it_value.tv_sec < 6900 || own.it_value.tv_sec > 7000)
		return differs("the POSIX timer has %ld s left of 7000, every %ld s",
			       (long)own.it_value.tv_sec, (long)own.it_interval.tv_sec);
	return 0;
}
