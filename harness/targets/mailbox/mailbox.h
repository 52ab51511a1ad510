/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of the target mailbox: what both sides know of each other.
 */
#ifndef CRYOFUZZ_TARGET_MAILBOX_H
#define CRYOFUZZ_TARGET_MAILBOX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "cryofuzz.h"

enum { COMMANDS, REFUSED, STREAM, CANCEL };

enum {
	STRICT,
	TRUSTS_SHORT_READS,
	IGNORES_OVER_LONG,
	EMPTY_IS_EOF,
	WAITS_FOREVER,
	POSITIVE_IS_ERROR,
	TRUSTS_ANY_ACK,
	RUNS_TWICE,
	KEEPS_STRAY_FD,
	TWO_STEP,
	EINTR_IS_ERROR,
	EINTR_LOSES_MESSAGE,
	SHORT_WRITE_IS_WHOLE,
	TIME_OUT_IS_ACK,
	PEER_DEATH_UNSEEN,
	LOST_SIGNAL,
	OLD_ARGUMENT,
};

enum { CMD_INIT = 2, CMD_FINI = 4, CMD_DOUBLE = 64, CMD_SQUARE = 65 };
enum { CLIENT, SERVER };
enum { MAX_COMMANDS = 8, MAX_STRAYS = 16, TIMEOUT_MS = 1000, OLD_LENGTH = 8 };

/* Told to the explorer, whichever side is in it. */
enum { STATE_READY = 1, STATE_LENIENT = 2, STATE_FAILED = 4, STATE_OVER = 8, STATE_DAMAGED = 16 };

struct message {
	uint32_t cmd, ack;
	int32_t err;
};

/* Request: cmd and argument, then seq. Answer: status and result, then done. */
struct page {
	_Atomic uint64_t seq;
	uint64_t cmd, argument;
	_Atomic uint64_t done;
	int64_t status;
	uint64_t result;
	_Atomic uint32_t finished; /* futex word: = done, for who waits for it there */
};

/* What one side knows. */
struct session {
	int fd;
	unsigned side;
	uint64_t last; /* request sent or run */
	bool failed; /* only FINI is accepted */
	bool lenient; /* the next frame may be as short as OLD_LENGTH */
	int cancel; /* a byte comes here when it is to end, -1: nobody will ask for that */
};

extern const struct cf_variant_spec mailbox_variants[];

static inline struct page *the_page(void)
{
	return cf_shared();
}

static inline uint64_t answer_to(uint64_t cmd, uint64_t argument)
{
	return cmd == CMD_DOUBLE ? 2 * argument : cmd == CMD_SQUARE ? argument * argument : 0;
}

/* wire.c: 0, or -errno if the session is broken. */
int transmit(struct session *s, uint32_t cmd, uint32_t ack, int32_t err);
int receive(struct session *s, struct message *m);
/* The session is over. */
void leave(struct session *s);

/* cancel.c: what becomes readable when SIGTERM has come, or -1. */
int hear_cancel(void);
bool is_cancelled(void);

/* client.c, server.c */
void client(unsigned index);
void server(unsigned index);

#endif
