/* SPDX-License-Identifier: Apache-2.0
 *
 * machine.h - the processor's part: a stack that a switch of fibers can go to, and how a signal
 * handler or a tracer sees and changes where the interrupted code goes on. aarch64/ has the same.
 */
#ifndef CRYOFUZZ_RUNTIME_MACHINE_H
#define CRYOFUZZ_RUNTIME_MACHINE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/user.h>
#include <ucontext.h>

/* Stores where this stack is left in *from, and goes on where `to` was left. */
void rt_machine_switch(void **from, void *to);
void rt_machine_resume(void);

/* The stack whose highest address is `top`, as if it had been left just before entry(), which must
 * not return. */
static inline void *machine_stack_for(void *top, void (*entry)(void))
{
	enum { SAVED = 6 };
	uint64_t *at = top;

	*--at = 0; /* instead of a return address: here a debugger stops */
	*--at = (uintptr_t)entry;
	for (int i = 0; i < SAVED; i++)
		*--at = 0;
	*--at = 0x1f80 | 0x37full << 32; /* control words as a process starts with them */
	return at;
}

/* Stores 16 bytes if those that are there are the expected ones; returns what was there. */
static inline unsigned __int128 machine_swap_wide(volatile unsigned __int128 *at,
						  unsigned __int128 expected,
						  unsigned __int128 desired)
{
	uint64_t low = (uint64_t)expected, high = (uint64_t)(expected >> 64);

	__asm__ volatile("lock cmpxchg16b %0"
			 : "+m"(*at), "+a"(low), "+d"(high)
			 : "b"((uint64_t)desired), "c"((uint64_t)(desired >> 64))
			 : "memory", "cc");
	return (unsigned __int128)high << 64 | low;
}

static inline uintptr_t machine_pc(const void *context)
{
	return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
}

static inline uintptr_t machine_sp(const void *context)
{
	return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.gregs[REG_RSP];
}

/* A return address that is in no memory yet: there is none, a call writes it to the stack. */
static inline uintptr_t machine_link(const void *context)
{
	(void)context;
	return 0;
}

/* When the handler returns, `to` goes on instead of what was interrupted. */
static inline void machine_divert(void *context, void *to)
{
	greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;

	registers[REG_RSP] = (greg_t)(uintptr_t)to;
	registers[REG_RIP] = (greg_t)(uintptr_t)rt_machine_resume;
}

/* The same of a process that is stopped. */
static inline uintptr_t machine_stopped_pc(const struct user_regs_struct *registers)
{
	return registers->rip;
}

static inline uintptr_t machine_stopped_sp(const struct user_regs_struct *registers)
{
	return registers->rsp;
}

static inline uintptr_t machine_stopped_link(const struct user_regs_struct *registers)
{
	(void)registers;
	return 0;
}

static inline void machine_trap(void)
{
	__asm__ volatile("int3" ::: "memory");
}

/* Whether a signal handler can let one instruction through: then there is a SIGTRAP. */
enum { MACHINE_STEPS_ITSELF = 1 };
#define MACHINE_STEP_FLAG 0x100

static inline void machine_step(void *context, bool step)
{
	greg_t *flags = &((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL];

	*flags = step ? *flags | MACHINE_STEP_FLAG : *flags & ~MACHINE_STEP_FLAG;
}

static inline bool machine_is_stepping(const void *context)
{
	return ((const ucontext_t *)context)->uc_mcontext.gregs[REG_EFL] & MACHINE_STEP_FLAG;
}

#endif
