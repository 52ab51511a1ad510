/* SPDX-License-Identifier: Apache-2.0
 *
 * hurt.h - what is done to criu so that it does not come to its end, and what it must leave then.
 */
#ifndef CRYOFUZZ_CRIU_HURT_H
#define CRYOFUZZ_CRIU_HURT_H

#include <cryofuzz.h>

#include "../../freezer/criu/ward.h"

enum { CRIU_FAULTS = 16, CRIU_HURTS = 13 };

/* As the params say, for the dump (restore = 0) or the restore. */
struct ward_hurt criu_hurt(int restore);
/* Whether it is killed there. */
int criu_is_killed(int restore);
/* Whether it was a wait of it that failed there: `failed` as struct ward has it. */
int criu_is_interrupted(int restore, unsigned failed);
/* Whether whom it seizes then survives that is chance: the 2nd of its waits harms 98 times of 100, the
 * 10th 4 times of 10. */
int criu_harms_by_chance(void);
/* Whether it was pages on their way to a page server that could not be sent. */
int criu_is_cut_short(unsigned failed);
/* Whether it was a call of ptrace, or a folder that could not be listed, there. */
int criu_is_refused(int restore, unsigned failed);
int criu_cant_list(int restore, unsigned failed);
/* Whether it was any call, something that could not be read, a message that could not be received, or a mapping
 * that criu could not have, in a dump. */
int criu_has_failed_call(unsigned failed);
int criu_cant_read(unsigned failed);
int criu_cant_hear(unsigned failed);
int criu_cant_map(unsigned failed);
/* Whether what is done needs a tree with a child. */
int criu_adds_child(void);
/* Which way pages go. */
uint32_t criu_way(void);
/* Whether criu may fail there. A fault that it calls harmless is no excuse. */
int criu_may_fail(int restore);

#endif
