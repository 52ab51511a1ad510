/* SPDX-License-Identifier: Apache-2.0
 *
 * A cage: a ward (ward.h) for a criu that is fed with damaged input, which may have it open, write,
 * unlink or kill anything. Its root is read-only, /run, /tmp and /dev are its own, /proc/sys can't be
 * written, a control group bounds its memory and its processes, and what only root of the whole
 * machine may do (load modules, boot, make devices) it may not.
 *
 * Errors: 0 or -errno.
 */
#ifndef CRYOFUZZ_CAGE_H
#define CRYOFUZZ_CAGE_H

#include <sys/types.h>

#include "ward.h"

/* As ward_open and ward_close: the control groups are made and removed around it. */
int cage_open(struct ward *w, int (*fork_it)(void), const struct ward_duties *duties,
	      const char *criu);
void cage_close(struct ward *w);

/* ---- process 1 ------------------------------------------------------------------------------- */

/* Shuts the cage around the caller, who has no file open for writing yet. It can still run criu, and
 * that program. */
int cage_shut(const char *program);
/* The next processes get the pids after this one. A tree that is restored again and again needs low
 * ones: the kernel gives those below 300 only once, so nobody else has them later. */
int cage_next_pid(pid_t last);

#endif
