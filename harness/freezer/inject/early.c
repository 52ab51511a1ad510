/* SPDX-License-Identifier: Apache-2.0
 *
 * What a careless injector does while its victim still runs: then it is not yet what it is when it is stopped.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "../victim/raw.h"
#include "inject.h"

/* The first executable mapping, as libcompel has it, if nobody else has that, too. */
int inject_look_early(struct inject *in)
{
	char path[40], text[4096], *line, *end;
	long fd, n;

	snprintf(path, sizeof(path), "/proc/%d/maps", in->pid);
	fd = raw4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return (int)fd;
	n = raw3(SYS_read, fd, text, sizeof(text) - 1);
	raw1(SYS_close, fd);
	text[n > 0 ? n : 0] = 0;
	for (line = text; (end = strchr(line, '\n')); line = end + 1) {
		char *access = strchr(line, ' ');

		if (!access || strncmp(access + 1, "r-xp", 4))
			continue;
		in->code_address = strtoull(line, NULL, 16);
		break;
	}
	return 0;
}

static int traces_children(const struct inject *in)
{
	return in->slip == INJECT_TRACES_CHILDREN || in->slip == INJECT_LEAVES_CHILDREN;
}

long inject_early_options(const struct inject *in)
{
	return traces_children(in) ? PTRACE_O_TRACEFORK : 0;
}

/* It stands still before its first instruction. */
void inject_let_child_run(const struct inject *in)
{
	unsigned long child = 0;

	if (!traces_children(in))
		return;
	raw4(SYS_ptrace, PTRACE_GETEVENTMSG, in->pid, 0, &child);
	raw4(SYS_wait4, child, 0, __WALL, 0);
	if (in->slip == INJECT_TRACES_CHILDREN)
		raw4(SYS_ptrace, PTRACE_CONT, child, 0, 0);
}
