/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of the target shapes: one small program each, of those that papers on concurrency testing measure
 * strategies with, written from their descriptions.
 */
#ifndef CRYOFUZZ_TARGET_SHAPES_H
#define CRYOFUZZ_TARGET_SHAPES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "cryofuzz.h"

enum { ACTORS, SHAPE, SETTERS };
enum { LEAST_ACTORS = 4, SHAPE_SIZE = 256 };

struct shape {
	void (*begin)(bool mended); /* or NULL: all is zero */
	void (*play)(unsigned who, bool mended);
	void (*check)(void); /* or NULL */
};

/* Name of the object, of the variant, and what goes wrong. The order is that of the parameter `shape`. */
#define SHAPES(SHAPE)                                                                     \
	SHAPE(account, "account", "the balance is read before the lock is taken")         \
	SHAPE(airline, "airline", "seats left are looked at before the lock is taken")    \
	SHAPE(bluetooth, "bluetooth", "a request is counted after the look at the stop")  \
	SHAPE(circular_buffer, "circular-buffer", "both sides count by load and store")   \
	SHAPE(fibonacci, "fibonacci", "two sums that feed each other come too far")       \
	SHAPE(reorder, "reorder", "a pair is read between its two stores")                \
	SHAPE(stack, "stack", "whether there is anything is asked before the lock")       \
	SHAPE(stringbuffer, "stringbuffer", "a length is got and used under two locks")   \
	SHAPE(token_ring, "token-ring", "the token is passed on before the work is done") \
	SHAPE(twostage, "twostage", "the second stage comes under another lock")          \
	SHAPE(work_stealing, "work-stealing", "the owner takes the last one unchecked")   \
	SHAPE(wronglock, "wronglock", "two locks for one word")

#define SHAPE_OBJECT(id, name, what) extern const struct shape shape_##id;
SHAPES(SHAPE_OBJECT)

#define SHAPE_FAIL(name, ...) cf_fail(CF_INVARIANT, "shapes." name, __VA_ARGS__)

/* Each has an 8-byte word of its own. */
typedef struct {
	_Alignas(8) atomic_uint taken;
} shape_lock;

static inline void take(shape_lock *lock)
{
	while (atomic_exchange_explicit(&lock->taken, 1, memory_order_acquire))
		;
}

static inline void drop(shape_lock *lock)
{
	atomic_store_explicit(&lock->taken, 0, memory_order_release);
}

static inline unsigned shape_actors(void)
{
	return (unsigned)cf_param(ACTORS);
}

#endif
