/* SPDX-License-Identifier: Apache-2.0
 *
 * Waits on futexes and wake-ups, of those that lie in the segment.
 */
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>

#include "calls.h"
#include "clock.h"
#include "cryofuzz_wait.h"

enum { NAP_NS = 20000 };

#define WRAPPED __attribute__((visibility("hidden")))
#define SITE() rt_site(__builtin_return_address(0))

/* As long as the place has that value, which may be of any size; at most until `deadline`. */
static int wait_while(const void *address, const void *old, size_t size, uint64_t deadline,
		      uint32_t site)
{
	const uint32_t *word = (const uint32_t *)((uintptr_t)address & ~(uintptr_t)3);
	uint64_t value = 0;
	char waits[CF_WAITS];

	memcpy(&value, old, size < sizeof(value) ? size : sizeof(value));
	rt_announce((uintptr_t)address, size);
	if (memcmp(address, old, size) != 0) {
		rt_step(CF_OP_FUTEX_WAIT, 0, site, (uint8_t)size, (uintptr_t)address, value, 1);
		return -EAGAIN;
	}
	snprintf(waits, sizeof(waits), "waits on a futex at +0x%llx",
		 (unsigned long long)((uintptr_t)address - CF_SEGMENT_ADDRESS));
	rt_step(CF_OP_FUTEX_WAIT, 0, site, (uint8_t)size, (uintptr_t)address, value, 0);
	rt_freeze_inside(SYS_futex, (long)word, FUTEX_WAIT, *word, 0);
	return rt_park(RT_PARK_FUTEX, (uintptr_t)address, deadline, waits) ? 0 : -ETIMEDOUT;
}

static long futex_wait(uint32_t *word, uint32_t value, const struct timespec *timeout,
		       bool absolute, uint32_t site)
{
	uint64_t deadline = RT_NEVER;
	struct rt_deal deal;
	int status;

	rt_call(site, &deal);
	status = rt_fail(&deal, RT_WAITS, -1, 0);
	if (timeout != NULL)
		deadline = rt_deadline(timeout, absolute);
	if (status == 0)
		status = wait_while(word, &value, sizeof(value), deadline, site);
	return rt_result(status);
}

static long futex_wake(const void *word, uint32_t count, uint32_t site)
{
	struct rt_shared *s = rt.shared;
	struct rt_deal deal;
	uint32_t woken = 0;

	rt_call(site, &deal);
	for (unsigned i = 0; i < s->actors && woken < count; i++) {
		struct rt_actor *actor = &s->actor[i];

		if (actor->state != CF_ACTOR_PARKED || actor->park != RT_PARK_FUTEX ||
		    actor->futex_address != (uintptr_t)word)
			continue;
		rt_wake_clock(actor);
		rt_unpark(actor);
		woken++;
	}
	rt_step(CF_OP_FUTEX_WAKE, 0, site, 4, (uintptr_t)word, woken, count);
	return woken;
}

WRAPPED long __wrap_syscall(long number, ...)
{
	uint32_t site = SITE();
	long a[6];
	va_list arguments;

	va_start(arguments, number);
	for (unsigned i = 0; i < 6; i++)
		a[i] = va_arg(arguments, long);
	va_end(arguments);
	if (rt.running && number == SYS_futex && rt_in_segment((void *)a[0])) {
		int op = (int)a[1] & FUTEX_CMD_MASK;

		if (op == FUTEX_WAIT || op == FUTEX_WAIT_BITSET)
			return futex_wait((uint32_t *)a[0], (uint32_t)a[2],
					  (const struct timespec *)a[3], op == FUTEX_WAIT_BITSET,
					  site);
		if (op == FUTEX_WAKE || op == FUTEX_WAKE_BITSET)
			return futex_wake((uint32_t *)a[0], (uint32_t)a[2], site);
	}
	rt_plays();
	return __real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* ---- atomics of C++ ---------------------------------------------------------------------------- */

/* Uncontrolled, as the kernel has it; what it can't wait for is looked at again and again. */
static int really_wait_while(const void *address, const void *old, size_t size,
			     const struct timespec *until)
{
	const struct timespec nap = { .tv_nsec = NAP_NS };
	struct timespec now;
	uint32_t value;

	if (size == sizeof(value)) {
		memcpy(&value, old, size);
		return __real_syscall(SYS_futex, (long)address, FUTEX_WAIT_BITSET, value,
				      (long)until, 0, FUTEX_BITSET_MATCH_ANY) < 0
			       ? -errno
			       : 0;
	}
	clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, NULL);
	clock_gettime(CLOCK_MONOTONIC, &now);
	return until != NULL && (now.tv_sec > until->tv_sec ||
				 (now.tv_sec == until->tv_sec && now.tv_nsec >= until->tv_nsec))
		       ? -ETIMEDOUT
		       : 0;
}

/* Nobody else has it. */
static void check_shared(const void *address)
{
	if (!rt_in_segment(address))
		rt_refuse("the target waits for an atomic that only this actor has; threads of a "
			  "target share only what lies in the segment");
}

int cf_wait_while(const void *address, const void *old, size_t size, const struct timespec *until)
{
	uint32_t site = SITE();
	struct rt_deal deal;
	int status;

	if (!rt.running)
		return really_wait_while(address, old, size, until);
	check_shared(address);
	rt_call(site, &deal);
	status = rt_fail(&deal, RT_WAITS, -1, 0);
	if (status == 0)
		status = wait_while(address, old, size,
				    until != NULL ? rt_deadline(until, true) : RT_NEVER, site);
	return status;
}

void cf_wake(const void *address, bool all)
{
	uint32_t count = all ? INT_MAX : 1;

	if (!rt.running)
		__real_syscall(SYS_futex, (long)address, FUTEX_WAKE, count, 0, 0, 0);
	else if (rt_in_segment(address))
		futex_wake(address, count, SITE());
}
