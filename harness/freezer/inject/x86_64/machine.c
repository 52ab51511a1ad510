/* SPDX-License-Identifier: Apache-2.0 */
#include "machine.h"

#include <cpuid.h>
#include <elf.h>
#include <errno.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#include "../door.h"

/* Interrupts on, and the bit that is always set; no trap, no direction flag. */
enum { AFTER_CALL = 2, HELD = 6 /* bytes of the call, and of what is behind it at most */ };
#define PLAIN_FLAGS 0x202ull
#define NO_CALL (~0ull)
/* In a register that no call uses: these registers are of our making. */
#define SIGN 0x6372796f66757a7aull

#ifndef NT_X86_XSTATE
#define NT_X86_XSTATE 0x202
#endif

static int trace(long request, int pid, uint64_t address, const void *data)
{
	return door_trace(pid, request, address, (uint64_t)(uintptr_t)data);
}

int machine_save(int pid, struct machine_state *state)
{
	struct iovec extended = { state->extended, sizeof(state->extended) };
	int ret = trace(PTRACE_GETREGS, pid, 0, &state->regs);

	if (!ret)
		ret = trace(PTRACE_GETREGSET, pid, NT_X86_XSTATE, &extended);
	state->extended_size = extended.iov_len;
	return ret ? ret : trace(PTRACE_GETSIGMASK, pid, 8, &state->signal_mask);
}

int machine_restore_registers(int pid, const struct machine_state *state)
{
	return trace(PTRACE_SETREGS, pid, 0, &state->regs);
}

int machine_restore_extended(int pid, const struct machine_state *state)
{
	struct iovec extended = { (void *)state->extended, state->extended_size };

	return trace(PTRACE_SETREGSET, pid, NT_X86_XSTATE, &extended);
}

int machine_set_mask(int pid, uint64_t mask)
{
	return trace(PTRACE_SETSIGMASK, pid, 8, &mask);
}

uint64_t machine_hold_code(void)
{
	return 0xfeebfeeb; /* a jmp to itself, and one behind the call */
}

uint64_t machine_call_code(void)
{
	static const uint8_t code[8] = { 0x0f, 0x05, 0xeb, 0xfe, 'p', 0 };
	uint64_t word;

	memcpy(&word, code, sizeof(word));
	return word;
}

/* The result of the first call becomes the number of the next one, pause; then it begins anew. */
uint64_t machine_way_out(void)
{
	static const uint8_t code[8] = { 0x0f, 0x05, 0xb0, SYS_pause, 0xeb, 0xfa };
	uint64_t word;

	memcpy(&word, code, sizeof(word));
	return word;
}

/* Between the calls it is only for a moment: who is met there is not known to be out. */
int machine_is_out(int pid, uint64_t code)
{
	struct user_regs_struct regs;
	int ret = trace(PTRACE_GETREGS, pid, 0, &regs);

	if (ret)
		return ret;
	if (regs.rbx != SIGN || regs.rip != code + AFTER_CALL)
		return 0;
	return regs.orig_rax == SYS_munmap ? regs.rax == 0 : regs.orig_rax == SYS_pause;
}

uint64_t machine_trap_code(void)
{
	return 0xcc; /* int3 */
}

/* No call is to be restarted on the way, whichever one was interrupted. They carry a sign. */
static struct user_regs_struct plain_registers(const struct machine_state *state)
{
	struct user_regs_struct regs = state->regs;

	regs.orig_rax = NO_CALL;
	regs.eflags = PLAIN_FLAGS;
	regs.rbx = SIGN;
	return regs;
}

int machine_set_call(int pid, const struct machine_state *state, uint64_t code, long nr,
		     const uint64_t args[6])
{
	struct user_regs_struct regs = plain_registers(state);

	regs.rip = code;
	regs.rax = (uint64_t)nr;
	regs.rdi = args[0];
	regs.rsi = args[1];
	regs.rdx = args[2];
	regs.r10 = args[3];
	regs.r8 = args[4];
	regs.r9 = args[5];
	return trace(PTRACE_SETREGS, pid, 0, &regs);
}

int machine_get_result(int pid, uint64_t code, int64_t *result)
{
	struct user_regs_struct regs;
	int ret = trace(PTRACE_GETREGS, pid, 0, &regs);

	if (ret)
		return ret;
	*result = (int64_t)regs.rax;
	return regs.rip == code + AFTER_CALL ? 0 : -EILSEQ;
}

int machine_is_held(int pid, uint64_t code, int64_t *result)
{
	struct user_regs_struct regs;
	int ret = trace(PTRACE_GETREGS, pid, 0, &regs);

	if (ret)
		return ret;
	*result = regs.rip == code + AFTER_CALL ? (int64_t)regs.rax : -1;
	return regs.rbx == SIGN && regs.rip - code < HELD;
}

int machine_set_entry(int pid, const struct machine_state *state, uint64_t entry, uint64_t stack,
		      uint64_t args)
{
	struct user_regs_struct regs = plain_registers(state);

	regs.rip = entry;
	regs.rsp = stack & ~15ull;
	regs.rdi = args;
	return trace(PTRACE_SETREGS, pid, 0, &regs);
}

uint64_t machine_stack(const struct machine_state *state)
{
	return state->regs.rsp;
}

uint64_t machine_code_address(const struct machine_state *state)
{
	return state->regs.rip & ~4095ull;
}

uint32_t machine_has_wide_vectors(void)
{
	enum { UNKNOWN = 2 };
	static uint32_t answer = UNKNOWN;
	unsigned eax, ebx, ecx = 0, edx;

	if (answer == UNKNOWN) {
		__cpuid(1, eax, ebx, ecx, edx);
		answer = (ecx >> 27 & 3) == 3; /* OSXSAVE and AVX */
	}
	return answer;
}

/* DR7: of each of the four breakpoints a bit enables it; all others zero: execution, one byte. */
enum { FIRST = 1 };

static int set_debug(int pid, int number, uint64_t value)
{
	size_t registers = offsetof(struct user, u_debugreg);

	return trace(PTRACE_POKEUSER, pid, registers + 8 * (size_t)number,
		     (const void *)(uintptr_t)value);
}

int machine_set_breakpoint(int pid, uint64_t address)
{
	int ret = address ? set_debug(pid, 0, address) : 0;

	return ret ? ret : set_debug(pid, 7, address ? FIRST : 0);
}

int machine_get_pc(int pid, uint64_t *pc)
{
	return trace(PTRACE_PEEKUSER, pid, offsetof(struct user, regs.rip), pc);
}

int machine_set_pc(int pid, uint64_t pc)
{
	return trace(PTRACE_POKEUSER, pid, offsetof(struct user, regs.rip),
		     (const void *)(uintptr_t)pc);
}

int machine_leaves_function(int pid, uint64_t pc)
{
	enum { CALL = 0xe8, RET = 0xc3, GROUP5 = 0xff, BND = 0xf2, CALL_NEAR = 2, JUMP_NEAR = 4 };
	uint8_t code[8];

	if (trace(PTRACE_PEEKTEXT, pid, pc, code))
		return 1;
	const uint8_t *at = code + (code[0] == BND);

	return *at == CALL || *at == RET ||
	       (*at == GROUP5 && ((at[1] >> 3 & 7) == CALL_NEAR || (at[1] >> 3 & 7) == JUMP_NEAR));
}
