/* SPDX-License-Identifier: Apache-2.0 */
#include "heard.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/uio.h>
#include <ucontext.h>

#include "parts.h"
#include "raw.h"

enum { FIRST_QUEUED = 32, NEAR = 65536 /* bytes of stack between a hold and who set it */ };

static struct victim_heard heard;
static uint64_t handled; /* mask of signals */
static uintptr_t stack_here;

/* A call that never begins again by itself once a handler has run is made again: what the victim is to
 * find then is what it would find without a signal. */
static void make_again(greg_t *regs)
{
	if (regs[REG_RIP] != (greg_t)(uintptr_t)victim_after_read || regs[REG_RAX] != -EINTR)
		return;
	regs[REG_RIP] -= 2;
	regs[REG_RAX] = (greg_t)victim_want.gpr[VICTIM_RAX / 8];
}

static void on_signal(int signal, siginfo_t *info, void *context)
{
	greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;

	heard.count[signal]++;
	heard.strayed += (uintptr_t)regs[REG_RSP] - (stack_here - NEAR) > 2 * NEAR;
	if (signal >= FIRST_QUEUED && heard.values < HEARD_VALUES)
		heard.value[heard.values++] =
			info->si_code == SI_QUEUE ? info->si_value.sival_int : -1;
	make_again(regs);
}

static void set_handler(int signal, int on)
{
	const struct {
		void (*handler)(int, siginfo_t *, void *);
		uint64_t flags;
		void (*restorer)(void);
		uint64_t mask;
	} action = { on ? on_signal : NULL,
		     on ? 0x04000000 | SA_SIGINFO | SA_RESTART | SA_ONSTACK : 0,
		     on ? victim_restorer : NULL, on ? ~0ull : 0 /* one at a time */ };

	raw4(SYS_rt_sigaction, signal, &action, 0, 8);
}

void heard_listen(uint64_t signals)
{
	stack_here = (uintptr_t)__builtin_frame_address(0);
	memset(&heard, 0, sizeof(heard));
	for (int i = 0; i < VICTIM_SIGNALS; i++)
		if ((handled ^ signals) >> i & 1)
			set_handler(i + 1, (int)(signals >> i & 1));
	handled = signals;
}

int heard_get(const struct victim *v, struct victim_heard *seen)
{
	struct iovec here = { seen, sizeof(*seen) }, there = { &heard, sizeof(heard) };
	long n = raw6(SYS_process_vm_readv, v->pid, &here, 1, &there, 1, 0);

	if (n < 0)
		return (int)n;
	return n == sizeof(*seen) ? 0 : -EFAULT;
}
