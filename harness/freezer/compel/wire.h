/* SPDX-License-Identifier: Apache-2.0
 *
 * The calls by which libcompel touches the world. Its recv, send, sendmsg, accept, wait4 and
 * syscall are renamed to these in our copy of the archive, so that
 *   - they are made from code with line numbers, as points that frame events can be pinned to;
 *   - what was delivered to libcompel is on record, over-long frames too;
 *   - its waits, none of which has an end of its own, end when the one who must answer stands still
 *     (patience.h): then the wait is named in `hung` and the call fails with ETIMEDOUT;
 *   - a frame longer than the buffer, of which the kernel would cut the end without a word, is
 *     refused with EMSGSIZE.
 * The last two are what a careful caller would do; wire_rules switches them off. All else is given
 * to libcompel as the kernel would.
 */
#ifndef CRYOFUZZ_WIRE_H
#define CRYOFUZZ_WIRE_H

#include <stdint.h>

/* A control message of libcompel, in both directions. */
struct wire_message {
	uint32_t cmd, ack;
	int32_t err;
};

struct wire {
	const char *hung; /* the first wait that ended without an answer, or NULL */
	char other[64]; /* what the one who did not answer was doing then */
	unsigned received; /* messages delivered to libcompel */
	long length; /* of the last one, before it was cut to libcompel's buffer */
	struct wire_message last; /* its beginning */
};

extern struct wire wire;

struct wire_rules {
	int pid; /* of the one who must answer */
	int recv_waits; /* recv waits whatever the other one does */
	int recv_cuts; /* recv gives the beginning of an over-long frame */
};

/* Forgets everything that was recorded. */
void wire_reset(const struct wire_rules *rules);
/* To be asked while a recv that waits (recv_waits) goes on: true if nobody will ever answer it; text
 * then says why. */
int wire_is_hopeless(char *text, unsigned size);

#endif
