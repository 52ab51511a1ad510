/* SPDX-License-Identifier: Apache-2.0
 *
 * A victim is brought to one certain instruction by ptrace, and left there to whoever freezes it: as
 * one that SIGSTOP has stopped, which is delivered before it executes the next one. A trap needs
 * SIGTRAP's default: the kernel puts that back if it is ignored.
 */
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>

#include "codes.h"
#include "patience.h"
#include "raw.h"

enum { STEPS = 1000 };

static long trace(const struct victim *v, long request, uint64_t address, uint64_t data)
{
	return raw4(SYS_ptrace, request, v->pid, address, data);
}

/* The signal of its next stop, or -errno. */
static int await_stop(const struct victim *v)
{
	struct patience patience = patience_for(v->pid);
	int status, slice;
	long ret;

	while (!(ret = raw4(SYS_wait4, v->pid, &status, WNOHANG | __WALL, 0)) &&
	       (slice = patience_slice(&patience)))
		raw3(SYS_poll, 0, 0, slice);
	if (ret <= 0)
		return ret ? (int)ret : -ETIMEDOUT;
	return WIFSTOPPED(status) ? WSTOPSIG(status) : -ESRCH;
}

static int go(const struct victim *v, long request, int signal, int until)
{
	int ret = (int)trace(v, request, 0, (uint64_t)signal);

	if (!ret)
		ret = await_stop(v);
	if (ret < 0)
		return ret;
	return ret == until ? 0 : -EAGAIN;
}

static uint64_t pc_of(const struct victim *v)
{
	uint64_t pc = 0;

	trace(v, PTRACE_PEEKUSER, offsetof(struct user, regs.rip), (uintptr_t)&pc);
	return pc;
}

static int step_to(const struct victim *v, const char *at)
{
	int ret = 0;

	for (int i = 0; !ret && pc_of(v) != (uintptr_t)at; i++)
		ret = i < STEPS ? go(v, PTRACE_SINGLESTEP, 0, SIGTRAP) : -ELOOP;
	return ret;
}

static int end_spin(const struct victim *v)
{
	uint64_t word = 0;
	struct iovec here = { &word, sizeof(word) }, there = { &victim_go, sizeof(word) };
	long ret = raw6(SYS_process_vm_writev, v->pid, &here, 1, &there, 1, 0);

	return ret < 0 ? (int)ret : 0;
}

/* The step from the delivery ends before the handler's first instruction. */
static int land_in_handler(const struct victim *v, const char *at)
{
	int ret = (int)raw2(SYS_kill, v->pid, VICTIM_HANDLED_SIGNAL);

	if (!ret)
		ret = go(v, PTRACE_CONT, 0, VICTIM_HANDLED_SIGNAL);
	if (!ret)
		ret = go(v, PTRACE_SINGLESTEP, VICTIM_HANDLED_SIGNAL, SIGTRAP);
	return ret || !at ? ret : step_to(v, at);
}

static int set_breakpoint(const struct victim *v, const char *at)
{
	const size_t registers = offsetof(struct user, u_debugreg);
	long ret = trace(v, PTRACE_POKEUSER, registers, (uintptr_t)at);

	return (int)(ret ? ret : trace(v, PTRACE_POKEUSER, registers + 8 * 7, at != NULL));
}

static int land_on_breakpoint(const struct victim *v, const char *at)
{
	int ret = set_breakpoint(v, at);

	if (!ret)
		ret = end_spin(v);
	if (!ret)
		ret = go(v, PTRACE_CONT, 0, SIGTRAP);
	if (!ret && pc_of(v) != (uintptr_t)at)
		ret = -EAGAIN;
	return ret ? ret : set_breakpoint(v, NULL);
}

/* A stop on the way in is for the call to see: it gives up, to be made again. */
static int land_in_call(const struct victim *v, unsigned stops)
{
	int ret = end_spin(v);

	for (unsigned i = 0; !ret && i < stops; i++)
		ret = go(v, PTRACE_SYSCALL, 0, SIGTRAP);
	return ret;
}

static int land_there(const struct victim *v, const struct code *code)
{
	int ret;

	switch (code->land) {
	case LAND_HANDLER:
		return land_in_handler(v, code->at);
	case LAND_STEPS:
		ret = end_spin(v);
		return ret ? ret : step_to(v, code->at);
	case LAND_BREAKPOINT:
		return land_on_breakpoint(v, code->at);
	case LAND_CALL_BEGINS:
		return land_in_call(v, 1);
	case LAND_CALL_ENDS:
		return land_in_call(v, 2);
	default:
		return -EINVAL;
	}
}

int land(const struct victim *v, const struct code *code)
{
	int ret = (int)trace(v, PTRACE_SEIZE, 0, 0);

	if (!ret)
		ret = go(v, PTRACE_INTERRUPT, 0, SIGTRAP);
	if (!ret)
		ret = land_there(v, code);
	if (!ret)
		ret = (int)raw2(SYS_kill, v->pid, SIGSTOP);
	if (!ret)
		ret = (int)trace(v, PTRACE_DETACH, 0, 0);
	return ret ? ret : victim_await_stopped(v);
}
