/* SPDX-License-Identifier: Apache-2.0
 *
 * What the injector and its parasite have in common: the memory that they share and the messages
 * on their SOCK_SEQPACKET channel.
 *
 *   page 0     the parasite's code, entered at its first byte with the address of the args in the
 *              first argument register
 *   page 1     struct inject_args
 *   page 2, 3  the parasite's stack
 *
 * A command's arguments lie in the args, its message only says that they are there. The parasite
 * repeats cmd in the ack. After a command that failed it takes INJECT_FINI only. Then it goes to code
 * outside of this memory, by which it is unmapped, or stays where it is if there is none.
 */
#ifndef CRYOFUZZ_INJECT_PROTOCOL_H
#define CRYOFUZZ_INJECT_PROTOCOL_H

#include <stdint.h>

enum { INJECT_PAGE = 4096, INJECT_PAGES = 4, INJECT_SIZE = INJECT_PAGE * INJECT_PAGES };

enum inject_cmd {
	INJECT_INIT = 1, /* the channel stands: the parasite gives up its copy of the other end */
	INJECT_FINI, /* the last one: the parasite acknowledges, closes everything and leaves */
	INJECT_ADD, /* result = operand + serial */
	INJECT_XOR, /* result = operand ^ serial rotated */
	INJECT_CHURN, /* ADD, and overwrites x87 and vector registers, MXCSR and the flags */
	INJECT_WRITE, /* ADD, and adds 1 to the 64-bit word at `operand` and takes it off again */
	INJECT_FILE, /* ADD, and opens a descriptor, writes through it and closes it */
	INJECT_FAIL, /* fails with -EDOM */
};

/* 12 bytes, in both directions. */
struct inject_message {
	uint32_t cmd;
	uint32_t ack; /* of the parasite: cmd again */
	int32_t err; /* 0 or -errno */
};

struct inject_args {
	uint32_t ready; /* futex word: 0, then 1 or -errno, set once by the parasite */
	int32_t memory; /* the parasite's descriptors, -1: closed. Of this memory, */
	int32_t channel[2]; /* the injector's end and its own */
	uint32_t slip; /* enum inject_slip */
	uint32_t wide; /* vector registers have upper halves */
	uint32_t serial; /* of the command */
	uint64_t operand;
	uint64_t result;
	uint32_t served; /* serial of the last command that was executed */
	uint64_t way_out; /* the code that unmaps this memory, or 0 */
};

static inline uint64_t inject_result(int cmd, uint32_t serial, uint64_t operand)
{
	return cmd == INJECT_XOR ? operand ^ ((uint64_t)serial << 17 | serial) : operand + serial;
}

#endif
