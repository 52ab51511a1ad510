/* SPDX-License-Identifier: Apache-2.0
 *
 * The parent: bears its children, and waits until all have ended. If it is asked to end, or has waited for
 * too long, it tells them so, and kills whoever has not ended a grace later.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reaper.h"

volatile int asked_to_end, graceless;
static bool told;

/* ---- what signals ask for -------------------------------------------------------------------------- */

void on_interrupt(int signo)
{
	(void)signo;
	asked_to_end = 1;
}

static bool any_there(void)
{
	const struct ledger *ledger = the_ledger();

	for (unsigned i = 0; i < ledger->born; i++)
		if (!ledger->child[i].counted && kill(ledger->child[i].pid, 0) == 0)
			return true;
	return false;
}

void on_alarm(int signo)
{
	(void)signo;
	if (cf_variant() == REARMS) {
		alarm(GRACE_S);
		return;
	}
	if (cf_variant() == LOOPS) {
		kill_all();
		while (any_there())
			sleep(1);
	}
	if (told) {
		graceless = 1;
		the_ledger()->graceless = true;
	}
	asked_to_end = 1;
	the_ledger()->asked = true;
}

void tell_all(void)
{
	struct ledger *ledger = the_ledger();

	told = true;
	for (unsigned i = 0; i < ledger->born; i++) {
		if (ledger->child[i].counted)
			continue;
		kill(ledger->child[i].pid, SIGTERM);
		ledger->child[i].told = true;
	}
	announce(&the()->told, 1);
	if (cf_variant() != NO_KILL)
		alarm(GRACE_S);
}

void kill_all(void)
{
	struct ledger *ledger = the_ledger();

	if (cf_variant() == GIVES_UP)
		return;
	for (unsigned i = 0; i < ledger->born; i++)
		if (!ledger->child[i].counted)
			kill_for_good(&ledger->child[i]);
}

/* Whoever was killed is gone, or so it is thought. */
static void presume(void)
{
	struct ledger *ledger = the_ledger();
	int status;

	for (unsigned i = 0; i < ledger->born; i++) {
		struct child *c = &ledger->child[i];

		if (c->counted || !c->killed)
			continue;
		if (waitpid(c->pid, &status, WNOHANG) == c->pid)
			account(c->pid, status);
		else
			atomic_fetch_add(&the()->counted, 1);
	}
}

void act(void)
{
	if (asked_to_end && !told)
		tell_all();
	if (graceless)
		kill_all();
	if (graceless && cf_variant() == PRESUMES)
		presume();
}

/* ---- children -------------------------------------------------------------------------------------- */

/* No signal may come between the birth of a child and that it is known: it would not be told. */
void bear_all(void)
{
	sigset_t all, own;

	sigfillset(&all);
	for (unsigned i = 0; i < (unsigned)cf_param(CHILDREN); i++) {
		sigprocmask(SIG_SETMASK, &all, &own);
		if (!asked_to_end)
			bear(i);
		sigprocmask(SIG_SETMASK, &own, NULL);
		announce(&the()->born, i + 1);
	}
}

void account(pid_t pid, int status)
{
	struct ledger *ledger = the_ledger();

	atomic_fetch_add(&the()->counted,
			 1); /* before it is known whose it was: handlers may look */
	for (unsigned i = 0; i < ledger->born; i++)
		if (ledger->child[i].pid == pid) {
			judge_counted(&ledger->child[i], status);
			ledger->child[i].counted = true;
			return;
		}
	cf_fail(CF_INVARIANT, "reaper.statuses", "one of a process that is no child");
}

bool all_counted(void)
{
	return atomic_load(&the()->counted) >= the_ledger()->born;
}

void parent(unsigned index)
{
	(void)index;
	the_ledger()->parent = (pid_t)syscall(SYS_getpid);
	atomic_store(&the()->parent, getpid());
	the_way()->listen();
	announce(&the()->listens, 1);
	bear_all();
	the_way()->reap();
	alarm(0);
	the_ledger()->over = true;
	announce(&the()->told, 1);
	announce(&the()->gone, 1);
}
