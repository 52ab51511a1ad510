/* SPDX-License-Identifier: Apache-2.0
 * uncontrolled.h - actors that play by themselves (native.c). */
#ifndef CRYOFUZZ_UNCONTROLLED_H
#define CRYOFUZZ_UNCONTROLLED_H

#include <sched.h>

#include "executor.h"

/* Side by side on the processors that are allowed. False, and the run is broken, if not all could be started. */
bool ex_start_uncontrolled(struct executor *ex, const cpu_set_t *allowed, pid_t *pids,
			   unsigned count);
/* The dead stay: until they are reaped the kernel tells what it has counted of them. */
void ex_kill_uncontrolled(const pid_t *pids, unsigned count);
void ex_reap_uncontrolled(const pid_t *pids, unsigned count);

#endif
