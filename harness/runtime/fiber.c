/* SPDX-License-Identifier: Apache-2.0
 *
 * The fiber carrier: the actors of a run are contexts in the executor's process, each with a stack,
 * and with static data and thread-local storage of its own (data.c). The token is handed over by a
 * switch of stacks. What can't be had without a process of one's own ends the run as one that needs
 * it; whoever crashes or loops is left where it is, for good, and only the run is lost.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>

#include "calls.h"
#include "machine.h"

enum {
	STACK_SIZE = 256 << 10,
	GUARD_SIZE = 65536, /* of the largest page that a machine has */
	TICK_MS = 20,
	CALLER_WORDS = 16, /* of the stack, searched for a return address */
};
#define STACKS_ADDRESS 0x218000000000ull /* always the same: see heap.c */

static RT_KEPT struct {
	void *left; /* where its stack was left */
	int error; /* its errno */
} fiber[CF_MAX_ACTORS];
static RT_KEPT void *host; /* where play() was left */

/* ---- stacks and switches ----------------------------------------------------------------------- */

static char *top_of_stack(unsigned actor)
{
	return (char *)STACKS_ADDRESS + (actor + 1ul) * (GUARD_SIZE + STACK_SIZE);
}

static void map_stacks(void)
{
	size_t size = CF_MAX_ACTORS * (GUARD_SIZE + STACK_SIZE);
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;

	if (mmap((void *)STACKS_ADDRESS, size, PROT_NONE, flags, -1, 0) == MAP_FAILED)
		abort();
	for (unsigned i = 0; i < CF_MAX_ACTORS; i++)
		if (mprotect(top_of_stack(i) - STACK_SIZE, STACK_SIZE, PROT_READ | PROT_WRITE) < 0)
			abort();
}

void rt_fiber_wait(void)
{
	unsigned from = rt.actor, to = rt.shared->token;

	if (rt.shared->done == rt.shared->run)
		rt_machine_switch(&fiber[from].left, host); /* nobody ever comes back */
	rt_become(to);
	rt_swap_data(from, to);
	fiber[from].error = errno;
	errno = fiber[to].error;
	rt_machine_switch(&fiber[from].left, fiber[to].left);
}

static void run_role(void)
{
	rt.target->roles[rt.me->role].run(rt.me->index);
	rt_end_actor();
}

/* ---- whoever does not come back ---------------------------------------------------------------- */

/* In a signal handler: this run is over. */
void rt_fiber_abandon(void *context)
{
	rt.shared->done = rt.shared->run;
	machine_divert(context, host);
}

/* Where in the target the interrupted code is; often it is in a hook of ours, a few calls deep. */
static uint64_t place_of(const void *context)
{
	const uintptr_t *stack = (const uintptr_t *)machine_sp(context);
	const uintptr_t *end = (const uintptr_t *)top_of_stack(rt.actor);
	uintptr_t pc = machine_pc(context) + 1;

	if (rt_site((const void *)pc) == 0)
		pc = machine_link(context);
	for (unsigned i = 0; rt_site((const void *)pc) == 0; i++) {
		if (i == CALLER_WORDS || stack + i >= end)
			return 0;
		pc = stack[i];
	}
	return pc - 1 - rt.base;
}

static void hang(void *context)
{
	struct cf_result *result = &rt.control->result;

	if (result->outcome == CF_RUNNING) {
		result->pc = place_of(context);
		result->kind = CF_HANG;
		result->actor = rt.actor;
		/* The last point, not the place: a loop of many lines must have one name. */
		result->site_id = rt.me->site;
		snprintf(result->detail, sizeof(result->detail), RT_LOOP_DETAIL, RT_LOOP_CPU_MS);
		result->outcome = CF_VIOLATED;
	}
	rt_fiber_abandon(context);
}

/* After so much more of CPU time; the same run without any progress at several looks is a loop. */
static void look(int signo, siginfo_t *info, void *context)
{
	static RT_KEPT uint32_t run, progress;
	static RT_KEPT unsigned looks;
	const struct rt_shared *s = rt.shared;
	uint32_t now = s->total + s->turns + s->steps;

	(void)signo;
	(void)info;
	if (!rt.fibers || run != s->run || progress != now) {
		run = s->run;
		progress = now;
		looks = 0;
	} else if (++looks * TICK_MS >= RT_LOOP_CPU_MS) {
		looks = 0;
		hang(context);
	}
}

static void watch(void)
{
	const struct sigaction action = { .sa_sigaction = look,
					  .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART };
	const struct timeval tick = { .tv_usec = TICK_MS * 1000 };

	sigaction(SIGPROF, &action, NULL);
	if (setitimer(ITIMER_PROF, &(struct itimerval){ tick, tick }, NULL) < 0)
		abort();
}

void rt_needs_process(const char *function)
{
	static const char wrap[] = "__wrap_";
	const char *call = strncmp(function, wrap, sizeof(wrap) - 1) == 0
				   ? function + sizeof(wrap) - 1
				   : function;
	char detail[128];

	rt.needs_process = true;
	snprintf(detail, sizeof(detail), "the target calls %s, which needs a process of its own",
		 call);
	rt_finish(CF_UNSUPPORTED, CF_NO_KIND, 0, "", detail);
}

/* ---- a run ------------------------------------------------------------------------------------- */

static void prepare(void)
{
	static RT_KEPT bool prepared;

	if (prepared)
		return;
	prepared = true;
	map_stacks();
	rt_give_desks();
	rt_catch_crashes();
	watch();
}

void rt_play_fibers(void)
{
	prepare();
	rt_begin_data();
	rt_reset_descriptors();
	for (unsigned i = 0; i < rt.shared->actors; i++) {
		rt_become(i);
		rt_reset_own(rt.own);
		rt_reset_frames();
		fiber[i].left = machine_stack_for(top_of_stack(i), run_role);
		fiber[i].error = 0;
	}
	errno = 0;
	rt.run = rt.shared->run;
	rt.needs_process = false;
	rt.shared->token = 0;
	rt_become(0);
	rt.fibers = true;
	rt_set_running(true);
	rt_machine_switch(&host, fiber[0].left);
	rt.fibers = false;
	rt_set_running(false);
}
