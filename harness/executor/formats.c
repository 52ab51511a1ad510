/* SPDX-License-Identifier: Apache-2.0 */
#include "formats.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tracefs.h"

struct format formats[TP_KINDS] = {
	{ .name = "sched_switch", .from = "prev_pid", .to = "next_pid", .state = "prev_state" },
	{ .name = "sched_wakeup", .to = "pid" },
	{ .name = "sched_wakeup_new", .to = "pid" },
};

static ssize_t read_event_file(int events, const char *event, const char *file, char *text,
			       size_t size)
{
	char path[64];

	snprintf(path, sizeof(path), "sched/%s/%s", event, file);
	return tracefs_read(events, path, text, size);
}

static bool has_field(const char *format, const char *name, unsigned *offset)
{
	return name == NULL || tracefs_field(format, name, offset);
}

static int learn(int events, struct format *format, char *why, size_t size)
{
	char text[4096];
	ssize_t n = read_event_file(events, format->name, "id", text, sizeof(text));

	if (n <= 0) {
		snprintf(why, size, "the tracepoint %s can't be read from tracefs: %s",
			 format->name, strerror((int)-n));
		return -1;
	}
	format->id = (unsigned)strtoul(text, NULL, 10);
	read_event_file(events, format->name, "format", text, sizeof(text));
	if (has_field(text, format->from, &format->from_at) &&
	    has_field(text, format->to, &format->to_at) &&
	    has_field(text, format->state, &format->state_at))
		return 0;
	snprintf(why, size, "the tracepoint %s has other fields in this kernel", format->name);
	return -1;
}

int formats_learn(char *why, size_t size)
{
	static bool learned;
	int events, ret = 0;

	if (learned)
		return 0;
	events = tracefs_open();
	if (events < 0) {
		snprintf(why, size, "tracepoints are read from tracefs: %s", strerror(-events));
		return -1;
	}
	for (unsigned i = 0; i < TP_KINDS && ret == 0; i++)
		ret = learn(events, &formats[i], why, size);
	close(events);
	learned = ret == 0;
	return ret;
}
