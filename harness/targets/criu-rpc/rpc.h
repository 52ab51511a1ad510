/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of the target criu-rpc. One actor, the client, plays all of it; so what they share is
 * static.
 */
#ifndef CRYOFUZZ_TARGET_RPC_H
#define CRYOFUZZ_TARGET_RPC_H

#define _GNU_SOURCE
#include <cryofuzz.h>

#include "../../freezer/criu/talk.h"

enum { REQUEST, BEFORE, NOTIFY, DAMAGE, AT, VALUE };

/* What is asked for, in the param request. */
enum asked { VERSION, FEATURES, CHECK, DUMP, RESTORE, CPU_INFO };

enum variant {
	REAL,
	NO_OPTIONS,
	ANY_RESPONSE,
	NO_RESPONSE_AWAITED,
	CRIU_KILLED,
	CRIU_STOPPED,
	LEFT_OVER,
	TREE_STOPPED,
	TREE_SPOILT,
	TREE_KILLED,
	WORKER_BUG,
	MENDED,
	NOTICE_DENIED,
};

/* Numbers of the protocol. */
enum {
	TYPE_DUMP = 1,
	TYPE_RESTORE = 2,
	TYPE_CHECK = 3,
	TYPE_NOTIFY = 6,
	TYPE_CPUINFO_DUMP = 7,
	TYPE_FEATURES = 9,
	TYPE_VERSION = 10,
};

enum { LONGEST = 512 };

struct message {
	size_t size;
	uint8_t bytes[LONGEST];
};

struct response {
	int there; /* a whole message */
	unsigned type, success;
};

extern struct talk talk;

/* params.c, variants.c */
extern const struct cf_param_spec rpc_params[];
extern const struct cf_variant_spec rpc_variants[];

static inline int is(enum variant v)
{
	return cf_variant() == v;
}

/* request.c: what is asked for, damaged as the params say. */
void put_number(struct message *m, unsigned field, uint64_t value);
void make_request(struct message *m, int asked, int keep_open);
void damage_request(struct message *m);
unsigned type_of(int asked);
/* Of this run, until it begins anew: a request was damaged, by the params; and is no protobuf message
 * any more. */
int is_damaged(void);
int is_no_message(void);
/* One was sent, whole for criu, that asks for a dump or a restore and has no options. */
int is_without_options(void);
void begin_undamaged(void);

/* response.c: asks, and gives what is answered, past the notifications before it. */
struct response ask(int asked, int keep_open, int damage);
int succeeded(const struct response *r, unsigned type);
int is_disturbed(void);

#endif
