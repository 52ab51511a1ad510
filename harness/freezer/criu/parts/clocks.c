/* SPDX-License-Identifier: Apache-2.0
 *
 * Timers of all clocks: of processor time and of profiling; one that has fired more often than it was heard
 * of; one for a thread; one that tells nobody.
 */
#include "part.h"

#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

static timer_t overrun, silent, to_thread, of_processor;

static int overrunning(void)
{
	return SIGRTMIN + 9;
}

static timer_t make(clockid_t clock, int notify, int signo, int value, struct itimerspec when)
{
	struct sigevent event = { .sigev_notify = notify, .sigev_signo = signo };
	timer_t timer;

	event.sigev_value.sival_int = value;
	event.sigev_notify_thread_id = gettid();
	must(timer_create(clock, &event, &timer) == 0 && timer_settime(timer, 0, &when, NULL) == 0,
	     "timer_create");
	return timer;
}

void set_clocks(void)
{
	const struct itimerval processor = { { 3, 0 }, { 5000, 0 } },
			       profile = { { 4, 0 }, { 6000, 0 } };
	const struct itimerspec often = { { 0, 1000000 }, { 0, 1 } },
				once = { .it_value = { 8000, 0 } };
	const struct itimerspec again = { { 0, 77000000 }, { 9000, 0 } };
	const struct timespec a_while = { 0, 10000000 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, overrunning());
	must(sigprocmask(SIG_BLOCK, &set, NULL) == 0, "sigprocmask");
	must(setitimer(ITIMER_VIRTUAL, &processor, NULL) == 0 &&
		     setitimer(ITIMER_PROF, &profile, NULL) == 0,
	     "setitimer");
	silent = make(CLOCK_REALTIME, SIGEV_NONE, 0, 0, once);
	overrun = make(CLOCK_MONOTONIC, SIGEV_SIGNAL, overrunning(), 4712, often);
	nanosleep(&a_while, NULL);
	to_thread = make(CLOCK_BOOTTIME, SIGEV_THREAD_ID, SIGALRM, 17, again);
	of_processor = make(CLOCK_PROCESS_CPUTIME_ID, SIGEV_SIGNAL, SIGALRM, 18, once);
}

static int itimer_is(int which, long left, long every, const char *name)
{
	struct itimerval now = { 0 };

	getitimer(which, &now);
	if (now.it_interval.tv_sec == every && now.it_value.tv_sec >= left - 100 &&
	    now.it_value.tv_sec <= left)
		return 1;
	return !differs("the %s timer has %ld s left of %ld, every %ld s", name,
			(long)now.it_value.tv_sec, left, (long)now.it_interval.tv_sec);
}

static int timer_is(timer_t timer, long left, long nanoseconds, const char *name)
{
	struct itimerspec now = { 0 };

	if (timer_gettime(timer, &now) == 0 && now.it_interval.tv_nsec == nanoseconds &&
	    now.it_value.tv_sec >= left - 100 && now.it_value.tv_sec <= left)
		return 1;
	return !differs("the %s timer has %ld s left of %ld, every %ld ns", name,
			(long)now.it_value.tv_sec, left, now.it_interval.tv_nsec);
}

int clocks_changed(void)
{
	const struct timespec none = { 0, 0 };
	static const struct itimerval off;
	siginfo_t info = { 0 };
	sigset_t set;

	if (spoils(TREE_CLOCKS))
		setitimer(ITIMER_PROF, &off, NULL);
	if (!itimer_is(ITIMER_VIRTUAL, 5000, 3, "processor") ||
	    !itimer_is(ITIMER_PROF, 6000, 4, "profiling") || !timer_is(silent, 8000, 0, "silent") ||
	    !timer_is(to_thread, 9000, 77000000, "thread's") ||
	    !timer_is(of_processor, 8000, 0, "process's"))
		return 1;
	sigemptyset(&set);
	sigaddset(&set, overrunning());
	if (sigtimedwait(&set, &info, &none) != overrunning() || info.si_code != SI_TIMER ||
	    info.si_value.sival_int != 4712)
		return differs("the signal of a timer is gone, or has another value: %d",
			       info.si_value.sival_int);
	if (minds(TREE_OVERRUN_LOST) && info.si_overrun < 5)
		return differs("the timer has fired %d times more, had 5 at least",
			       info.si_overrun);
	return 0;
}
