/* SPDX-License-Identifier: Apache-2.0
 *
 * What each param means, for people.
 */
#include "compel.h"

/* The params from STATE on. */
#define STATE_SPEC(group, name, max, what) [STATE + group] = { name, 0, max, 0, what },

const struct cf_param_spec compel_params[] = {
	[COMMANDS] = { "commands", 0, 4, 2, "commands that the parasite runs" },
	[PLACE] = { "place", 0, VICTIM_VFORK, 0,
		    "the victim is stopped 0: in read, 1: spinning, 2: in poll (poll-ends), 3 to "
		    "31: in other calls (freezer/victim/victim.h)" },
	[SEED] = { "seed", 0, 65535, 1, "of the patterns in the victim's registers and memory" },
	[VECTORS] = { "vectors", 0, 2, 0,
		      "its upper vector halves are 0: clean, 1: in use; 2: and mask registers, "
		      "ZMM" },
	[TRAP] = { "trap", 0, 2, 0,
		   "its SIGTRAP is 0: default, 1: handled, 2: ignored (in trap-reset only)" },
	[STACK] = { "stack", 0, 2, 0,
		    "its signals have 1: a stack of their own, 2: with SS_AUTODISARM" },
	[FIRST] = { "first", 0, ASK_KINDS - 1, 0,
		    "the first command; the others follow in turn: 0: add, 1: xor, 2: read, "
		    "3: write, 4: give a descriptor, 5: take one, 6: sleep, 7: fail" },
	[STRANGER] = { "stranger", 0, 7, 0,
		       "a third party 1: connects first, 2: and answers, 3: connects later, "
		       "4: acknowledges the first command, 5: sends a command of its own, "
		       "6: sends the last one, 7: connects too often" },
	[FAILS] = { "fails", 0, WIRE_CALLS - 1, 0,
		    "one of libcompel's calls fails: 1: socket, 2: bind, 3: listen, 4: accept, "
		    "5: send, 6: sendmsg, 7: recv, 8: recvmsg, 9: wait4, 10: waitpid, 11: kill, "
		    "12: ptrace, 13: syscall, 14: mmap (map-unchecked), 15: munmap, "
		    "16: ftruncate, 17: open, 18: fopen, 19: setns, 20: sigaction, "
		    "21: ptrace's peek (peek-unchecked), 22: ptrace's poke, 23: its part in a "
		    "close in the victim" },
	[NTH] = { "nth", 0, 79, 0, "which one of those calls" },
	[ERROR] = { "error", 0, 5, 0,
		    "with 0: EINTR, 1: ENOMEM, 2: EMFILE, 3: EPERM, 4: ESRCH, 5: EIO" },
	[CODE] = { "code", 0, VICTIM_PLACES - 1 - VICTIM_VFORK, 0,
		   "instead of there: in 1: a signal's handler, at 2: its beginning, 3: its "
		   "return, "
		   "in 4: two stores, 5: a restartable sequence (sequence-lost); on the way into "
		   "and out of 6, 7: fork, 8: vfork (into), 9, 10: a thread's clone3; 11: at the "
		   "first instruction after execve; before 12: exit_group, 13: its first thread's "
		   "exit; "
		   "14: while other threads make one another, 15: before another thread's execve" },
	[PENDING] = { "pending", 0, 3, 0,
		      "signals that it blocks are pending, sent 1: to the process, 2: to its "
		      "thread with a value, 3: to both, in queues" },
	[STOPPED] = { "stopped", 0, 3, 0,
		      "a signal had stopped it before: 1: SIGSTOP, 2: SIGTSTP, 3: SIGTTIN "
		      "(stop-signal-refused)" },
	[DISTURBS] = { "disturbs", 0, DISTURBS_LAST, 0,
		       "it is disturbed by " SENT_WORDS ", 12: another tracer, "
		       "13: one that was there before, 14: the end of a child of the spy's "
		       "(waits-for-anybody), 15: the spy is killed; then place is 0 or 1, and the "
		       "state below the "
		       "default; 16: the victim forks meanwhile, 17: executes, 18: exits, 19: its "
		       "first thread "
		       "exits, 20: another thread executes, or it makes the call of a code from 6 "
		       "on" },
	[WHEN] = { "when", 0, DISTURBS_LAST_CALL, DISTURBS_WHILE_STOPPING,
		   "before which of libcompel's calls that happens" },
	[HOME] = { "home", 0, HOME_FROZEN, 0, HOME_WORDS },
	[THREADS] = { "threads", 0, THREADS_MOST, 0, "threads that it has beside the first" },
	[STDIO] = { "stdio", 0, OUTLET_LAST, 0,
		    "the spy's descriptors 0 to 2 are " OUTLET_WORDS "5: not open" },
	[LOG] = { "log", 0, OUTLET_LAST, 0,
		  "what the parasite writes its log to is " OUTLET_WORDS
		  "5: the spy's descriptor 2, if stdio is not 0" },
	STATE_PARAMS(STATE_SPEC){ NULL, 0, 0, 0, NULL },
};
