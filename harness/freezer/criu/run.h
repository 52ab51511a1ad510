/* SPDX-License-Identifier: Apache-2.0
 *
 * run.h - one run of the criu program, with its arguments and its deadline.
 */
#ifndef CRYOFUZZ_RUN_H
#define CRYOFUZZ_RUN_H

#include "keeper.h"

enum { RUN_ARGUMENTS = 24, RUN_LOG = 5 };

struct run {
	const char *stage; /* "dump", "restore": as failures name it */
	const char *log;
	int stopped; /* never goes on, for a check */
	struct ward_hurt hurt;
	struct ward_log to; /* instead of a file of that name */
	int count;
	char *arguments[RUN_ARGUMENTS + 1];
};

/* Begins a list with the program and what all have in common. */
void run_begin(struct run *r, const char *stage, const char *command, const char *log);
void run_add(struct run *r, const char *argument);
void run_log_to(struct run *r, const struct ward_log *to);
/* Until it has ended. -EIO: it complains, -ETIME: it did not end. */
int run_criu(struct run *r);

#endif
