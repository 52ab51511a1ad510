/* SPDX-License-Identifier: Apache-2.0
 *
 * What a checkpoint does, in process 1 of a ward: the actor that stands in the target's code is left
 * there stopped, the real criu dumps and kills the whole run and restores it, and the actor must be
 * where and what it was. It is not traced meanwhile: criu traces it.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>

#include "../freezer/criu/keeper.h"
#include "freezer.h"

static enum ward_slip slip_of(const struct freezer *z)
{
	return (enum ward_slip)(z->event->slip & 0xff);
}

/* Stopped as by a signal, or asleep in its call; so it is dumped, and so it comes back. */
static int leave_in_place(struct freezer *z)
{
	int signo = ex_is_inside(z) ? 0 : SIGSTOP;
	int ret = ptrace(PTRACE_DETACH, z->in.pid, 0, signo) < 0 ? -errno : 0;

	inject_drop(&z->in);
	keeper_hear_children();
	return ex_refused(z, inject_failed(&z->in, "inject.detach", ret));
}

/* What CRIU is known not to dump: a run that comes to that can't be checkpointed there. A failed dump
 * may have changed what it looked at, so the run is over. */
static const struct {
	const char *complaint, *reason;
} limits[] = {
	{ "skqueue: recvmsg fail: error: Connection reset by peer",
	  "CRIU can't dump a stream whose peer closed with bytes unread: see "
	  "corpus/criu/reset-peer.json" },
	{ "anon_inode:[perf_event]", "CRIU can't dump an actor that has perf events open" },
};

static bool is_known(struct freezer *z)
{
	struct cf_result *result = &z->ex->control->result;

	for (unsigned i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		if (strstr(keeper.answer.detail, limits[i].complaint) == NULL)
			continue;
		snprintf(result->detail, sizeof(result->detail), "%s", limits[i].reason);
		result->outcome = CF_UNSUPPORTED;
		return true;
	}
	return false;
}

static int expect(struct freezer *z, int ret)
{
	if (ret && is_known(z))
		ex_end_actor(z);
	else if (ret)
		ex_found(z, ret == -ETIME ? CF_HANG : CF_INVARIANT, keeper.answer.stage,
			 keeper.answer.detail);
	return ret;
}

static int await_in_place(struct freezer *z)
{
	return ex_is_inside(z) ? ex_await_call(z) : expect(z, keeper_await_stop(z->in.pid));
}

/* ---- for checks of the oracles ---------------------------------------------------------------- */

static uint32_t cure_slip(const struct freezer *z)
{
	return z->event->slip >> 8 & 0xff;
}

static int infect_carelessly(struct freezer *z)
{
	int ret = inject_save(&z->in);

	if (!ret)
		ret = inject_infect(&z->in);
	if (!ret)
		ret = inject_command(&z->in, INJECT_CHURN, 0);
	z->in.broken = 1; /* the cure goes by force, which is where slips are made */
	return ret ? ret : inject_cure(&z->in);
}

static int change_segment(const struct freezer *z)
{
	long word;

	errno = 0;
	word = ptrace(PTRACE_PEEKDATA, z->in.pid, CF_SEGMENT_ADDRESS, 0);
	if (errno != 0 || ptrace(PTRACE_POKEDATA, z->in.pid, CF_SEGMENT_ADDRESS, ~word) < 0)
		return -errno;
	return 0;
}

int ex_spoil(struct freezer *z)
{
	int ret;

	z->in.slip = (enum inject_slip)cure_slip(z);
	ret = z->in.slip ? infect_carelessly(z) : 0;

	if (!ret && (z->event->slip & CF_SEGMENT_CHANGED))
		ret = inject_failed(&z->in, "inject.spoil", change_segment(z));
	return ret;
}

/* ---- all of it -------------------------------------------------------------------------------- */

void ex_checkpoint(struct freezer *z)
{
	if (ex_look_before(z) || leave_in_place(z) || await_in_place(z))
		return;
	if (expect(z, keeper_dump(0, slip_of(z))) || expect(z, keeper_restore(slip_of(z))))
		return;
	if (await_in_place(z))
		return;
	ex_forget_proc(z);
	if (!ex_refused(z, ex_seize(z, 0)) && !ex_refused(z, ex_spoil(z)))
		ex_compare(z, z->f->again ? SNAPSHOT_OF_CALLING_AGAIN : SNAPSHOT_OF_RESTORED);
}
