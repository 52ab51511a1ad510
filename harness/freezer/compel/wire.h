/* SPDX-License-Identifier: Apache-2.0
 *
 * The calls by which libcompel touches the world. Its recv, send, sendmsg, accept, wait4 and
 * syscall are renamed to these in our copy of the archive, so that
 *   - they are made from code with line numbers, as points that frame events can be pinned to;
 *   - what was delivered to libcompel is on record, over-long frames too;
 *   - its other waits, none of which has a time-out, get one: then the wait is named in `hung` and
 *     the call fails with ETIMEDOUT.
 * What libcompel gets is what the kernel would have given it.
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
	const char *hung;	   /* the wait that ended by its deadline, or NULL */
	unsigned received;	   /* messages delivered to libcompel */
	long length;		   /* of the last one, before it was cut to libcompel's buffer */
	struct wire_message last;  /* its beginning */
};

extern struct wire wire;

/* Forgets everything. patience() says how many milliseconds a wait that begins now may take; recv is
 * bounded by the runtime, which knows of messages that events keep back, and only asks it. */
void wire_reset(int (*patience)(void));

#endif
