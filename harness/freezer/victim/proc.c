/* SPDX-License-Identifier: Apache-2.0 */
#include "proc.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "raw.h"

static const struct {
	const char *name;
	int flags;
} files[PROC_FILES] = {
	[PROC_MAPS] = { "maps", O_RDONLY },
	[PROC_DESCRIPTORS] = { "fd", O_RDONLY | O_DIRECTORY },
	[PROC_MEMORY] = { "mem", O_RDWR },
};

struct proc proc_of(int pid)
{
	struct proc p = { .pid = pid };

	for (unsigned i = 0; i < PROC_FILES; i++)
		p.fd[i] = -1;
	return p;
}

int proc_open(struct proc *p, enum proc_file file)
{
	char path[48];

	if (p->fd[file] >= 0)
		return p->fd[file];
	snprintf(path, sizeof(path), "/proc/%d/%s", p->pid, files[file].name);
	p->fd[file] = (int)raw4(SYS_openat, AT_FDCWD, path, files[file].flags | O_CLOEXEC, 0);
	return p->fd[file];
}

void proc_close(struct proc *p)
{
	for (unsigned i = 0; i < PROC_FILES; i++)
		if (p->fd[i] >= 0)
			raw1(SYS_close, p->fd[i]);
	*p = proc_of(p->pid);
}

char *proc_stat(int pid, char *text, size_t size)
{
	char path[40];
	long fd, n;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = raw4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return NULL;
	n = raw3(SYS_read, fd, text, size - 1);
	raw1(SYS_close, fd);
	text[n > 0 ? n : 0] = 0;
	return strrchr(text, ')');
}
