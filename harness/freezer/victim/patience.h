/* SPDX-License-Identifier: Apache-2.0
 *
 * How long to wait for another process: until it stands still. On a busy machine wall-clock time says
 * little, the other one may have had no chance to run. But one that is asleep, stopped or gone at two
 * looks in a row, without a switch in between, waits for somebody else; if that is the one who waits
 * for it, nobody will ever go on; unless it waits for a thread or a child of its own, which runs. So a
 * wait is made in slices, with a look after each:
 *
 *	struct patience p = patience_for(pid);
 *
 *	while ((slice = patience_slice(&p)))
 *		if (wait for at most `slice` milliseconds)
 *			return 0;
 *	return -ETIMEDOUT;
 *
 * What is waited for is tried between the looks, so an answer given before the first is not missed.
 */
#ifndef CRYOFUZZ_PATIENCE_H
#define CRYOFUZZ_PATIENCE_H

#include <stddef.h>
#include <stdint.h>

/* Milliseconds after which a wait ends even for one that runs all the time. */
enum { PATIENCE_AT_MOST = 15000 };

/* What /proc says of a process. */
struct sight {
	char state; /* as in /proc/PID/status, 'X' if there is no such process */
	unsigned long switches; /* of its processor, by itself and by force */
};

struct patience {
	int pid;
	int alone; /* whether the others don't matter */
	int began;
	int still; /* looks in a row that saw the same standstill */
	struct sight seen;
	int64_t end; /* set at the first look: most waits are over before it */
	int64_t spent; /* nanoseconds of its processor time when the wait began; patience_to_end */
};

struct patience patience_for(int pid);
/* For one thread, which nobody but the one who waits for it can wake. */
struct patience patience_for_thread(int tid);
/* Milliseconds to wait for now, 0 if there is nothing to wait for any more. */
int patience_slice(struct patience *p);
/* Until it stands still. */
void patience_settle(int pid);
/* As patience_slice, for one that is to end: who uses more processor time than ending takes goes on instead. */
int patience_to_end(struct patience *p);
/* Its state as in /proc/PID/status, 'X' if there is no such process. */
char patience_state(int pid);
/* What a process waits for, in words that follow on its name. */
void patience_describe(int pid, char *text, size_t size);

#endif
