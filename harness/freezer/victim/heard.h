/* SPDX-License-Identifier: Apache-2.0
 *
 * What signals a victim has heard: it counts what its handlers are called for, with the values that
 * come with real-time signals, and whether it was itself when they were called.
 */
#ifndef CRYOFUZZ_HEARD_H
#define CRYOFUZZ_HEARD_H

#include "victim.h"

enum {
	HEARD_VALUES = 64,
	HEARD_QUEUED = 36, /* the real-time signal that comes with values */
};

struct victim_heard {
	uint32_t count[VICTIM_SIGNALS + 1];
	uint32_t strayed; /* calls with a stack that is not the victim's */
	uint32_t values;
	int32_t value[HEARD_VALUES]; /* in the order in which they came */
};

/* Inside: handles the signals of this mask and forgets what it has heard. The others of those that it
 * has ever handled are as they are by default again. */
void heard_listen(uint64_t signals);
/* Outside. 0 or -errno. */
int heard_get(const struct victim *v, struct victim_heard *heard);

#endif
