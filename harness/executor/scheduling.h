/* SPDX-License-Identifier: Apache-2.0
 *
 * scheduling.h - periods out of switches and wake-ups.
 */
#ifndef CRYOFUZZ_SCHEDULING_H
#define CRYOFUZZ_SCHEDULING_H

#include "control.h"
#include "tracepoints.h"

/* Fills entries and sums of the actors with these pids. A period begins and ends with a switch; one that is under way at
 * the end has no state. What came before the first switch is not known. */
void scheduling_fill(struct cf_scheduling *table, const pid_t *pids, unsigned actors,
		     const struct tp_event *events, size_t count, uint64_t began, uint64_t ended);

#endif
