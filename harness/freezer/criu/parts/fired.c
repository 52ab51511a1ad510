/* SPDX-License-Identifier: Apache-2.0
 *
 * Descriptors that have something to tell already: a timerfd that has expired and was not read, one that is
 * off, a signalfd with signals pending for it.
 */
#include "part.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static int expired, real_time, off, telling;

static sigset_t heard(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGURG);
	sigaddset(&set, SIGRTMIN + 7);
	return set;
}

void set_fired(void)
{
	const struct itimerspec once = { .it_value = { 0, 1 } };
	const struct itimerspec far = { .it_value = { 4000000000, 0 } };
	const struct timespec soon = { 0, 1000000 };
	union sigval value = { .sival_int = 4711 };
	sigset_t set = heard();

	expired = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	real_time = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK);
	off = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK);
	must(expired >= 0 && real_time >= 0 && off >= 0, "timerfd_create");
	must(timerfd_settime(expired, 0, &once, NULL) == 0 &&
		     timerfd_settime(real_time, TFD_TIMER_ABSTIME, &far, NULL) == 0,
	     "timerfd_settime");
	must(sigprocmask(SIG_BLOCK, &set, NULL) == 0, "sigprocmask");
	telling = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	must(telling >= 0 && sigqueue(getpid(), SIGRTMIN + 7, value) == 0 &&
		     kill(getpid(), SIGURG) == 0,
	     "signalfd");
	nanosleep(&soon, NULL);
}

static int timers_differ(void)
{
	struct itimerspec left = { 0 };
	uint64_t times = 0;

	if (read(expired, &times, sizeof(times)) != sizeof(times) || times != 1)
		return differs("the timerfd has expired %llu times, had once",
			       (unsigned long long)times);
	if (read(off, &times, sizeof(times)) != -1 || errno != EAGAIN)
		return differs("a timerfd that is off has expired");
	timerfd_gettime(real_time, &left);
	if (llabs(left.it_value.tv_sec + time(NULL) - 4000000000) > 100)
		return differs("the timerfd of the wall clock has %ld s left",
			       (long)left.it_value.tv_sec);
	return 0;
}

int fired_changed(void)
{
	struct signalfd_siginfo first = { 0 }, second = { 0 };

	if (spoils(TREE_FIRED))
		(void)!read(expired, &(uint64_t){ 0 }, 8);
	if (timers_differ())
		return 1;
	if (read(telling, &first, sizeof(first)) != sizeof(first) ||
	    read(telling, &second, sizeof(second)) != sizeof(second))
		return differs("the signalfd has lost a signal");
	if (first.ssi_signo != SIGURG || (int)second.ssi_signo != SIGRTMIN + 7 ||
	    second.ssi_int != 4711 || second.ssi_code != SI_QUEUE)
		return differs("the signalfd tells of %u and %u with %d", first.ssi_signo,
			       second.ssi_signo, second.ssi_int);
	return 0;
}
