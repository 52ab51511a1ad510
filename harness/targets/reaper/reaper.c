/* SPDX-License-Identifier: Apache-2.0
 *
 * reaper - stress-ng's parent that never ended: children zombies, itself stuck in wait4 or looping in its
 * SIGALRM handler, Ctrl-C without effect. It has real children, waits until they have ended, and ends them
 * after a while, or when it is asked to: by SIGTERM, and after a grace by SIGKILL.
 *
 * What comes from outside are actors: `children` says when each child stops, goes on and ends, `user` presses
 * Ctrl-C, `tracer` has a debugger at the second child. Each can come at any point of the parent's, and so can its
 * alarms.
 *
 * Oracle: nobody is left, as a zombie or alive, which somebody else looks for, not the parent; each status is
 * taken once, and of one that has ended; no signal is lost; the parent ends. The variants: variants.c.
 */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "reaper.h"

void announce(atomic_uint *word, unsigned value)
{
	atomic_store(word, value);
	syscall(SYS_futex, word, FUTEX_WAKE, 8, NULL, NULL, 0);
}

void await(atomic_uint *word, unsigned least)
{
	unsigned value;

	while ((value = atomic_load(word)) < least)
		syscall(SYS_futex, word, FUTEX_WAIT, value, NULL, NULL, 0);
}

/* The parent is let go on after whatever has happened, unless events say otherwise. */
static void end(struct child *c, bool is_last)
{
	if (is_last && cf_param(LAST) != LAST_ENDS) {
		await(&the()->told, 1);
		order(c, HEED);
	} else {
		order(c, END);
	}
	sched_yield();
}

static void children(unsigned index)
{
	(void)index;
	for (unsigned i = 0; i < (unsigned)cf_param(CHILDREN); i++) {
		struct child *c = &the_ledger()->child[i];

		await(&the()->born, i + 1);
		if (c->pid == 0)
			return; /* it was not born any more */
		if (i == 1 && cf_param(TRACED))
			await(&the()->traced, 1);
		if (i == 0 && cf_param(STOPS) && !c->held) {
			stop(c);
			sched_yield();
			go_on(c);
		}
		end(c, i + 1 == (unsigned)cf_param(CHILDREN));
	}
}

static void user(unsigned index)
{
	(void)index;
	await(&the()->listens, 1);
	the_ledger()->asked = true;
	kill(atomic_load(&the()->parent), SIGINT);
}

static const struct cf_role roles[] = {
	{ "parent", NULL, parent },     { "children", NULL, children },
	{ "user", "interrupts", user }, { "tracer", "traced", tracer },
	{ "watch", NULL, watch },       { 0 },
};

static const struct cf_param_spec params[] = {
	[CHILDREN] = { "children", 2, MAX_CHILDREN, 2, "that the parent has" },
	[LAST] = { "last", 0, 2, 0,
		   "the last child: 0 ends by itself, 1 when it is told to, 2 when it is killed" },
	[STOPS] = { "stops", 0, 1, 0, "1: the first child is stopped for a while" },
	[INTERRUPTS] = { "interrupts", 0, 1, 0, "1: Ctrl-C" },
	[LEAVES] = { "leaves", 0, 1, 0, "1: the first child makes a process group of its own" },
	[TRACED] = { "traced", 0, 1, 0, "1: somebody traces the second child" },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "reaper",
	.summary = "a parent that waits for its children, and ends them in the end",
	.shared_size = sizeof(struct shared),
	.flags = CF_CHILDREN_OBEY | CF_ALARMS,
	.roles = roles,
	.params = params,
	.variants = reaper_variants,
	.check = check,
};
