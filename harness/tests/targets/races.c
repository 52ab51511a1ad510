/* SPDX-License-Identifier: Apache-2.0
 *
 * races - pairs of accesses by two actors, one pair each variant: the good ones are kept in order, or are
 * no race for another reason, the bad ones are data races. All words are touched in each run.
 */
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cryofuzz.h"

struct shared {
	_Alignas(8) uint64_t data;
	_Alignas(8) uint64_t meant; /* to be raced for */
	_Alignas(8) atomic_uint flag;
	_Alignas(8) uint64_t copy[2];
};

static struct shared *s;

#define LOAD(order) atomic_load_explicit(&s->flag, memory_order_##order)
#define STORE(v, order) atomic_store_explicit(&s->flag, v, memory_order_##order)
#define FENCE(order) atomic_thread_fence(memory_order_##order)
#define VOLATILE(x) (*(volatile typeof(x) *)&(x))
#define ATOMIC(x) (*(_Atomic uint64_t *)&(x))

static uint64_t sink;

/* What is loaded matters to nobody. */
static void use(uint64_t value)
{
	sink += value;
}

static void futex(int op, unsigned value)
{
	syscall(SYS_futex, &s->flag, op, value, NULL, NULL, 0);
}

static uint8_t *byte(unsigned i)
{
	return (uint8_t *)&s->data + i;
}

#define BODY(name, ...)          \
	static void name(void)   \
	{                        \
		s = cf_shared(); \
		__VA_ARGS__;     \
	}

BODY(put_release, s->data = 1; STORE(1, release))
BODY(get_acquire, if (LOAD(acquire)) use(s->data))
BODY(put_fence, s->data = 1; FENCE(release); STORE(1, relaxed))
BODY(
	get_fence, if (LOAD(relaxed)) {
		FENCE(acquire);
		use(s->data);
	})
BODY(put_volatile, s->data = 1; FENCE(release); VOLATILE(s->meant) = 1)
BODY(
	get_volatile, if (VOLATILE(s->meant)) {
		FENCE(acquire);
		use(s->data);
	})
BODY(put_relaxed, s->data = 1; STORE(1, relaxed))
BODY(get_relaxed, if (LOAD(relaxed)) use(s->data))
BODY(put_counted, s->data = 1; STORE(1, release);
     atomic_fetch_add_explicit(&s->flag, 1, memory_order_relaxed))
BODY(put_replaced, s->data = 1; STORE(1, release); STORE(2, relaxed))
BODY(get_second, if (LOAD(acquire) == 2) use(s->data))
BODY(put_woken, s->data = 1; STORE(1, relaxed); futex(FUTEX_WAKE, 1))
BODY(get_woken, while (!LOAD(relaxed)) futex(FUTEX_WAIT, 0))
BODY(put_low, *byte(0) = 1)
BODY(put_high, *byte(1) = 1)
BODY(put_all, s->data = 1)
BODY(get_low, use(*byte(0)))
BODY(get_all, use(s->data))
BODY(put_atomic, atomic_store_explicit(&ATOMIC(s->data), 1, memory_order_relaxed))
BODY(get_atomic, use(atomic_load_explicit(&ATOMIC(s->data), memory_order_relaxed)))
BODY(put_data_volatile, VOLATILE(s->data) = 1)
BODY(get_data_volatile, use(VOLATILE(s->data)))
BODY(put_meant, s->meant = 1)
BODY(get_meant, use(s->meant))
BODY(put_late, STORE(1, release); s->data = 1)
BODY(put_copy, uint64_t from[2] = { 1, 2 }; memcpy(s->copy, from, sizeof(from)))
BODY(get_copy, use(s->copy[1]))

#define DATA "data-race in races.data"
/* name, expected, first, second */
#define PAIRS(PAIR)                                                       \
	PAIR("release-acquire", NULL, put_release, get_acquire)           \
	PAIR("fences", NULL, put_fence, get_fence)                        \
	PAIR("volatile-flag", NULL, put_volatile, get_volatile)           \
	PAIR("counted", NULL, put_counted, get_second)                    \
	PAIR("other-bytes", NULL, put_low, put_high)                      \
	PAIR("both-atomic", NULL, put_atomic, get_atomic)                 \
	PAIR("both-volatile", NULL, put_data_volatile, get_data_volatile) \
	PAIR("atomic-volatile", NULL, put_atomic, get_data_volatile)      \
	PAIR("both-load", NULL, get_all, get_low)                         \
	PAIR("meant", NULL, put_meant, get_meant)                         \
	PAIR("relaxed", DATA, put_relaxed, get_relaxed)                   \
	PAIR("no-release", DATA, put_relaxed, get_acquire)                \
	PAIR("no-acquire", DATA, put_release, get_relaxed)                \
	PAIR("replaced", DATA, put_replaced, get_second)                  \
	PAIR("late", DATA, put_late, get_acquire)                         \
	PAIR("plain-atomic", DATA, put_all, get_atomic)                   \
	PAIR("atomic-plain", DATA, put_atomic, get_all)                   \
	PAIR("plain-volatile", DATA, put_all, get_data_volatile)          \
	PAIR("part", DATA, put_all, get_low)                              \
	PAIR("two-stores", DATA, put_all, put_low)                        \
	PAIR("copied", "data-race in races.copy", put_copy, get_copy)

#define VARIANT(name, expected, first, second) { name, "a pair of accesses", CF_SC, expected },
#define FUNCTIONS(name, expected, first, second) { first, second },

static void woken(void)
{
	get_woken();
	use(s->data);
}

static const struct cf_variant_spec variants[] = {
	PAIRS(VARIANT){ "wake-up", "in order if the first sleeps first", CF_SC, NULL },
	{ 0 },
};
static void (*const functions[][2])(void) = { PAIRS(FUNCTIONS){ woken, put_woken } };

static void first(unsigned index)
{
	(void)index;
	functions[cf_variant()][0]();
}

static void second(unsigned index)
{
	(void)index;
	functions[cf_variant()][1]();
}

static const struct cf_role roles[] = {
	{ "first", NULL, first },
	{ "second", NULL, second },
	{ 0 },
};

static const struct cf_param_spec params[] = { { 0 } };

static const struct cf_word words[] = {
	{ "data", offsetof(struct shared, data), sizeof(uint64_t), 0 },
	{ "meant", offsetof(struct shared, meant), sizeof(uint64_t), 1 },
	{ "copy", offsetof(struct shared, copy), 2 * sizeof(uint64_t), 0 },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "races",
	.summary = "pairs of accesses, in order or not",
	.shared_size = sizeof(struct shared),
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
	.words = words,
};
