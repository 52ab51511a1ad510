/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls that would change the process itself. Ending is the end of the actor; forking is not ours
 * to control; everything that a reset does not undo makes the process be replaced after the run.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/time.h>
#include <unistd.h>

#include "calls.h"

#define WRAPPED __attribute__((visibility("hidden")))
#define SITE() rt_site(__builtin_return_address(0))

_Noreturn void __real_exit(int status);
_Noreturn void __real__exit(int status);
_Noreturn void __real_abort(void);
pid_t __real_fork(void);
pid_t __real_getpid(void);
ssize_t __real_getrandom(void *bytes, size_t size, unsigned flags);
int __real_rand(void);
long __real_random(void);
int __real_sigaction(int signo, const struct sigaction *action, struct sigaction *old);
sighandler_t __real_signal(int signo, sighandler_t handler);
int __real_sigprocmask(int how, const sigset_t *set, sigset_t *old);
void *__real_mmap(void *address, size_t size, int protection, int flags, int fd, off_t offset);
int __real_munmap(void *address, size_t size);
int __real_mprotect(void *address, size_t size, int protection);

bool rt_controlled(void)
{
	return rt.running && !(rt.target->flags & CF_KEEPS_DATA);
}

void rt_doom_by(const char *function)
{
	if (rt.fibers)
		rt_needs_process(function);
	if (rt_controlled())
		rt.me->doomed = 1;
}

/* ---- the end ----------------------------------------------------------------------------------- */

static _Noreturn void ended(int status, uint32_t site)
{
	char detail[64];

	rt.me->doomed = 1;
	rt_settle();
	if (status == 0)
		rt_end_actor();
	snprintf(detail, sizeof(detail), "the process ended with status %d", status);
	rt_finish(CF_VIOLATED, CF_CRASH, site, "", detail);
}

WRAPPED _Noreturn void __wrap_exit(int status)
{
	if (!rt.running)
		__real_exit(status);
	ended(status, SITE());
}

WRAPPED _Noreturn void __wrap__exit(int status)
{
	if (!rt.running)
		__real__exit(status);
	ended(status, SITE());
}

WRAPPED _Noreturn void __wrap_abort(void)
{
	if (!rt.running)
		__real_abort();
	rt.me->doomed = 1;
	rt_finish(CF_VIOLATED, CF_CRASH, SITE(), "", "abort()");
}

/* ---- other processes and threads ---------------------------------------------------------------- */

_Noreturn void rt_refuse(const char *why)
{
	rt.me->doomed = 1;
	rt_finish(CF_UNSUPPORTED, CF_NO_KIND, 0, "", why);
}

static _Noreturn void refuse(const char *call)
{
	char detail[128];

	snprintf(detail, sizeof(detail),
		 "the target calls %s; only its declared actors are controlled", call);
	rt_refuse(detail);
}

WRAPPED pid_t __wrap_fork(void)
{
	if (rt_plays())
		refuse("fork");
	return __real_fork();
}

WRAPPED pid_t __wrap_vfork(void)
{
	refuse("vfork");
}

int cf_fork_uncontrolled(void)
{
	pid_t parent, child;

	if (rt_plays()) { /* what it has stored the child sees, too */
		rt_settle();
		rt_drain();
	}
	parent = __real_getpid();
	child = __real_fork();
	if (child != 0) {
		rt_doom(); /* it may still be there when the run is over */
		rt_born(child);
		return child;
	}
	rt_set_running(false);
	/* It must not outlive us; and if we died before this line, it ends itself. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || (getppid() != parent && getpid() != 1))
		__real__exit(1);
	return 0;
}

void cf_obeyed(void)
{
	rt_progress();
	rt_channel_changed();
	for (unsigned i = 0; i < rt.shared->actors; i++)
		rt_disturb(&rt.shared->actor[i]);
}

/* ---- values that differ from run to run --------------------------------------------------------- */

WRAPPED pid_t __wrap_getpid(void)
{
	return rt_controlled() ? RT_FIRST_PID + (pid_t)rt.actor : __real_getpid();
}

static uint64_t next_random(void)
{
	rt.me->random = rt_mix(rt.me->random, rt.actor + 1);
	return rt.me->random;
}

WRAPPED ssize_t __wrap_getrandom(void *bytes, size_t size, unsigned flags)
{
	if (!rt_controlled())
		return __real_getrandom(bytes, size, flags);
	rt_untracked(bytes);
	for (size_t i = 0; i < size; i++)
		((unsigned char *)bytes)[i] = (unsigned char)next_random();
	return (ssize_t)size;
}

WRAPPED int __wrap_rand(void)
{
	return rt_controlled() ? (int)(next_random() >> 33) : __real_rand();
}

WRAPPED long __wrap_random(void)
{
	return rt_controlled() ? (long)(next_random() >> 33) : __real_random();
}

/* ---- state that a reset does not undo ------------------------------------------------------------ */

static void note_handler(sighandler_t handler)
{
	if (rt_controlled() && handler != SIG_DFL && handler != SIG_IGN)
		rt.own->catches = true;
}

WRAPPED int __wrap_sigaction(int signo, const struct sigaction *action, struct sigaction *old)
{
	rt_doom();
	if (action != NULL)
		note_handler(action->sa_handler);
	return __real_sigaction(signo, action, old);
}

WRAPPED sighandler_t __wrap_signal(int signo, sighandler_t handler)
{
	rt_doom();
	note_handler(handler);
	return __real_signal(signo, handler);
}

WRAPPED int __wrap_sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
	rt_doom();
	return __real_sigprocmask(how, set, old);
}

WRAPPED void *__wrap_mmap(void *address, size_t size, int protection, int flags, int fd,
			  off_t offset)
{
	rt_doom();
	return __real_mmap(address, size, protection, flags, fd, offset);
}

WRAPPED int __wrap_munmap(void *address, size_t size)
{
	rt_doom();
	return __real_munmap(address, size);
}

WRAPPED int __wrap_mprotect(void *address, size_t size, int protection)
{
	rt_doom();
	return __real_mprotect(address, size, protection);
}
