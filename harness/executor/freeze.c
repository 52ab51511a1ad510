/* SPDX-License-Identifier: Apache-2.0
 *
 * One freeze: an actor is stopped when its hook returns to the target's code, infected, cured and
 * compared. The actor's side is runtime/freeze.c.
 */
#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "freezer.h"

static void step(const char *name, unsigned state)
{
	(void)name;
	(void)state;
}

static const struct inject_port port = { .step = step, .send = send, .recv = recv };

static int run_commands(struct freezer *z, unsigned commands)
{
	static const enum inject_cmd kinds[] = { INJECT_CHURN, INJECT_FILE, INJECT_XOR };

	for (unsigned i = 0; i < commands; i++)
		if (ex_refused(z, inject_command(&z->in, kinds[i % 3], i)))
			return -1;
	return 0;
}

/* That force has helped is no excuse for a wait in vain. */
static int cure(struct freezer *z)
{
	int ret = inject_cure(&z->in);

	return !ret && z->in.hung ? -ETIMEDOUT : ret;
}

static void infect_and_cure(struct freezer *z)
{
	if (ex_look_before(z))
		return;
	if (ex_refused(z, inject_infect(&z->in)) || run_commands(z, z->event->arg & 0xff))
		return;
	z->in.broken = (z->event->slip & CF_BY_FORCE) != 0;
	if (!ex_refused(z, cure(z)))
		ex_compare(z, SNAPSHOT_OF_SAME);
}

/* So many instructions, but not out of the target's function: what it calls may be the runtime. */
static void go_past(struct freezer *z, uint32_t instructions)
{
	uint64_t pc;
	int status;

	while (instructions-- > 0) {
		if (machine_get_pc(z->in.pid, &pc) || machine_leaves_function(z->in.pid, pc))
			return;
		if (ptrace(PTRACE_SINGLESTEP, z->in.pid, 0, 0) < 0 ||
		    waitpid(z->in.pid, &status, __WALL) < 0 || !WIFSTOPPED(status))
			return;
	}
}

static void answer(struct rt_freeze *f)
{
	__atomic_store_n(&f->answered, f->request, __ATOMIC_RELEASE);
	syscall(SYS_futex, &f->answered, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static enum inject_slip slip_of(const struct freezer *z)
{
	bool infects = z->event->op == CF_DO_INFECT;

	return (enum inject_slip)(infects ? z->event->slip & CF_INJECT_SLIP : 0);
}

int ex_seize(struct freezer *z, uint32_t slip)
{
	return inject_seize(&z->in, (int)z->f->pid, &port, (enum inject_slip)slip);
}

static int arm(struct freezer *z)
{
	struct cf_result *result = &z->ex->control->result;
	int ret = inject_attach(&z->in, (int)z->f->pid, &port, slip_of(z));

	if (!ret)
		ret = ex_set_trap(z);
	if (!ret)
		return 0;
	snprintf(result->detail, sizeof(result->detail), "the freezer can't trace actors: %s in %s",
		 strerror(-ret), z->in.stage);
	result->outcome = ret == -EPERM ? CF_UNSUPPORTED : CF_BROKEN;
	ex_end_actor(z);
	return ret;
}

void ex_work(struct freezer *z)
{
	z->ex->loaded.ops->froze(z->event, z->f->actor);
	switch ((enum cf_do)z->event->op) {
	case CF_DO_INFECT:
		infect_and_cure(z);
		break;
	case CF_DO_STOP:
		ex_stop(z);
		break;
	default:
		ex_checkpoint(z);
	}
}

/* As soon as its hook has returned to the target's code, and no call to the runtime has begun. */
static int freeze_outside(struct freezer *z)
{
	int armed = !arm(z), arrived;

	answer(z->f);
	arrived = armed ? ex_await_trap(z) : EX_GONE;
	if (arrived == EX_GONE)
		return -ESRCH;
	if (!ex_refused(z, arrived < 0 ? arrived : 0) && arrived) {
		go_past(z, CF_WHERE(z->event));
		ex_work(z);
	}
	return z->in.gone;
}

void ex_freeze(struct freezer *z)
{
	bool inside = ex_is_inside(z);
	int gone;

	z->event = &z->ex->control->plan.event[z->f->armed - 1];
	if (inside)
		ex_forget_proc(z);
	gone = inside ? ex_freeze_inside(z) : freeze_outside(z);
	z->f->armed = 0;
	if (gone)
		inject_drop(&z->in);
	else if (!inside)
		inject_resume(&z->in);
	if (inside)
		answer(z->f);
	else if (!gone && z->in.stopped)
		ex_continue(z);
}
