/* SPDX-License-Identifier: Apache-2.0
 *
 * tracepoints.h - when a few processes were woken, got a processor and left it, as the kernel's
 * tracepoints sched_switch and sched_wakeup tell it (perf_event_open(2)), on all processors.
 */
#ifndef CRYOFUZZ_TRACEPOINTS_H
#define CRYOFUZZ_TRACEPOINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { TP_CPUS = 256, TP_KINDS = 3 };

struct tp_event {
	uint64_t time; /* ns of CLOCK_MONOTONIC */
	pid_t from; /* who left the processor; 0 of a wake-up */
	pid_t to; /* who got it, or is woken */
	uint16_t cpu;
	bool wakes;
	char state; /* in which it left, as in struct cf_period */
};

struct tracepoints {
	uint64_t began; /* ns of CLOCK_MONOTONIC, before anything was told */
	unsigned cpus;
	struct tp_ring {
		int fd[TP_KINDS];
		void *map;
	} ring[TP_CPUS];
};

/* Whether pids are what the kernel means by them where it speaks to the whole machine. */
bool tp_in_initial_namespace(void);
/* 0, or -1 and why not; then there is nothing to close. */
int tp_open(struct tracepoints *t, const pid_t *pids, unsigned count, char *why, size_t size);
/* Ends it. Returns what was told, in the order of time, to be freed; NULL if there is no memory for it. `lost` are
 * events that the kernel had no room for. */
struct tp_event *tp_close(struct tracepoints *t, size_t *count, uint32_t *lost);

#endif
