/* SPDX-License-Identifier: Apache-2.0
 *
 * The producer's events: page faults, a software event that nobody needs a right for. It counts only while
 * the producer touches a page for the first time: so each trigger is one record, with the page's address,
 * on the ring of the processor on which the producer is. They are opened anew in each run: to map another
 * ring for an old one takes the kernel a grace period.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "perfring.h"

/* Until the next run. */
static int open_fd[EVENTS][CF_MAX_PROCESSORS];
static uint8_t *scratch;

enum { WARM_UP = MAX_TRIGGERS }; /* a page of its own */

/* When an event's ring wakes its reader, and whether it keeps the newest records. */
struct way {
	unsigned threshold;
	bool watermark, overwrites;
};

static int open_one(const struct way *way, unsigned which, int cpu)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config =
			which == FIRST ? PERF_COUNT_SW_PAGE_FAULTS : PERF_COUNT_SW_PAGE_FAULTS_MIN,
		.sample_period = 1,
		.sample_type = PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_ADDR | PERF_SAMPLE_CPU |
			       PERF_SAMPLE_STACK_USER,
		.sample_stack_user = STACK_BYTES,
		.read_format = PERF_FORMAT_LOST,
		.disabled = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
		.write_backward = way->overwrites,
		.watermark = way->watermark,
	};

	/* More than so many bytes: the first of them is the last record's last. */
	if (way->watermark)
		attr.wakeup_watermark = way->threshold * RECORD_SIZE - 1;
	else
		attr.wakeup_events = way->threshold;
	return (int)syscall(SYS_perf_event_open, &attr, 0, cpu, -1, PERF_FLAG_FD_CLOEXEC);
}

static const char *why_not(void)
{
	static char text[160];

	if (errno == EINVAL)
		return "perf_event_open: PERF_FORMAT_LOST is needed, which Linux has since 6.0";
	snprintf(text, sizeof(text),
		 "perf_event_open: %s; it takes kernel.perf_event_paranoid of at most 2, and no "
		 "filter "
		 "of system calls that forbids it",
		 strerror(errno));
	return text;
}

const char *events_unsupported(void)
{
	const struct way any = { .threshold = 1 };
	int fd = open_one(&any, FIRST, -1);

	if (fd < 0)
		return why_not();
	syscall(SYS_close, fd);
	return NULL;
}

static void close_all(int fd[EVENTS][CF_MAX_PROCESSORS])
{
	for (unsigned which = 0; which < EVENTS; which++)
		for (unsigned i = 0; i < CF_MAX_PROCESSORS; i++)
			if (fd[which][i] > 0)
				syscall(SYS_close, fd[which][i]);
}

/* The old ones last: the kernel changes its code when the first of this kind comes and when the last goes. */
static void open_anew(struct ledger *ledger)
{
	const struct way way = {
		.threshold = (unsigned)cf_param(THRESHOLD),
		.watermark = cf_param(WATERMARK),
		.overwrites = overwrites(),
	};
	int old[EVENTS][CF_MAX_PROCESSORS];

	memcpy(old, open_fd, sizeof(old));
	for (unsigned which = 0; which < EVENTS; which++)
		for (unsigned i = 0; i < cf_processors(); i++) {
			int *fd = &open_fd[which][i];

			*fd = which < events_each() ? open_one(&way, which, (int)cf_processor(i))
						    : 0;
			if (*fd < 0)
				cf_unsupported("%s", why_not());
		}
	close_all(old);
	memcpy(ledger->fd, open_fd, sizeof(ledger->fd));
}

static void make_scratch(void)
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
}

/* Nothing but the touched page may be missing meanwhile. */
static void touch(unsigned page)
{
	volatile uint8_t *at = scratch + page * (size_t)page_size();

	prctl(PR_TASK_PERF_EVENTS_ENABLE);
	*at = 1;
	prctl(PR_TASK_PERF_EVENTS_DISABLE);
}

void open_events(void)
{
	struct ledger *ledger = the_ledger();

	open_anew(ledger);
	make_scratch();
	touch(WARM_UP); /* no ring is mapped yet: all code is there from now on */
	ledger->pid = (uint32_t)getpid();
	/* Where Yama is strict, the reader could not come to them. */
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	ledger->scratch = (uint64_t)(uintptr_t)scratch;
}

void events_are_taken(void)
{
	prctl(PR_SET_PTRACER, 0);
}

static void stay_at_home(void)
{
	cpu_set_t home;

	CPU_ZERO(&home);
	CPU_SET(cf_processor(0), &home);
	sched_setaffinity(0, sizeof(home), &home);
}

static unsigned here(void)
{
	unsigned cpu = (unsigned)sched_getcpu();

	for (unsigned i = 0; i < cf_processors(); i++)
		if (cf_processor(i) == cpu)
			return i;
	cf_broken("the producer is on processor %u, where it has no ring", cpu);
}

void trigger(void)
{
	struct ledger *ledger = the_ledger();

	if (cf_variant() != UNPINNED && cf_variant() != MORE_EVENTS)
		stay_at_home();
	ledger->ring_of[ledger->sent] = (uint8_t)here();
	touch(ledger->sent++);
	cf_stirred();
}
