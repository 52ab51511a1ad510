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
	  "CRIU can't dump a stream whose peer closed with bytes unread (criu reset-peer)" },
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

static int poke(const struct freezer *z, uint64_t address)
{
	long word;

	errno = 0;
	word = ptrace(PTRACE_PEEKDATA, z->in.pid, address, 0);
	if (errno != 0 || ptrace(PTRACE_POKEDATA, z->in.pid, address, ~word) < 0)
		return -errno;
	return 0;
}

static int spoil(struct freezer *z)
{
	switch ((enum cf_spoil)(z->event->slip >> 8 & 0xff)) {
	case CF_SPOIL_REGISTER:
		machine_lose_register(&z->in.saved);
		return machine_restore_registers(z->in.pid, &z->in.saved);
	case CF_SPOIL_MASK:
		return machine_set_mask(z->in.pid, ~z->in.saved.signal_mask);
	case CF_SPOIL_RED_ZONE:
		return poke(z, machine_stack(&z->in.saved) - 16);
	case CF_SPOIL_CODE:
		return poke(z, z->code_address);
	case CF_SPOIL_SEGMENT:
		return poke(z, CF_SEGMENT_ADDRESS);
	case CF_SPOIL_NOTHING:
		break;
	}
	return 0;
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
	if (ex_refused(z, ex_seize(z, 0)))
		return;
	if (!ex_refused(z, inject_failed(&z->in, "inject.spoil", spoil(z))))
		ex_compare(z, z->f->again ? SNAPSHOT_OF_CALLING_AGAIN : SNAPSHOT_OF_RESTORED);
}
