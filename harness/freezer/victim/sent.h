/* SPDX-License-Identifier: Apache-2.0
 *
 * Signals that are sent to a victim while somebody has it: of which kind, and what must come of them by
 * the kernel's rules, whoever has it. What it has heard of them is in heard.h.
 */
#ifndef CRYOFUZZ_SENT_H
#define CRYOFUZZ_SENT_H

#include "heard.h"

enum sent_kind {
	SENT_NOTHING,
	SENT_STOP,
	SENT_CONTINUE,
	SENT_STOP_CONTINUE, /* the second one a while later */
	SENT_SUSPEND,
	SENT_SUSPEND_HANDLED,
	SENT_CHILDREN,
	SENT_ALARMS,
	SENT_QUEUE,
	SENT_TERMINATE,
	SENT_SEGV,
	SENT_KILL,
	SENT_KINDS,
};

/* For the description of a param with these values. */
#define SENT_WORDS                                                                    \
	"1: SIGSTOP, 2: SIGCONT, 3: SIGSTOP and later SIGCONT, 4: SIGTSTP, "          \
	"5: SIGTSTP that it handles, 6: many SIGCHLD, 7: many SIGALRM, 8: real-time " \
	"signals with values, 9: SIGTERM, 10: SIGSEGV, 11: SIGKILL"

struct sent {
	enum sent_kind kind;
	int pid;
	int stopped; /* it was, before */
	int count; /* so often its signal was sent */
	int stops; /* job control must have it stopped now */
	uint64_t signals; /* mask of those that were sent */
};

struct sent sent_begin(enum sent_kind kind, int pid, int stopped);
/* The signals that the victim must handle. */
uint64_t sent_listens(enum sent_kind kind);
void sent_all(struct sent *s);
/* The second half of SENT_STOP_CONTINUE. */
void sent_continue(struct sent *s);
/* The signal that must end the victim, or 0. */
int sent_deadly(const struct sent *s);
/* What the victim has not heard as it should, in words; 0: nothing. */
int sent_unheard(const struct sent *s, const struct victim_heard *heard, char *text, size_t size);

#endif
