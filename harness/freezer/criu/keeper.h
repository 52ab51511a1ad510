/* SPDX-License-Identifier: Apache-2.0
 *
 * keeper.h - process 1 of a ward (ward.h): it reaps, kills, and has the real criu dump and restore
 * the one tree that there is. Not controlled, and single-threaded: one order at a time.
 *
 * Errors: 0 or -errno; what went wrong in words is in keeper.answer.
 */
#ifndef CRYOFUZZ_KEEPER_H
#define CRYOFUZZ_KEEPER_H

#include <stdio.h>
#include <sys/types.h>

#include "ward.h"

extern struct keeper {
	const char *criu; /* the program */
	pid_t root; /* of the tree, 0 = there is none */
	pid_t dumped; /* the root that was dumped last */
	int root_status; /* how it ended */
	unsigned berth; /* 0: process 1, else a deputy of his (beside.h) */
	struct ward_answer answer;
} keeper;

/* Notes a failure in the answer; returns the error. */
int keeper_failed(const char *stage, int error, const char *detail);
long keeper_now_ms(void);
/* Until a child has ended, or so long. */
void keeper_await_child(long ms);
/* Reaps whoever has ended; true if that one is among them, with its status. */
int keeper_reap(pid_t wanted, int *status);
/* Kills and reaps whoever is in the ward. */
int keeper_clear(void);
/* SIGCHLD is blocked from here on, so that the wait for a child misses none. */
void keeper_hear_children(void);
/* In a fork: a session of its own, nothing but the null device open, no signal blocked. */
void keeper_detach(void);
/* A program as a child, detached; its pid, or -errno. */
pid_t keeper_start(char *const argv[]);

/* What /proc has of a process by that name, to read; NULL if it is not there any more. */
FILE *keeper_look_up(pid_t pid, const char *name);

/* Looks again and again whether somebody has stopped a process who will not let it go on. */
struct standstill {
	pid_t pid;
	int looks;
	long looked_at; /* a moment is no look, however often it is asked for */
};

enum { KEEPER_LOOKS = 8, KEEPER_LOOK_MS = 20 };

int keeper_stands_still(struct standstill *s);
/* Until a process is in one of these states of /proc; -ETIMEDOUT if it never is. */
int keeper_await_state(pid_t pid, const char *states, int patience_ms);
/* Until a process that was sent SIGSTOP has heard of it. */
int keeper_await_stop(pid_t pid);

/* As told; -EOPNOTSUPP: not possible here, the detail says why. */
int keeper_dump_how(const struct ward_how *how);
int keeper_restore_how(const struct ward_how *how);
/* The plain way. The tree is killed by the dump unless it is to run on. -ETIME: criu did not end. */
int keeper_dump(int leave_running, enum ward_slip slip);
int keeper_restore(enum ward_slip slip);

#endif
