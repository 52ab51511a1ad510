/* SPDX-License-Identifier: Apache-2.0
 *
 * System calls of the spy, its oracles and its victim that are none of the scenario's business:
 * made past the wrapped libc calls, so they are no points and no frame event applies to them.
 * Returns a value or -errno.
 */
#ifndef CRYOFUZZ_RAW_H
#define CRYOFUZZ_RAW_H

#include <sys/syscall.h>

#ifndef __x86_64__
#error "the spy knows the registers of x86-64 only"
#endif

static inline long raw_call(long nr, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
}

#define RAW_ARG(x) ((long)(x))
#define raw1(nr, a) raw_call(nr, RAW_ARG(a), 0, 0, 0, 0, 0)
#define raw2(nr, a, b) raw_call(nr, RAW_ARG(a), RAW_ARG(b), 0, 0, 0, 0)
#define raw3(nr, a, b, c) raw_call(nr, RAW_ARG(a), RAW_ARG(b), RAW_ARG(c), 0, 0, 0)
#define raw4(nr, a, b, c, d) raw_call(nr, RAW_ARG(a), RAW_ARG(b), RAW_ARG(c), RAW_ARG(d), 0, 0)
#define raw5(nr, a, b, c, d, e) \
	raw_call(nr, RAW_ARG(a), RAW_ARG(b), RAW_ARG(c), RAW_ARG(d), RAW_ARG(e), 0)
#define raw6(nr, a, b, c, d, e, f) \
	raw_call(nr, RAW_ARG(a), RAW_ARG(b), RAW_ARG(c), RAW_ARG(d), RAW_ARG(e), RAW_ARG(f))

#endif
