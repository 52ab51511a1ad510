/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the victim lives: among all others, as process 1 of a pid namespace, or in a freezer cgroup
 * that is frozen before its freezer comes. That has to thaw it, or the victim would never stop; and to
 * freeze it again before it lets the victim go. For targets only: what can't be had ends the run.
 */
#ifndef CRYOFUZZ_HOME_H
#define CRYOFUZZ_HOME_H

#include "../victim/victim.h"

enum home { HOME_PLAIN, HOME_NAMESPACE, HOME_FROZEN };

/* For the description of a param with these values. */
#define HOME_WORDS "1: it is process 1 of a pid namespace, 2: a cgroup has frozen it before"

/* Forks there, as fork does. */
int home_fork_in_namespace(void);
/* Puts it into the cgroup and freezes that. 0 or -errno. */
int home_freeze(const struct victim *v);
/* Once the victim is to be stopped; before it is let go. */
void home_thaw(void);
void home_freeze_again(void);
/* What is wrong: the victim has to be frozen still. NULL: nothing; it is thawed now. */
const char *home_left(const struct victim *v);

/* A run that has ended before that was asked may have left a victim frozen, which could not even be
 * killed; and the next one is not. */
void home_forget(void);

#endif
