/* SPDX-License-Identifier: Apache-2.0
 *
 * formats.h - where tracepoints have their fields, which differs from kernel to kernel.
 */
#ifndef CRYOFUZZ_FORMATS_H
#define CRYOFUZZ_FORMATS_H

#include <stddef.h>

#include "tracepoints.h"

struct format {
	const char *name, *from, *to,
		*state; /* of the tracepoint and its fields; NULL: it has none */
	unsigned id;
	unsigned from_at, to_at, state_at; /* bytes from the beginning of what is raw in a sample */
};

extern struct format formats[TP_KINDS];

/* Asks tracefs. 0, or -1 and why not. */
int formats_learn(char *why, size_t size);

#endif
