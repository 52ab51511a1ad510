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
	PARASITE_XOR = 65,
	PARASITE_LEAVE_DESCRIPTOR = 66, /* a planted bug: opens one and forgets it */
};

struct parasite_args {
	uint64_t serial; /* of the command, set by the spy */
	uint64_t operand;
	uint64_t result; /* set by the parasite */
};

static inline uint64_t parasite_result(int cmd, uint64_t serial, uint64_t operand)
{
	uint64_t mixed = (serial + 1) * 0x9e3779b97f4a7c15ull;

	return cmd == PARASITE_ADD ? mixed + operand : mixed ^ operand;
}

#endif
