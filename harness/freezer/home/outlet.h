/* SPDX-License-Identifier: Apache-2.0
 *
 * Where what a tracer says goes: its log, and its descriptors 0 to 2, as whoever has started it may have
 * left them. `tracer | less` has a pipe that is full while somebody reads a page, `tracer | head` one that nobody reads
 * any more; a daemon may have closed them all, and then its next descriptors are 0, 1 and 2.
 */
#ifndef CRYOFUZZ_OUTLET_H
#define CRYOFUZZ_OUTLET_H

enum outlet {
	OUTLET_AS_IS,
	OUTLET_FILE,
	OUTLET_FULL_PIPE, /* but for a line: whoever has the other end does not read */
	OUTLET_CLOSED_PIPE, /* nobody has the other end */
	OUTLET_FULL_DEVICE,
	OUTLET_LAST, /* of a log: descriptor 2, whatever that is; of 0 to 2: they are not open */
};

/* For the descriptions of params with these values. */
#define OUTLET_WORDS "1: a file, 2: a full pipe, 3: a pipe that nobody reads, 4: /dev/full, "

/* From here on the descriptors 0 to 2 are such, for as long as nobody says that it is over: at the latest
 * the next run does, before it begins. */
void outlet_stdio(enum outlet kind);
/* A new descriptor, above all that a tracer opens, to be closed by the caller; negative if there is none. */
int outlet_open(enum outlet kind);
/* The descriptors 0 to 2 are what they were, and the other ends of full ones are gone. */
void outlet_end(void);

#endif
