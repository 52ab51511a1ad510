/* SPDX-License-Identifier: Apache-2.0
 *
 * A wait inside the victim for somebody whom it has made. Awake, since one that sleeps looks as if nobody
 * were left to go on. It gives the processor to whoever wants it, and ends when that has been for long, and
 * nobody has for a while of its own processor time: whoever is not kept from running has run by then.
 */
#include <errno.h>
#include <sched.h>
#include <time.h>

#include "parts.h"
#include "raw.h"

enum { LONG = 300, WHILE = 50, MILLISECOND = 1000000 };

static int64_t spent(void)
{
	struct timespec t = { 0 };

	raw2(SYS_clock_gettime, CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1000000000ll + t.tv_nsec;
}

int place_await_word(const uint32_t *word, uint32_t not_any_more)
{
	const int64_t end = place_now() + (int64_t)LONG * MILLISECOND;
	const int64_t most = spent() + (int64_t)WHILE * MILLISECOND;

	while (__atomic_load_n(word, __ATOMIC_ACQUIRE) == not_any_more) {
		if (place_now() > end && spent() > most)
			return -ETIMEDOUT;
		raw1(SYS_sched_yield, 0);
	}
	return 0;
}
