/* SPDX-License-Identifier: Apache-2.0
 *
 * What is done with signals, and on which stack.
 */
#include "part.h"

#include <signal.h>

static void (*trap_handler(void))(int)
{
	switch ((enum tree_trap)board->setting.trap) {
	case TREE_TRAP_IGNORED:
		return SIG_IGN;
	case TREE_TRAP_HANDLED:
		return handle;
	case TREE_TRAP_DEFAULT:
		break;
	}
	return SIG_DFL;
}

static uint8_t signal_stack[16384];

void set_dispositions(void)
{
	struct sigaction action = { .sa_handler = handle, .sa_flags = SA_ONSTACK | SA_RESTART };
	const stack_t stack = { .ss_sp = signal_stack, .ss_size = sizeof(signal_stack) };

	sigaddset(&action.sa_mask, SIGHUP);
	must(sigaction(SIGALRM, &action, NULL) == 0 && sigaltstack(&stack, NULL) == 0, "sigaction");
	must(signal(SIGINT, SIG_IGN) != SIG_ERR && signal(SIGTRAP, trap_handler()) != SIG_ERR,
	     "signal");
}

int dispositions_changed(void)
{
	struct sigaction alarm_now, int_now, trap_now;
	stack_t stack;

	if (spoils(TREE_DISPOSITIONS))
		signal(SIGINT, SIG_DFL);
	if (!minds(TREE_TRAP_RESET))
		signal(SIGTRAP, trap_handler());
	sigaction(SIGALRM, NULL, &alarm_now);
	sigaction(SIGINT, NULL, &int_now);
	sigaction(SIGTRAP, NULL, &trap_now);
	sigaltstack(NULL, &stack);
	if (alarm_now.sa_handler != handle || !sigismember(&alarm_now.sa_mask, SIGHUP) ||
	    (alarm_now.sa_flags & (SA_ONSTACK | SA_RESTART)) != (SA_ONSTACK | SA_RESTART))
		return differs("SIGALRM's disposition has changed");
	if (int_now.sa_handler != SIG_IGN)
		return differs("SIGINT is not ignored any more");
	if (trap_now.sa_handler != trap_handler())
		return differs("SIGTRAP was %s, now it is not",
			       trap_handler() == SIG_IGN ? "ignored" : "as set");
	if (stack.ss_sp != signal_stack || stack.ss_size != sizeof(signal_stack) || stack.ss_flags)
		return differs("the alternate signal stack has changed");
	return 0;
}
