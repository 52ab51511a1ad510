/* SPDX-License-Identifier: Apache-2.0
 *
 * machine.h - the processor's part of fibers: a stack that a switch can go to, and how a signal
 * handler sees and changes where the interrupted code goes on.
 */
#ifndef CRYOFUZZ_RUNTIME_MACHINE_H
#define CRYOFUZZ_RUNTIME_MACHINE_H

#include <stdint.h>
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

static inline uintptr_t machine_pc(const void *context)
{
	return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
}

static inline uintptr_t machine_sp(const void *context)
{
	return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.gregs[REG_RSP];
}

/* When the handler returns, `to` goes on instead of what was interrupted. */
static inline void machine_divert(void *context, void *to)
{
	greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;

	registers[REG_RSP] = (greg_t)(uintptr_t)to;
	registers[REG_RIP] = (greg_t)(uintptr_t)rt_machine_resume;
}

#endif
