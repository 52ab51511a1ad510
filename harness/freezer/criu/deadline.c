/* SPDX-License-Identifier: Apache-2.0 */
#include "deadline.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "keeper.h"

enum { LOOK_MS = 100, NS_PER_MS = 1000000 };

/* How long it could have run and had no processor; 0 if the kernel does not count that. */
static unsigned long delay_of(pid_t pid)
{
	unsigned long runs = 0, waits = 0;
	FILE *file = keeper_look_up(pid, "schedstat");

	if (file == NULL)
		return 0;
	if (fscanf(file, "%lu %lu", &runs, &waits) != 2)
		waits = 0;
	fclose(file);
	return waits / NS_PER_MS;
}

static unsigned long delay_of_all(void)
{
	DIR *all = opendir("/proc");
	struct dirent *entry;
	unsigned long sum = 0;

	while (all != NULL && (entry = readdir(all)) != NULL)
		if (atoi(entry->d_name) > 0)
			sum += delay_of(atoi(entry->d_name));
	if (all != NULL)
		closedir(all);
	return sum;
}

struct deadline deadline_in(long ms)
{
	long now = keeper_now_ms();

	return (struct deadline){
		.end = now + ms,
		.last = now + DEADLINE_TIMES * ms,
		.looked_at = now,
		.delay_ms = delay_of_all(),
	};
}

/* Several wait at the same time, so no more is given than has passed. What somebody has waited who ended meanwhile
 * is not: it may be over too early, never too late. */
static void look(struct deadline *p, long now)
{
	unsigned long delay_ms = delay_of_all();
	long more = (long)(delay_ms - p->delay_ms), passed = now - p->looked_at;

	if (more > 0)
		p->end += more < passed ? more : passed;
	p->delay_ms = delay_ms;
	p->looked_at = now;
}

int deadline_is_over(struct deadline *p)
{
	long now = keeper_now_ms();

	if (now - p->looked_at >= LOOK_MS)
		look(p, now);
	return now > p->end || now > p->last;
}
