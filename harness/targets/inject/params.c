/* SPDX-License-Identifier: Apache-2.0
 *
 * What each param means, for people.
 */
#include "params.h"

#include "../../freezer/home/home.h"
#include "../../freezer/home/outlet.h"
#include "../../freezer/victim/state.h"
#include "../../freezer/victim/threads.h"
#include "../../freezer/victim/victim.h"
#include "disturb.h"

/* The params from STATE on. */
#define STATE_SPEC(group, name, max, what) [STATE + group] = { name, 0, max, 0, what },

const struct cf_param_spec inject_params[] = {
	[COMMANDS] = { "commands", 0, 6, 2, "commands that the parasite executes" },
	[WORK] = { "work", 0, 4, 0,
		   "0: count, 1: use all registers, 2: write memory, 3: files, 4: fail" },
	[PLACE] = { "place", 0, VICTIM_VFORK, 0,
		    "the victim is stopped 0: in read, 1: spinning, 2: in poll, 3 to 31: in "
		    "other calls (freezer/victim/victim.h)" },
	[VECTORS] = { "vectors", 0, 2, 0,
		      "upper vector halves of the victim are 0: clean, 1: live; 2: and mask "
		      "registers, ZMM" },
	[STOPPED] = { "stopped", 0, 3, 0,
		      "the victim was stopped before by 1: SIGSTOP, 2: SIGTSTP, 3: SIGTTIN" },
	[SEED] = { "seed", 0, 65535, 1, "of the patterns in the victim's registers and memory" },
	[TRAP] = { "trap", 0, 2, 0, "the victim's SIGTRAP is 0: default, 1: ignored, 2: handled" },
	[STACK] = { "stack", 0, 2, 0,
		    "its signals have 1: a stack of their own, 2: with SS_AUTODISARM" },
	[PENDING] = { "pending", 0, 3, 0,
		      "signals that it blocks are pending, sent 1: to the process, 2: to its "
		      "thread with a value, 3: to both, in queues" },
	[DISTURBS] = { "disturbs", 0, DISTURBS_LAST, 0,
		       "it is disturbed by " SENT_WORDS ", "
		       "12: its channel is shut down, 13: another injector, 14: the tracer dies, "
		       "15 to 20: a call fails with EAGAIN, ESRCH, EINTR, ENOMEM, EMFILE, EPERM, "
		       "21: another injector is there before; then place is 0 to 2, and the state "
		       "below the default; 22: the victim forks "
		       "meanwhile, 23: executes, 24: exits, 25: its first thread exits, "
		       "26: another thread executes, or it makes the call of a code from 6 on" },
	[WHEN] = { "when", 0, DISTURBS_LAST_CALL, DISTURBS_WITH_PARASITE,
		   "before which of the injector's system calls that happens" },
	[FAILS_AT] = { "fails-at", 0, DISTURBS_LAST_CALL, DISTURBS_PUTTING_BACK,
		       "or which of them fails" },
	[CODE] = { "code", 0, VICTIM_PLACES - 1 - VICTIM_VFORK, 0,
		   "instead of there: in 1: a signal's handler, at 2: its beginning, 3: its "
		   "return, in 4: two stores, 5: a restartable sequence; on the way into and out "
		   "of 6, 7: fork, 8: vfork (into), 9, 10: a thread's clone3; 11: at the first "
		   "instruction after execve; before 12: exit_group, 13: its first thread's exit; "
		   "14: while other threads make one another, 15: before another thread's execve" },
	[HOME] = { "home", 0, HOME_FROZEN, 0, HOME_WORDS },
	[THREADS] = { "threads", 0, THREADS_MOST, 0, "threads that it has beside the first" },
	[STDIO] = { "stdio", 0, OUTLET_LAST, 0,
		    "the injector's descriptors 0 to 2 are " OUTLET_WORDS "5: not open" },
	[LOG] = { "log", 0, OUTLET_LAST, 0,
		  "it says what it does to " OUTLET_WORDS
		  "5: its descriptor 2, if stdio is not 0" },
	STATE_PARAMS(STATE_SPEC){ NULL, 0, 0, 0, NULL },
};
