/* SPDX-License-Identifier: Apache-2.0
 *
 * Waits on futexes and wake-ups, of those that lie in the segment.
 */
#include <errno.h>
#include <linux/futex.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>

#include "calls.h"
#include "clock.h"

#define WRAPPED __attribute__((visibility("hidden")))
#define SITE() rt_site(__builtin_return_address(0))

static long futex_wait(uint32_t *word, uint32_t value, const struct timespec *timeout,
		       bool absolute, uint32_t site)
{
	uint64_t deadline = RT_NEVER;
	char waits[CF_WAITS];
	struct rt_deal deal;
	bool woken;
	int status;

	rt_call(site, &deal);
	status = rt_fail(&deal, RT_WAITS, -1, 0);
	if (status < 0)
		return rt_result(status);
	rt_announce((uintptr_t)word, 4);
	if (__atomic_load_n(word, __ATOMIC_SEQ_CST) != value) {
		rt_step(CF_OP_FUTEX_WAIT, 0, site, 4, (uintptr_t)word, value, 1);
		return rt_result(-EAGAIN);
	}
	if (timeout != NULL)
		deadline = rt_deadline(timeout, absolute);
	snprintf(waits, sizeof(waits), "waits on a futex at +0x%llx",
		 (unsigned long long)((uintptr_t)word - CF_SEGMENT_ADDRESS));
	rt_step(CF_OP_FUTEX_WAIT, 0, site, 4, (uintptr_t)word, value, 0);
	rt_freeze_inside(SYS_futex, (uintptr_t)word, FUTEX_WAIT, value, 0);
	woken = rt_park(RT_PARK_FUTEX, (uintptr_t)word, deadline, waits);
	return woken ? 0 : rt_result(-ETIMEDOUT);
}

static long futex_wake(uint32_t *word, uint32_t count, uint32_t site)
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
