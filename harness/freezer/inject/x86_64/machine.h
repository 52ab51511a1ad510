/* SPDX-License-Identifier: Apache-2.0
 *
 * What the injector knows of this processor: its registers, and the bytes of a system call.
 */
#ifndef CRYOFUZZ_INJECT_MACHINE_H
#define CRYOFUZZ_INJECT_MACHINE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/user.h>

enum { MACHINE_EXTENDED = 16384 /* bytes of XSAVE's image at most; AMX needs 11008 */ };

struct machine_state {
	struct user_regs_struct regs;
	size_t extended_size;
	uint8_t extended[MACHINE_EXTENDED] __attribute__((aligned(64)));
	uint64_t signal_mask;
};

/* All of these return 0 or -errno; the process is stopped and traced by us. */
int machine_save(int pid, struct machine_state *state);
int machine_restore_registers(int pid, const struct machine_state *state);
int machine_restore_extended(int pid, const struct machine_state *state);
int machine_set_mask(int pid, uint64_t mask);

/* A word of code that makes a system call and then stays where it is, in a jump to itself; a string of
 * one letter follows at MACHINE_NAME. There is no trap instruction in it: a trap that is blocked or ignored makes the kernel put SIGTRAP's
 * disposition back to its default. */
enum { MACHINE_NAME = 4 };
uint64_t machine_call_code(void);
/* A word of code that makes a call which returns 0, and then sleeps: the parasite's way out. */
uint64_t machine_way_out(void);
/* 1 if it has come out there, 0 if not, or -errno. */
int machine_is_out(int pid, uint64_t code);
/* The jump to itself alone: who runs into it has lost nothing. */
uint64_t machine_hold_code(void);
/* 1 if it stands in that code with registers of our making, with the call's result, or -1 if it has not
 * been made; 0 if not; or -errno. */
int machine_is_held(int pid, uint64_t code, int64_t *result);
/* A word of code that traps: so many bytes of it are enough, and so far behind its beginning it stops. */
enum { MACHINE_TRAP = 1 };
uint64_t machine_trap_code(void);
/* Sets the registers so that the process, once it goes on, makes this call with that code. */
int machine_set_call(int pid, const struct machine_state *state, uint64_t code, long nr,
		     const uint64_t args[6]);
/* After the call: its result. -EILSEQ if the process is not there. */
int machine_get_result(int pid, uint64_t code, int64_t *result);
/* Sets the registers so that the process, once it goes on, enters a parasite. */
int machine_set_entry(int pid, const struct machine_state *state, uint64_t entry, uint64_t stack,
		      uint64_t args);
/* The stack pointer it was stopped with. */
uint64_t machine_stack(const struct machine_state *state);
/* Where calls may be made: in the page that is being executed. */
uint64_t machine_code_address(const struct machine_state *state);
/* Asked here and not by the parasite: in a virtual machine the question is a slow one. */
uint32_t machine_has_wide_vectors(void);
/* What a careless cure would forget. */
void machine_lose_register(struct machine_state *state);
/* If a system call was interrupted that the kernel would restart: it returns EINTR instead. */
void machine_lose_restart(struct machine_state *state);
void machine_lose_flags(struct machine_state *state);
void machine_lose_x87(struct machine_state *state);
void machine_lose_mxcsr(struct machine_state *state);
void machine_lose_vectors(struct machine_state *state);
void machine_lose_opmask(struct machine_state *state);
void machine_lose_fs(struct machine_state *state);
void machine_lose_gs(struct machine_state *state);
/* If it stands behind the call that has made a child or a thread: before that call. */
void machine_call_again(struct machine_state *state);
/* If it stands behind a call that has given it a number: another number. */
void machine_lose_result(struct machine_state *state);
/* A hardware breakpoint, which stops before the instruction at an address; 0 disarms it. */
int machine_set_breakpoint(int pid, uint64_t address);
/* Where it is, and is to go on. */
int machine_get_pc(int pid, uint64_t *pc);
int machine_set_pc(int pid, uint64_t pc);
/* True if its next instruction leaves the function it is in. */
int machine_leaves_function(int pid, uint64_t pc);

#endif
