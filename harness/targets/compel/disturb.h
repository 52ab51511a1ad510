/* SPDX-License-Identifier: Apache-2.0
 *
 * What disturbs libcompel, as the params say: `disturbs` what, `when` before which of the calls that go
 * through its doors. What it takes badly comes a little later, when it does no harm, but for the variant
 * that is named after it.
 */
#ifndef CRYOFUZZ_COMPEL_DISTURB_H
#define CRYOFUZZ_COMPEL_DISTURB_H

#include "../../freezer/victim/sent.h"

enum disturbs {
	DISTURBS_NOT, /* and what enum sent_kind says */
	DISTURBS_RIVAL = SENT_KINDS, /* another tracer */
	DISTURBS_FIRST, /* one that was there before */
	DISTURBS_CHILD, /* a child of the spy's ends */
	DISTURBS_DIES, /* the spy is killed */
	DISTURBS_GOES_ON, /* and four more: the victim makes the call before which it spins */
	DISTURBS_LAST = DISTURBS_GOES_ON + 4,
	DISTURBS_WHILE_STOPPING = 1, /* a call while it stops the victim */
	DISTURBS_LAST_CALL = 159,
};

/* As the params say. */
enum disturbs disturbs(void);
/* The signals that the victim must handle. */
uint64_t disturb_listens(void);
/* Once the victim is there; and when all is over. */
void disturb_begin(void);
void disturb_end(void);
/* Before each of libcompel's calls. */
void disturb_call(const char *name);
/* In a process that may die. */
void disturb_may_die(void);
/* ---- what came of it ---- */
const struct sent *disturb_sent(void);
/* The signal that must end the victim, or 0. */
int disturb_deadly(void);
/* What another tracer said: 1 it has the victim. */
int disturb_rival(void);
/* Another tracer lets the victim go. */
void disturb_leave(void);
/* True if the child that has ended is not there to be waited for. */
int disturb_child_lost(void);
/* The call that it came before, for details. */
const char *disturb_place(void);

#endif
