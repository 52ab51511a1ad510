/* SPDX-License-Identifier: Apache-2.0
 *
 * Waits for children of an actor's own, which nobody controls: a real wait with a deadline behind. If they
 * obey other actors, their parent is parked, and signals end its wait or don't, as they do of a process.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calls.h"

#define WRAPPED __attribute__((visibility("hidden")))
#define SITE() rt_site(__builtin_return_address(0))

enum { NO_SIGNAL = 0, OFTEN_MS = 100, SELDOM_MS = 10, MAX_BORN = 64 };

struct reap {
	const char *call;
	idtype_t type;
	id_t id;
	int options; /* as of waitid */
	sigset_t own; /* the mask of the actor */
};

static bool obey(void)
{
	return rt.target->flags & CF_CHILDREN_OBEY;
}

/* This process's, in the order of their births; it is replaced after a run with any. */
static pid_t born[MAX_BORN];
static unsigned births;

void rt_born(pid_t child)
{
	if (births < MAX_BORN)
		born[births++] = child;
}

/* Counted from 1; a pid may be a later child's again. */
static uint64_t number_of(pid_t child)
{
	for (unsigned i = births; i > 0; i--)
		if (born[i - 1] == child)
			return i;
	return CF_WAIT_OTHER;
}

static int look(const struct reap *r, siginfo_t *info)
{
	*info = (siginfo_t){ 0 };
	return waitid(r->type, r->id, info, r->options | WNOHANG | WNOWAIT);
}

/* Or there is none, which the real call says then. */
static bool has_changed(const struct reap *r)
{
	siginfo_t info;

	return look(r, &info) < 0 || info.si_pid != 0;
}

static uint64_t asked(const struct reap *r)
{
	if (r->type == P_ALL)
		return 0;
	return r->type == P_PID ? number_of((pid_t)r->id) : CF_WAIT_OTHER;
}

/* Whose change the call will tell. Where nobody controls the children that depends on the time. */
static int64_t answer(const struct reap *r)
{
	siginfo_t info;

	if (!obey() || look(r, &info) < 0)
		return 0;
	if (info.si_pid == 0)
		return CF_WAIT_NOBODY;
	return (int64_t)(number_of(info.si_pid) | (uint64_t)info.si_code << CF_WAIT_CODE_SHIFT);
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

/* A handler may run meanwhile: the call goes on after it. What takes long is looked at less often: who looks two
 * thousand times on a crowded machine is taken for one that computes (RT_LOOP_CPU_MS). */
static void await_change(const struct reap *r)
{
	struct rt_noted noted = rt_note();
	bool changed = false;

	rt_flush_frames();
	rt.shared->external++;
	for (unsigned ms = 0, slice = 1; !changed && ms < rt.external_ms; ms += slice) {
		poll(NULL, 0, (int)slice);
		changed = has_changed(r);
		slice = ms < OFTEN_MS ? 1 : SELDOM_MS;
	}
	rt.shared->external--;
	rt_note_again(&noted);
	if (!changed)
		rt_never_answered(r->call, "no child ends");
}

/* A child that is there is taken first, whatever has come with it. */
static int park_for_change(const struct reap *r)
{
	char waits[CF_WAITS];
	bool restarts;

	snprintf(waits, sizeof(waits), "waits in %s for a child", r->call);
	while (!has_changed(r)) {
		rt_park(RT_PARK_IPC, 0, RT_NEVER, waits);
		if (!has_changed(r) && rt_hear(&r->own, &restarts) && !restarts)
			return -EINTR;
	}
	return 0;
}

static int await_child(const struct reap *r)
{
	if ((r->options & WNOHANG) || has_changed(r))
		return 0;
	freeze_inside();
	if (obey())
		return park_for_change(r);
	await_change(r);
	return 0;
}

/* 0 once the real call would not block, else -errno. Signals of a parent whose children obey are blocked
 * from then on. */
static int before(struct reap *r, uint32_t site)
{
	struct rt_deal deal;
	int status;

	rt_call(site, &deal);
	status = rt_fail(&deal, RT_REAPS, -1, r->options & WNOHANG ? MSG_DONTWAIT : 0);
	if (status < 0)
		return status;
	if (obey())
		rt_block(&r->own);
	status = await_child(r);
	rt_call_step(site, "wait", asked(r), status < 0 ? status : answer(r), 0);
	if (status < 0)
		rt_let_in(&r->own);
	return status;
}

/* What the child has written is there by now, and was before whatever is done from here on. */
static void learn(uint32_t site)
{
	rt_unannounced_anywhere(site);
	rt_acquire_from_anybody();
}

/* A handler that has waited for the call to end runs before its caller sees what came of it. */
static void after(const struct reap *r, bool learns, uint32_t site)
{
	int error = errno;

	if (learns)
		learn(site);
	if (obey())
		rt_let_in(&r->own);
	errno = error;
}

static pid_t reap(pid_t pid, int *status, int options, struct rusage *usage, const char *call,
		  uint32_t site)
{
	struct reap r = {
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
	after(&r, ended > 0, site);
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
	struct reap r = { "waitid", type, id, options };
	uint32_t site = SITE();
	int status;

	if (!rt_is_ours())
		return __real_waitid(type, id, info, options);
	status = before(&r, site);
	if (status < 0)
		return (int)rt_result(status);
	status = __real_waitid(type, id, info, options);
	after(&r, status == 0 && (info == NULL || info->si_pid != 0), site);
	return status;
}
