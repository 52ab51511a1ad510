/* SPDX-License-Identifier: Apache-2.0
 *
 * A tracer that dies in the middle: the injector is in a process of its own, and keeps what it knows in
 * memory that outlives it; its parent is the heir.
 */
#ifndef CRYOFUZZ_INJECT_OUTLIVE_H
#define CRYOFUZZ_INJECT_OUTLIVE_H

#include "../../freezer/inject/inject.h"
#include "../../freezer/victim/snapshot.h"

struct estate {
	struct inject in;
	struct snapshot before;
	int looked; /* `before` was taken */
};

/* Infects and cures in a process of its own, for which disturb_call says when it dies. 1 if it did: what
 * it knew is in the estate. 0 if it did all, or -errno. What it does it says to `log`, -1: to nobody. */
int outlive(const struct victim *v, enum inject_slip slip, int commands, int log,
	    struct estate *estate);
/* True if the victim has a parasite's memory mapped. */
int has_parasite(int pid);

#endif
