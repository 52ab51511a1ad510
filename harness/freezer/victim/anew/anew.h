/* SPDX-License-Identifier: Apache-2.0
 *
 * The program that a victim becomes by execve: what is in its file, which executes.c writes, and where that
 * lies in its memory. It looks at what it finds at its first instruction, says so, and ends when it is told
 * anything more.
 */
#ifndef CRYOFUZZ_ANEW_H
#define CRYOFUZZ_ANEW_H

#define ANEW_CODE 0x10000000
#define ANEW_LETTER 0x10010000 /* the offsets of what it found are those of struct victim_regs */

#define ANEW_AVX 1024

#ifndef __ASSEMBLER__
#include "../parts.h"

/* What the old program tells the new one, and room for what that finds. */
struct letter {
	struct victim_regs seen;
	uint32_t avx, pad;
	struct victim_asked asked;
	struct victim_told told;
	const char *wrong; /* said of arguments that are others; a text of the old one's */
};

_Static_assert(offsetof(struct letter, avx) == ANEW_AVX, "start.S");

#define ANEW_ARGUMENT "anew"
#endif
#endif
