/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of the target inject. One actor, the injector, plays all of it; so what they share is
 * static.
 */
#ifndef CRYOFUZZ_TARGET_INFECTION_H
#define CRYOFUZZ_TARGET_INFECTION_H

#define _GNU_SOURCE
#include <cryofuzz.h>

#include "../../freezer/home/witness.h"
#include "../../freezer/home/home.h"
#include "../../freezer/inject/inject.h"
#include "../../freezer/victim/snapshot.h"
#include "../../freezer/victim/victim.h"
#include "disturb.h"
#include "params.h"

extern struct victim victim;
extern struct inject in;
extern struct disturbance disturbance;
extern const struct witness witness;

/* variants.c, numbered as enum inject_slip */
extern const struct cf_variant_spec inject_variants[];

/* ready.c: a victim that holds still as the params say. Whoever has cured it trusts it again. */
void ready_victim(void);
void trust_victim(void);
enum home home_of_victim(void);
/* While it is stopped: a victim that is stopped before can't. */
int bears_threads(void);
/* In the namespace of a former victim, or not; what disturbs it knows it among all others. */
int lives_alone(void);

/* stopped.c: stopped before, by a signal or a cgroup, and so afterwards. */
int stop_signal(void);
void check_stopped(void);

/* commands.c: what the injector says. A refusal is right if a frame was damaged, or the victim taken
 * or ended: `ret` again if so, or 0. */
int refused(int ret);
void check_ack(enum inject_cmd cmd, const char *what);
_Noreturn void not_seen_to_end(int ret);
void run_commands(void);

/* say.c: where the injector says what it does, and what its descriptors 0 to 2 are. To begin with once the
 * victim is there, which gets the same 0 to 2 otherwise. */
void begin_to_say(void);
void end_to_say(void);

/* standstill.c: while it is stopped no thread of its own runs. */
void check_threads(void);

/* disturbed.c: what must have come of what disturbs it. */
void set_disturbance(void);
void check_other(void);
void hear_of_signals(void);
/* It has been sent what ends it, and must have ended by that. */
void bury(void);

#endif
