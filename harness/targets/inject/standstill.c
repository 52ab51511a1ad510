/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether the victim's own threads stand still while it is stopped.
 */
#include "infection.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../freezer/victim/raw.h"

/* Neither stopped by a tracer nor ended nor ending. */
static int goes_on(int tid)
{
	enum { ENDING = 4 /* PF_EXITING */ };
	char path[40], text[256], *at, state;
	unsigned flags;
	long fd, n;

	snprintf(path, sizeof(path), "/proc/%d/stat", tid);
	fd = raw4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	n = fd < 0 ? fd : raw3(SYS_read, fd, text, sizeof(text) - 1);
	raw1(SYS_close, fd);
	text[n > 0 ? n : 0] = 0;
	at = strrchr(text, ')');
	if (!at || sscanf(at, ") %c %*d %*d %*d %*d %*d %u", &state, &flags) != 2)
		return 0;
	return !strchr("tZX", state) && !(flags & ENDING);
}

void check_threads(void)
{
	char path[40], names[1024] __attribute__((aligned(8)));
	long tasks, n;

	if (!inject_has_threads(&in))
		return;
	snprintf(path, sizeof(path), "/proc/%d/task", victim.pid);
	tasks = raw4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	n = raw3(SYS_getdents64, tasks, names, sizeof(names));
	raw1(SYS_close, tasks);
	for (long at = 0; at < n; at += ((struct dirent64 *)(void *)(names + at))->d_reclen) {
		const int tid = atoi(((struct dirent64 *)(void *)(names + at))->d_name);

		if (tid && goes_on(tid))
			cf_fail(CF_STATE_CHANGED, "inject.threads",
				"a thread of its own runs while it is stopped");
	}
}
