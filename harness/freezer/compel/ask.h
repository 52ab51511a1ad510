/* SPDX-License-Identifier: Apache-2.0
 *
 * What a spy asks of its parasite, and whether it was done: libcompel's word is one thing, what the
 * victim, a descriptor or the clock show afterwards another.
 */
#ifndef CRYOFUZZ_ASK_H
#define CRYOFUZZ_ASK_H

#include "../victim/victim.h"
#include "driver.h"

/* What came of a command. */
enum answer {
	ANSWER_SERVED = 0,
	ANSWER_REFUSED, /* libcompel says that it failed */
	ANSWER_NO_ACK, /* libcompel says that it succeeded, without a whole ack for it */
	ANSWER_NOT_RUN, /* libcompel says that it succeeded, but the parasite did not run it */
	ANSWER_WRONG, /* the parasite says that it ran it, but that did not come of it */
};

/* What is to go wrong on purpose. */
enum ask_slip {
	ASK_CAREFULLY,
	ASK_READS_ELSEWHERE,
	ASK_LEAVES_WRITTEN,
	ASK_GIVES_ANOTHER,
	ASK_KEEPS_TAKEN,
	ASK_DOES_NOT_SLEEP,
	ASK_MISREADS,
};

/* In this order by their turn: the first one that is asked for is a matter of the scenario. */
enum { ASK_KINDS = 8 };

struct ask {
	const struct driver *driver;
	struct spy *spy;
	const struct victim *victim;
	uint64_t operand;
	enum ask_slip slip;
	char why[96]; /* of ANSWER_WRONG */
};

/* The command whose turn it is, from 0, counted from `first`. */
int ask_command(int first, int turn);
/* Its name, as in titles. */
const char *ask_name(int cmd);
enum answer ask(struct ask *a, int cmd);
/* A planted bug's: opens a descriptor in the victim. */
enum answer ask_to_leave_descriptor(struct ask *a);
/* True if the last message was a whole acknowledgement of success; cmd 0: of any command. */
int ask_is_whole_ack(int cmd);

#endif
