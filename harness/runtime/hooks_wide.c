/* SPDX-License-Identifier: Apache-2.0
 *
 * Hooks of atomic accesses that go beyond a word. gcc announces those of 16 bytes as it does the smaller
 * ones; clang does so with -mcx16, and else calls libatomic, as both do for what is larger or may be
 * misaligned. There is no libatomic here: its names are ours, too. What it keeps locks for would be atomic
 * in each process by itself, so that is refused.
 */
#include <stdio.h>
#include <string.h>

#include "calls.h"
#include "machine.h"
#include "memory.h"

RT_APPLY(rt_wide)

#define HOOK __attribute__((visibility("hidden")))
#define SITE() site_of(__builtin_return_address(0))

static bool modelled(const volatile void *a)
{
	return rt_in_segment(a) && rt.running;
}

void rt_check_atomic(const volatile void *address, size_t size)
{
	uint64_t offset = (uintptr_t)address - CF_SEGMENT_ADDRESS;
	bool known = size <= 16 && (size & (size - 1)) == 0;
	char why[128];

	if (!modelled(address) || (known && offset % size == 0))
		return;
	snprintf(why, sizeof(why),
		 "the target makes an atomic access of %zu bytes at offset %llu of the segment, "
		 "which no processor makes whole",
		 size, (unsigned long long)offset);
	rt_refuse(why);
}

/* ---- 16 bytes ---------------------------------------------------------------------------------- */

/* Whatever lies elsewhere is this process's own, and may be read-only. */
static rt_wide real_load(const volatile rt_wide *a)
{
	return rt_in_segment(a) ? machine_swap_wide((volatile rt_wide *)a, 0, 0) : *a;
}

static rt_wide real_rmw(volatile rt_wide *a, enum rt_rmw op, rt_wide operand)
{
	rt_wide old = real_load(a), seen;

	while ((seen = machine_swap_wide(a, old, apply(op, old, operand))) != old)
		old = seen;
	return old;
}

static rt_wide modify(volatile rt_wide *a, enum rt_rmw op, rt_wide operand, int order,
		      uint32_t site)
{
	rt_check_atomic(a, sizeof(*a));
	return modelled(a) ? rt_wide_rmw((uintptr_t)a, op, operand, order, site)
			   : real_rmw(a, op, operand);
}

static rt_wide load(const volatile rt_wide *a, int order, uint32_t site)
{
	rt_check_atomic(a, sizeof(*a));
	return modelled(a) ? rt_wide_load((uintptr_t)a, order, site) : real_load(a);
}

static void store(volatile rt_wide *a, rt_wide value, int order, uint32_t site)
{
	rt_check_atomic(a, sizeof(*a));
	if (modelled(a))
		rt_wide_store((uintptr_t)a, value, order, site);
	else
		real_rmw(a, RMW_XCHG, value);
}

static bool swap(volatile rt_wide *a, rt_wide *expected, rt_wide desired, int order, int failure,
		 bool weak, uint32_t site)
{
	rt_wide wanted = *expected;

	rt_check_atomic(a, sizeof(*a));
	if (modelled(a))
		return rt_wide_cas((uintptr_t)a, expected, desired, order, failure, weak, site);
	*expected = machine_swap_wide(a, wanted, desired);
	return *expected == wanted;
}

HOOK rt_wide __tsan_atomic128_load(const volatile rt_wide *a, int order)
{
	return load(a, order, SITE());
}

HOOK void __tsan_atomic128_store(volatile rt_wide *a, rt_wide v, int order)
{
	store(a, v, order, SITE());
}

#define RMW_HOOK(name, op)                                                              \
	HOOK rt_wide __tsan_atomic128_##name(volatile rt_wide *a, rt_wide v, int order) \
	{                                                                               \
		return modify(a, op, v, order, SITE());                                 \
	}

RMW_HOOK(exchange, RMW_XCHG)
RMW_HOOK(fetch_add, RMW_ADD)
RMW_HOOK(fetch_sub, RMW_SUB)
RMW_HOOK(fetch_and, RMW_AND)
RMW_HOOK(fetch_or, RMW_OR)
RMW_HOOK(fetch_xor, RMW_XOR)
RMW_HOOK(fetch_nand, RMW_NAND)

HOOK int __tsan_atomic128_compare_exchange_strong(volatile rt_wide *a, rt_wide *c, rt_wide v,
						  int order, int failure)
{
	return swap(a, c, v, order, failure, false, SITE());
}

HOOK int __tsan_atomic128_compare_exchange_weak(volatile rt_wide *a, rt_wide *c, rt_wide v,
						int order, int failure)
{
	return swap(a, c, v, order, failure, true, SITE());
}

HOOK rt_wide __tsan_atomic128_compare_exchange_val(volatile rt_wide *a, rt_wide c, rt_wide v,
						   int order, int failure)
{
	swap(a, &c, v, order, failure, false, SITE());
	return c;
}

/* ---- libatomic's names ------------------------------------------------------------------------- */

/* The compilers know them with other types. */
#define NAMED_AS(name) __asm__("__atomic_" name) HOOK

#define LIBATOMIC_RMW(name, op)                                                                    \
	rt_wide libatomic_##name(volatile rt_wide *a, rt_wide v, int order) NAMED_AS(#name "_16"); \
	rt_wide libatomic_##name(volatile rt_wide *a, rt_wide v, int order)                        \
	{                                                                                          \
		return modify(a, op, v, order, SITE());                                            \
	}

LIBATOMIC_RMW(fetch_add, RMW_ADD)
LIBATOMIC_RMW(fetch_sub, RMW_SUB)
LIBATOMIC_RMW(fetch_and, RMW_AND)
LIBATOMIC_RMW(fetch_or, RMW_OR)
LIBATOMIC_RMW(fetch_xor, RMW_XOR)
LIBATOMIC_RMW(fetch_nand, RMW_NAND)

/* As many bytes of a value. */
static rt_wide bytes_at(const volatile void *from, size_t size)
{
	rt_wide value = 0;

	memcpy(&value, (const void *)from, size);
	return value;
}

static bool is_word(size_t size)
{
	return size == 1 || size == 2 || size == 4 || size == 8;
}

bool libatomic_is_lock_free(size_t size, const volatile void *a) NAMED_AS("is_lock_free");
bool libatomic_is_lock_free(size_t size, const volatile void *a)
{
	return (is_word(size) || size == sizeof(rt_wide)) && (uintptr_t)a % size == 0;
}

void libatomic_load(size_t size, const volatile void *a, void *to, int order) NAMED_AS("load");
void libatomic_load(size_t size, const volatile void *a, void *to, int order)
{
	uint32_t site = SITE();
	rt_wide value;

	rt_check_atomic(a, size);
	if (!rt_in_segment(a)) {
		memcpy(to, (const void *)a, size);
		return;
	}
	if (size == sizeof(rt_wide))
		value = load(a, order, site);
	else if (is_word(size) && modelled(a))
		value = rt_atomic_load((uintptr_t)a, size, order, site);
	else
		value = bytes_at(a, size);
	memcpy(to, &value, size);
}

void libatomic_store(size_t size, volatile void *a, void *from, int order) NAMED_AS("store");
void libatomic_store(size_t size, volatile void *a, void *from, int order)
{
	uint32_t site = SITE();

	rt_check_atomic(a, size);
	if (rt_in_segment(a) && size == sizeof(rt_wide))
		store(a, bytes_at(from, size), order, site);
	else if (is_word(size) && modelled(a))
		rt_atomic_store((uintptr_t)a, size, (uint64_t)bytes_at(from, size), order, site);
	else
		memcpy((void *)a, from, size);
}

void libatomic_exchange(size_t size, volatile void *a, void *from, void *to, int order)
	NAMED_AS("exchange");
void libatomic_exchange(size_t size, volatile void *a, void *from, void *to, int order)
{
	uint32_t site = SITE();
	rt_wide old;

	rt_check_atomic(a, size);
	if (rt_in_segment(a) && size == sizeof(rt_wide)) {
		old = modify(a, RMW_XCHG, bytes_at(from, size), order, site);
		memcpy(to, &old, size);
	} else if (is_word(size) && modelled(a)) {
		old = rt_rmw((uintptr_t)a, size, RMW_XCHG, (uint64_t)bytes_at(from, size), order,
			     site);
		memcpy(to, &old, size);
	} else {
		memcpy(to, (const void *)a, size);
		memcpy((void *)a, from, size);
	}
}

bool libatomic_compare_exchange(size_t size, volatile void *a, void *expected, void *desired,
				int order, int failure) NAMED_AS("compare_exchange");
bool libatomic_compare_exchange(size_t size, volatile void *a, void *expected, void *desired,
				int order, int failure)
{
	uint32_t site = SITE();
	rt_wide value;
	uint64_t word;
	bool done;

	rt_check_atomic(a, size);
	if (rt_in_segment(a) && size == sizeof(rt_wide)) {
		value = bytes_at(expected, size);
		done = swap(a, &value, bytes_at(desired, size), order, failure, false, site);
		memcpy(expected, &value, size);
		return done;
	}
	if (is_word(size) && modelled(a)) {
		word = (uint64_t)bytes_at(expected, size);
		done = rt_cas((uintptr_t)a, size, &word, (uint64_t)bytes_at(desired, size), order,
			      failure, false, site);
		memcpy(expected, &word, size);
		return done;
	}
	done = memcmp((const void *)a, expected, size) == 0;
	memcpy(done ? (void *)a : expected, done ? desired : (const void *)a, size);
	return done;
}
