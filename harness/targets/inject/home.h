/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the victim lives: among all others, as process 1 of a pid namespace, or in a freezer cgroup
 * that is frozen before the injector comes. It has to thaw it, or the victim would never stop; and
 * to freeze it again before it lets the victim go.
 */
#ifndef CRYOFUZZ_INJECT_HOME_H
#define CRYOFUZZ_INJECT_HOME_H

#include "../../freezer/victim/victim.h"

enum home { HOME_PLAIN, HOME_NAMESPACE, HOME_FROZEN };

/* Forks there, as fork does. */
int home_fork_in_namespace(void);
/* Puts it into the cgroup and freezes that. 0 or -errno. */
int home_freeze(const struct victim *v);
/* For the injector's port. */
void home_thaw(void);
void home_freeze_again(void);
/* What is wrong: the victim has to be frozen still. NULL: nothing; it is thawed now. */
const char *home_left(const struct victim *v);

#endif
