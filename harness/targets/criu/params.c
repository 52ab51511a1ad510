/* SPDX-License-Identifier: Apache-2.0
 *
 * What each param means, for people.
 */
#include "../../freezer/home/outlet.h"
#include "../../freezer/victim/victim.h"
#include "hurt.h"
#include "params.h"

const struct cf_param_spec criu_params[] = {
	[PLACE] = { "place", 0, 5, 0,
		    "the tree is dumped 0: asleep on a futex, 1: in read, 2: spinning, "
		    "3: in sigsuspend, 4: in wait4, 5: in poll with a time-out" },
	[RUNS_ON] = { "runs-on", 0, 1, 0,
		      "0: killed by the dump and restored, 1: dumped, runs on" },
	[SEED] = { "seed", 0, 65535, 1, "of all contents and lengths" },
	[SOCKETS] = { "sockets", 0, 5, 0,
		      "messages under way in 1: a stream, 2: datagrams, 3: sequenced packets, "
		      "4: a stream whose peer has closed; 5: sockets that are under way "
		      "themselves" },
	[PIPE] = { "pipe", 0, 2, 0, "1: a pipe with bytes in it, 2: odd ones" },
	[COUNTERS] = { "counters", 0, 7, 0,
		       "1: eventfd, timerfd, signalfd and epoll, 2: a semaphore, 3: what has "
		       "something to tell, 4: epoll in all its ways, 5: inotify, 6: pidfds, 7: "
		       "fanotify" },
	[FILES] = { "files", 0, 6, 0,
		    "1: a file and a deleted one, with offsets and flags, 2: common ones, "
		    "3: locks, 4: deleted ones, 5: that tell by signals, 6: a terminal" },
	[SIGNALS] = { "signals", 0, 2, 0,
		      "1: queued signals with values, blocked, 2: of a thread and of all" },
	[TIMERS] = { "timers", 0, 2, 0, "1: a real-time and a POSIX timer, 2: of all clocks" },
	[THREAD] = { "thread", 0, 4, 0,
		     "1: a second thread with its own mask and words, 2: three, 3: locks with an "
		     "owner, 4: restartable sequences" },
	[CHILD] = { "child", 0, 3, 0,
		    "1: a child with shared memory, and a dead one, 2: stopped, killed, orphaned "
		    "ones, groups and sessions, 3: no plain forks" },
	[PROCESS] = { "process", 0, 5, 0,
		      "1: umask, folder, limit, priority, name, 2: capabilities, 3: settings, 4: a "
		      "deleted folder, 5: a filter of system calls" },
	[IPC] = { "ipc", 0, 3, 0,
		  "1: a System V semaphore and segment, 2: a queue, and destroyed ones, 3: 1 and a "
		  "child" },
	[DISPOSITIONS] = { "dispositions", 0, 3, 0,
			   "1: handlers and a signal stack; SIGTRAP is 2: ignored, 3: handled" },
	[SPARSE] = { "sparse", 0, 2, 0,
		     "1: a mapping of tebibytes with a few pages in it, 2: which a child shares" },
	[MAPPINGS] = { "mappings", 0, 6, 0,
		       "1: POSIX shared memory, 2: sealed, 3: with advice, 4: of files, 5: shared "
		       "with relatives at other addresses, 6: with guards" },
	[ENDS] = { "ends", 0, 7, 0,
		   "sockets 1: with options, 2: with a message that names its sender, 3: with "
		   "names, 4: with an urgent byte, 5: with several descriptors under way, 6: whose "
		   "peer is a child, 7: with a client that nobody has accepted yet" },
	[ROUNDS] = { "rounds", 1, 3, 1, "so often it is dumped and restored" },
	[WAY] = { "way", 0, 3, 0,
		  "pages go 0: through files, 1: to a page server, 2: back when they are touched, "
		  "3: in part before the dump" },
	[BESIDE] = { "beside", 0, WARD_BESIDE, 0,
		     "so many more trees at the same time, each with a criu of its own; none is "
		     "hurt" },
	[HURT] = { "hurt", 0, CRIU_HURTS - 1, 0,
		   "what dies or fails is 0: the dump, 1: the restore; 2: the restore dies early, "
		   "3: its third wait is interrupted; the dump can't 4: send its first pages, "
		   "5: let go of a child, 8: map what it shares with its parasite, 9: list "
		   "threads, 10: list files, 11: hear of sockets, 12: read of a descriptor; the "
		   "restore can't 6: attach to its tree, 7: unmap what it restored with" },
	[FAULT] = { "fault", 0, CRIU_FAULTS, 0, "n: the n-th of criu's own faults (CRIU_FAULT)" },
	[CALLS] = { "calls", 0, WARD_CALLS - 1, 0,
		    "of the calls that fail, those count that are 0: wait, 1: open, 2: read, 3: "
		    "write, 4: ptrace, 5: mmap, 6: send, 7: fork, 8: each 40th of all, 9: "
		    "receive, 10: list a folder, 11: ptrace that sets registers, 12: read of "
		    "what /proc has of a descriptor" },
	/* Of no more values than a campaign begins with, each of them alone. */
	[DIES_AT] = { "dies-at", 0, 31, 0,
		      "n: criu is killed at its n-th call of ptrace in the dump, of wait in the "
		      "restore" },
	[FAILS_AT] = { "fails-at", 0, 31, 0, "n: the n-th of them fails" },
	[LOG] = { "log", 0, OUTLET_LAST, 0,
		  "criu says what it does (-v4) to its descriptors 0 to 2, which are " OUTLET_WORDS
		  "5: not open" },
	[CODE] = { "code", 0, VICTIM_PLACES - 1 - VICTIM_VFORK, 0,
		   "a child is met in 1: a signal's handler, at 2: its beginning, 3: its return, "
		   "in "
		   "4: two stores, 5: a restartable sequence; on the way into and out of 6, 7: "
		   "fork, "
		   "8: vfork (into), 9, 10: a thread's clone3; 11: at the first instruction after "
		   "execve; before 12: exit_group, 13: its first thread's exit; 14: in a loop, 15: "
		   "before another thread's execve" },
	{ NULL, 0, 0, 0, NULL },
};
