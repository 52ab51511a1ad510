/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "parts.h"
#include "raw.h"

static void on_trap(int signo)
{
	(void)signo;
}

void asked_set_trap(enum victim_trap trap)
{
	struct {
		void (*handler)(int);
		uint64_t flags, restorer, mask;
	} action = { SIG_DFL, 0, 0, 0 };

	if (trap == VICTIM_TRAP_IGNORED)
		action.handler = SIG_IGN;
	if (trap == VICTIM_TRAP_HANDLED)
		action.handler = on_trap;
	raw4(SYS_rt_sigaction, SIGTRAP, &action, 0, 8);
}

void asked_set_stack(enum victim_stack own)
{
	static uint8_t stack[8192];
	static const int flags[] = { SS_DISABLE, 0, (int)(1u << 31) /* SS_AUTODISARM */ };
	const stack_t want = { .ss_sp = own ? stack : NULL,
			       .ss_flags = flags[own],
			       .ss_size = own ? sizeof(stack) : 0 };

	raw2(SYS_sigaltstack, &want, 0);
}

void asked_now(struct victim_asked *asked)
{
	memset(asked, 0, sizeof(*asked));
	for (int i = 0; i < VICTIM_SIGNALS; i++)
		raw4(SYS_rt_sigaction, i + 1, 0, &asked->action[i], 8);
	raw2(SYS_sigaltstack, 0, &asked->stack);
}

/* Those of an earlier run. */
void asked_drop_pending(void)
{
	const uint64_t blocked = VICTIM_BLOCKED;
	const struct timespec now = { 0, 0 };

	while (raw4(SYS_rt_sigtimedwait, &blocked, 0, &now, 8) > 0)
		;
}

const char *victim_changed(const struct victim *v, char *text, size_t size)
{
	for (int i = 0; i < VICTIM_SIGNALS; i++) {
		if (!memcmp(&v->before.action[i], &v->after.action[i], sizeof(v->after.action[i])))
			continue;
		snprintf(text, size, "handler of signal %d is 0x%llx, was 0x%llx", i + 1,
			 (unsigned long long)v->after.action[i].handler,
			 (unsigned long long)v->before.action[i].handler);
		return "dispositions";
	}
	if (!memcmp(&v->before.stack, &v->after.stack, sizeof(v->after.stack)))
		return NULL;
	snprintf(text, size, "the signals' stack is 0x%llx with flags %u, was 0x%llx with %u",
		 (unsigned long long)v->after.stack.address, v->after.stack.flags,
		 (unsigned long long)v->before.stack.address, v->before.stack.flags);
	return "signal-stack";
}
