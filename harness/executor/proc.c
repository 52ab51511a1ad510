/* SPDX-License-Identifier: Apache-2.0
 * What the kernel tells of a process: its small files, its time. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "executor.h"
#include "text.h"

int ex_read_proc(pid_t pid, const char *name, char *text, size_t size)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return (int)text_of(AT_FDCWD, path, text, size);
}

long ex_cpu_ms(pid_t pid)
{
	struct timespec time;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) < 0)
		return 0;
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

bool ex_can_go_on(pid_t pid)
{
	const char *name_end;
	char text[256];

	ex_read_proc(pid, "stat", text, sizeof(text));
	name_end = strrchr(text, ')');
	return name_end != NULL && strncmp(name_end, ") R", 3) == 0;
}
