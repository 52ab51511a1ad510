/* SPDX-License-Identifier: Apache-2.0
 *
 * How long to wait for another process. On a busy machine wall-clock time says little: it may have
 * had no chance to run. So a wait is made in slices, and a slice counts only if at its end the other
 * one was not ready to run; a standstill of the whole machine costs one slice.
 *
 *	struct patience p = patience_for(pid, 2000);
 *
 *	while ((slice = patience_slice(&p)))
 *		if (wait for at most `slice` milliseconds)
 *			return 0;
 *	return -ETIMEDOUT;
 */
#ifndef CRYOFUZZ_PATIENCE_H
#define CRYOFUZZ_PATIENCE_H

#include <stdint.h>

struct patience {
	int pid;
	int left; /* milliseconds */
	int last; /* the slice that has just been waited for */
	int64_t end; /* whatever the other one does */
};

struct patience patience_for(int pid, int milliseconds);
/* Milliseconds to wait for now, 0 if it has been long enough. */
int patience_slice(struct patience *p);

#endif
