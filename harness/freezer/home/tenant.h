/* SPDX-License-Identifier: Apache-2.0
 *
 * A victim that is kept from run to run, in a home, and replaced after whatever went wrong with it. For
 * targets only: what can't be had ends the run.
 */
#ifndef CRYOFUZZ_TENANT_H
#define CRYOFUZZ_TENANT_H

#include "home.h"

struct tenant {
	struct victim *victim;
	/* Lets it hold still as the params say. 0, or not: see victim_hold. */
	int (*hold)(void);
	/* Whoever has it lets it go, since it is about to end. */
	void (*let_go)(void);
	int trusted; /* it is as it should be */
	int is_alone; /* in a pid namespace of its own */
};

/* Of the params place and code: the second counts from the last place in a call, and overrules the first. */
enum victim_place tenant_place(int place, int code);
/* The one from which it goes on by itself into a call of kind `what`, or into that of the code if it has one. */
enum victim_place tenant_place_before(int what, int code);
/* Who waits as in vfork can't be frozen by a cgroup while the one it waits for is. */
enum home tenant_home(enum home home, enum victim_place place);

/* Holds still from here on, and is not trusted until it has been looked at. */
void tenant_ready(struct tenant *t, enum home home);
/* What it was given for this run nobody takes back. */
void tenant_trust(struct tenant *t);
/* Signals that are pending, beside all that it holds. */
void tenant_complete(struct tenant *t, unsigned pending);
/* By a signal, unless that is 0, or by a cgroup, before a freezer comes. */
void tenant_stop(struct tenant *t, int signal);
void tenant_freeze(struct tenant *t, enum home home);

#endif
