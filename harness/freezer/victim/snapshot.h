/* SPDX-License-Identifier: Apache-2.0
 *
 * The state of a stopped victim, seen from outside: taken when the freeze begins and again before
 * it ends, by the tracer. Only what the scenario owns is in it: no struct rseq, no vvar, which the
 * kernel writes as it likes.
 */
#ifndef CRYOFUZZ_SNAPSHOT_H
#define CRYOFUZZ_SNAPSHOT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/user.h>

#include "proc.h"
#include "victim.h"

enum {
	SNAPSHOT_CODE = 4096,
	SNAPSHOT_EXTENDED = 16384, /* AMX needs 11008 */
};

struct snapshot {
	uint64_t code_address; /* where the freezer patches the code */
	uint8_t code[SNAPSHOT_CODE];
	struct user_regs_struct regs;
	uint8_t extended
		[SNAPSHOT_EXTENDED]; /* XSAVE's image: x87, vector registers, opmask, PKRU */
	size_t extended_size;
	uint64_t breakpoints; /* DR7, and hashed those that it enables */
	uint64_t watched;
	uint64_t signal_mask;
	uint64_t pending; /* signals, its own and its process's */
	uint64_t values; /* hash of what is told of them */
	uint64_t rseq; /* hash of where it has registered struct rseq, and how */
	uint64_t red[VICTIM_RED_WORDS];
	uint8_t page[VICTIM_PAGE];
	uint64_t files; /* hash of the numbers of all open descriptors */
	uint64_t mappings; /* hash of addresses, protections and what is mapped */
	uint64_t layout; /* hash of addresses and protections alone */
};

/* Whether a process is the one that it was, or another one with the same contents: then what is
 * mapped has other inodes, and neighbours may have become one. */
enum snapshot_of {
	SNAPSHOT_OF_SAME,
	SNAPSHOT_OF_RESTORED,
	SNAPSHOT_OF_CALLING_AGAIN, /* restored, and it has run from its call to the same call */
};

/* What differs, in the order in which it is reported: what was patched before what follows. */
enum snapshot_item {
	SNAPSHOT_SAME = 0,
	SNAPSHOT_CODE_BYTES,
	SNAPSHOT_RED_ZONE,
	SNAPSHOT_MEMORY,
	SNAPSHOT_REGISTERS,
	SNAPSHOT_FLAGS,
	SNAPSHOT_FS_BASE,
	SNAPSHOT_GS_BASE,
	SNAPSHOT_X87,
	SNAPSHOT_MXCSR,
	SNAPSHOT_VECTORS,
	SNAPSHOT_OPMASK,
	SNAPSHOT_PKRU,
	SNAPSHOT_EXTENDED_REGISTERS, /* what is none of these */
	SNAPSHOT_BREAKPOINTS,
	SNAPSHOT_SIGNAL_MASK,
	SNAPSHOT_PENDING,
	SNAPSHOT_SIGNAL_VALUES,
	SNAPSHOT_RSEQ,
	SNAPSHOT_FILES,
	SNAPSHOT_MAPPINGS,
};

/* Of a process that is stopped under ptrace by the caller; page is the address of one of its pages
 * of data. 0 or -errno. */
int snapshot_take(struct snapshot *s, int pid, uint64_t code_address, uint64_t page);
/* The same of one whose files of /proc are kept. */
int snapshot_take_of(struct snapshot *s, struct proc *p, uint64_t code_address, uint64_t page);
/* Hashes of what a file of /proc says is mapped; the second is the same if neighbours have become one. 0 or -errno. */
int snapshot_mappings(int maps, uint64_t *mappings, uint64_t *layout);
/* What an item is called in titles, and whether it is saved data or state. */
const char *snapshot_name(enum snapshot_item item);
int snapshot_is_data(enum snapshot_item item);
/* The first difference, with words. */
enum snapshot_item snapshot_compare(const struct snapshot *before, const struct snapshot *after,
				    enum snapshot_of of, char *text, size_t size);

#endif
