/* SPDX-License-Identifier: Apache-2.0 */
#include "formats.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const roots[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };

struct format formats[TP_KINDS] = {
	{ .name = "sched_switch", .from = "prev_pid", .to = "next_pid", .state = "prev_state" },
	{ .name = "sched_wakeup", .to = "pid" },
	{ .name = "sched_wakeup_new", .to = "pid" },
};

static ssize_t read_event_file(const char *event, const char *file, char *text, size_t size)
{
	ssize_t n = -1;

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]) && n < 0; i++) {
		char path[128];
		int fd;

		snprintf(path, sizeof(path), "%s/events/sched/%s/%s", roots[i], event, file);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		n = read(fd, text, size - 1);
		close(fd);
	}
	text[n > 0 ? n : 0] = '\0';
	return n;
}

/* "field:pid_t prev_pid;	offset:24;	size:4;" */
static bool find_field(const char *format, const char *name, unsigned *offset)
{
	char wanted[32];
	const char *at;

	if (name == NULL)
		return true;
	snprintf(wanted, sizeof(wanted), " %s;\toffset:", name);
	at = strstr(format, wanted);
	if (at == NULL)
		return false;
	*offset = (unsigned)strtoul(at + strlen(wanted), NULL, 10);
	return true;
}

static int learn(struct format *format, char *why, size_t size)
{
	char text[4096];

	if (read_event_file(format->name, "id", text, sizeof(text)) <= 0) {
		snprintf(why, size, "the tracepoint %s can't be read from tracefs: %s",
			 format->name, strerror(errno));
		return -1;
	}
	format->id = (unsigned)strtoul(text, NULL, 10);
	read_event_file(format->name, "format", text, sizeof(text));
	if (find_field(text, format->from, &format->from_at) &&
	    find_field(text, format->to, &format->to_at) &&
	    find_field(text, format->state, &format->state_at))
		return 0;
	snprintf(why, size, "the tracepoint %s has other fields in this kernel", format->name);
	return -1;
}

int formats_learn(char *why, size_t size)
{
	for (unsigned i = 0; i < TP_KINDS; i++)
		if (learn(&formats[i], why, size) < 0)
			return -1;
	return 0;
}
