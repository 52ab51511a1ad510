/* SPDX-License-Identifier: Apache-2.0
 *
 * The cure: the parasite leaves, or is interrupted wherever it is; what it had is closed and unmapped
 * by the victim itself, and all that was saved is put back. What fails once is tried again.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#include "door.h"
#include "inject.h"

static int leave_in_order(struct inject *in)
{
	int ret = inject_ask(in, INJECT_FINI);

	return ret ? ret : inject_await_end(in);
}

/* As a rule it is, since it has the processor until it sleeps; else it is interrupted on its way. */
static int see_whether_out(struct inject *in)
{
	int out = inject_is_out(in);

	if (out > 0) {
		in->remote = 0;
		in->memory_there = -1;
	}
	return out < 0 ? out : 0;
}

static int evict(struct inject *in)
{
	in->forced = 1;
	if (!in->infected)
		return inject_end_call(in);
	in->infected = 0;
	if (!in->broken && in->channel >= 0) {
		inject_step(in, "fini", 5);
		in->forced = inject_failed(in, "inject.fini", leave_in_order(in)) != 0;
	}
	if (in->gone)
		return -ESRCH;
	int ret = inject_interrupt(in);

	if (!ret)
		ret = see_whether_out(in);
	if (!ret && in->slip == INJECT_UNMASKED)
		ret = machine_set_mask(in->pid, ~0ull);
	return ret;
}

/* What a parasite that was interrupted has not closed itself. */
static void close_there(struct inject *in)
{
	struct inject_args args = { .memory = in->memory_there, .channel = { -1, -1 } };
	struct iovec here = { &args, sizeof(args) };
	struct iovec there = { (void *)(uintptr_t)inject_args_address(in), sizeof(args) };

	if (in->remote)
		raw6(SYS_process_vm_readv, in->pid, &here, 1, &there, 1, 0);
	const int32_t fds[] = { args.memory, args.channel[0], args.channel[1] };
	for (unsigned i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		if (fds[i] >= 0)
			inject_call(in, SYS_close, (uint64_t)fds[i], 0, 0, 0, 0, 0);
}

int inject_slips(const struct inject *in, enum inject_slip slip)
{
	return in->forced && in->slip == slip;
}

static int unmap_there(struct inject *in)
{
	int64_t ret = 0;

	inject_call_carelessly(in);
	if (in->forced && in->slip != INJECT_FILES_LEFT)
		close_there(in);
	if (in->remote && !inject_slips(in, INJECT_MAPPING_LEFT))
		ret = inject_call(in, SYS_munmap, in->remote, INJECT_SIZE, 0, 0, 0, 0);
	if (in->gone)
		return -ESRCH;
	if (!ret)
		in->remote = 0;
	return (int)ret;
}

static void insist(const struct inject *in)
{
	door_insist(in->slip == INJECT_GIVES_UP ? 0 : INJECT_AGAIN);
}

static const struct {
	enum inject_slip slip;
	void (*lose)(struct machine_state *state);
} losses[] = {
	{ INJECT_REGISTER_LOST, machine_lose_register },
	{ INJECT_FLAGS_LOST, machine_lose_flags },
	{ INJECT_RESTART_LOST, machine_lose_restart },
	{ INJECT_X87_LOST, machine_lose_x87 },
	{ INJECT_VECTORS_LOST, machine_lose_vectors },
	{ INJECT_MXCSR_LOST, machine_lose_mxcsr },
	{ INJECT_OPMASK_LOST, machine_lose_opmask },
	{ INJECT_FS_LOST, machine_lose_fs },
	{ INJECT_GS_LOST, machine_lose_gs },
};

static int put_back_registers(struct inject *in)
{
	int ret;

	for (unsigned i = 0; i < sizeof(losses) / sizeof(losses[0]); i++)
		if (inject_slips(in, losses[i].slip))
			losses[i].lose(&in->saved);
	ret = machine_restore_extended(in->pid, &in->saved);
	if (ret)
		return ret;
	if (in->slip == INJECT_ERROR_IGNORED)
		door_insist(0);
	ret = machine_restore_registers(in->pid, &in->saved);
	insist(in);
	return in->slip == INJECT_ERROR_IGNORED ? 0 : ret;
}

/* Its code is its own again after its registers are: whatever it runs into before is the hold. */
static int put_back(struct inject *in)
{
	int ret = in->patched ? inject_hold(in) : 0;

	if (!ret)
		ret = put_back_registers(in);
	if (!ret && in->patched && !inject_slips(in, INJECT_CODE_LEFT))
		ret = inject_unpatch(in);
	if (!ret && inject_slips(in, INJECT_BREAKPOINT_LEFT))
		ret = machine_set_breakpoint(in->pid, in->code_address);
	if (!ret && inject_slips(in, INJECT_BREAKPOINTS_LOST))
		ret = machine_set_breakpoint(in->pid, 0);
	if (!ret && inject_slips(in, INJECT_RED_ZONE))
		ret = inject_trace(in, PTRACE_POKETEXT, machine_stack(&in->saved) - 8,
				   in->code_address);
	if (!ret && !inject_slips(in, INJECT_MASK_LOST))
		ret = machine_set_mask(in->pid, in->saved.signal_mask);
	if (!ret)
		ret = inject_put_back_sequence(in);
	in->changed = ret != 0;
	return ret;
}

int inject_cure(struct inject *in)
{
	int ret, back = 0;

	insist(in);
	ret = evict(in);
	if (!in->gone) {
		inject_step(in, "cure", 6);
		if (!ret && (in->remote || in->memory_there >= 0))
			ret = unmap_there(in);
		back = in->gone ? 0 : put_back(in);
	}
	return inject_failed(in, "inject.cure", in->gone ? -ESRCH : ret ? ret : back);
}
