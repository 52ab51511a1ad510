/* SPDX-License-Identifier: Apache-2.0
 *
 * part.h - what the parts of the program tree share (tree.h says what they are). Each part is a pair
 * of functions: one gives the process the item, one tells whether it is not as it was.
 */
#ifndef CRYOFUZZ_PART_H
#define CRYOFUZZ_PART_H

#include <stddef.h>
#include <stdint.h>

#include "../tree.h"

extern struct tree_board *board;

#define TREE_DECLARE(item, part) \
	void set_##part(void);   \
	int part##_changed(void);
TREE_LIST(TREE_DECLARE)
#undef TREE_DECLARE

/* In the place that the board names, until it is told to look. */
void sit(void);
/* criu brings System V objects back only with the namespace that they are in. */
void leave_namespace(void);

/* The set-up can't be had: ends the program, which the ward sees. */
void must(int possible, const char *what);
/* What is found; returns true, so that a check can end with it. */
int differs(const char *format, ...) __attribute__((format(printf, 1, 2)));
int carries(enum tree_item item);
int spoils(enum tree_item item);
/* Whether a known weakness of criu counts; if not, the tree makes up for it. */
int minds(enum tree_weakness weakness);
int told_to_go(void);

/* The n-th number that follows from the seed for an item; and bytes of them. */
uint64_t number(enum tree_item item, uint64_t n);
void fill(uint8_t *bytes, size_t size, enum tree_item item);
int same_bytes(const uint8_t *bytes, size_t size, enum tree_item item, const char *what);

enum { MEMORY = 64 * 1024 };

/* MEMORY bytes. */
uint8_t *map(int flags, int fd);
/* How an address is mapped, "rw-p", or "none". */
const char *protection_at(const void *at);

void futex_wait(uint32_t *word, uint32_t value);
void futex_wake(uint32_t *word);
/* A word that is 0 until the order is given. */
void await_order(uint32_t *order);
void order(uint32_t *word);
/* Of signals that are to interrupt and no more. */
void handle(int signo);
/* A name that all trees of a ward could see, made this one's own; good until the next one. */
const char *own_name(const char *name);

#endif
