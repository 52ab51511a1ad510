/* SPDX-License-Identifier: Apache-2.0
 *
 * Another tracer, a process of its own: it tries to have the victim stopped, says whether it can, holds
 * it until it is told to leave, and lets it go as it was.
 */
#ifndef CRYOFUZZ_RIVAL_H
#define CRYOFUZZ_RIVAL_H

struct rival {
	int pid, fd; /* fd -1: there is none */
	int says; /* 0 it did not come, 1 it has the victim, -errno it can't have it */
};

#define RIVAL_NONE       \
	(struct rival)   \
	{                \
		.fd = -1 \
	}

/* Forks with the given fork, which returns as fork() does. 0 or -errno: it does not say a word. */
int rival_come(struct rival *r, int victim, int (*fork_it)(void));
/* Has left on return; what it said is still known. */
void rival_leave(struct rival *r);

#endif
