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
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

#include "calls.h"

#define WRAPPED __attribute__((visibility("hidden")))
#define SITE() rt_site(__builtin_return_address(0))

enum { KERNEL_SIGSET = 8, OF_SUSPEND = 2, OF_KILL = 3 /* in the trace */ };

/* ---- pause and sigsuspend ---------------------------------------------------------------------- */

/* Whoever has sent it: what its handler does is after that. */
static void hear(const sigset_t *mask)
{
	sigset_t pending;

	sigpending(&pending);
	for (int signo = 1; signo < NSIG; signo++)
		if (sigismember(&pending, signo) == 1 && sigismember(mask, signo) == 0) {
			rt_acquire_from_anybody();
			return;
		}
}

/* So long at most; true if a handler has run. */
static bool handled(const sigset_t *mask, unsigned ms)
{
	const struct timespec most = { ms / 1000, (long)(ms % 1000) * 1000000 };
	struct rt_noted noted = rt_note();
	bool interrupted;

	hear(mask);
	interrupted = ppoll(NULL, 0, &most, mask) < 0;
	rt_note_again(&noted);
	return interrupted;
}

/* A child or a timer of its own may send it one: nobody whom we control. */
static unsigned stranger_ms(void)
{
	struct itimerval timer = { 0 };
	siginfo_t info;

	getitimer(ITIMER_REAL, &timer);
	if (timer.it_value.tv_sec != 0 || timer.it_value.tv_usec != 0)
		return rt.external_ms + (unsigned)timer.it_value.tv_sec * 1000;
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
	rt_step(CF_OP_CALL, 0, site, 0, 0, (uint64_t)-EINTR, OF_SUSPEND);
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

/* ---- kill -------------------------------------------------------------------------------------- */

static bool has_blocked(const struct rt_actor *actor, int signo)
{
	unsigned long long blocked = 0;
	char path[48], line[128];
	FILE *status;

	snprintf(path, sizeof(path), "/proc/%u/status", actor->pid);
	status = fopen(path, "re");
	while (status != NULL && fgets(line, sizeof(line), status) != NULL)
		if (sscanf(line, "SigBlk: %llx", &blocked) == 1)
			break;
	if (status != NULL)
		fclose(status);
	return (blocked >> (signo - 1) & 1) != 0;
}

static int send_to(struct rt_actor *actor, int signo)
{
	if (signo == 0 || actor->state == CF_ACTOR_ENDED || actor->state == CF_ACTOR_DEAD)
		return 0;
	if (actor == rt.me) {
		rt_signal_itself(signo);
		return 0;
	}
	if (!has_blocked(actor, signo))
		rt_refuse(
			"the target sends a signal to an actor that does not have it blocked, and "
			"is neither in pause nor in sigsuspend");
	if (__real_kill((pid_t)actor->pid, signo) < 0)
		return -errno;
	rt_channel_changed();
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
	status = send_to(&rt.shared->actor[to], signo);
	rt_step(CF_OP_CALL, 0, site, 0, to, (uint64_t)signo, OF_KILL);
	return (int)rt_result(status);
}
