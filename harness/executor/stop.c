/* SPDX-License-Identifier: Apache-2.0
 *
 * A stop: the actor, or by the freezer cgroup all actors of the run, stand still without a tracer for
 * a moment, and must then be what they were. Nothing is done to them meanwhile.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>

#include "../freezer/victim/patience.h"
#include "cgroup.h"
#include "freezer.h"

enum { STOP_S = 2 /* to stop or to go on; the watchdog looks after 5 */ };

static struct cgroup cgroup;

/* ---- by a signal ------------------------------------------------------------------------------- */

/* Sleeps before each look: one that was let go by its tracer stops anew, which takes it a moment. */
static int await_stopped(const struct freezer *z, bool stopped)
{
	const struct timespec soon = { .tv_nsec = 20000 };
	struct timespec now, end;
	char state;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += STOP_S;
	do {
		nanosleep(&soon, NULL);
		state = patience_state((int)z->f->pid);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while ((state == 'T') != stopped && state != 'X' && state != 'Z' &&
		 now.tv_sec <= end.tv_sec);
	return (state == 'T') == stopped ? 0 : -ETIMEDOUT;
}

static int stop_by_signal(struct freezer *z)
{
	int ret = 0;

	if (kill(z->in.pid, SIGSTOP) < 0 ||
	    (!(z->event->slip & CF_NOT_LET_GO) && ptrace(PTRACE_DETACH, z->in.pid, 0, 0) < 0))
		ret = -errno;
	inject_drop(&z->in);
	ret = ex_refused(z, inject_failed(&z->in, "inject.detach", ret));
	if (!ret && await_stopped(z, true)) {
		ex_found(z, CF_HANG, "signal", "it does not stop by SIGSTOP");
		ret = -ETIMEDOUT;
	}
	return ret ? ret : ex_refused(z, ex_seize(z, 0));
}

void ex_continue(struct freezer *z)
{
	if (z->event->slip & CF_NOT_CONTINUED)
		z->in.stopped = 0;
	else
		kill(z->in.pid, SIGCONT);
	if (z->event->op == CF_DO_STOP && await_stopped(z, false))
		ex_found(z, CF_HANG, "continue", "it stays stopped in spite of SIGCONT");
}

/* ---- by the cgroup ----------------------------------------------------------------------------- */

static int unsupported(struct freezer *z, const char *what, int error)
{
	struct cf_result *result = &z->ex->control->result;

	snprintf(result->detail, sizeof(result->detail),
		 "actors can't be frozen by a cgroup: %s: %s", what, strerror(-error));
	result->outcome = CF_UNSUPPORTED;
	ex_end_actor(z);
	return error;
}

/* The dead are not to be had any more. */
static int put_actors(const struct freezer *z)
{
	int ret = 0;

	for (unsigned i = 0; i < z->ex->shared->actors && ret == 0; i++) {
		ret = cgroup_put(&cgroup, (pid_t)z->ex->shared->actor[i].pid);
		if (ret == -ESRCH)
			ret = 0;
	}
	return ret;
}

static int await_interrupted(const struct freezer *z)
{
	int status, signo = 0;

	do {
		if (signo != 0 && ptrace(PTRACE_CONT, z->in.pid, 0, signo) < 0)
			return -errno;
		if (waitpid(z->in.pid, &status, __WALL) < 0 || !WIFSTOPPED(status))
			return -ESRCH;
		signo = WSTOPSIG(status);
	} while (status >> 16 != PTRACE_EVENT_STOP);
	return 0;
}

/* Nobody traces it while it is frozen. That is also how a process can be handed over from one tracer to
 * the next: who has seized it is heard when it is thawed, before it has moved. */
static int hand_over_frozen(const struct freezer *z)
{
	int ret = cgroup_freeze(&cgroup), thawed;

	if (!ret && (ptrace(PTRACE_DETACH, z->in.pid, 0, 0) < 0 ||
		     ptrace(PTRACE_SEIZE, z->in.pid, 0, PTRACE_O_TRACESYSGOOD) < 0 ||
		     ptrace(PTRACE_INTERRUPT, z->in.pid, 0, 0) < 0))
		ret = -errno;
	thawed = cgroup_thaw(&cgroup);
	if (!ret)
		ret = thawed;
	return ret ? ret : await_interrupted(z);
}

static int stop_by_cgroup(struct freezer *z)
{
	int ret;

	if (z->ex->staged)
		return unsupported(z, "the run is on a stage", -EBUSY);
	if (cgroup.version != NULL && !cgroup_is_kept(&cgroup))
		cgroup_drop(&cgroup);
	if (cgroup.version == NULL) {
		ret = cgroup_make(&cgroup);
		if (ret)
			return unsupported(z, "no freezer hierarchy can be written to", ret);
	}
	ret = put_actors(z);
	if (ret)
		return unsupported(z, "actors can't be put into it", ret);
	ret = hand_over_frozen(z);
	if (ret == -ETIMEDOUT)
		ex_found(z, CF_HANG, "cgroup", "the cgroup is neither frozen nor thawed in time");
	return ret == -ETIMEDOUT ? ret : ex_refused(z, inject_failed(&z->in, "inject.cgroup", ret));
}

/* ---- all of it --------------------------------------------------------------------------------- */

void ex_stop(struct freezer *z)
{
	bool all = (z->event->arg & 0xff) == CF_STOP_CGROUP;

	if (ex_look_before(z) || (all ? stop_by_cgroup(z) : stop_by_signal(z)))
		return;
	if (!ex_refused(z, ex_spoil(z)))
		ex_compare(z, SNAPSHOT_OF_SAME);
}
