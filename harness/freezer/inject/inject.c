/* SPDX-License-Identifier: Apache-2.0 */
#include "inject.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "../victim/raw.h"

#define ALL_SIGNALS (~0ull)
#define CHILD_SIGNAL (1ull << (SIGCHLD - 1))
#define EVENT_OF(status) ((status) >> 16)
#define CALL_STOP (SIGTRAP | 0x80) /* with PTRACE_O_TRACESYSGOOD */

extern const uint8_t inject_image[], inject_image_end[];

int inject_failed(struct inject *in, const char *stage, long error)
{
	if (error && !in->stage)
		in->stage = stage;
	return (int)error;
}

static void step(const struct inject *in, const char *name, unsigned state)
{
	in->port->step(name, state);
}

static int trace(const struct inject *in, long request, uint64_t address, uint64_t data)
{
	return (int)raw4(SYS_ptrace, request, in->pid, address, data);
}

static uint64_t args_address(const struct inject *in)
{
	return in->remote + INJECT_PAGE;
}

/* ---- stop ---------------------------------------------------------------------------------- */

/* Signals that are on their way are delivered first: their handlers' frames are the victim's. */
static int await_interrupt(struct inject *in)
{
	int status, ret;

	for (;;) {
		ret = inject_await_stop(in, &status);
		if (ret)
			return ret;
		if (EVENT_OF(status) == PTRACE_EVENT_STOP)
			break;
		ret = trace(in, PTRACE_CONT, 0, WSTOPSIG(status));
		if (ret)
			return ret;
	}
	in->stopped = WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
	return 0;
}

int inject_save(struct inject *in)
{
	int ret = machine_save(in->pid, &in->saved);

	in->code_address = machine_code_address(&in->saved);
	if (!ret)
		ret = trace(in, PTRACE_PEEKTEXT, in->code_address, (uint64_t)(uintptr_t)&in->code);
	return inject_failed(in, "inject.save", ret);
}

int inject_seize(struct inject *in, int pid, const struct inject_port *port, enum inject_slip slip)
{
	const uint64_t child = CHILD_SIGNAL;
	long ret;

	memset(in, 0, offsetof(struct inject, saved));
	in->received = 0;
	in->serial = 0;
	in->pid = pid;
	in->port = port;
	in->slip = slip;
	in->pidfd = in->memory = in->channel = -1;
	step(in, "stop", 1);
	raw4(SYS_rt_sigprocmask, SIG_BLOCK, &child, 0, 8);
	ret = raw2(SYS_pidfd_open, pid, 0);
	if (ret < 0)
		return inject_failed(in, "inject.pidfd", ret);
	in->pidfd = (int)ret;
	ret = trace(in, PTRACE_SEIZE, 0, PTRACE_O_TRACESYSGOOD);
	if (ret)
		return inject_failed(in, "inject.seize", ret);
	ret = trace(in, PTRACE_INTERRUPT, 0, 0);
	if (!ret)
		ret = await_interrupt(in);
	return inject_failed(in, "inject.stop", ret);
}

int inject_stop(struct inject *in, int pid, const struct inject_port *port, enum inject_slip slip)
{
	int ret = inject_seize(in, pid, port, slip);

	return ret ? ret : inject_save(in);
}

/* ---- calls in the victim --------------------------------------------------------------------- */

/* Lets it go on until the call begins, and again until it ends. SIGSTOP can't be blocked; it is owed
 * until the end. */
static int run_to_call(struct inject *in)
{
	int status, ret;

	do {
		ret = trace(in, PTRACE_SYSCALL, 0, 0);
		if (!ret)
			ret = inject_await_stop(in, &status);
		if (ret)
			return ret;
		in->owed |= WSTOPSIG(status) == SIGSTOP && !EVENT_OF(status);
	} while (WSTOPSIG(status) != CALL_STOP);
	return 0;
}

static int patch(const struct inject *in)
{
	return trace(in, PTRACE_POKETEXT, in->code_address, machine_call_code());
}

static int unpatch(const struct inject *in)
{
	return trace(in, PTRACE_POKETEXT, in->code_address, in->code);
}

static int64_t call(struct inject *in, long nr, uint64_t a, uint64_t b, uint64_t c, uint64_t d,
		    uint64_t e, uint64_t f)
{
	const uint64_t args[6] = { a, b, c, d, e, f };
	int64_t result = 0;
	int ret = machine_set_call(in->pid, &in->saved, in->code_address, nr, args);

	if (!ret)
		ret = run_to_call(in);
	if (!ret)
		ret = run_to_call(in);
	if (!ret)
		ret = machine_get_result(in->pid, in->code_address, &result);
	return ret ? ret : result;
}

/* ---- infect ---------------------------------------------------------------------------------- */

static int map_here(struct inject *in, int there)
{
	long ret = raw3(SYS_pidfd_getfd, in->pidfd, there, 0);

	if (ret < 0)
		return (int)ret;
	in->memory = (int)ret;
	ret = raw2(SYS_ftruncate, in->memory, INJECT_SIZE);
	if (ret < 0)
		return (int)ret;
	ret = raw6(SYS_mmap, 0, INJECT_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, in->memory, 0);
	if (ret < 0 && ret > -INJECT_PAGE)
		return (int)ret;
	in->local = (uint8_t *)ret;
	in->args = (struct inject_args *)(in->local + INJECT_PAGE);
	memcpy(in->local, inject_image, (size_t)(inject_image_end - inject_image));
	in->args->slip = in->slip;
	in->args->memory = there;
	in->args->channel[0] = in->args->channel[1] = -1;
	return 0;
}

static int map_there(struct inject *in)
{
	int64_t ret = call(in, SYS_mmap, 0, INJECT_SIZE, PROT_READ | PROT_WRITE | PROT_EXEC,
			   MAP_SHARED, (uint64_t)in->args->memory, 0);

	if (ret < 0 && ret > -INJECT_PAGE)
		return (int)ret;
	in->remote = (uint64_t)ret;
	return 0;
}

/* The memory is made by the victim, so that it is charged and named as its own. */
static int share_memory(struct inject *in)
{
	int64_t fd = call(in, SYS_memfd_create, in->code_address + MACHINE_NAME, MFD_CLOEXEC, 0, 0,
			  0, 0);
	int ret;

	if (fd < 0)
		return (int)fd;
	ret = map_here(in, (int)fd);
	if (!ret)
		ret = map_there(in);
	if (ret)
		call(in, SYS_close, (uint64_t)fd, 0, 0, 0, 0, 0);
	return ret;
}

static int enter(struct inject *in)
{
	uint64_t stack = in->remote + INJECT_SIZE - 256;
	int ret = machine_set_entry(in->pid, &in->saved, in->remote, stack, args_address(in));

	if (!ret)
		ret = trace(in, PTRACE_CONT, 0, 0);
	in->infected = !ret;
	return ret;
}

/* What an injector does that learns from a trap when its call is over. */
static int trap_there(struct inject *in)
{
	const uint64_t none[6] = { 0 };
	int status, ret = trace(in, PTRACE_POKETEXT, in->code_address, machine_trap_code());

	if (!ret)
		ret = machine_set_call(in->pid, &in->saved, in->code_address, 0, none);
	if (!ret)
		ret = trace(in, PTRACE_CONT, 0, 0);
	return ret ? ret : inject_await_stop(in, &status);
}

int inject_infect(struct inject *in)
{
	int ret, put_back;

	step(in, "map", 2);
	ret = machine_set_mask(in->pid, ALL_SIGNALS);
	if (!ret)
		ret = patch(in);
	if (ret)
		return inject_failed(in, "inject.patch", ret);
	ret = share_memory(in);
	if (!ret && in->slip == INJECT_TRAPS)
		ret = trap_there(in);
	put_back = in->gone ? 0 : unpatch(in);
	if (ret || put_back)
		return inject_failed(in, "inject.map", ret ? ret : put_back);
	step(in, "enter", 3);
	ret = enter(in);
	if (!ret)
		ret = inject_await_ready(in);
	if (ret)
		return inject_failed(in, "inject.enter", ret);
	step(in, "connect", 4);
	return inject_failed(in, "inject.connect", inject_open_channel(in));
}

/* ---- commands -------------------------------------------------------------------------------- */

int inject_command(struct inject *in, enum inject_cmd cmd, uint64_t operand)
{
	struct inject_args *args = in->args;

	step(in, "command", 10 + (unsigned)cmd);
	args->serial = ++in->serial;
	args->operand = operand;
	args->result = 0;
	return inject_failed(in, "inject.command", inject_ask(in, cmd));
}

/* ---- cure ------------------------------------------------------------------------------------ */

static int leave_in_order(struct inject *in)
{
	int ret = inject_ask(in, INJECT_FINI);

	return ret ? ret : inject_await_end(in);
}

/* Wherever the parasite is. */
static int interrupt(struct inject *in)
{
	int status, ret = trace(in, PTRACE_INTERRUPT, 0, 0);

	if (!ret)
		ret = inject_await_stop(in, &status);
	if (!ret)
		in->owed |= WSTOPSIG(status) == SIGSTOP && !EVENT_OF(status);
	return ret;
}

static int evict(struct inject *in)
{
	if (!in->infected)
		return 0;
	in->infected = 0;
	in->forced = 1;
	if (!in->broken && in->channel >= 0) {
		step(in, "fini", 5);
		in->forced = inject_failed(in, "inject.fini", leave_in_order(in)) != 0;
	}
	return interrupt(in);
}

/* What a parasite that was interrupted has not closed itself. */
static void close_there(struct inject *in)
{
	const int32_t fds[] = { in->args->memory, in->args->channel[0], in->args->channel[1] };

	for (unsigned i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		if (fds[i] >= 0)
			call(in, SYS_close, (uint64_t)fds[i], 0, 0, 0, 0, 0);
}

/* True for the slips of the path that is taken only after a failure. */
static int slips(const struct inject *in, enum inject_slip slip)
{
	return in->forced && in->slip == slip;
}

/* Two calls that a careless cure makes; what they need lies in the parasite's memory. */
static void call_carelessly(struct inject *in)
{
	const struct {
		uint64_t address;
		uint32_t flags, pad;
		uint64_t size;
	} none = { 0, 2 /* SS_DISABLE */, 0, 0 };
	const uint64_t now = args_address(in) + INJECT_PAGE / 2;

	memset(in->local + INJECT_PAGE + INJECT_PAGE / 2, 0, 64);
	if (slips(in, INJECT_STACK_LOST)) {
		memcpy(in->local + INJECT_PAGE + INJECT_PAGE / 2, &none, sizeof(none));
		call(in, SYS_sigaltstack, now, 0, 0, 0, 0, 0);
	}
	if (slips(in, INJECT_SIGNAL_LOST)) {
		memset(in->local + INJECT_PAGE + INJECT_PAGE / 2 + 32, 0xff, 8);
		call(in, SYS_rt_sigtimedwait, now + 32, 0, now, 8, 0, 0);
	}
}

static int unmap_there(struct inject *in)
{
	int64_t ret = 0;
	int patched = patch(in);

	if (patched)
		return patched;
	call_carelessly(in);
	if (in->forced && in->slip != INJECT_FILES_LEFT)
		close_there(in);
	if (!slips(in, INJECT_MAPPING_LEFT))
		ret = call(in, SYS_munmap, in->remote, INJECT_SIZE, 0, 0, 0, 0);
	if (in->gone)
		return -ESRCH;
	if (!slips(in, INJECT_CODE_LEFT))
		patched = unpatch(in);
	return ret ? (int)ret : patched;
}

static int put_back_registers(struct inject *in)
{
	int ret = 0;

	if (slips(in, INJECT_REGISTER_LOST))
		machine_lose_register(&in->saved);
	if (slips(in, INJECT_FLAGS_LOST))
		machine_lose_flags(&in->saved);
	if (slips(in, INJECT_RESTART_LOST))
		machine_lose_restart(&in->saved);
	if (in->slip != INJECT_EXTENDED_LOST)
		ret = machine_restore_extended(in->pid, &in->saved);
	return ret ? ret : machine_restore_registers(in->pid, &in->saved);
}

static int put_back(struct inject *in)
{
	int ret = put_back_registers(in);

	if (!ret && slips(in, INJECT_BREAKPOINT_LEFT))
		ret = machine_set_breakpoint(in->pid, in->code_address);
	if (!ret && slips(in, INJECT_RED_ZONE))
		ret = trace(in, PTRACE_POKETEXT, machine_stack(&in->saved) - 8, in->code_address);
	if (!ret && !slips(in, INJECT_MASK_LOST))
		ret = machine_set_mask(in->pid, in->saved.signal_mask);
	return ret;
}

int inject_cure(struct inject *in)
{
	int ret = evict(in), back;

	if (in->gone)
		return inject_failed(in, "inject.cure", -ESRCH);
	step(in, "cure", 6);
	if (!ret && in->remote)
		ret = unmap_there(in);
	back = put_back(in);
	return inject_failed(in, "inject.cure", ret ? ret : back);
}

/* ---- resume ---------------------------------------------------------------------------------- */

static void close_here(int *fd)
{
	if (*fd >= 0)
		raw1(SYS_close, *fd);
	*fd = -1;
}

void inject_drop(struct inject *in)
{
	const uint64_t child = CHILD_SIGNAL;

	if (in->local)
		raw2(SYS_munmap, in->local, INJECT_SIZE);
	in->local = NULL;
	close_here(&in->pidfd);
	close_here(&in->memory);
	close_here(&in->channel);
	raw4(SYS_rt_sigprocmask, SIG_UNBLOCK, &child, 0, 8);
}

int inject_resume(struct inject *in)
{
	int ret = 0;

	step(in, "resume", 7);
	/* that it had been stopped before the kernel knows itself */
	if (in->stopped && in->slip == INJECT_STOP_LOST)
		ret = (int)raw2(SYS_kill, in->pid, SIGCONT);
	if (in->owed)
		ret = (int)raw2(SYS_kill, in->pid, SIGSTOP);
	if (!ret)
		ret = trace(in, PTRACE_DETACH, 0, 0);
	inject_drop(in);
	return inject_failed(in, "inject.resume", ret);
}
