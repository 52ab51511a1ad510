/* SPDX-License-Identifier: Apache-2.0
 *
 * A closer look at a stopped victim than a snapshot is, from outside, at what it has of some groups of
 * state (state.h). Taken beside the snapshots; it costs more, so only if there is something to see.
 */
#ifndef CRYOFUZZ_CLOSELY_H
#define CRYOFUZZ_CLOSELY_H

#include <stddef.h>
#include <stdint.h>

#include "files.h"
#include "layout.h"
#include "state.h"

enum { CLOSELY_FIELDS = 14, CLOSELY_FILES = STATE_FILES_END - STATE_FILE };

struct closely {
	uint64_t field[CLOSELY_FIELDS]; /* hashes of lines of /proc/PID/status */
	struct {
		uint64_t target, flags, offset, more; /* hashes of what /proc says of it */
	} file[CLOSELY_FILES];
	uint64_t page[STATE_PAGES]; /* hashes of VmFlags */
	uint64_t section; /* the rseq critical section in which it says it is */
};

/* 0 or -errno. */
int closely_look(struct closely *c, int pid, const struct state_wish *wish);
/* The name of the first item (kept.h) that differs, with words; NULL: none. */
const char *closely_compare(const struct closely *before, const struct closely *after, char *text,
			    size_t size);

#endif
