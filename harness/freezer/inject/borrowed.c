/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the victim finds the name of the memory that it makes: in the code of calls; or, with a careless
 * injector, in its own argument strings, which a process that runs may need no more, but one that has just
 * begun has yet to read.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include "../victim/proc.h"
#include "../victim/raw.h"
#include "inject.h"

enum { NAME = 2, ARGUMENTS = 48 /* fields of /proc/PID/stat */ };

/* 0 if nobody says. */
static uint64_t arguments_of(int pid)
{
	char text[1024], *at = proc_stat(pid, text, sizeof(text));

	for (int field = NAME; at && field < ARGUMENTS; field++)
		at = strchr(at + 1, ' ');
	return at ? strtoull(at, NULL, 10) : 0;
}

uint64_t inject_name_address(const struct inject *in)
{
	char name[] = "i";
	const uint64_t borrowed = in->slip == INJECT_BORROWS_ARGUMENTS ? arguments_of(in->pid) : 0;
	struct iovec here = { name, sizeof(name) };
	struct iovec there = { (void *)(uintptr_t)borrowed, sizeof(name) };

	if (borrowed && raw6(SYS_process_vm_writev, in->pid, &here, 1, &there, 1, 0) > 0)
		return borrowed;
	return in->code_address + MACHINE_NAME;
}
