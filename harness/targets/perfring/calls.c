/* SPDX-License-Identifier: Apache-2.0
 *
 * Tracepoints: the producer's lseek, whose offset is in the record of its entry, and in that of its exit as what it
 * returns. Their numbers are in tracefs, which root can read.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../executor/tracefs.h"
#include "perfring.h"

/* What the kernel writes of one: its common fields, the call's number, and what the call is given or returns. */
static const struct point {
	const char *path, *field;
	unsigned at; /* of the field in there */
} points[EVENTS] = {
	[FIRST] = { "syscalls/sys_enter_lseek", "offset", 24 },
	[SECOND] = { "syscalls/sys_exit_lseek", "ret", 16 },
};
static unsigned long long id[EVENTS];
static int file = -1;

enum {
	RAW = 28
}; /* where it begins in a record: behind its own size, the processor and the identifier */

static const char *why_not(const char *path, int error)
{
	static char text[160];

	snprintf(text, sizeof(text), "the tracepoint %s can't be read from tracefs: %s", path,
		 strerror(error));
	return text;
}

static const char *learn(int events, unsigned which)
{
	const struct point *point = &points[which];
	char path[64], text[4096];
	unsigned at = 0;
	ssize_t n;

	snprintf(path, sizeof(path), "%s/id", point->path);
	n = tracefs_read(events, path, text, sizeof(text));
	if (n <= 0)
		return why_not(point->path, (int)-n);
	id[which] = strtoull(text, NULL, 10);
	snprintf(path, sizeof(path), "%s/format", point->path);
	tracefs_read(events, path, text, sizeof(text));
	if (tracefs_field(text, point->field, &at) && at == point->at)
		return NULL;
	return "the tracepoints of lseek have other fields in this kernel";
}

static const char *prepare(void)
{
	const char *why = NULL;
	int events;

	if (id[SECOND] != 0)
		return NULL;
	events = tracefs_open();
	if (events < 0)
		return why_not(points[FIRST].path, -events);
	for (unsigned which = 0; which < EVENTS && why == NULL; which++)
		why = learn(events, which);
	syscall(SYS_close, events);
	return why;
}

static void describe(struct perf_event_attr *attr, unsigned which)
{
	attr->type = PERF_TYPE_TRACEPOINT;
	attr->config = id[which];
	attr->sample_type =
		PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_CPU | PERF_SAMPLE_RAW | PERF_SAMPLE_STACK_USER;
}

static void begin(struct ledger *ledger)
{
	if (file < 0)
		file = (int)syscall(SYS_memfd_create, "perfring", MFD_CLOEXEC);
	if (file < 0)
		cf_broken("no file to seek in: %s", strerror(errno));
	ledger->first = 0;
	ledger->step = 1;
}

static void cause(unsigned number)
{
	syscall(SYS_lseek, file, (long)number, SEEK_SET);
}

/* Identifier, processor, what is raw with its size, stack. */
const struct source calls = {
	.layout = { { .cpu = 16, .number = RAW + 24, .stack = RAW + 44 },
		    { .cpu = 16, .number = RAW + 16, .stack = RAW + 28 } },
	.prepare = prepare,
	.describe = describe,
	.begin = begin,
	.cause = cause,
};
