/* SPDX-License-Identifier: Apache-2.0
 *
 * What the kernel's scheduler did to the actors in a run: from its tracepoints, or where they can't be had, what
 * it counts for each process anyway (/proc/PID/schedstat, Documentation/scheduler/sched-stats). Not part of a run:
 * no verdict and no hash knows of it.
 */
#include "scheduling.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "executor.h"

/* Around one run. */
static struct {
	bool on;
	struct tracepoints tracepoints;
	pid_t pid[CF_MAX_ACTORS];
	unsigned actors;
	struct cf_scheduled before[CF_MAX_ACTORS];
} around;

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* ---- schedstat -------------------------------------------------------------------------------------- */

static bool read_schedstat(pid_t pid, struct cf_scheduled *sum)
{
	unsigned long long run, delay;
	char text[128];

	ex_read_proc(pid, "schedstat", text, sizeof(text));
	if (sscanf(text, "%llu %llu %u", &run, &delay, &sum->periods) != 3)
		return false;
	sum->run = run;
	sum->delay = delay;
	return true;
}

static void begin_schedstat(struct cf_scheduling *table)
{
	table->source = CF_SCHEDULING_SCHEDSTAT;
	for (unsigned i = 0; i < around.actors; i++)
		if (!read_schedstat(around.pid[i], &around.before[i]))
			table->source = CF_SCHEDULING_NONE; /* a kernel without CONFIG_SCHED_INFO */
}

/* An actor that is gone has taken its numbers with it. */
static void end_schedstat(struct cf_scheduling *table)
{
	size_t said = strlen(table->why);
	unsigned gone = 0;

	for (unsigned i = 0; i < around.actors; i++) {
		struct cf_scheduled *sum = &table->sum[i];
		const struct cf_scheduled *before = &around.before[i];

		if (!read_schedstat(around.pid[i], sum)) {
			gone++;
			continue;
		}
		sum->run -= before->run;
		sum->delay -= before->delay;
		sum->periods -= before->periods;
	}
	if (gone < around.actors)
		return;
	table->source = CF_SCHEDULING_NONE;
	snprintf(table->why + said, sizeof(table->why) - said, "; who is gone has no schedstat");
}

/* ---- around a run ----------------------------------------------------------------------------------- */

void ex_begin_scheduling(struct executor *ex, const pid_t *pids)
{
	struct cf_scheduling *table = &ex->control->scheduling;

	around.on = (ex->control->plan.flags & CF_PLAN_SCHEDULING) != 0;
	if (!around.on)
		return;
	memset(table, 0, sizeof(*table));
	around.actors = ex->shared->actors;
	for (unsigned i = 0; i < around.actors; i++)
		table->sum[i].pid = (uint32_t)(around.pid[i] = pids[i]);
	if (tp_open(&around.tracepoints, pids, around.actors, table->why, sizeof(table->why)) == 0)
		table->source = CF_SCHEDULING_TRACEPOINTS;
	else
		begin_schedstat(table);
}

static void end_tracepoints(struct cf_scheduling *table)
{
	uint64_t ended = now_ns();
	struct tp_event *events;
	size_t count;

	events = tp_close(&around.tracepoints, &count, &table->lost);
	if (events == NULL) {
		table->source = CF_SCHEDULING_NONE;
		snprintf(table->why, sizeof(table->why), "there is no memory for it");
		return;
	}
	scheduling_fill(table, around.pid, around.actors, events, count, around.tracepoints.began,
			ended);
	free(events);
}

void ex_end_scheduling(struct executor *ex)
{
	struct cf_scheduling *table = &ex->control->scheduling;

	if (!around.on)
		return;
	around.on = false;
	if (table->source == CF_SCHEDULING_TRACEPOINTS)
		end_tracepoints(table);
	else if (table->source == CF_SCHEDULING_SCHEDSTAT)
		end_schedstat(table);
}
