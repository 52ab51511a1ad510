/* SPDX-License-Identifier: Apache-2.0
 *
 * What each param means, for people.
 */
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
	[PIPE] = { "pipe", 0, 1, 0, "1: a pipe with bytes in it" },
	[COUNTERS] = { "counters", 0, 1, 0, "1: eventfd, timerfd, signalfd and epoll" },
	[FILES] = { "files", 0, 1, 0, "1: a file and a deleted one, with offsets and flags" },
	[SIGNALS] = { "signals", 0, 1, 0, "1: queued signals with values, blocked" },
	[TIMERS] = { "timers", 0, 1, 0, "1: a real-time and a POSIX timer" },
	[THREAD] = { "thread", 0, 1, 0, "1: a second thread with its own mask and words" },
	[CHILD] = { "child", 0, 1, 0, "1: a child with shared memory, and a dead one" },
	[PROCESS] = { "process", 0, 1, 0, "1: umask, folder, limit, priority, name" },
	[IPC] = { "ipc", 0, 1, 0, "1: a System V semaphore and segment" },
	[DISPOSITIONS] = { "dispositions", 0, 3, 0,
			   "1: handlers and a signal stack; SIGTRAP is 2: ignored, 3: handled" },
	[SPARSE] = { "sparse", 0, 1, 0, "1: a mapping of tebibytes with a few pages in it" },
	{ NULL, 0, 0, 0, NULL },
};
