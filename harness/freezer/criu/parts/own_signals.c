/* SPDX-License-Identifier: Apache-2.0
 *
 * Signals that are pending for a thread alone and for all, the same ones, with what they tell.
 */
#include "part.h"

#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { OWN = SIGIO, TOLD = SIGPWR };

static int real_time(void)
{
	return SIGRTMIN + 5;
}

static sigset_t awaited(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, OWN);
	sigaddset(&set, TOLD);
	sigaddset(&set, real_time());
	return set;
}

static void tell(int signo, int code, int value)
{
	siginfo_t info = { .si_signo = signo, .si_code = code };

	info.si_pid = 1234;
	info.si_uid = 77;
	info.si_value.sival_int = value;
	must(syscall(SYS_rt_sigqueueinfo, getpid(), signo, &info) == 0, "rt_sigqueueinfo");
}

static void tell_thread(int signo, int code, int value)
{
	siginfo_t info = { .si_signo = signo, .si_code = code };

	info.si_value.sival_int = value;
	must(syscall(SYS_rt_tgsigqueueinfo, getpid(), gettid(), signo, &info) == 0,
	     "rt_tgsigqueueinfo");
}

/* A signal of a thread comes before the same one of all. */
void set_own_signals(void)
{
	sigset_t set = awaited();

	must(sigprocmask(SIG_BLOCK, &set, NULL) == 0, "sigprocmask");
	tell(real_time(), SI_QUEUE, 1);
	tell(real_time(), SI_MESGQ, 2);
	tell_thread(real_time(), SI_QUEUE, 3);
	tell_thread(real_time(), SI_ASYNCIO, 4);
	tell_thread(OWN, SI_SIGIO, 5);
	tell(TOLD, SI_QUEUE, 6);
	must(syscall(SYS_tgkill, getpid(), gettid(), TOLD) == 0, "tgkill");
}

/* Past the C library, which says SI_USER for SI_TKILL. */
static int take(int signo, siginfo_t *info)
{
	const struct timespec none = { 0, 0 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signo);
	return (int)syscall(SYS_rt_sigtimedwait, &set, info, &none, 8);
}

static int next_is(int signo, int code, int value)
{
	siginfo_t info;

	if (take(signo, &info) != signo)
		return !differs("signal %d with code %d is gone", signo, code);
	if (info.si_code != code)
		return !differs("signal %d has code %d, had %d", signo, info.si_code, code);
	if (code != SI_TKILL && info.si_value.sival_int != value)
		return !differs("signal %d has value %d, had %d", signo, info.si_value.sival_int,
				value);
	return 1;
}

int own_signals_changed(void)
{
	const struct timespec none = { 0, 0 };
	sigset_t set = awaited();
	siginfo_t info;

	if (spoils(TREE_OWN_SIGNALS))
		next_is(OWN, SI_SIGIO, 5);
	if (!next_is(real_time(), SI_QUEUE, 3) || !next_is(real_time(), SI_ASYNCIO, 4) ||
	    !next_is(real_time(), SI_QUEUE, 1) || !next_is(real_time(), SI_MESGQ, 2) ||
	    !next_is(OWN, SI_SIGIO, 5) || !next_is(TOLD, SI_TKILL, 0) ||
	    !next_is(TOLD, SI_QUEUE, 6))
		return 1;
	if (sigtimedwait(&set, &info, &none) > 0)
		return differs("signal %d is pending twice", info.si_signo);
	return 0;
}
