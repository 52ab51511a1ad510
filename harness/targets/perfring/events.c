/* SPDX-License-Identifier: Apache-2.0
 *
 * The producer's events. They count only while it causes one: so each trigger is one record, on the ring of the
 * processor on which the producer is. They are opened anew in each run: to map another ring for an old one takes
 * the kernel a grace period.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "perfring.h"

/* Until the next run. */
static int open_fd[EVENTS][CF_MAX_PROCESSORS];

enum { WARM_UP = MAX_TRIGGERS }; /* one of its own */

/* When an event's ring wakes its reader, and whether it keeps the newest records. */
struct way {
	unsigned threshold;
	bool watermark, overwrites;
};

static int open_one(const struct source *source, const struct way *way, unsigned which, int cpu)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.sample_period = 1,
		.sample_stack_user = stack_bytes(&source->layout[which]),
		.read_format = PERF_FORMAT_LOST,
		.disabled = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
		.write_backward = way->overwrites,
		.watermark = way->watermark,
	};

	source->describe(&attr, which);
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
	int fd = open_one(&faults, &any, FIRST, -1);

	if (fd < 0)
		return why_not();
	syscall(SYS_close, fd);
	return NULL;
}

static int open_or_refuse(const struct source *source, const struct way *way, unsigned which,
			  int cpu)
{
	int fd = open_one(source, way, which, cpu);

	if (fd < 0)
		cf_unsupported("%s", why_not());
	return fd;
}

/* For as long as the process lives: the kernel changes its code when the first of a kind comes, and waits for all
 * processors when the last one goes. */
static void keep_one_of_each(const struct source *source)
{
	const struct way any = { .threshold = 1 };
	static bool kept[2];

	for (unsigned which = 0; which < EVENTS && !kept[cf_param(TRACEPOINT)]; which++)
		open_or_refuse(source, &any, which, -1);
	kept[cf_param(TRACEPOINT)] = true;
}

static void close_all(void)
{
	for (unsigned which = 0; which < EVENTS; which++)
		for (unsigned i = 0; i < CF_MAX_PROCESSORS; i++)
			if (open_fd[which][i] > 0)
				syscall(SYS_close, open_fd[which][i]);
	memset(open_fd, 0, sizeof(open_fd));
}

static void open_anew(const struct source *source, struct ledger *ledger)
{
	const struct way way = {
		.threshold = (unsigned)cf_param(THRESHOLD),
		.watermark = cf_param(WATERMARK),
		.overwrites = overwrites(),
	};

	keep_one_of_each(source);
	close_all();
	for (unsigned which = 0; which < events_each(); which++)
		for (unsigned i = 0; i < cf_processors(); i++)
			open_fd[which][i] =
				open_or_refuse(source, &way, which, (int)cf_processor(i));
	memcpy(ledger->fd, open_fd, sizeof(ledger->fd));
}

/* Nothing else may be counted meanwhile. */
static void cause(unsigned number)
{
	prctl(PR_TASK_PERF_EVENTS_ENABLE);
	the_source()->cause(number);
	prctl(PR_TASK_PERF_EVENTS_DISABLE);
}

void open_events(void)
{
	const struct source *source = the_source();
	struct ledger *ledger = the_ledger();
	const char *why = source->prepare();

	if (why != NULL)
		cf_unsupported("%s", why);
	open_anew(source, ledger);
	source->begin(ledger);
	cause(WARM_UP); /* no ring is mapped yet: all code is there from now on */
	ledger->pid = (uint32_t)getpid();
	/* Where Yama is strict, the reader could not come to them. */
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
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
	cause(ledger->sent++);
	cf_stirred();
}
