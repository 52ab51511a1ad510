/* SPDX-License-Identifier: Apache-2.0
 *
 * A wait inside the victim for somebody whom it has made. Awake, since one that sleeps looks as if nobody
 * were left to go on; it gives the processor to whoever wants it. One whom /proc shows is given up once he stands
 * still; any other when that has been for long, and nobody has wanted the processor for a while.
 */
#include <errno.h>
#include <sched.h>
#include <time.h>

#include "parts.h"
#include "patience.h"
#include "raw.h"

enum { LONG = 4000, WHILE = 50, MILLISECOND = 1000000, BETWEEN_LOOKS = 100 };

static int64_t spent(void)
{
	struct timespec t = { 0 };

	raw2(SYS_clock_gettime, CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1000000000ll + t.tv_nsec;
}

/* True while he may still come. */
static int may_come(struct patience *p, int64_t end, int64_t most)
{
	for (unsigned i = 0; i < BETWEEN_LOOKS; i++)
		raw1(SYS_sched_yield, 0);
	return p->pid ? patience_slice(p) > 0 : place_now() < end || spent() < most;
}

int place_await_word(const uint32_t *word, uint32_t not_any_more, int pid)
{
	const int64_t end = place_now() + (int64_t)LONG * MILLISECOND;
	const int64_t most = spent() + (int64_t)WHILE * MILLISECOND;
	struct patience patience = patience_for(pid);
	int waits = 1;

	while (__atomic_load_n(word, __ATOMIC_ACQUIRE) == not_any_more) {
		if (!waits)
			return -ETIMEDOUT;
		waits = may_come(&patience, end, most);
	}
	return 0;
}
