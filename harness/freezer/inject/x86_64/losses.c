/* SPDX-License-Identifier: Apache-2.0
 *
 * What a careless injector does to registers that it has saved, before it puts them back.
 */
#include <cpuid.h>
#include <errno.h>
#include <sys/syscall.h>

#include "machine.h"

/* What a system call returns inside the kernel when it is to be restarted. */
enum { RESTARTSYS = 512, RESTARTNOINTR = 513, RESTARTNOHAND = 514, RESTART_BLOCK = 516 };

enum { CALL_SIZE = 2 /* bytes of the instruction */ };

void machine_lose_register(struct machine_state *state)
{
	state->regs.r12 = ~state->regs.r12;
}

void machine_lose_restart(struct machine_state *state)
{
	int64_t result = (int64_t)state->regs.rax;

	if ((int64_t)state->regs.orig_rax < 0)
		return;
	if (result == -RESTARTSYS || result == -RESTARTNOINTR || result == -RESTARTNOHAND ||
	    result == -RESTART_BLOCK)
		state->regs.rax = (uint64_t)-EINTR;
}

void machine_lose_flags(struct machine_state *state)
{
	state->regs.eflags ^= 0x40; /* ZF */
}

void machine_lose_fs(struct machine_state *state)
{
	state->regs.fs_base ^= 0x1000;
}

void machine_lose_gs(struct machine_state *state)
{
	state->regs.gs_base ^= 0x1000;
}

/* A bit of XSAVE's image, which is then not in its initial state. */
enum { IN_USE = 512, X87 = 0, SSE = 1, OPMASK = 5, ST0 = 32, MXCSR = 24, XMM2 = 192, DAZ = 0x40 };

static void flip(struct machine_state *state, int part, size_t at, uint8_t bit)
{
	if (at >= state->extended_size)
		return;
	state->extended[at] ^= bit;
	state->extended[IN_USE] |= (uint8_t)(1 << part);
}

void machine_lose_x87(struct machine_state *state)
{
	flip(state, X87, ST0, 1);
}

void machine_lose_mxcsr(struct machine_state *state)
{
	flip(state, SSE, MXCSR, DAZ);
}

void machine_lose_vectors(struct machine_state *state)
{
	flip(state, SSE, XMM2, 1);
}

/* Where it lies the processor says; 0: it has none. */
void machine_lose_opmask(struct machine_state *state)
{
	unsigned size, offset, rest, more;

	__cpuid_count(0xd, OPMASK, size, offset, rest, more);
	if (size)
		flip(state, OPMASK, offset, 1);
}

static int made_somebody(const struct machine_state *state)
{
	const uint64_t call = state->regs.orig_rax;

	return (call == SYS_clone || call == SYS_clone3) && (int64_t)state->regs.rax > 0;
}

void machine_call_again(struct machine_state *state)
{
	if (!made_somebody(state))
		return;
	state->regs.rax = state->regs.orig_rax;
	state->regs.rip -= CALL_SIZE;
}

void machine_lose_result(struct machine_state *state)
{
	if ((int64_t)state->regs.orig_rax >= 0 && (int64_t)state->regs.rax > 0)
		state->regs.rax++;
}
