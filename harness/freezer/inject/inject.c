/* SPDX-License-Identifier: Apache-2.0
 *
 * How the parasite comes into the victim, and what it is told to do there.
 */
#include "inject.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>

#include "door.h"

#define ALL_SIGNALS (~0ull)

extern const uint8_t inject_image[], inject_image_end[];

static int map_memory(struct inject *in)
{
	long ret = door2(SYS_ftruncate, in->memory, INJECT_SIZE);

	if (ret < 0)
		return (int)ret;
	ret = door6(SYS_mmap, 0, INJECT_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, in->memory, 0);
	if (ret < 0 && ret > -INJECT_PAGE)
		return (int)ret;
	in->local = (uint8_t *)ret;
	return 0;
}

static int map_here(struct inject *in)
{
	long ret = inject_place(in, door3(SYS_pidfd_getfd, in->pidfd, in->memory_there, 0));

	if (ret < 0)
		return (int)ret;
	in->memory = (int)ret;
	ret = map_memory(in);
	if (ret)
		return (int)ret;
	in->args = (struct inject_args *)(in->local + INJECT_PAGE);
	memcpy(in->local, inject_image, (size_t)(inject_image_end - inject_image));
	in->args->slip = in->slip;
	in->args->wide = machine_has_wide_vectors();
	in->args->memory = in->memory_there;
	in->args->channel[0] = in->args->channel[1] = -1;
	return 0;
}

static int map_there(struct inject *in)
{
	int64_t ret = inject_call(in, SYS_mmap, 0, INJECT_SIZE, PROT_READ | PROT_WRITE | PROT_EXEC,
				  MAP_SHARED, (uint64_t)in->args->memory, 0);

	if (ret < 0 && ret > -INJECT_PAGE)
		return (int)ret;
	in->remote = (uint64_t)ret;
	return 0;
}

/* The memory is made by the victim, so that it is charged and named as its own. */
static int share_memory(struct inject *in)
{
	int64_t fd =
		inject_call(in, SYS_memfd_create, inject_name_address(in), MFD_CLOEXEC, 0, 0, 0, 0);
	int ret;

	if (fd < 0)
		return (int)fd;
	in->memory_there = (int)fd;
	ret = map_here(in);
	return ret ? ret : map_there(in);
}

/* Other threads, should their tracer die, must not find it in their code; and what a careless cure does
 * needs the memory. */
static int can_be_let_out(const struct inject *in)
{
	return !in->threads && in->slip == INJECT_CAREFUL;
}

static int enter(struct inject *in)
{
	uint64_t stack = in->remote + INJECT_SIZE - 256;
	int ret =
		machine_set_entry(in->pid, &in->saved, in->remote, stack, inject_args_address(in));

	in->args->way_out = can_be_let_out(in) ? in->code_address : 0;
	if (!ret)
		ret = in->args->way_out ? inject_let_out(in) : inject_unpatch(in);
	if (!ret && in->slip == INJECT_UNMASKED)
		ret = machine_set_mask(in->pid, in->saved.signal_mask);
	in->infected = !ret;
	if (in->slip == INJECT_NOT_STARTED && in->stopped)
		return ret;
	return ret ? ret : inject_go(in, PTRACE_CONT, 0);
}

/* What an injector does that learns from a trap when its call is over. */
static int trap_there(struct inject *in)
{
	const uint64_t none[6] = { 0 };
	int status, ret = inject_trace(in, PTRACE_POKETEXT, in->code_address, machine_trap_code());

	in->patched = INJECT_HOLDS;
	if (!ret)
		ret = machine_set_call(in->pid, &in->saved, in->code_address, 0, none);
	if (!ret)
		ret = inject_go(in, PTRACE_CONT, 0);
	if (!ret)
		ret = inject_await_stop(in, &status);
	in->running = ret != 0;
	return ret;
}

int inject_infect(struct inject *in)
{
	int ret;

	inject_step(in, "map", 2);
	in->changed = 1;
	ret = machine_set_mask(in->pid, ALL_SIGNALS);
	if (!ret)
		ret = inject_patch(in);
	if (ret)
		return inject_failed(in, "inject.patch", ret);
	ret = share_memory(in);
	if (!ret && in->slip == INJECT_TRAPS)
		ret = trap_there(in);
	if (ret)
		return inject_failed(in, "inject.map", ret);
	inject_step(in, "enter", 3);
	ret = enter(in);
	if (!ret)
		ret = inject_await_ready(in);
	if (ret)
		return inject_failed(in, "inject.enter", ret);
	inject_step(in, "connect", 4);
	return inject_failed(in, "inject.connect", inject_open_channel(in));
}

/* ---- commands -------------------------------------------------------------------------------- */

int inject_command(struct inject *in, enum inject_cmd cmd, uint64_t operand)
{
	struct inject_args *args = in->args;

	inject_step(in, "command", 10 + (unsigned)cmd);
	args->serial = ++in->serial;
	args->operand = operand;
	args->result = 0;
	return inject_failed(in, "inject.command", inject_ask(in, cmd));
}
