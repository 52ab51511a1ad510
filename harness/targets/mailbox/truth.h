/* SPDX-License-Identifier: Apache-2.0
 *
 * truth.h - the oracle: what has really been sent, done and closed, against what a side believes. The
 * ledger is no part of the segment, so looking at it is no point.
 */
#ifndef CRYOFUZZ_MAILBOX_TRUTH_H
#define CRYOFUZZ_MAILBOX_TRUTH_H

#include <stddef.h>

#include "mailbox.h"

struct ledger {
	struct {
		uint64_t cmd, argument;
		unsigned ran, refused;
	} request[MAX_COMMANDS + 2];
	bool left[2];
	bool cancelled; /* SIGTERM has come */
	unsigned strays[2];
	int stray[2][MAX_STRAYS];
};

static inline struct ledger *the_ledger(void)
{
	return cf_ledger();
}

/* Who takes a message for complete, or for sent. */
void judge_accepted(size_t length, int flags);
void judge_sent(size_t size);
/* Who takes the other side for gone. */
void judge_peer_left(unsigned side);
/* Who goes on after a wait. */
void judge_waited(void);
/* The server runs a request, or refuses it; the client takes it for refused, or for done. */
void judge_run(uint64_t seq, uint64_t cmd, uint64_t argument, bool refused);
void judge_refused(uint64_t seq);
void judge_done(uint64_t seq, uint64_t result);
/* Closes those that are still open. */
void judge_strays(unsigned side);

#endif
