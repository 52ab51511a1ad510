/* SPDX-License-Identifier: Apache-2.0 */
#include "tracefs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "text.h"

static const char *const places[] = { "/sys/kernel/tracing/events",
				      "/sys/kernel/debug/tracing/events" };

static int open_folder(int at, const char *path)
{
	int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* A mount that is nowhere, for as long as somebody has it open. */
static int open_beside(void)
{
	int context = fsopen("tracefs", FSOPEN_CLOEXEC), root, events;

	if (context < 0)
		return -errno;
	root = fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	if (root == 0)
		root = fsmount(context, FSMOUNT_CLOEXEC, 0);
	events = root < 0 ? -errno : open_folder(root, "events");
	if (root >= 0)
		close(root);
	close(context);
	return events;
}

int tracefs_open(void)
{
	int events = -ENOENT;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && events == -ENOENT; i++)
		events = open_folder(AT_FDCWD, places[i]);
	return events == -ENOENT ? open_beside() : events;
}

ssize_t tracefs_read(int events, const char *path, char *text, size_t size)
{
	return text_of(events, path, text, size);
}

/* "field:pid_t prev_pid;	offset:24;	size:4;" */
bool tracefs_field(const char *format, const char *name, unsigned *at)
{
	char wanted[32];
	const char *field;

	snprintf(wanted, sizeof(wanted), " %s;\toffset:", name);
	field = strstr(format, wanted);
	if (field != NULL)
		*at = (unsigned)strtoul(field + strlen(wanted), NULL, 10);
	return field != NULL;
}
