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

#include "../../freezer/victim/proc.h"
#include "../../freezer/victim/raw.h"

/* Neither stopped by a tracer nor ended nor ending. */
static int goes_on(int tid)
{
	enum { ENDING = 4 /* PF_EXITING */ };
	char text[256], *at = proc_stat(tid, text, sizeof(text)), state;
	unsigned flags;

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
