/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs that nobody controls: each actor is a process on a processor of its own, hooks do nothing, and the
 * machine decides. All begin at the same time, but for some turns of an empty loop. After a run its actors
 * meet; whoever comes last judges it, counts its outcome, and lays the segment back for the next one.
 */
#include <limits.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "rt.h"
#include "seen.h"

enum {
	SHIFTS = 10, /* at most so many bits of turns */
	PATIENT_TURNS = 2000, /* who waits longer than that sleeps */
};

bool rt_native_fails(void)
{
	return __atomic_exchange_n(&rt.shared->native.failed, 1, __ATOMIC_ACQ_REL) == 0;
}

static uint64_t draw(uint64_t *random)
{
	uint64_t z = *random += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	return z ^ z >> 31;
}

/* Mostly a few turns, seldom many. */
static void shift(uint64_t *random)
{
	uint64_t drawn = draw(random);
	unsigned turns = (unsigned)(drawn >> 8) & ((1u << drawn % SHIFTS) - 1);

	for (volatile unsigned i = 0; i < turns; i++)
		;
}

/* ---- between two runs: by whoever came last --------------------------------------------------------- */

static void call(void (*function)(void))
{
	if (function != NULL && sigsetjmp(rt.restart, 0) == 0)
		function();
}

static void judge(void)
{
	struct cf_result *result = &rt.control->result;

	if (result->outcome == CF_RUNNING)
		call(rt.target->check);
	if (result->outcome == CF_RUNNING)
		result->outcome = CF_PASSED;
	if (result->outcome == CF_PASSED || result->outcome == CF_VIOLATED)
		seen_count(&rt.control->outcomes, result);
	else
		rt.shared->native.over = 1;
}

static void lay_back(struct rt_native *n)
{
	struct rt_shared *s = rt.shared;
	struct cf_result *result = &rt.control->result;

	memset(s->item, 0, s->items);
	if (s->ledger_used)
		memset(rt.control->ledger, 0, sizeof(rt.control->ledger));
	s->items = 0;
	memcpy((void *)CF_SEGMENT_ADDRESS, n->initial, (rt.target->shared_size + 7) / 8 * 8);
	result->outcome = CF_RUNNING;
	result->kind = CF_NO_KIND;
	result->site_id = result->listed = 0;
	result->facts = 0;
	result->site[0] = result->detail[0] = result->outcome_text[0] = '\0';
	n->failed = 0;
	if (n->by_init)
		call(rt.target->init);
}

static void finish(struct rt_native *n)
{
	unsigned actor = rt.actor;

	rt_become(rt.shared->actors);
	judge();
	if (--n->left == 0 || n->enough)
		n->over = 1;
	if (!n->over)
		lay_back(n);
	rt_become(actor);
	n->arrived = 0;
	__atomic_store_n(&n->turn, n->turn + 1, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&n->asleep, __ATOMIC_SEQ_CST) > 0)
		syscall(SYS_futex, &n->turn, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

static void meet(struct rt_native *n)
{
	uint32_t turn = __atomic_load_n(&n->turn, __ATOMIC_ACQUIRE);

	if (__atomic_add_fetch(&n->arrived, 1, __ATOMIC_ACQ_REL) == rt.shared->actors) {
		finish(n);
		return;
	}
	for (unsigned i = 0; i < PATIENT_TURNS; i++)
		if (__atomic_load_n(&n->turn, __ATOMIC_ACQUIRE) != turn)
			return;
	__atomic_add_fetch(&n->asleep, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&n->turn, __ATOMIC_SEQ_CST) == turn)
		syscall(SYS_futex, &n->turn, FUTEX_WAIT, turn, NULL, NULL, 0);
	__atomic_sub_fetch(&n->asleep, 1, __ATOMIC_SEQ_CST);
}

static void play_once(void)
{
	const struct cf_role *role = &rt.target->roles[rt.me->role];

	if (sigsetjmp(rt.restart, 0) == 0)
		role->run(rt.me->index);
	if (!(rt.target->flags & CF_KEEPS_DATA))
		rt_reset_data();
}

void rt_play_natively(unsigned actor)
{
	struct rt_native *n = &rt.shared->native;
	uint64_t random = n->seed + (uint64_t)n->turn * CF_MAX_ACTORS + actor;

	rt_become(actor);
	rt_take_desk();
	rt_reset_own(rt.own);
	rt_set_running(false);
	rt.native = true;
	rt_catch_crashes();
	while (!n->over) {
		shift(&random);
		play_once();
		meet(n);
	}
	_exit(0);
}
