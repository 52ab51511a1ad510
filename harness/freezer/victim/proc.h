/* SPDX-License-Identifier: Apache-2.0
 *
 * What /proc shows of a process that is looked at again and again: its files there, each opened when it is
 * first needed and kept. Of one that has ended, or executes another program now, they show nothing any
 * more, not even of its successor with the same pid: then they have to be opened anew.
 */
#ifndef CRYOFUZZ_PROC_H
#define CRYOFUZZ_PROC_H

#include <stddef.h>

enum proc_file {
	PROC_MAPS,
	PROC_DESCRIPTORS, /* a folder */
	PROC_MEMORY, /* to be written to */
	PROC_FILES,
};

struct proc {
	int pid;
	int fd[PROC_FILES]; /* -1: not opened yet */
};

struct proc proc_of(int pid);
/* The descriptor, or -errno. */
int proc_open(struct proc *p, enum proc_file file);
void proc_close(struct proc *p);

/* Of /proc/PID/stat what begins with the bracket behind the name, field 2; NULL if nobody says. */
char *proc_stat(int pid, char *text, size_t size);

#endif
