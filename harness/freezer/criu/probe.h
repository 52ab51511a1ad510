/* SPDX-License-Identifier: Apache-2.0
 *
 * probe.h - what criu knows of the kernel. It asks for 30 ms, and keeps what it has learnt in a file on
 * /run. In a ward that file is there from the beginning: so wards are alike, whether they are new or
 * not, the n-th call of a criu is always the same one, and one that is hurt leaves no wrong knowledge.
 */
#ifndef CRYOFUZZ_PROBE_H
#define CRYOFUZZ_PROBE_H

#include <stdint.h>

struct probe {
	uint32_t size; /* 0: not known yet */
	char bytes[4092];
};

/* In process 1. What a ward before has learnt is put in place, or else criu is asked to find out. */
void probe_lay_out(struct probe *known);

#endif
