/* SPDX-License-Identifier: Apache-2.0
 *
 * Page faults, a software event that nobody needs a right for: the producer touches a page for the first time, whose
 * address is in the record.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "perfring.h"

static uint8_t *scratch; /* a page for each trigger, and one to warm up */

static const char *prepare(void)
{
	return NULL;
}

static void describe(struct perf_event_attr *attr, unsigned which)
{
	attr->type = PERF_TYPE_SOFTWARE;
	attr->config = which == FIRST ? PERF_COUNT_SW_PAGE_FAULTS : PERF_COUNT_SW_PAGE_FAULTS_MIN;
	attr->sample_type = PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_ADDR | PERF_SAMPLE_CPU |
			    PERF_SAMPLE_STACK_USER;
}

/* Nothing but the touched page may be missing. */
static void begin(struct ledger *ledger)
{
	size_t size = (MAX_TRIGGERS + 1) * (size_t)page_size();

	if (scratch == NULL) {
		void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
				   -1, 0);

		if (pages == MAP_FAILED)
			cf_broken("no pages to touch: %s", strerror(errno));
		madvise(pages, size, MADV_NOHUGEPAGE); /* a fault would bring several pages */
		scratch = pages;
	}
	madvise(scratch, size, MADV_DONTNEED);
	ledger->first = (uint64_t)(uintptr_t)scratch;
	ledger->step = (uint64_t)page_size();
}

static void cause(unsigned number)
{
	volatile uint8_t *at = scratch + number * (size_t)page_size();

	*at = 1;
}

/* Identifier, address, processor, stack. */
const struct source faults = {
	.layout = { { .number = 16, .cpu = 24, .stack = 32 },
		    { .number = 16, .cpu = 24, .stack = 32 } },
	.prepare = prepare,
	.describe = describe,
	.begin = begin,
	.cause = cause,
};
