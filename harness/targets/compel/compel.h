/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of the target compel. One actor, the spy, plays all of it; so what they share is static.
 */
#ifndef CRYOFUZZ_TARGET_COMPEL_H
#define CRYOFUZZ_TARGET_COMPEL_H

#define _GNU_SOURCE
#include <cryofuzz.h>

#include "../../freezer/compel/ask.h"
#include "../../freezer/compel/driver.h"
#include "../../freezer/compel/wire.h"
#include "../../freezer/home/home.h"
#include "../../freezer/home/outlet.h"
#include "../../freezer/home/witness.h"
#include "../../freezer/victim/raw.h"
#include "../../freezer/victim/snapshot.h"
#include "../../freezer/victim/threads.h"
#include "../../freezer/victim/victim.h"
#include "disturb.h"
#include "params.h"

enum variant {
	REAL,
	NO_TIME_OUT,
	LONG_ACK,
	INIT_ERROR,
	PLAIN_SIGFRAME,
	CODE_NOT_RESTORED,
	REGISTER_LOST,
	REGISTER_LOST_LATE,
	RED_ZONE_OVERWRITTEN,
	DATA_OVERWRITTEN,
	SIGNAL_MASK_LOST,
	DESCRIPTOR_LEFT,
	MAPPING_LEFT,
	ACK_IGNORED,
	COMMAND_TRIMMED,
	ACK_AWAITED_TWICE,
	TRAP_RESET,
	POLL_ENDS,
	SEQUENCE_LOST,
	TAKES_ANYONE,
	HEARS_ANYONE,
	NO_DEADLINE,
	READS_ELSEWHERE,
	LEAVES_WRITTEN,
	GIVES_ANOTHER,
	KEEPS_TAKEN,
	DOES_NOT_SLEEP,
	FAILURE_IGNORED,
	PEEK_UNCHECKED,
	MAP_UNCHECKED,
	CLOSE_UNCHECKED,
	SHARED_EXECUTABLE,
	LONG_PATH,
	BREAKPOINTS_LOST,
	LIMIT_LOST,
	OFFSET_LOST,
	SIGNAL_ADDED,
	STOP_REFUSED,
	STOP_RACES,
	STOP_RACES_CURE,
	STOP_FORGOTTEN,
	CONTINUE_REFUSED,
	STOPS_AGAIN,
	HANDLED_STOPS,
	STOP_SIGNAL_REFUSED,
	WAITS_FOR_ANYBODY,
	ORPHAN_HARMED,
	STOP_LOST,
	SIGNAL_SWALLOWED,
	KILLED_INSTEAD,
	THAWED,
	THREAD_REGISTER_LOST,
	VICTIM_KILLED,
	REFUSAL_UNHEARD,
	RESULT_MISREAD,
	ACK_CUT,
	TURNED_AWAY,
	NOT_INTERRUPTED,
	WAIT_INTERRUPTED,
	RECOVERY_CARELESS,
	REFUSAL_SWALLOWS,
	LOG_WAITS,
	LOG_SIGNALS,
	AWAITS_DEAD,
	ONE_LEADER,
};

/* variants.c */
extern const struct cf_variant_spec compel_variants[];

/* Of the release of libcompel that was chosen. */
extern const struct driver *driver;
extern struct victim victim;
extern struct spy spy;
extern const struct witness witness;

static inline int is(enum variant v)
{
	return cf_variant() == v;
}

/* A macro, so that each stage is a site of its own. */
#define step(what, state) (cf_mark(what), cf_state(state))

/* cycle.c */
void compel_freeze(unsigned index);
/* True if a planted bug shows now that only a damaged frame brings out: nobody tests that path. */
int is_careless(enum variant v);

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

/* say.c: where the parasite says what it does, and what the spy's descriptors 0 to 2 are. To begin with once the
 * victim is there, which gets the same 0 to 2 otherwise. */
void begin_to_say(void);
void end_to_say(void);
/* What the parasite is given; -1: nothing. */
int open_log(void);

/* disturbed.c: what must have come of what disturbs it. True if it may have made libcompel refuse. */
int is_excused(void);
/* It has been sent what ends it, and must have ended by that. */
void bury(void);
void hear_of_signals(void);
void check_child(void);
/* A victim that is let go after a refusal has heard what it was sent. */
void check_refused_stop(void);

/* refusal.c: whether libcompel said no at that stage. */
int was_refused(const char *stage);
/* recover.c: cures and lets go after a refusal; -1 if libcompel refuses that, too. */
int recover(void);

/* orphan.c: infects and cures in a process of its own, which is killed; the victim has to be as it was. */
void leave_orphan(void);

/* refusal.c: a refusal is right if a frame was damaged. Returns if so; the run is over then. */
void check_refusal(void);
/* Messages that were cut although no event did it: the incident of FAILURES.md. */
void check_trimmed(void);
/* Something was done to the run that libcompel may refuse to go on after: a damaged frame, a third
 * party, a call that failed. */
int is_disturbed(void);
/* What is taken for done without a whole acknowledgement. */
_Noreturn void accepted(const char *what);

/* commands.c: 0, or -1 if one was refused. */
void begin_commands(void);
int run_commands(void);
/* A command was served in this run: the parasite was there after the messages before it. */
int have_been_served(void);
/* One was asked to fail: from there on all are refused. */
int have_asked_for_failure(void);
/* The last one was to change the victim, and to put back what was there. */
int have_asked_to_change(void);

/* unharmed.c: the victim's state, unless it has been killed. Before the infection, compared after the cure. */
void look_before(void);
void compare_after(void);

/* evidence.c: what goes with a finding of this run. */
void gather_evidence(void);

/* planted.c: what a careless cure leaves wrong, while the victim is still stopped. */
void plant_bugs(void);
void lose_register(void);
/* And what is wrong from then on, when it has been compared. */
void plant_bugs_of_resume(void);
/* Those that only a long list of commands brings out. */
int is_worn(enum variant v);

#endif
