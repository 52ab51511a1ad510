/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether a victim is as it was: seen from outside while it is stopped, by itself when it runs again, and by its
 * parent when it ends. For targets only: what is not ends the run, with a finding at a site of the target's.
 */
#ifndef CRYOFUZZ_WITNESS_H
#define CRYOFUZZ_WITNESS_H

#include "../victim/snapshot.h"

struct witness {
	const char *target; /* before the dot of each site */
	struct victim *victim;
	uint64_t (*sent)(void); /* signals that it was sent meanwhile: it is asked for them later */
	const char *(*disturbed)(void); /* when that was, for details */
};

/* Before a freezer changes anything, with the address at which that will patch code; or as one that has died has
 * seen it. */
void witness_look(const struct witness *w, uint64_t code_address);
void witness_was(const struct snapshot *seen);
const struct snapshot *witness_before(void);
/* After the cure; and more closely what its setting gives it. */
void witness_compare(const struct witness *w, enum snapshot_of of);
void witness_compare_closely(const struct witness *w);
/* What it finds once it runs again. */
void witness_hear(const struct witness *w);
/* One that a cgroup had frozen, or a signal had stopped. That goes on from here. */
void witness_frozen(const struct witness *w);
void witness_stopped(const struct witness *w);
/* One that ends by itself, or whose first thread does and the rest is told to. `gone`: whoever traced it has been told
 * of that already, and of the status. */
void witness_end(const struct witness *w, int gone, int status);

#endif
