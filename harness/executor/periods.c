/* SPDX-License-Identifier: Apache-2.0
 *
 * Counts as perf sched timehist does: a period is told when it ends; wait is from the end of the one before to its
 * beginning; delay is from when it could go on, woken or pushed away, to its beginning.
 *
 * Of some switches nothing is told, to perf neither: there are tasks which the kernel takes to be telling of something
 * already, as long as they live, and whoever comes after one of them has come without a word.
 */
#include "scheduling.h"

/* Of an actor; 0 = not known, or not so. */
struct so_far {
	uint64_t left, ready, running;
	uint16_t cpu;
};

static int actor_of(const pid_t *pids, unsigned actors, pid_t pid)
{
	for (unsigned i = 0; pid > 0 && i < actors; i++)
		if (pids[i] == pid)
			return (int)i;
	return -1;
}

static void end_period(struct cf_scheduling *table, int actor, struct so_far *now, uint64_t time,
		       uint64_t began, char state)
{
	struct cf_scheduled *sum = &table->sum[actor];
	struct cf_period period = {
		.at = time - began,
		.wait = now->left > 0 ? now->running - now->left : 0,
		.delay = now->ready > 0 ? now->running - now->ready : 0,
		.run = time - now->running,
		.actor = (uint16_t)actor,
		.cpu = now->cpu,
		.state = state,
	};

	sum->periods++;
	sum->wait += period.wait;
	sum->delay += period.delay;
	sum->run += period.run;
	if (table->periods < CF_PERIODS)
		table->entry[table->periods++] = period;
	else
		table->more++;
}

static void leave(struct cf_scheduling *table, int actor, struct so_far *now,
		  const struct tp_event *event, uint64_t began)
{
	if (now->running > 0)
		end_period(table, actor, now, event->time, began, event->state);
	else if (now->left > 0 || now->ready > 0)
		table->lost++;
	*now = (struct so_far){
		.left = event->time,
		.ready = event->state == 'R' ? event->time : 0,
	};
}

void scheduling_fill(struct cf_scheduling *table, const pid_t *pids, unsigned actors,
		     const struct tp_event *events, size_t count, uint64_t began, uint64_t ended)
{
	struct so_far now[CF_MAX_ACTORS] = { { 0 } };
	int actor;

	for (const struct tp_event *event = events; event < events + count; event++) {
		actor = actor_of(pids, actors, event->from);
		if (actor >= 0)
			leave(table, actor, &now[actor], event, began);
		actor = actor_of(pids, actors, event->to);
		if (actor < 0)
			continue;
		if (!event->wakes) {
			table->lost += now[actor].running > 0;
			now[actor].running = event->time;
			now[actor].cpu = event->cpu;
		} else if (now[actor].ready == 0 && now[actor].running == 0) {
			now[actor].ready = event->time;
		}
	}
	for (unsigned i = 0; i < actors; i++)
		if (now[i].running > 0)
			end_period(table, (int)i, &now[i], ended, began, '\0');
}
