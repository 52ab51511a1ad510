/* SPDX-License-Identifier: Apache-2.0
 *
 * freezer.h - what the files about freezes share: freezer.c is the process that does them, freeze.c
 * stops an actor at its hook, by trap.c, inside.c in a call, stop.c leaves it so for a moment, checkpoint.c has it
 * and all others dumped and restored, judge.c compares.
 */
#ifndef CRYOFUZZ_FREEZER_H
#define CRYOFUZZ_FREEZER_H

#include "../freezer/inject/inject.h"
#include "../freezer/victim/snapshot.h"
#include "executor.h"

struct freezer {
	struct executor *ex;
	struct rt_freeze *f;
	struct inject in;
	struct proc proc[CF_MAX_ACTORS];
	const struct cf_event *event; /* that is being done */
	struct snapshot before, after;
	uint64_t trapped; /* what was where the trap is */
	uint64_t code_address, page; /* of which the snapshots are */
	uint64_t segment; /* hash, taken with `before` */
};

/* Answers one request of an actor: it is frozen when it arrives in the target's code. */
void ex_freeze(struct freezer *z);

/* ---- between these files; what returns an int has ended the run if that is not 0 ---- */

/* What the event says is done to the stopped actor. */
void ex_work(struct freezer *z);
/* inside.c: not 0 if the actor is gone or has left its call. */
int ex_freeze_inside(struct freezer *z);

/* Kills it. Of its end the executor hears only once we, who trace it, have heard. */
void ex_end_actor(struct freezer *z);
/* The run ends here, and with it this actor. */
void ex_found(struct freezer *z, enum cf_kind kind, const char *what, const char *detail);
/* If a step of the injector's failed, that is a finding. */
int ex_refused(struct freezer *z, int ret);
int ex_seize(struct freezer *z, uint32_t slip);
bool ex_is_inside(const struct freezer *z);
/* trap.c: what /proc shows of the actor; forget: it may be another process now. */
struct proc *ex_proc(struct freezer *z);
void ex_forget_proc(struct freezer *z);
enum { EX_GONE = -4096 /* no errno */ };
int ex_set_trap(struct freezer *z);
/* Until it runs into the trap, which is not there any more then: 1. 0 if it has withdrawn, EX_GONE if it
 * has ended, or -errno. */
int ex_await_trap(struct freezer *z);
/* Until the actor sleeps in the call in which it is to be frozen; not 0 if it has left it. */
int ex_await_call(struct freezer *z);
/* What the stopped actor has, before anything is done to it. */
int ex_look_before(struct freezer *z);
/* The same afterwards, compared. */
int ex_compare(struct freezer *z, enum snapshot_of of);
/* stop.c: it and maybe all others stand still for a moment. */
void ex_stop(struct freezer *z);
/* It was stopped by a signal and is not traced any more. */
void ex_continue(struct freezer *z);
/* What goes wrong on purpose, so that ex_compare has something to find. */
int ex_spoil(struct freezer *z);
/* checkpoint.c: the actor is stopped in the target's code, and will run on. */
void ex_checkpoint(struct freezer *z);

#endif
