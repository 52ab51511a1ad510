/* SPDX-License-Identifier: Apache-2.0
 *
 * accesses - accesses of every width, one kind each variant. First: one actor stores bytes that are all
 * ones, the other one loads: it must see all of them or none, unless the access is one that a CPU may make
 * in parts. Then: both add to one word by each kind of read-modify-write; nothing may get lost. Last: what no
 * processor makes whole, though it is called atomic.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "cryofuzz.h"

#ifdef __clang__
#pragma clang diagnostic ignored "-Watomic-alignment" /* what is refused, too, has to be called */
#endif

typedef unsigned __int128 u128;

struct __attribute__((packed)) odd {
	uint8_t before[6];
	uint32_t misaligned; /* in two granules */
	uint8_t between[2];
	uint64_t wide; /* too */
	uint8_t after[4];
};

struct pair {
	uint64_t a, b;
};

struct shared {
	union {
		uint8_t u8;
		uint16_t u16;
		uint32_t u32[2];
		uint64_t u64;
		u128 u128;
		struct pair pair;
		struct odd odd;
		uint64_t range[3];
	};
	_Alignas(16) uint64_t sum; /* of the second kind */
	uint64_t above; /* of one of 16 bytes */
};

struct ledger {
	bool mixed;
};

#define S ((struct shared *)cf_shared())

static void see(const void *bytes, size_t size)
{
	const uint8_t *byte = bytes;
	struct ledger *ledger = cf_ledger();

	for (size_t i = 0; i < size; i++)
		if (byte[i] != byte[0])
			ledger->mixed = true;
}

#define WIDTH(name, type, place)            \
	static void put_##name(void)        \
	{                                   \
		place = (type) ~(type)0;    \
	}                                   \
	static void get_##name(void)        \
	{                                   \
		type value = place;         \
		see(&value, sizeof(value)); \
	}

WIDTH(u8, uint8_t, S->u8)
WIDTH(u16, uint16_t, S->u16)
WIDTH(u32, uint32_t, S->u32[0])
WIDTH(u64, uint64_t, S->u64)
WIDTH(u128, u128, S->u128)
WIDTH(misaligned, uint32_t, S->odd.misaligned)
WIDTH(wide, uint64_t, S->odd.wide)
WIDTH(volatile, uint64_t, *(volatile uint64_t *)&S->u64)
WIDTH(atomic, uint64_t, *(_Atomic uint64_t *)&S->u64)

WIDTH(atomic16, u128, *(_Atomic u128 *)&S->u128)

/* One after the other: the low one may be the older one, and an acquire load of it says that the high one is
 * no older. */
static void get_halves(void)
{
	uint64_t value[2];

	value[0] = atomic_load_explicit((_Atomic uint64_t *)&S->pair.a, memory_order_relaxed);
	value[1] = atomic_load_explicit((_Atomic uint64_t *)&S->pair.b, memory_order_relaxed);
	see(value, sizeof(value));
}

static void get_acquired_half(void)
{
	uint64_t value[2];

	value[0] = atomic_load_explicit((_Atomic uint64_t *)&S->pair.a, memory_order_acquire);
	value[1] = atomic_load_explicit((_Atomic uint64_t *)&S->pair.b, memory_order_relaxed);
	if (value[0] != 0)
		see(value, sizeof(value));
}

static void put_relaxed16(void)
{
	atomic_store_explicit((_Atomic u128 *)&S->u128, ~(u128)0, memory_order_relaxed);
}

/* As the compilers call them where they can't do it by themselves. */
void call_load(size_t size, const void *at, void *to, int order) __asm__("__atomic_load");
void call_store(size_t size, void *at, void *from, int order) __asm__("__atomic_store");
bool call_exchange(size_t size, void *at, void *expected, void *desired, int order,
		   int failure) __asm__("__atomic_compare_exchange");
u128 call_add(void *at, u128 value, int order) __asm__("__atomic_fetch_add_16");

static void put_called(void)
{
	u128 ones = ~(u128)0;

	call_store(sizeof(ones), &S->u128, &ones, __ATOMIC_RELEASE);
}

static void get_called(void)
{
	u128 value;

	call_load(sizeof(value), &S->u128, &value, __ATOMIC_ACQUIRE);
	see(&value, sizeof(value));
}

static void put_words(void)
{
	atomic_store_explicit((_Atomic uint64_t *)&S->pair.a, ~0ull, memory_order_relaxed);
	atomic_store_explicit((_Atomic uint64_t *)&S->pair.b, ~0ull, memory_order_relaxed);
}

static void put_halves(void)
{
	S->u32[0] = ~0u;
	S->u32[1] = ~0u;
}

static void get_low(void)
{
	uint16_t value = ((uint16_t *)&S->u64)[1];

	see(&value, sizeof(value));
}

static void put_pair(void)
{
	struct pair ones = { ~0ull, ~0ull };

	S->pair = ones;
}

static void get_pair(void)
{
	struct pair value = S->pair;

	see(&value, sizeof(value));
}

static void put_range(void)
{
	uint64_t ones[3] = { ~0ull, ~0ull, ~0ull };

	memcpy(S->range, ones, sizeof(ones));
}

static void get_range(void)
{
	uint64_t value[3];

	memcpy(value, S->range, sizeof(value));
	see(value, sizeof(value));
}

/* Both actors do that, so each sum is 2. */
#define ADD(name, ...)               \
	static void add_##name(void) \
	{                            \
		__VA_ARGS__;         \
	}
#define ADD_WIDTH(bits)                                                                    \
	ADD(c11_##bits, atomic_fetch_add((_Atomic uint##bits##_t *)&S->sum, 1))            \
	ADD(sync_##bits, __sync_fetch_and_add((uint##bits##_t *)&S->sum, 1))               \
	ADD(weak_##bits, uint##bits##_t old = 0; while (!atomic_compare_exchange_weak(     \
		_Atomic_p(bits), &old, (uint##bits##_t)(old + 1)));)                       \
	ADD(strong_##bits, uint##bits##_t old = 0; while (!atomic_compare_exchange_strong( \
		_Atomic_p(bits), &old, (uint##bits##_t)(old + 1)));)
#define _Atomic_p(bits) (_Atomic uint##bits##_t *)&S->sum
ADD_WIDTH(8)
ADD_WIDTH(16)
ADD_WIDTH(32)
ADD_WIDTH(64)
typedef u128 uint128_t;
ADD_WIDTH(128)
ADD(plain, S->sum = S->sum + 1)
ADD(called_16, call_add(&S->sum, 1, __ATOMIC_SEQ_CST))
ADD(called_4, uint32_t old = 0, new = 1;
    while (!call_exchange(4, &S->sum, &old, &new, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) new = old +
											     1)
ADD(sync_bool, uint64_t old; do old = *(volatile uint64_t *)&S->sum;
    while (!__sync_bool_compare_and_swap(&S->sum, old, old + 1)))
ADD(sync_value, uint64_t old = 0, now;
    while ((now = __sync_val_compare_and_swap(&S->sum, old, old + 1)) != old) old = now)

/* The first one alone adds 2, unless its exchange fails for no reason. */
ADD(once_weak, uint64_t old = 0; atomic_compare_exchange_weak((_Atomic uint64_t *)&S->sum, &old, 2))
ADD(once_strong, uint64_t old = 0;
    atomic_compare_exchange_strong((_Atomic uint64_t *)&S->sum, &old, 2))
ADD(nothing)

static void split_atomic(void)
{
	__atomic_fetch_add((uint32_t *)(uintptr_t)((char *)S + 6), 1, __ATOMIC_RELAXED);
}

static void large_atomic(void)
{
	struct large {
		uint64_t word[3];
	} value;

	__atomic_load((struct large *)(void *)S, &value, __ATOMIC_RELAXED);
	see(&value, sizeof(value));
}

/* name, whether it is seen in parts, and with tearing; writer, reader */
#define ROWS(ROW)                                                          \
	ROW("width-1", 0, 0, put_u8, get_u8)                               \
	ROW("width-2", 0, 0, put_u16, get_u16)                             \
	ROW("width-4", 0, 0, put_u32, get_u32)                             \
	ROW("width-8", 0, 0, put_u64, get_u64)                             \
	ROW("width-16", 0, 1, put_u128, get_u128)                          \
	ROW("misaligned-4", 0, 1, put_misaligned, get_misaligned)          \
	ROW("misaligned-8", 0, 1, put_wide, get_wide)                      \
	ROW("volatile", 0, 0, put_volatile, get_volatile)                  \
	ROW("atomic", 0, 0, put_atomic, get_atomic)                        \
	ROW("atomic-16", 0, 0, put_atomic16, get_atomic16)                 \
	ROW("relaxed-16", 0, 0, put_relaxed16, get_atomic16)               \
	ROW("halves-of-16", 1, 1, get_halves, put_relaxed16)               \
	ROW("acquired-half-of-16", 0, 0, put_relaxed16, get_acquired_half) \
	ROW("wide-of-halves", 1, 1, put_words, get_atomic16)               \
	ROW("two-stores", 1, 1, put_halves, get_u64)                       \
	ROW("one-load-of-a-part", 0, 0, put_u64, get_low)                  \
	ROW("struct", 1, 1, put_pair, get_pair)                            \
	ROW("range", 1, 1, put_range, get_range)                           \
	ROW("plain-add", 1, 1, add_plain, add_plain)                       \
	ROW("called-16", 0, 0, put_called, get_called)                     \
	ROW("called-add-16", 0, 0, add_called_16, add_called_16)           \
	ROW("called-exchange-4", 0, 0, add_called_4, add_called_4)         \
	ROW("sync-bool", 0, 0, add_sync_bool, add_sync_bool)               \
	ROW("sync-value", 0, 0, add_sync_value, add_sync_value)            \
	ROW("once-weak", 0, 0, add_once_weak, add_nothing)                 \
	ROW("once-strong", 0, 0, add_once_strong, add_nothing)             \
	ADDS(ROW, 8) ADDS(ROW, 16) ADDS(ROW, 32) ADDS(ROW, 64) ADDS(ROW, 128)
#define ADDS(ROW, bits)                                            \
	ROW("c11-" #bits, 0, 0, add_c11_##bits, add_c11_##bits)    \
	ROW("sync-" #bits, 0, 0, add_sync_##bits, add_sync_##bits) \
	ROW("weak-" #bits, 0, 0, add_weak_##bits, add_weak_##bits) \
	ROW("strong-" #bits, 0, 0, add_strong_##bits, add_strong_##bits)

struct row {
	bool parts, torn;
	void (*first)(void), (*second)(void);
};

#define VARIANT(name, parts, torn, first, second) \
	{ name, "a kind of access", CF_SC,        \
	  (parts) || (torn) ? "invariant in accesses.value" : NULL },
#define ENTRY(name, parts, torn, first, second) { parts, torn, first, second },
#define REFUSED(ROW)                                         \
	ROW("split-atomic", 0, 0, split_atomic, add_nothing) \
	ROW("large-atomic", 0, 0, large_atomic, add_nothing)
#define REFUSED_VARIANT(name, parts, torn, first, second) { name, "refused", CF_SC, NULL },
static const struct cf_variant_spec variants[] = { ROWS(VARIANT) REFUSED(REFUSED_VARIANT){ 0 } };
static const struct row rows[] = { ROWS(ENTRY) REFUSED(ENTRY) };

static void first(unsigned index)
{
	(void)index;
	rows[cf_variant()].first();
}

static void second(unsigned index)
{
	(void)index;
	rows[cf_variant()].second();
}

static bool is_sum(void)
{
	const struct row *row = &rows[cf_variant()];

	return row->first == row->second || row->second == add_nothing;
}

static void check(void)
{
	struct ledger *ledger = cf_ledger();

	if (ledger->mixed || (is_sum() && S->sum != 2))
		cf_fail(CF_INVARIANT, "accesses.value", "mixed %d, sum %u", ledger->mixed,
			(unsigned)S->sum);
}

/* For the check, which reads it out of the target. */
CF_EXPORT bool accesses_in_parts(unsigned variant, bool tearing);
bool accesses_in_parts(unsigned variant, bool tearing)
{
	return tearing ? rows[variant].torn : rows[variant].parts;
}

static const struct cf_role roles[] = {
	{ "first", NULL, first },
	{ "second", NULL, second },
	{ 0 },
};

static const struct cf_param_spec params[] = { { 0 } };

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "accesses",
	.summary = "accesses of every width and kind",
	.shared_size = sizeof(struct shared),
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
	.check = check,
};
