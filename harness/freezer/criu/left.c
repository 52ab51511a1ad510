/* SPDX-License-Identifier: Apache-2.0
 *
 * Read from /proc, where the states of processes are letters: only those that are stopped (T), traced (t) or
 * dead (Z) tell something, whether one sleeps or runs does not.
 */
#include "left.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "keeper.h"

enum { MOST = 64, PATIENCE_MS = 1000 };

static struct person {
	int pid, tracer;
	char state;
} noted[MOST];
static int noted_count;

static int is_calm(char state)
{
	return state != 'T' && state != 't' && state != 'Z';
}

static struct person person_of(int pid)
{
	struct person p = { .pid = pid, .state = 'Z' };
	char path[32], line[128];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		sscanf(line, "State: %c", &p.state);
		sscanf(line, "TracerPid: %d", &p.tracer);
	}
	if (file != NULL)
		fclose(file);
	if (is_calm(p.state))
		p.state = 'S';
	return p;
}

static int count_people(struct person people[MOST])
{
	DIR *all = opendir("/proc");
	struct dirent *entry;
	int count = 0, status;

	keeper_reap(0, &status);
	while (all != NULL && (entry = readdir(all)) != NULL && count < MOST)
		if (atoi(entry->d_name) > 1)
			people[count++] = person_of(atoi(entry->d_name));
	if (all != NULL)
		closedir(all);
	return count;
}

void left_note(void)
{
	noted_count = count_people(noted);
}

static const struct person *find(const struct person *people, int count, int pid)
{
	for (int i = 0; i < count; i++)
		if (people[i].pid == pid)
			return &people[i];
	return NULL;
}

static int compare(char detail[96])
{
	static struct person now[MOST];
	int count = count_people(now);

	for (int i = 0; i < noted_count; i++) {
		const struct person *p = find(now, count, noted[i].pid);

		snprintf(detail, 96, "process %d was %c and is %c, traced by %d", noted[i].pid,
			 noted[i].state, p ? p->state : '-', p ? p->tracer : 0);
		if (p == NULL || (p->state == 'Z') != (noted[i].state == 'Z'))
			return -ECHILD;
		if (p->tracer != 0 || p->state != noted[i].state)
			return -EBUSY;
	}
	return 0;
}

/* What is under way must have its end: a kill, or a tracer's. */
static int patiently(int (*look)(char detail[96]), const char *stage)
{
	long end = keeper_now_ms() + PATIENCE_MS;
	char detail[96] = "";
	int ret;

	while ((ret = look(detail)) != 0 && keeper_now_ms() < end)
		keeper_await_child(KEEPER_LOOK_MS);
	return ret ? keeper_failed(stage, ret, detail) : 0;
}

static int count_nobody(char detail[96])
{
	static struct person now[MOST];
	int count = count_people(now);

	if (count == 0)
		return 0;
	snprintf(detail, 96, "%d are left, the first one is process %d, %c", count, now[0].pid,
		 now[0].state);
	return -ENOTEMPTY;
}

int left_as_noted(void)
{
	return patiently(compare, "left");
}

int left_nobody(void)
{
	return patiently(count_nobody, "left");
}
