/* SPDX-License-Identifier: Apache-2.0
 *
 * Waits for children of an actor's own, which nobody controls: a real wait with a deadline behind.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calls.h"

#define WRAPPED __attribute__((visibility("hidden")))
#define SITE() rt_site(__builtin_return_address(0))

enum { OF_REAP = 4 /* in the trace */, NO_SIGNAL = 0 };

struct reap {
	const char *call;
	idtype_t type;
	id_t id;
	int options; /* as of waitid */
};

/* Or there is none, which the real call says then. */
static bool has_changed(const struct reap *r)
{
	siginfo_t info = { 0 };

	return waitid(r->type, r->id, &info, r->options | WNOHANG | WNOWAIT) < 0 ||
	       info.si_pid != 0;
}

static pid_t fork_silently(void)
{
	pid_t parent = getpid(), child = (pid_t)syscall(SYS_clone, NO_SIGNAL, 0, 0, 0, 0);

	if (child != 0)
		return child;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || (pid_t)syscall(SYS_getppid) != parent)
		_exit(1);
	for (;;)
		pause();
}

/* The child that it waits for may end meanwhile: so it waits for another one, which does not. */
static void freeze_inside(void)
{
	pid_t child = rt.inside != NULL ? fork_silently() : -1;

	if (child < 0)
		return;
	rt_freeze_inside(SYS_wait4, (uint64_t)child, 0, __WALL, 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, __WALL);
}

/* A handler may run meanwhile: the call goes on after it. */
static void await_change(const struct reap *r)
{
	struct rt_noted noted = rt_note();
	bool changed = false;

	rt_flush_frames();
	rt.shared->external++;
	for (unsigned ms = 0; !changed && ms < rt.external_ms; ms++) {
		poll(NULL, 0, 1);
		changed = has_changed(r);
	}
	rt.shared->external--;
	rt_note_again(&noted);
	if (!changed)
		rt_never_answered(r->call, "no child ends");
}

/* 0 once the real call would not block, -errno if an event makes it fail. */
static int before(const struct reap *r, uint32_t site)
{
	bool blocks = !(r->options & WNOHANG);
	struct rt_deal deal;
	int status;

	rt_call(site, &deal);
	status = rt_fail(&deal, RT_REAPS, -1, blocks ? 0 : MSG_DONTWAIT);
	if (status < 0)
		return status;
	if (blocks && !has_changed(r)) {
		freeze_inside();
		await_change(r);
	}
	rt_step(CF_OP_CALL, 0, site, 0, 0, 0, OF_REAP);
	return 0;
}

/* What the child has written is there by now, and was before whatever is done from here on. */
static void learn(uint32_t site)
{
	rt_unannounced_anywhere(site);
	rt_acquire_from_anybody();
}

static pid_t reap(pid_t pid, int *status, int options, struct rusage *usage, const char *call,
		  uint32_t site)
{
	const struct reap r = {
		.call = call,
		.type = pid > 0     ? P_PID
			: pid == -1 ? P_ALL
				    : P_PGID,
		.id = pid > 0    ? (id_t)pid
		      : pid < -1 ? (id_t)-pid
				 : 0,
		.options = options | WEXITED,
	};
	int failed = before(&r, site);
	pid_t ended;

	if (failed < 0)
		return (pid_t)rt_result(failed);
	ended = __real_wait4(pid, status, options, usage);
	if (ended > 0)
		learn(site);
	return ended;
}

WRAPPED pid_t __wrap_wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
	if (!rt_is_ours())
		return __real_wait4(pid, status, options, usage);
	return reap(pid, status, options, usage, "wait4", SITE());
}

WRAPPED pid_t __wrap_waitpid(pid_t pid, int *status, int options)
{
	if (!rt_is_ours())
		return __real_wait4(pid, status, options, NULL);
	return reap(pid, status, options, NULL, "waitpid", SITE());
}

WRAPPED pid_t __wrap_wait(int *status)
{
	if (!rt_is_ours())
		return __real_wait4(-1, status, 0, NULL);
	return reap(-1, status, 0, NULL, "wait", SITE());
}

WRAPPED int __wrap_waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
	const struct reap r = { "waitid", type, id, options };
	uint32_t site = SITE();
	int status;

	if (!rt_is_ours())
		return __real_waitid(type, id, info, options);
	status = before(&r, site);
	if (status < 0)
		return (int)rt_result(status);
	status = __real_waitid(type, id, info, options);
	if (status == 0 && (info == NULL || info->si_pid != 0))
		learn(site);
	return status;
}
