/* SPDX-License-Identifier: Apache-2.0
 *
 * The token: who may run, and how it gets there.
 *
 * Exactly one actor runs: the one whose `go` word was incremented last. It decides itself, at its
 * points, who comes next; the executor only starts a run and holds the deadline. The wait for the
 * token has no time-out (a timed futex wait does not survive a checkpoint).
 */
#include <stdio.h>
#include <string.h>

#include "calls.h"
#include "schedule.h"

static RT_KEPT struct rt_own own[CF_MAX_ACTORS + 1];
RT_KEPT struct rt_self rt = { .own = &own[CF_MAX_ACTORS] };

void rt_become(unsigned actor)
{
	rt.actor = actor;
	rt.me = &rt.shared->actor[actor];
	rt.own = &own[actor];
	rt.visits = rt.shared->visit[actor];
}

void rt_reset_own(struct rt_own *own)
{
	own->npending = 0;
	own->nobserved = own->looked = 0;
	own->expire = NULL;
	own->catches = false;
	rt.inside = NULL;
	own->on_failure = NULL;
	own->on_sent = NULL;
}

static void futex_wait(uint32_t *word, uint32_t value)
{
	syscall(SYS_futex, word, FUTEX_WAIT, value, NULL, NULL, 0);
}

/* ---- who may run ----------------------------------------------------------------------------- */

struct rt_actor *rt_next_eligible(unsigned from, bool itself)
{
	struct rt_shared *s = rt.shared;
	unsigned last = itself ? s->actors : s->actors - 1;

	for (unsigned i = 1; i <= last; i++) {
		unsigned at = from + i < s->actors ? from + i : from + i - s->actors;

		if (eligible(&s->actor[at]))
			return &s->actor[at];
	}
	return NULL;
}

/* Of the actors whose delay has not run out, the one that is nearest to it. */
static struct rt_actor *next_delayed(void)
{
	struct rt_shared *s = rt.shared;
	struct rt_actor *best = NULL;

	for (unsigned i = 0; i < s->actors; i++) {
		struct rt_actor *actor = &s->actor[i];

		if (actor->state == CF_ACTOR_READY && actor->not_before != 0 &&
		    (best == NULL || actor->not_before < best->not_before))
			best = actor;
	}
	return best;
}

static struct rt_actor *next_deadline(void)
{
	struct rt_shared *s = rt.shared;
	struct rt_actor *best = NULL;

	for (unsigned i = 0; i < s->actors; i++) {
		struct rt_actor *actor = &s->actor[i];

		if (actor->state == CF_ACTOR_PARKED && actor->deadline != RT_NEVER &&
		    (best == NULL || actor->deadline < best->deadline))
			best = actor;
	}
	return best;
}

/* Nobody can run: time passes until the first of the parked actors' deadlines, or an alarm. */
static struct rt_actor *next_timer(void)
{
	struct rt_shared *s = rt.shared;
	struct rt_actor *best = next_deadline(), *alarmed = rt_next_alarm();

	if (alarmed != NULL && (best == NULL || alarmed->alarm < best->deadline)) {
		rt_ring(alarmed);
		alarmed->rung = 1;
		return alarmed;
	}
	if (best != NULL) {
		if (best->deadline > s->clock)
			s->clock = best->deadline;
		best->timed_out = 1;
		best->state = CF_ACTOR_READY;
	}
	return best;
}

/* A loop that reads the same values again may still end by itself: it gets some more turns. */
static struct rt_actor *next_spinner(unsigned from)
{
	struct rt_shared *s = rt.shared;

	for (unsigned i = 0; i < s->actors; i++) {
		struct rt_actor *actor = &s->actor[(from + i) % s->actors];

		if (actor->state == CF_ACTOR_SPINNING && actor->idle_turns < RT_IDLE_TURNS)
			return actor;
	}
	return NULL;
}

/* ---- the token ------------------------------------------------------------------------------- */

RT_HOT void give(struct rt_actor *actor)
{
	actor->state = CF_ACTOR_READY;
	rt.shared->token = (uint32_t)(actor - rt.shared->actor);
	if (rt.shared->choices.way != RT_AS_PLANNED)
		actor->due = 0;
	if (rt.fibers)
		return;
	__atomic_store_n(&actor->go, actor->go + 1, __ATOMIC_RELEASE);
	wake(&actor->go);
}

/* Waits for the token; does not return if a new run has begun meanwhile. */
static void await_token(void)
{
	for (;;) {
		uint32_t go = __atomic_load_n(&rt.me->go, __ATOMIC_ACQUIRE);

		if (go != rt.go) {
			rt.go = go;
			break;
		}
		futex_wait(&rt.me->go, go);
	}
	if (rt.shared->run != rt.run)
		siglongjmp(rt.restart, 1);
	if (__builtin_expect(rt.me->rung, 0))
		rt_tell_alarm();
	if (__builtin_expect(rt.me->deaf, 0) && rt.me->park == RT_PARK_NONE)
		rt_listen();
}

void rt_next_run(void)
{
	if (rt.fibers)
		rt_fiber_wait(); /* for ever */
	rt_set_running(false);
	for (;;)
		await_token();
}

RT_HOT void trace_switch(const struct rt_actor *to)
{
	struct rt_shared *s = rt.shared;

	s->switches++;
	step(CF_OP_SWITCH, 0, rt.me->site, 0, 0, (uint64_t)(to - s->actor), 0);
	feature(4, rt.me->site, to->site);
}

static void clear_delay(struct rt_actor *actor)
{
	struct rt_shared *s = rt.shared;

	actor->not_before = 0;
	s->alarm = rt_over_budget(&rt.control->plan);
	for (unsigned i = 0; i < s->actors; i++) {
		uint32_t when = s->actor[i].not_before;

		if (when != 0 && when < s->alarm)
			s->alarm = when;
	}
}

RT_HOT void pass_token(struct rt_actor *to)
{
	const struct cf_event *freeze = rt_freeze_suspend();

	if (to->not_before != 0)
		clear_delay(to);
	trace_switch(to);
	if (__builtin_expect(rt.own->catches, 0))
		rt_deafen(); /* before anybody else can send it a signal */
	give(to);
	if (rt.fibers) {
		rt_fiber_wait();
		return; /* a freeze needs a process */
	}
	await_token();
	if (freeze != NULL)
		rt_freeze_arm(freeze);
}

void rt_hand_over(struct rt_actor *to)
{
	rt.shared->asked_for = 0;
	pass_token(to);
}

void rt_hand_over_as_asked(struct rt_actor *to)
{
	rt.shared->asked_for = 1;
	pass_token(to);
}

/* Whoever goes on when this actor can't; NULL if nobody ever will. */
static RT_OFTEN struct rt_actor *successor(void)
{
	struct rt_actor *next = rt_next_eligible(rt.actor, true);

	if (next == NULL)
		next = next_delayed();
	if (next == NULL)
		next = next_timer();
	if (next == NULL)
		next = next_spinner(rt.actor);
	return next;
}

void rt_let_others(void)
{
	struct rt_actor *next = successor();

	rt.shared->turns++;
	if (next == NULL) {
		rt_conclude();
		rt_next_run();
	}
	if (next != rt.me) {
		rt_hand_over(next);
		return;
	}
	if (next->not_before != 0)
		clear_delay(next);
	next->state = CF_ACTOR_READY;
	if (next->rung)
		rt_tell_alarm();
}

void rt_yield(void)
{
	struct rt_actor *next = rt_next_eligible(rt.actor, false);

	if (next != NULL)
		rt_hand_over(next);
}

/* Whatever else could happen before that: a machine may be as slow as it likes. */
static bool expire(uint64_t deadline)
{
	fate_of(rt.own->expire)->fate = CF_FIRED;
	rt.own->expire = NULL;
	if (rt.shared->clock < deadline)
		rt.shared->clock = deadline;
	return false;
}

bool rt_park(enum rt_park kind, uint64_t address, uint64_t deadline, const char *waits)
{
	struct rt_actor *me = rt.me;
	bool in_time;

	rt_flush_frames();
	if (rt.own->expire != NULL && deadline != RT_NEVER)
		return expire(deadline);
	snprintf(me->waits, sizeof(me->waits), "%s", waits);
	me->park = kind;
	me->park_change = rt.shared->ipc;
	me->futex_address = address;
	me->deadline = deadline;
	me->timed_out = 0;
	me->state = CF_ACTOR_PARKED;
	rt_let_others();
	me->park = RT_PARK_NONE;
	me->deadline = RT_NEVER;
	me->waits[0] = '\0';
	in_time = !me->timed_out;
	rt_listen();
	return in_time;
}

void rt_unpark(struct rt_actor *actor)
{
	actor->state = CF_ACTOR_READY;
}

/* The actor has ended: whoever comes next gets the token, or the run is over. */
static RT_OFTEN void pass_on(void)
{
	struct rt_actor *next;

	rt.me->state = CF_ACTOR_ENDED;
	rt.me->ended_at = rt.shared->now;
	if (rt.own->catches)
		rt_deafen(); /* the dead have no handlers */
	rt_abandon_objects(rt.actor);
	next = successor();
	if (next == NULL) {
		rt_conclude();
		return;
	}
	rt_freeze_suspend();
	rt.shared->asked_for = 0;
	if (next->not_before != 0)
		clear_delay(next);
	trace_switch(next);
	give(next);
}

void rt_end_actor(void)
{
	struct rt_deal deal;

	rt.pc = NULL; /* it never returns to the target's code */
	settle();
	rt_point(rt.me->site, &deal); /* held stores outlive the last access, up to here */
	rt_drain();
	rt_flush_frames();
	for (unsigned i = 0; i < CF_MAX_CHANNELS; i++)
		if (rt.own->channel_fd[i] >= 0)
			rt_fd_close(rt.own->channel_fd[i]); /* as the end of a process would */
	rt_channel_changed();
	step(CF_OP_END, 0, rt.me->site, 0, 0, 0, 0);
	pass_on();
	rt_next_run();
}

/* In the executor: an actor's process has ended by itself while it had the token. */
void rt_actor_gone(unsigned actor)
{
	rt_become(actor);
	rt_channel_changed(); /* the kernel has closed its ends */
	pass_on();
}

/* In the executor: the run begins with the first actor. */
void rt_start(void)
{
	give(&rt.shared->actor[0]);
}
