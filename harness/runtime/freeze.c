/* SPDX-License-Identifier: Apache-2.0
 *
 * The actor's side of a freeze. An actor can't be stopped in here, in the middle of the runtime's
 * own work; so the freezer is told the address in the target's code to which the hook will return,
 * sets a hardware breakpoint there, and freezes the actor when it arrives. Only a token holder is
 * ever armed: one that gives the token away withdraws its request, by going to a second breakpoint,
 * and asks again once it is back.
 */
#include <linux/futex.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "rt.h"

__attribute__((noinline)) static void withdrawn(void)
{
	__asm__ volatile("" ::: "memory");
}

void rt_freeze_arm(const struct cf_event *event)
{
	struct rt_freeze *f = &rt.shared->freeze;
	uint32_t answered;

	if (rt.pc == NULL || f->freezer == 0)
		return;
	prctl(PR_SET_PTRACER, f->freezer, 0, 0, 0); /* needed where Yama is strict */
	f->actor = rt.actor;
	f->pid = (uint32_t)syscall(SYS_getpid);
	f->pc = (uintptr_t)rt.pc;
	f->withdrawn = (uintptr_t)withdrawn;
	f->armed = 1 + (uint32_t)(event - rt.control->plan.event);
	__atomic_store_n(&f->request, f->request + 1, __ATOMIC_RELEASE);
	syscall(SYS_futex, &f->request, FUTEX_WAKE, 1, NULL, NULL, 0);
	while ((answered = __atomic_load_n(&f->answered, __ATOMIC_ACQUIRE)) != f->request)
		syscall(SYS_futex, &f->answered, FUTEX_WAIT, answered, NULL, NULL, 0);
}

const struct cf_event *rt_freeze_suspend(void)
{
	struct rt_freeze *f = &rt.shared->freeze;
	const struct cf_event *event;

	if (!rt.running || f->armed == 0 || f->actor != rt.actor)
		return NULL;
	event = &rt.control->plan.event[f->armed - 1];
	withdrawn();
	return event;
}

void rt_froze(const struct cf_event *event, unsigned actor)
{
	struct cf_fired *fired = &rt.control->result.fired[event - rt.control->plan.event];

	rt.actor = actor;
	rt.me = &rt.shared->actor[actor];
	fired->fate = CF_FIRED;
	rt_step(event->op == CF_DO_INFECT ? CF_OP_FREEZE : CF_OP_CHECKPOINT, CF_STEP_EVENT,
		rt.me->site, 0, 0, event->arg & 0xff, event->arg >> 8);
}
