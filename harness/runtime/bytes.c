/* SPDX-License-Identifier: Apache-2.0
 *
 * Bytes moved by libc: what lies in the segment is accessed granule by granule.
 */
#include <string.h>

#include "calls.h"

#define WRAPPED __attribute__((visibility("hidden")))
#define SITE() rt_site(__builtin_return_address(0))

WRAPPED void *__wrap_memcpy(void *to, const void *from, size_t size)
{
	if (!rt.running || !(rt_in_segment(to) || rt_in_segment(from)))
		return __real_memcpy(to, from, size);
	rt_copy(to, from, size, SITE());
	return to;
}

WRAPPED void *__wrap_memmove(void *to, const void *from, size_t size)
{
	if (!rt.running || !(rt_in_segment(to) || rt_in_segment(from)))
		return __real_memmove(to, from, size);
	rt_copy(to, from, size, SITE());
	return to;
}

WRAPPED void *__wrap_memset(void *to, int byte, size_t size)
{
	if (!rt.running || !rt_in_segment(to))
		return __real_memset(to, byte, size);
	rt_fill(to, byte, size, SITE());
	return to;
}

/* What clang, from its 15th release on, calls instead in instrumented code. */
#define SAME_AS(name) __attribute__((visibility("hidden"), alias(#name)))
SAME_AS(__wrap_memcpy) void *__tsan_memcpy(void *to, const void *from, size_t size);
SAME_AS(__wrap_memmove) void *__tsan_memmove(void *to, const void *from, size_t size);
SAME_AS(__wrap_memset) void *__tsan_memset(void *to, int byte, size_t size);
