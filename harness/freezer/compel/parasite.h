/* SPDX-License-Identifier: Apache-2.0
 *
 * What the spy and its parasite agree on: the commands and the page of arguments that both map.
 * The result depends on every operand, so a command that did not run, or ran with other operands,
 * is seen in it.
 */
#ifndef CRYOFUZZ_PARASITE_H
#define CRYOFUZZ_PARASITE_H

#include <stdint.h>

/* libcompel keeps the numbers below 64 for itself (PARASITE_USER_CMDS). */
enum {
	PARASITE_ADD = 64,
	PARASITE_XOR,
	PARASITE_READ, /* bytes at the address into `bytes` */
	PARASITE_SWAP, /* bytes at the address with `bytes` */
	PARASITE_GIVE, /* sends the victim's descriptor */
	PARASITE_TAKE, /* receives a descriptor, reads `bytes` from it, closes it */
	PARASITE_SLEEP, /* for so many milliseconds as the operand says */
	PARASITE_FAIL, /* fails with the operand as its error */
	PARASITE_WRITE, /* `bytes` to the address */
	PARASITE_LEAVE_DESCRIPTOR, /* a planted bug: opens one and forgets it */
};

enum { PARASITE_BYTES = 256 };

struct parasite_args {
	uint64_t serial; /* of the command, set by the spy */
	uint64_t operand;
	uint64_t result; /* set by the parasite */
	uint64_t address; /* in the victim */
	uint32_t size; /* at most PARASITE_BYTES */
	int32_t descriptor; /* of the victim's */
	uint32_t keeps; /* a planted bug: what it took stays open */
	uint32_t pad;
	uint8_t bytes[PARASITE_BYTES];
};

static inline uint64_t parasite_result(int cmd, uint64_t serial, uint64_t operand)
{
	uint64_t mixed = (serial + 1) * 0x9e3779b97f4a7c15ull + (uint64_t)cmd;

	return cmd == PARASITE_XOR ? mixed ^ operand : mixed + operand;
}

#endif
