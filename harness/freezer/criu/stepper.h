/* SPDX-License-Identifier: Apache-2.0
 *
 * stepper.h - runs a criu call by call, so that it can be killed, or one of its calls fail, at a place that
 * is a number. Only the process itself is traced, not those that it makes. One at a time.
 */
#ifndef CRYOFUZZ_STEPPER_H
#define CRYOFUZZ_STEPPER_H

#include <sys/types.h>

#include "ward.h"

/* In the child, before it becomes the program. */
void stepper_offer(void);
/* Counts from where the log is there on: what starts the program is none of ours. Whoever is heard of as stopped from now on is that child. */
void stepper_begin(pid_t pid, const struct ward_hurt *hurt, const char *log);
/* What waitpid has told of a process that is stopped. */
void stepper_heard(pid_t pid, int status);
void stepper_end(void);

#endif
