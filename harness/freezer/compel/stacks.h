/* SPDX-License-Identifier: Apache-2.0
 *
 * Both stacks of a wait that nobody will end: of who waits, by unwinding it, and of who does not answer,
 * as far as it can be seen from outside. They are taken while the wait lasts and put into words only
 * if that is a finding.
 */
#ifndef CRYOFUZZ_STACKS_H
#define CRYOFUZZ_STACKS_H

#include <stddef.h>

enum { STACK_DEPTH = 24, STACK_OTHER = 3000 };

struct stacks {
	int own; /* frames; 0: nothing was taken */
	void *frame[STACK_DEPTH];
	char other[STACK_OTHER];
};

/* The caller's and that of this process, in which a parasite may be: then the file names its functions. */
void stacks_take(struct stacks *s, int pid, const char *parasite);
/* Where an address is: "compel_rpc_sync+0x2b (driver.so)". */
void stacks_name(void *address, char *text, size_t size);

#endif
