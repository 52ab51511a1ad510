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

/* If nobody has moved for STILL_MS, who is left will neither go nor be let go. */
enum { MOST = 64, PATIENCE_MS = 1000, STILL_MS = 100, LOOK_MS = 5 };

/* A criu may sleep for a while, so that is no standstill yet. */
enum { STANDING_MS = 2500, GLANCE_MS = 100 };

static struct person {
	int pid, tracer, mappings;
	int runs; /* or could; so it may yet end */
	char state;
	unsigned long switches; /* of its processor */
} noted[MOST];
static int noted_count;

static int is_calm(char state)
{
	return state != 'T' && state != 't' && state != 'Z';
}

static int count_mappings(int pid)
{
	FILE *file = keeper_look_up(pid, "maps");
	int c, count = 0;

	while (file != NULL && (c = getc(file)) != EOF)
		count += c == '\n';
	if (file != NULL)
		fclose(file);
	return count;
}

static struct person person_of(int pid)
{
	struct person p = { .pid = pid, .state = 'Z' };
	FILE *file = keeper_look_up(pid, "status");
	unsigned long number;
	char line[128];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		sscanf(line, "State: %c", &p.state);
		sscanf(line, "TracerPid: %d", &p.tracer);
		if (sscanf(line, "voluntary_ctxt_switches: %lu", &number) == 1 ||
		    sscanf(line, "nonvoluntary_ctxt_switches: %lu", &number) == 1)
			p.switches += number;
	}
	if (file != NULL)
		fclose(file);
	p.runs = p.state == 'R' || p.state == 'D';
	if (is_calm(p.state))
		p.state = 'S';
	return p;
}

static int count_people(struct person people[MOST])
{
	DIR *all = opendir("/proc");
	struct dirent *entry;
	int count = 0;

	while (all != NULL && (entry = readdir(all)) != NULL && count < MOST)
		if (atoi(entry->d_name) > 1)
			people[count++] = person_of(atoi(entry->d_name));
	if (all != NULL)
		closedir(all);
	return count;
}

void left_note(void)
{
	int status;

	keeper_reap(0, &status);
	noted_count = count_people(noted);
	for (int i = 0; i < noted_count; i++)
		noted[i].mappings = count_mappings(noted[i].pid);
}

static const struct person *find(const struct person *people, int count, int pid)
{
	for (int i = 0; i < count; i++)
		if (people[i].pid == pid)
			return &people[i];
	return NULL;
}

/* Looks at the same people again and again. */
struct scene {
	struct person people[MOST];
	int count;
	unsigned long switches; /* of all of them */
	int runs; /* one of them does */
	long still_since; /* nobody has moved */
	char detail[96];
};

static void see(struct scene *s)
{
	unsigned long switches = s->switches;
	int count = s->count;

	s->count = count_people(s->people);
	s->switches = 0;
	s->runs = 0;
	for (int i = 0; i < s->count; i++) {
		s->switches += s->people[i].switches;
		s->runs |= s->people[i].runs;
	}
	if (s->runs || s->switches != switches || s->count != count)
		s->still_since = keeper_now_ms();
}

static int compare_mappings(struct scene *s)
{
	for (int i = 0; i < noted_count; i++) {
		const int more = count_mappings(noted[i].pid) - noted[i].mappings;

		snprintf(s->detail, sizeof(s->detail), "process %d had %d mappings and has %d more",
			 noted[i].pid, noted[i].mappings, more);
		if (more > 0)
			return -EEXIST;
	}
	return 0;
}

static int compare(struct scene *s)
{
	for (int i = 0; i < noted_count; i++) {
		const struct person *p = find(s->people, s->count, noted[i].pid);

		snprintf(s->detail, sizeof(s->detail), "process %d was %c and is %c, traced by %d",
			 noted[i].pid, noted[i].state, p ? p->state : '-', p ? p->tracer : 0);
		if (p == NULL || (p->state == 'Z') != (noted[i].state == 'Z'))
			return -ECHILD;
		if (p->tracer != 0 || p->state != noted[i].state)
			return -EBUSY;
	}
	return compare_mappings(s);
}

static int count_nobody(struct scene *s)
{
	if (s->count == 0)
		return 0;
	snprintf(s->detail, sizeof(s->detail), "%d are left, the first one is process %d, %c",
		 s->count, s->people[0].pid, s->people[0].state);
	return -ENOTEMPTY;
}

int left_standing(long since)
{
	static struct scene scene;
	static long begun, looked_at;
	long now = keeper_now_ms();

	if (begun != since)
		scene = (struct scene){ .still_since = since };
	if (begun == since && now - looked_at < GLANCE_MS)
		return 0;
	begun = since;
	looked_at = now;
	see(&scene);
	return now - scene.still_since > STANDING_MS;
}

/* What is under way must have its end: a kill, or a tracer's. Who is dead stays so. */
static int patiently(int (*judge)(struct scene *s))
{
	static struct scene scene;
	long now, begin = keeper_now_ms();
	int ret, status;

	for (scene = (struct scene){ .still_since = begin };; keeper_await_child(LOOK_MS)) {
		keeper_reap(0, &status);
		see(&scene);
		ret = judge(&scene);
		if (!ret)
			return 0;
		now = keeper_now_ms();
		if (ret == -ECHILD || now - scene.still_since > STILL_MS ||
		    now - begin > PATIENCE_MS)
			return keeper_failed("left", ret, scene.detail);
	}
}

int left_as_noted(void)
{
	return patiently(compare);
}

int left_nobody(void)
{
	return patiently(count_nobody);
}
