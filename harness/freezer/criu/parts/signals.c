/* SPDX-License-Identifier: Apache-2.0
 *
 * Signals that are queued and blocked.
 */
#include "part.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

static int first_signal(void)
{
	return SIGRTMIN + 3;
}

static sigset_t queued_set(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, first_signal());
	sigaddset(&set, SIGUSR2);
	return set;
}

void set_signals(void)
{
	sigset_t set = queued_set();

	must(sigprocmask(SIG_BLOCK, &set, NULL) == 0, "sigprocmask");
	for (int i = 0; i < 3; i++) {
		union sigval value = { .sival_int =
					       (int)(number(TREE_SIGNALS, (uint64_t)i) & 0xffff) };

		must(sigqueue(getpid(), first_signal(), value) == 0, "sigqueue");
	}
	must(kill(getpid(), SIGUSR2) == 0, "kill");
}

int signals_changed(void)
{
	const struct timespec none = { 0, 0 };
	sigset_t set = queued_set(), real_time = set, mask;
	siginfo_t info;

	if (spoils(TREE_SIGNALS))
		sigtimedwait(&set, &info, &none);
	sigprocmask(SIG_BLOCK, NULL, &mask);
	if (!sigismember(&mask, SIGUSR2) || !sigismember(&mask, first_signal()) ||
	    sigismember(&mask, SIGHUP))
		return differs("the signal mask has changed");
	sigdelset(&real_time, SIGUSR2);
	for (int i = 0; i < 3; i++) {
		int want = (int)(number(TREE_SIGNALS, (uint64_t)i) & 0xffff);

		if (sigtimedwait(&real_time, &info, &none) != first_signal())
			return differs("queued signal %d of 3 is gone", i + 1);
		if (info.si_value.sival_int != want || info.si_code != SI_QUEUE)
			return differs("queued signal %d has value %d, had %d; code %d", i + 1,
				       info.si_value.sival_int, want, info.si_code);
	}
	if (sigtimedwait(&set, &info, &none) != SIGUSR2)
		return differs("the pending SIGUSR2 is gone");
	if (sigtimedwait(&set, &info, &none) > 0)
		return differs("signal %d is pending twice", info.si_signo);
	return 0;
}
