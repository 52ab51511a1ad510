/* SPDX-License-Identifier: Apache-2.0
 *
 * Waits for a signal, and signals from actor to actor. A signal must not start a handler in an actor
 * that does not have the token; so one that waits for signals has them all blocked while it is parked,
 * and whatever has come is delivered when it has the token again, with the mask of its call.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "calls.h"
#include "clock.h"

#define WRAPPED __attribute__((visibility("hidden")))
#define SITE() rt_site(__builtin_return_address(0))

int __real_sigwaitinfo(const sigset_t *set, siginfo_t *info);
int __real_sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout);

enum { KERNEL_SIGSET = 8 };

/* ---- pause and sigsuspend ---------------------------------------------------------------------- */

/* The first that comes in by this mask, 0 if none does. */
static int first_to_come(const sigset_t *mask)
{
	sigset_t pending;

	sigpending(&pending);
	for (int signo = 1; signo < NSIG; signo++)
		if (sigismember(&pending, signo) == 1 && sigismember(mask, signo) == 0)
			return signo;
	return 0;
}

/* So long at most; true if a handler has run. */
static bool handled(const sigset_t *mask, unsigned ms)
{
	const struct timespec most = { ms / 1000, (long)(ms % 1000) * 1000000 };
	struct rt_noted noted = rt_note();
	bool interrupted;

	if (first_to_come(mask) != 0)
		rt_acquire_from_anybody(); /* whoever has sent it: its handler is after that */
	interrupted = ppoll(NULL, 0, &most, mask) < 0;
	rt_note_again(&noted);
	return interrupted;
}

bool rt_hear(const sigset_t *mask, bool *restarts)
{
	int first = first_to_come(mask);
	struct sigaction action = { 0 };

	sigaction(first, NULL, &action); /* if there is none, it is not looked at */
	*restarts = action.sa_flags & SA_RESTART;
	return handled(mask, 0);
}

/* A child of its own may send it one: nobody whom we control. */
static unsigned stranger_ms(void)
{
	siginfo_t info;

	if (rt.target->flags & CF_CHILDREN_OBEY)
		return 0;
	return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 ? rt.external_ms : 0;
}

static void wait_for_stranger(const sigset_t *mask, unsigned ms, const char *call)
{
	bool came;

	rt_flush_frames();
	rt.shared->external++;
	came = handled(mask, ms);
	rt.shared->external--;
	if (!came)
		rt_never_answered(call, "no signal");
}

static void wait_for_signal(const sigset_t *mask, const char *call)
{
	unsigned ms = stranger_ms();
	char waits[CF_WAITS];

	if (ms > 0) {
		wait_for_stranger(mask, ms, call);
		return;
	}
	snprintf(waits, sizeof(waits), "waits in %s for a signal", call);
	do
		rt_park(RT_PARK_IPC, 0, RT_NEVER, waits);
	while (!handled(mask, 0));
}

static void freeze_inside(const sigset_t *mask, bool pauses)
{
	sigset_t with_nudge = *mask;

	if (stranger_ms() > 0)
		return; /* who might end the call meanwhile */
	sigdelset(&with_nudge, RT_NUDGE);
	if (pauses)
		rt_freeze_inside(SYS_pause, 0, 0, 0, 0);
	else
		rt_freeze_inside(SYS_rt_sigsuspend, (uintptr_t)&with_nudge, KERNEL_SIGSET, 0, 0);
}

/* Without a mask: pause. It ends with EINTR, or never. */
static int suspend(const sigset_t *mask, const char *call, uint32_t site)
{
	bool pauses = mask == NULL;
	struct rt_deal deal;
	sigset_t all, own;

	rt_call(site, &deal);
	rt_doom(); /* if it is parked when the run ends, its mask stays */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, NULL, &own);
	if (pauses)
		mask = &own;
	if (!handled(mask, 0)) {
		freeze_inside(mask, pauses);
		sigprocmask(SIG_SETMASK, &all, NULL);
		wait_for_signal(mask, call);
		sigprocmask(SIG_SETMASK, &own, NULL);
	}
	rt_call_step(site, pauses ? "pause" : "suspend", 0, -EINTR, 0);
	return (int)rt_result(-EINTR);
}

WRAPPED int __wrap_sigsuspend(const sigset_t *mask)
{
	return rt_is_ours() ? suspend(mask, "sigsuspend", SITE()) : __real_sigsuspend(mask);
}

WRAPPED int __wrap_pause(void)
{
	return rt_is_ours() ? suspend(NULL, "pause", SITE()) : __real_pause();
}

/* ---- sigwaitinfo and sigtimedwait --------------------------------------------------------------- */

/* What is in the set is taken, a handler of another one ends the call. */
static int take_or_hear(const sigset_t *set, siginfo_t *info, const sigset_t *own)
{
	static const struct timespec at_once;
	int signo = __real_sigtimedwait(set, info, &at_once);

	if (signo > 0) {
		rt_acquire_from_anybody();
		return signo;
	}
	return handled(own, 0) ? -EINTR : 0;
}

static int await_one_of(const sigset_t *set, siginfo_t *info, const struct timespec *timeout,
			uint32_t site)
{
	uint64_t deadline = timeout != NULL ? rt_deadline(timeout, 0) : RT_NEVER;
	struct rt_deal deal;
	sigset_t own;
	int signo;

	rt_call(site, &deal);
	rt_doom();
	rt_block(&own);
	while ((signo = take_or_hear(set, info, &own)) == 0)
		if (!rt_park(RT_PARK_IPC, 0, deadline, "waits in sigwaitinfo for a signal")) {
			signo = -EAGAIN;
			break;
		}
	rt_let_in(&own);
	rt_call_step(site, "sigwait", 0, signo, 0);
	return (int)rt_result(signo);
}

WRAPPED int __wrap_sigwaitinfo(const sigset_t *set, siginfo_t *info)
{
	return rt_is_ours() ? await_one_of(set, info, NULL, SITE()) : __real_sigwaitinfo(set, info);
}

WRAPPED int __wrap_sigtimedwait(const sigset_t *set, siginfo_t *info,
				const struct timespec *timeout)
{
	return rt_is_ours() ? await_one_of(set, info, timeout, SITE())
			    : __real_sigtimedwait(set, info, timeout);
}

/* ---- kill -------------------------------------------------------------------------------------- */

/* Or it waits for nothing but the token, and hears of it then. */
static bool has_blocked(const struct rt_actor *actor, int signo)
{
	unsigned long long blocked = 0;
	char path[48], line[128];
	FILE *status;

	if (actor->deaf)
		return actor->park == RT_PARK_NONE || (actor->mask >> (signo - 1) & 1) != 0;
	snprintf(path, sizeof(path), "/proc/%u/status", actor->pid);
	status = fopen(path, "re");
	while (status != NULL && fgets(line, sizeof(line), status) != NULL)
		if (sscanf(line, "SigBlk: %llx", &blocked) == 1)
			break;
	if (status != NULL)
		fclose(status);
	return (blocked >> (signo - 1) & 1) != 0;
}

int rt_send_signal(struct rt_actor *actor, int signo)
{
	if (signo == 0 || actor->state == CF_ACTOR_ENDED || actor->state == CF_ACTOR_DEAD)
		return 0;
	if (actor == rt.me && actor->park == RT_PARK_NONE) {
		rt_signal_itself(signo);
		return 0;
	}
	if (!has_blocked(actor, signo))
		rt_refuse(
			"the target sends a signal to an actor that does not have it blocked, and "
			"is in a call that is not known to be ended by one");
	if (__real_kill((pid_t)actor->pid, signo) < 0)
		return -errno;
	rt_channel_changed();
	rt_disturb(actor);
	return 0;
}

WRAPPED int __wrap_kill(pid_t pid, int signo)
{
	struct rt_deal deal;
	uint32_t site = SITE();
	unsigned to = (unsigned)(pid - RT_FIRST_PID);
	int status;

	if (!rt_controlled() || (pid > 0 && to >= rt.shared->actors))
		return __real_kill(pid, signo);
	if (pid <= 0)
		rt_refuse("the target sends a signal to a group of processes");
	if (signo < 0 || signo >= NSIG)
		return (int)rt_result(-EINVAL);
	rt_call(site, &deal);
	rt_flush_frames();
	status = rt_send_signal(&rt.shared->actor[to], signo);
	rt_call_step(site, "kill", to, signo, 0);
	return (int)rt_result(status);
}
