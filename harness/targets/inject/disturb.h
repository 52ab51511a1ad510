/* SPDX-License-Identifier: Apache-2.0
 *
 * What disturbs an infection, as the params say: `disturbs` what, `when` before which of the
 * injector's system calls, or which of them fails. And what must come of it.
 */
#ifndef CRYOFUZZ_INJECT_DISTURB_H
#define CRYOFUZZ_INJECT_DISTURB_H

#include "../../freezer/inject/inject.h"
#include "../../freezer/victim/sent.h"

enum disturbs {
	DISTURBS_NOT, /* and what enum sent_kind says */
	DISTURBS_SHUT_DOWN = SENT_KINDS,
	DISTURBS_INJECTOR,
	DISTURBS_DIES,
	DISTURBS_FAILS, /* and five more, each with an error of its own */
	DISTURBS_FIRST = DISTURBS_FAILS + 6, /* another injector, which was there before */
	DISTURBS_GOES_ON, /* and four more: the victim makes the call before which it spins */
	DISTURBS_LAST = DISTURBS_GOES_ON + 4,
	DISTURBS_STOPPED = 3, /* the call before which the victim has been told to stop */
	DISTURBS_WITH_PARASITE = 32, /* a call while the parasite is there */
	DISTURBS_PUTTING_BACK = 47, /* the one that puts the registers back */
	DISTURBS_LAST_CALL = 63,
};

struct disturbance {
	enum disturbs what;
	int when; /* before which call it comes */
	int stopped; /* the victim was, before */
};

/* Before the injector begins. */
void disturb(const struct disturbance *how, const struct victim *v, struct inject *in);
/* The signals that the victim must handle. */
uint64_t disturb_listens(const struct disturbance *how);
/* The port's: before each of the injector's calls. */
int disturb_call(const char *name);
/* In a process that may die. */
void disturb_driver(void);
/* ---- what came of it ---- */
/* True if a step may fail, since a call was made to or the victim was ended or taken. */
int disturb_excuses(void);
/* True if the injector has waited in vain for one that was killed. */
int disturb_hung(void);
/* The signal that must end the victim, or 0. */
int disturb_deadly(void);
/* True if job control must have it stopped at the end. */
int disturb_stops(void);
/* Signals that were sent meanwhile: pending, or not, as they like. */
uint64_t disturb_sent(void);
/* Another injector has the victim; it is told to let it go, and has done so on return. */
void disturb_end(void);
/* What another injector found: 0 it did not come, 1 it could have the victim, -errno it could not. */
int disturb_other(void);
/* What the victim has not heard as it should, in words; 0: nothing. */
int disturb_unheard(const struct victim_heard *heard, char *text, size_t size);
/* The call that it came before, for details. */
const char *disturb_place(void);

#endif
