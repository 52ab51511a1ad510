/* SPDX-License-Identifier: Apache-2.0
 *
 * What the compiler calls before each access of instrumented code (-fsanitize=thread). The names
 * and shapes are the interface of the thread sanitizer's runtime, shared by gcc and clang; we take
 * its place. Accesses outside of the shared segment return at once.
 */
#define RT_TWICE_COMPILED
#include "straight.h"

#define HOOK __attribute__((visibility("hidden")))
#define SITE() site_of(__builtin_return_address(0))

/* Turned by as many bits as an aligned offset has zeros at its end, any other is too large. */
static inline bool is_aligned_in_segment(uint64_t offset, size_t size)
{
	unsigned zeros = (unsigned)__builtin_ctzl(size);

	if (zeros > 0)
		offset = offset >> zeros | offset << (64 - zeros);
	return offset < (uint64_t)CF_MAX_SHARED >> zeros;
}

static RT_OFTEN __attribute__((noinline)) void accessed_otherwise(void *address, size_t size,
								  enum rt_pending_kind kind,
								  unsigned flags,
								  const void *return_address)
{
	if (!rt_in_segment(address) || !rt.running)
		return;
	if (kind == RT_LOAD)
		rt_plain_load((uintptr_t)address, size, flags, site_of(return_address));
	else
		rt_plain_store((uintptr_t)address, size, flags, site_of(return_address));
}

RT_HOT void accessed(void *address, size_t size, enum rt_pending_kind kind, unsigned flags,
		     const void *return_address)
{
	uint64_t offset = (uintptr_t)address - CF_SEGMENT_ADDRESS;

	if (__builtin_expect(!is_aligned_in_segment(offset, size) || !rt.straight || size > 8, 0))
		accessed_otherwise(address, size, kind, flags, return_address);
	else if (kind == RT_LOAD)
		load_by_hook(offset, size, flags, site_of(return_address));
	else
		store_by_hook(offset, size, flags, site_of(return_address));
}

#define PLAIN_HOOKS(size)                                                                   \
	HOOK void __tsan_read##size(void *a)                                                \
	{                                                                                   \
		accessed(a, size, RT_LOAD, 0, __builtin_return_address(0));                 \
	}                                                                                   \
	HOOK void __tsan_write##size(void *a)                                               \
	{                                                                                   \
		accessed(a, size, RT_STORE, 0, __builtin_return_address(0));                \
	}                                                                                   \
	HOOK void __tsan_unaligned_read##size(void *a)                                      \
	{                                                                                   \
		accessed(a, size, RT_LOAD, 0, __builtin_return_address(0));                 \
	}                                                                                   \
	HOOK void __tsan_unaligned_write##size(void *a)                                     \
	{                                                                                   \
		accessed(a, size, RT_STORE, 0, __builtin_return_address(0));                \
	}                                                                                   \
	HOOK void __tsan_volatile_read##size(void *a)                                       \
	{                                                                                   \
		accessed(a, size, RT_LOAD, CF_STEP_VOLATILE, __builtin_return_address(0));  \
	}                                                                                   \
	HOOK void __tsan_volatile_write##size(void *a)                                      \
	{                                                                                   \
		accessed(a, size, RT_STORE, CF_STEP_VOLATILE, __builtin_return_address(0)); \
	}                                                                                   \
	HOOK void __tsan_unaligned_volatile_read##size(void *a)                             \
	{                                                                                   \
		accessed(a, size, RT_LOAD, CF_STEP_VOLATILE, __builtin_return_address(0));  \
	}                                                                                   \
	HOOK void __tsan_unaligned_volatile_write##size(void *a)                            \
	{                                                                                   \
		accessed(a, size, RT_STORE, CF_STEP_VOLATILE, __builtin_return_address(0)); \
	}

PLAIN_HOOKS(1)
PLAIN_HOOKS(2)
PLAIN_HOOKS(4)
PLAIN_HOOKS(8)
PLAIN_HOOKS(16)

HOOK void __tsan_read_range(void *a, size_t size)
{
	accessed_otherwise(a, size, RT_LOAD, 0, __builtin_return_address(0));
}

HOOK void __tsan_write_range(void *a, size_t size)
{
	accessed_otherwise(a, size, RT_STORE, 0, __builtin_return_address(0));
}

HOOK void __tsan_vptr_read(void **a)
{
	accessed(a, sizeof(*a), RT_LOAD, 0, __builtin_return_address(0));
}

HOOK void __tsan_vptr_update(void **a, void *value)
{
	(void)value;
	accessed(a, sizeof(*a), RT_STORE, 0, __builtin_return_address(0));
}

HOOK void __tsan_init(void)
{
}

HOOK void __tsan_func_entry(void *pc)
{
	(void)pc;
}

HOOK void __tsan_func_exit(void)
{
}

static inline bool modelled(const volatile void *a, size_t size)
{
	return is_aligned_in_segment((uintptr_t)a - CF_SEGMENT_ADDRESS, size) && rt.running;
}

/* True if the access is none of a run; one that is none of any processor's ends it. */
static inline bool is_real(const volatile void *a, size_t size)
{
	if (modelled(a, size))
		return false;
	rt_check_atomic(a, size);
	return true;
}

/* What is not modelled is done as the program says: on the machine itself orders may matter. */
#define LOAD(a, order)                                                        \
	((order) == __ATOMIC_RELAXED   ? __atomic_load_n(a, __ATOMIC_RELAXED) \
	 : (order) == __ATOMIC_SEQ_CST ? __atomic_load_n(a, __ATOMIC_SEQ_CST) \
				       : __atomic_load_n(a, __ATOMIC_ACQUIRE))
#define STORE(a, v, order)                                                        \
	((order) == __ATOMIC_RELAXED   ? __atomic_store_n(a, v, __ATOMIC_RELAXED) \
	 : (order) == __ATOMIC_SEQ_CST ? __atomic_store_n(a, v, __ATOMIC_SEQ_CST) \
				       : __atomic_store_n(a, v, __ATOMIC_RELEASE))
#define MODIFY(function, a, v, order)                                     \
	((order) == __ATOMIC_RELAXED   ? function(a, v, __ATOMIC_RELAXED) \
	 : (order) == __ATOMIC_RELEASE ? function(a, v, __ATOMIC_RELEASE) \
	 : (order) == __ATOMIC_SEQ_CST ? function(a, v, __ATOMIC_SEQ_CST) \
	 : (order) == __ATOMIC_ACQ_REL ? function(a, v, __ATOMIC_ACQ_REL) \
				       : function(a, v, __ATOMIC_ACQUIRE))

#define RMW_HOOK(bits, type, name, op, expression)                                   \
	HOOK type __tsan_atomic##bits##_##name(volatile type *a, type v, int order)  \
	{                                                                            \
		if (is_real(a, sizeof(*a)))                                          \
			return MODIFY(expression, a, v, order);                      \
		return (type)rt_rmw((uintptr_t)a, sizeof(*a), op, v, order, SITE()); \
	}

#define ATOMIC_HOOKS(bits, type)                                                                   \
	HOOK type __tsan_atomic##bits##_load(const volatile type *a, int order)                    \
	{                                                                                          \
		if (is_real(a, sizeof(*a)))                                                        \
			return LOAD(a, order);                                                     \
		if (__builtin_expect(rt.straight, 1))                                              \
			return (type)atomic_load((uintptr_t)a - CF_SEGMENT_ADDRESS, sizeof(*a),    \
						 order, SITE());                                   \
		return (type)rt_atomic_load((uintptr_t)a, sizeof(*a), order, SITE());              \
	}                                                                                          \
	HOOK void __tsan_atomic##bits##_store(volatile type *a, type v, int order)                 \
	{                                                                                          \
		if (is_real(a, sizeof(*a)))                                                        \
			STORE(a, v, order);                                                        \
		else                                                                               \
			rt_atomic_store((uintptr_t)a, sizeof(*a), v, order, SITE());               \
	}                                                                                          \
	RMW_HOOK(bits, type, exchange, RMW_XCHG, __atomic_exchange_n)                              \
	RMW_HOOK(bits, type, fetch_add, RMW_ADD, __atomic_fetch_add)                               \
	RMW_HOOK(bits, type, fetch_sub, RMW_SUB, __atomic_fetch_sub)                               \
	RMW_HOOK(bits, type, fetch_and, RMW_AND, __atomic_fetch_and)                               \
	RMW_HOOK(bits, type, fetch_or, RMW_OR, __atomic_fetch_or)                                  \
	RMW_HOOK(bits, type, fetch_xor, RMW_XOR, __atomic_fetch_xor)                               \
	RMW_HOOK(bits, type, fetch_nand, RMW_NAND, __atomic_fetch_nand)                            \
	static inline int cas##bits(volatile type *a, type *c, type v, int order, int failure,     \
				    bool weak, uint32_t site)                                      \
	{                                                                                          \
		uint64_t expected = *c;                                                            \
		bool done;                                                                         \
                                                                                                   \
		if (is_real(a, sizeof(*a)))                                                        \
			return __atomic_compare_exchange_n(a, c, v, 0, __ATOMIC_SEQ_CST,           \
							   __ATOMIC_SEQ_CST);                      \
		done = rt_cas((uintptr_t)a, sizeof(*a), &expected, v, order, failure, weak, site); \
		*c = (type)expected;                                                               \
		return done;                                                                       \
	}                                                                                          \
	HOOK int __tsan_atomic##bits##_compare_exchange_strong(volatile type *a, type *c, type v,  \
							       int order, int failure)             \
	{                                                                                          \
		return cas##bits(a, c, v, order, failure, false, SITE());                          \
	}                                                                                          \
	HOOK int __tsan_atomic##bits##_compare_exchange_weak(volatile type *a, type *c, type v,    \
							     int order, int failure)               \
	{                                                                                          \
		return cas##bits(a, c, v, order, failure, true, SITE());                           \
	}                                                                                          \
	HOOK type __tsan_atomic##bits##_compare_exchange_val(volatile type *a, type c, type v,     \
							     int order, int failure)               \
	{                                                                                          \
		cas##bits(a, &c, v, order, failure, false, SITE());                                \
		return c;                                                                          \
	}

ATOMIC_HOOKS(8, uint8_t)
ATOMIC_HOOKS(16, uint16_t)
ATOMIC_HOOKS(32, uint32_t)
ATOMIC_HOOKS(64, uint64_t)

HOOK void __tsan_atomic_thread_fence(int order)
{
	if (rt.running)
		rt_fence(order, SITE());
	else if (order == __ATOMIC_SEQ_CST)
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
	else if (order == __ATOMIC_ACQUIRE || order == __ATOMIC_CONSUME)
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
	else if (order == __ATOMIC_RELEASE)
		__atomic_thread_fence(__ATOMIC_RELEASE);
	else if (order == __ATOMIC_ACQ_REL)
		__atomic_thread_fence(__ATOMIC_ACQ_REL);
}

HOOK void __tsan_atomic_signal_fence(int order)
{
	(void)order;
}

/* -fsanitize-coverage=trace-pc: coverage of the C side. */
RT_OFTEN HOOK void __sanitizer_cov_trace_pc(void)
{
	uintptr_t at = (uintptr_t)__builtin_return_address(0);

	if (__builtin_expect(rt.counters != NULL, 1))
		count_up(&rt.counters[rt.covered_at[at]]);
	else if (rt.notes_paths)
		rt_note_path(at - rt.base);
}
