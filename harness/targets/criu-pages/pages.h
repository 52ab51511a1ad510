/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of the target criu-pages. One actor, the client, plays all of it; so what they share is
 * static.
 */
#ifndef CRYOFUZZ_TARGET_PAGES_H
#define CRYOFUZZ_TARGET_PAGES_H

#define _GNU_SOURCE
#include <cryofuzz.h>

#include "../../freezer/criu/talk.h"

enum { PAGES, RUNS, SEED, DAMAGE };

/* What is wrong with the last run of pages, in the param damage. */
enum damage { WHOLE, OTHER_COMMAND, OTHER_TYPE, MISSING_PAGES, MANY_PAGES, NOT_CLOSED };

enum variant {
	REAL,
	PAGE_CHANGED,
	PAGE_LOST,
	CRIU_KILLED,
	CRIU_STOPPED,
	LEFT_OVER,
	EXIT_IGNORED,
	COMMAND_CHANGED,
	PAGES_CUT,
	ADDRESS_CHANGED
};

enum { PAGE = 4096, IMAGE_OF = 77, FIRST_ADDRESS = 0x10000000, MOST_PAGES = 32 };

extern struct talk talk;

/* params.c, variants.c */
extern const struct cf_param_spec pages_params[];
extern const struct cf_variant_spec pages_variants[];

static inline int is(enum variant v)
{
	return cf_variant() == v;
}

static inline int has(enum damage d)
{
	return cf_param(DAMAGE) == (int)d;
}

static inline int are_many_pages(void)
{
	return cf_param(RUNS) * cf_param(PAGES) > 2;
}

/* Where a run of pages begins, and what is in a page. */
static inline uint64_t address_of(unsigned run)
{
	return FIRST_ADDRESS + (uint64_t)run * 64 * PAGE;
}

static inline uint8_t byte_of(unsigned page, unsigned at)
{
	return (uint8_t)((unsigned)cf_param(SEED) * 31 + page * 7 + at * 13 + at / 256 + 1);
}

/* sent.c: true if the server says that it is done. */
int send_all(void);
int is_disturbed(void);

/* stored.c: what was sent is there. */
void check_stored(void);

#endif
