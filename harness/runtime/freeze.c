/* SPDX-License-Identifier: Apache-2.0
 *
 * The actor's side of a freeze. An actor can't be stopped in here, in the middle of the runtime's
 * own work; so the freezer is told the address in the target's code to which the hook will return,
 * puts a trap there, and freezes the actor when it arrives. Only a token holder is ever armed: one
 * that gives the token away withdraws its request, by a trap of its own, and asks again once it is
 * back. A hardware breakpoint would do as well, but is the hypervisor's affair in a virtual machine.
 */
#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "machine.h"
#include "rt.h"

static void withdraw(struct rt_freeze *f)
{
	f->withdrawn = 1;
	machine_trap();
}

static void request(struct rt_freeze *f, const struct cf_event *event, uintptr_t pc)
{
	rt_stand_still(event);
	prctl(PR_SET_PTRACER, f->freezer, 0, 0, 0); /* needed where Yama is strict */
	f->actor = rt.actor;
	f->pid = (uint32_t)syscall(SYS_getpid);
	f->pc = pc;
	f->withdrawn = f->over = f->again = f->nudged = 0;
	f->armed = 1 + (uint32_t)(event - rt.control->plan.event);
	__atomic_store_n(&f->request, f->request + 1, __ATOMIC_RELEASE);
	syscall(SYS_futex, &f->request, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void await_answer(struct rt_freeze *f)
{
	uint32_t answered;

	while ((answered = __atomic_load_n(&f->answered, __ATOMIC_ACQUIRE)) != f->request)
		syscall(SYS_futex, &f->answered, FUTEX_WAIT, answered, NULL, NULL, 0);
}

void rt_freeze_arm(const struct cf_event *event)
{
	struct rt_freeze *f = &rt.shared->freeze;

	if (rt.pc == NULL || f->freezer == 0)
		return;
	request(f, event, (uintptr_t)rt.pc);
	await_answer(f);
}

/* ---- inside a call ----------------------------------------------------------------------------- */

static void nudged(int signo)
{
	(void)signo;
}

static bool nudge_is_blocked(long call)
{
	sigset_t mask;

	if (call == SYS_rt_sigsuspend) /* which has a mask of its own */
		return false;
	sigprocmask(SIG_BLOCK, NULL, &mask);
	return sigismember(&mask, RT_NUDGE) != 0;
}

const char *rt_freeze_name(enum cf_do op)
{
	return op == CF_DO_CHECKPOINT ? "checkpoint" : op == CF_DO_STOP ? "stop" : "freeze";
}

static void finish_early(const struct cf_event *event, long ret, int error)
{
	struct rt_freeze *f = &rt.shared->freeze;
	char site[CF_SITE_NAME], detail[96];

	snprintf(detail, sizeof(detail), "system call %lld ended with %ld (%s) before it was woken",
		 (long long)f->call, ret, ret < 0 ? strerrorname_np(error) : "no error");
	snprintf(site, sizeof(site), "%s.call", rt_freeze_name(event->op));
	rt_finish(CF_VIOLATED, CF_STATE_CHANGED, 0, site, detail);
}

/* Whether a call goes on where it was after a stop. */
enum goes_on { ALWAYS, NOT_RESTORED, NEVER };

/* That a restored call with a time-out ends with EINTR is documented by CRIU, and that some end so after
 * any stop by ptrace(2) and signal(7): it is made again. */
static bool ends_by_right(const struct cf_event *event, enum goes_on goes_on)
{
	return !rt.shared->freeze.nudged &&
	       (goes_on == NEVER || (goes_on == NOT_RESTORED && event->op == CF_DO_CHECKPOINT));
}

/* A call that has got so many bytes of what it waits for ends with these; any other with EINTR. False if
 * it was not made. */
static bool freeze_inside(const long call[6], enum goes_on goes_on, long part)
{
	struct rt_freeze *f = &rt.shared->freeze;
	const struct cf_event *event = rt.inside;
	const struct sigaction nudge = { .sa_handler = nudged };
	const struct cf_event *here;
	struct sigaction before;
	long ret;
	int error;

	/* Under audit the segment can't be reached by the kernel. */
	if (event == NULL || f->freezer == 0 || (rt.control->plan.flags & CF_PLAN_AUDIT) ||
	    nudge_is_blocked(call[0]))
		return false;
	rt.inside = NULL;
	here = rt_freeze_suspend(); /* of the same point: it comes when the call is over */
	f->call = call[0];
	f->argument = (uint64_t)call[1];
	sigaction(RT_NUDGE, &nudge, &before);
	request(f, event, 0);
	for (;;) {
		ret = syscall(call[0], call[1], call[2], call[3], call[4], call[5], 0);
		error = errno;
		if (ret >= 0 || error != EINTR || !ends_by_right(event, goes_on))
			break;
		f->again = 1;
	}
	__atomic_store_n(&f->over, 1, __ATOMIC_RELEASE);
	await_answer(f);
	sigaction(RT_NUDGE, &before, NULL);
	if (part ? ret != part : !f->nudged || ret >= 0 || error != EINTR)
		finish_early(event, ret, error);
	if (here != NULL)
		rt_freeze_arm(here);
	return true;
}

void rt_freeze_inside(long call, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	freeze_inside((const long[]){ call, (long)a, (long)b, (long)c, (long)d, 0 }, ALWAYS, 0);
}

void rt_freeze_inside_timed(long call, uint64_t a, uint64_t b, uint64_t c)
{
	freeze_inside((const long[]){ call, (long)a, (long)b, (long)c, 0, 0 }, NOT_RESTORED, 0);
}

void rt_freeze_inside_once(long call, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	freeze_inside((const long[]){ call, (long)a, (long)b, (long)c, (long)d, 0 }, NEVER, 0);
}

bool rt_freeze_inside_part(long call, uint64_t a, uint64_t b, uint64_t c, long part)
{
	return freeze_inside((const long[]){ call, (long)a, (long)b, (long)c, 0, 0 }, NEVER, part);
}

const struct cf_event *rt_freeze_suspend(void)
{
	struct rt_freeze *f = &rt.shared->freeze;
	const struct cf_event *event;

	if (!rt.running || f->armed == 0 || f->actor != rt.actor)
		return NULL;
	event = &rt.control->plan.event[f->armed - 1];
	withdraw(f);
	return event;
}

void rt_froze(const struct cf_event *event, unsigned actor)
{
	static const enum cf_op ops[] = {
		[CF_DO_INFECT] = CF_OP_FREEZE,
		[CF_DO_CHECKPOINT] = CF_OP_CHECKPOINT,
		[CF_DO_STOP] = CF_OP_STOP,
	};
	struct cf_fired *fired = &rt.control->result.fired[event - rt.control->plan.event];

	rt_become(actor);
	fired->fate = CF_FIRED;
	rt_step(ops[event->op], CF_STEP_EVENT, rt.me->site, 0, 0, event->arg & 0xff,
		event->arg >> 8);
}
