/* SPDX-License-Identifier: Apache-2.0
 *
 * The oracles. Some go by belief: whoever is taken for ended has ended, and all statuses are known when the
 * parent ends. The others look from outside: the watch when nobody can do anything any more, the executor
 * when the run is over.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reaper.h"

enum {
	REST_S = 5, /* nobody but a deadline can wake anybody */
	FOR_EVER_S = 60, /* longer than all deadlines */
};

static unsigned index_of(const struct child *c)
{
	return (unsigned)(c - the_ledger()->child);
}

void judge_counted(const struct child *c, int status)
{
	if (c->counted)
		cf_fail(CF_INVARIANT, "reaper.statuses", "two of child %u", index_of(c));
	if (!c->ended)
		cf_fail(CF_INVARIANT, "reaper.statuses", "child %u is taken for ended, but %s",
			index_of(c), WIFSTOPPED(status) ? "has stopped" : "is there");
	if (c->killed && c->heeds && cf_param(LAST) == LAST_HEEDS_TERM)
		cf_fail(CF_LOST_SIGNAL, "reaper.sigterm", "child %u had to be killed", index_of(c));
}

static void judge_statuses(void)
{
	const struct ledger *ledger = the_ledger();

	for (unsigned i = 0; i < ledger->born; i++)
		if (!ledger->child[i].counted)
			cf_fail(CF_INVARIANT, "reaper.statuses", "none of child %u of %u", i,
				ledger->born);
}

static void judge_zombies(const char *when)
{
	const struct ledger *ledger = the_ledger();

	for (unsigned i = 0; i < ledger->born; i++)
		if (state_of(ledger->child[i].pid) == 'Z')
			cf_fail(CF_ZOMBIE, "reaper.children", "child %u is one %s", i, when);
}

static bool is_any(const struct child *c)
{
	(void)c;
	return true;
}

static bool is_untold(const struct child *c)
{
	return !c->told;
}

static bool is_spared(const struct child *c)
{
	return !c->killed;
}

static unsigned alive(bool (*so)(const struct child *c))
{
	const struct ledger *ledger = the_ledger();
	unsigned count = 0;

	for (unsigned i = 0; i < ledger->born; i++)
		count += !ledger->child[i].ended && so(&ledger->child[i]);
	return count;
}

static void judge_rest(void)
{
	const struct ledger *ledger = the_ledger();

	judge_zombies("while its parent waits");
	if (alive(is_any) == 0 && ledger->for_a_signal)
		cf_fail(CF_LOST_SIGNAL, "reaper.wait",
			"there is no child any more, and its parent waits for the next SIGCHLD");
	if (ledger->asked && alive(is_untold) > 0)
		cf_fail(CF_LOST_SIGNAL, "reaper.wait",
			"SIGINT or SIGALRM has come, but %u of its children go on",
			alive(is_untold));
	if (ledger->graceless && alive(is_spared) > 0)
		cf_fail(CF_LOST_SIGNAL, "reaper.wait",
			"the grace is over, but %u of its children go on", alive(is_spared));
}

void watch(unsigned index)
{
	(void)index;
	sleep(REST_S);
	if (the_ledger()->over)
		return;
	judge_rest();
	sleep(FOR_EVER_S);
	if (the_ledger()->over)
		return;
	judge_rest();
	cf_fail(CF_HANG, "reaper.parent", "%u of its children are there, and it waits on",
		alive(is_any));
}

/* Of the parent's process, which is kept until the next run. */
void check(void)
{
	char path[48];
	FILE *list;
	int child;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", the_ledger()->parent,
		 the_ledger()->parent);
	list = fopen(path, "re");
	if (list == NULL)
		cf_broken("can't look for children of %d", the_ledger()->parent);
	if (fscanf(list, "%d", &child) != 1)
		child = 0;
	fclose(list);
	if (child != 0 && state_of(child) == 'Z')
		cf_fail(CF_ZOMBIE, "reaper.children", "one is left when its parent has ended");
	if (child != 0)
		cf_fail(CF_LEAK, "reaper.children", "one is left, in state %c", state_of(child));
	judge_statuses();
}
