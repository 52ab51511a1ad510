/* SPDX-License-Identifier: Apache-2.0
 *
 * A disposition of its own for each signal: handlers with flags and masks of the scenario, every fourth
 * ignored. None of the handlers is ever called. Those that stop a process, wake it up or tell of
 * children stay as they are, since others of the scenario count on them; so do SIGUSR1, which ends some
 * calls, and SIGTRAP, which has a param of its own. All are looked at in any victim (asked.c).
 */
#include <signal.h>

#include "raw.h"
#include "victim.h"

enum { SIGNALS = 64, KERNELS_RESTORER = 0x04000000 };

static const uint64_t left_alone = 1ull << (SIGKILL - 1) | 1ull << (SIGSTOP - 1) |
				   1ull << (SIGCONT - 1) | 1ull << (SIGTSTP - 1) |
				   1ull << (SIGTTIN - 1) | 1ull << (SIGCHLD - 1) |
				   1ull << (SIGTRAP - 1) | 1ull << (VICTIM_HANDLED_SIGNAL - 1);

static void set(unsigned wish, uint64_t seed)
{
	static const uint64_t flags[] = { SA_RESTART, SA_NODEFER | SA_SIGINFO, SA_ONSTACK,
					  SA_RESETHAND };

	(void)wish;
	for (unsigned i = 0; i < SIGNALS; i++) {
		uint64_t mask = (seed + i) * 0x9e3779b97f4a7c15ull;
		struct {
			uint64_t handler, flags, restorer, mask;
		} action = { 0x10000 + 64 * i, flags[i / 4 % 4] | KERNELS_RESTORER,
			     0x20000 + 64 * i, mask };

		if (left_alone >> i & 1)
			continue;
		if (i % 4 == 3)
			action.handler = (uint64_t)(uintptr_t)SIG_IGN;
		state_must("sigaction", raw4(SYS_rt_sigaction, i + 1, &action, 0, 8));
	}
}

static void look(struct state_view *view, unsigned wish)
{
	(void)view, (void)wish;
}

const struct state_ops state_handlers = { .set = set, .look = look };
