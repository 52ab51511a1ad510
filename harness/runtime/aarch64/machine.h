/* SPDX-License-Identifier: Apache-2.0
 *
 * machine.h - the processor's part: a stack that a switch of fibers can go to, and how a signal
 * handler or a tracer sees and changes where the interrupted code goes on. x86_64/ has the same.
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
	enum { WORDS = 22 }; /* as switch.S stores them */
	uint64_t *at = (uint64_t *)top - WORDS;

	for (int i = 0; i < WORDS; i++)
		at[i] = 0; /* also x30: here a debugger stops; and the control word of a new process */
	at[WORDS - 1] = (uintptr_t)entry;
	return at;
}

/* Stores 16 bytes if those that are there are the expected ones; returns what was there, which is stored
 * again if they are not: only that makes a load of 16 bytes a whole one. */
static inline unsigned __int128 machine_swap_wide(volatile unsigned __int128 *at,
						  unsigned __int128 expected,
						  unsigned __int128 desired)
{
	uint64_t low, high, new_low, new_high;
	uint32_t failed;

	do {
		__asm__ volatile("ldaxp %0, %1, %2" : "=&r"(low), "=&r"(high) : "Q"(*at));
		if (low == (uint64_t)expected && high == (uint64_t)(expected >> 64)) {
			new_low = (uint64_t)desired;
			new_high = (uint64_t)(desired >> 64);
		} else {
			new_low = low;
			new_high = high;
		}
		__asm__ volatile("stlxp %w0, %2, %3, %1"
				 : "=&r"(failed), "=Q"(*at)
				 : "r"(new_low), "r"(new_high)
				 : "memory");
	} while (failed);
	return (unsigned __int128)high << 64 | low;
}

static inline uintptr_t machine_pc(const void *context)
{
	return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.pc;
}

static inline uintptr_t machine_sp(const void *context)
{
	return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.sp;
}

/* The return address of a function that calls no other one. */
static inline uintptr_t machine_link(const void *context)
{
	return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.regs[30];
}

/* When the handler returns, `to` goes on instead of what was interrupted. */
static inline void machine_divert(void *context, void *to)
{
	mcontext_t *registers = &((ucontext_t *)context)->uc_mcontext;

	registers->sp = (uintptr_t)to;
	registers->pc = (uintptr_t)rt_machine_resume;
}

/* The same of a process that is stopped. */
static inline uintptr_t machine_stopped_pc(const struct user_regs_struct *registers)
{
	return (uintptr_t)registers->pc;
}

static inline uintptr_t machine_stopped_sp(const struct user_regs_struct *registers)
{
	return (uintptr_t)registers->sp;
}

static inline uintptr_t machine_stopped_link(const struct user_regs_struct *registers)
{
	return (uintptr_t)registers->regs[30];
}

static inline void machine_trap(void)
{
	__asm__ volatile("brk #0" ::: "memory");
}

/* Code that is not traced can't have itself interrupted after one instruction. */
enum { MACHINE_STEPS_ITSELF = 0 };

static inline void machine_step(void *context, bool step)
{
	(void)context;
	(void)step;
}

static inline bool machine_is_stepping(const void *context)
{
	(void)context;
	return false;
}

#endif
