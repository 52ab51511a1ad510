/* SPDX-License-Identifier: Apache-2.0
 *
 * Points, events and the token.
 *
 * Exactly one actor runs: the one whose `go` word was incremented last. It decides itself, at its
 * points, who comes next; the executor only starts a run and holds the deadline. The wait for the
 * token has no time-out (a timed futex wait does not survive a checkpoint).
 */
#include <linux/futex.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls.h"
#include "hot.h"

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
	own->news = 0;
	own->expire = NULL;
	rt.inside = NULL;
	own->on_failure = NULL;
	own->on_sent = NULL;
}

static void futex_wait(uint32_t *word, uint32_t value)
{
	syscall(SYS_futex, word, FUTEX_WAIT, value, NULL, NULL, 0);
}

static void futex_wake(uint32_t *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static struct cf_fired *fate_of(const struct cf_event *event)
{
	return &rt.control->result.fired[event - rt.control->plan.event];
}

/* ---- who may run ----------------------------------------------------------------------------- */

static RT_OFTEN struct rt_actor *next_eligible(unsigned from, bool itself)
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

/* Nobody can run: time passes until the first of the parked actors' deadlines. */
static struct rt_actor *next_timer(void)
{
	struct rt_shared *s = rt.shared;
	struct rt_actor *best = NULL;

	for (unsigned i = 0; i < s->actors; i++) {
		struct rt_actor *actor = &s->actor[i];

		if (actor->state == CF_ACTOR_PARKED && actor->deadline != RT_NEVER &&
		    (best == NULL || actor->deadline < best->deadline))
			best = actor;
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

/* ---- the end of a run ------------------------------------------------------------------------ */

static void record(enum cf_outcome outcome, enum cf_kind kind, uint32_t site_id, const char *site,
		   const char *detail)
{
	struct cf_result *result = &rt.control->result;

	if (result->outcome != CF_RUNNING || (rt.native && !rt_native_fails()))
		return;
	result->kind = kind;
	result->actor = rt.actor;
	result->site_id = site_id;
	if (outcome != CF_PASSED) { /* else both are empty already */
		snprintf(result->site, sizeof(result->site), "%s", site);
		snprintf(result->detail, sizeof(result->detail), "%s", detail);
	}
	result->outcome = outcome;
}

static RT_OFTEN void announce_end(void)
{
	rt_freeze_suspend();
	__atomic_store_n(&rt.shared->done, rt.shared->run, __ATOMIC_RELEASE);
	if (!rt.fibers)
		futex_wake(&rt.shared->done);
}

static void let_keep_promises(void);

void rt_finish(enum cf_outcome outcome, enum cf_kind kind, uint32_t site_id, const char *site,
	       const char *detail)
{
	void (*attach)(void) = rt.own->on_failure;

	record(outcome, kind, site_id, site, detail);
	rt.own->on_failure = NULL;
	if (attach != NULL && outcome == CF_VIOLATED)
		attach();
	if (!rt.running)
		siglongjmp(rt.restart, 1); /* the executor, guarded */
	let_keep_promises();
	announce_end();
	rt_next_run();
}

static const char *role_name(const struct rt_actor *actor)
{
	return rt.target->roles[actor->role].name;
}

static void describe_waits(char *text, size_t size)
{
	struct rt_shared *s = rt.shared;
	size_t at = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < s->actors && at < size; i++) {
		struct rt_actor *actor = &s->actor[i];
		bool many = rt.target->roles[actor->role].count != NULL;
		int length;

		if (actor->state == CF_ACTOR_ENDED)
			continue;
		if (actor->state == CF_ACTOR_PARKED && actor->park == RT_PARK_OBJECT)
			rt_name_object_wait(actor, actor->waits);
		length = snprintf(text + at, size - at, many ? "%s%s%u %s" : "%s%s%.0u %s",
				  at > 0 ? "; " : "", role_name(actor), actor->index,
				  actor->state == CF_ACTOR_PARKED ? actor->waits : "spins");
		at += (size_t)length;
	}
}

/* Nobody can ever run again: all have ended, or they wait for each other. */
static void conclude(void)
{
	struct rt_shared *s = rt.shared;
	const struct rt_actor *parked = NULL, *spinning = NULL;
	char site[CF_SITE_NAME], detail[CF_DETAIL];

	for (unsigned i = s->actors; i-- > 0;) {
		if (rt_never_began(&s->actor[i]))
			s->actor[i].state = CF_ACTOR_ENDED;
		if (s->actor[i].state == CF_ACTOR_PARKED)
			parked = &s->actor[i];
		if (s->actor[i].state == CF_ACTOR_SPINNING)
			spinning = &s->actor[i];
	}
	if (parked == NULL && spinning == NULL) {
		record(CF_PASSED, CF_NO_KIND, 0, "", "");
		return;
	}
	describe_waits(detail, sizeof(detail));
	snprintf(site, sizeof(site), "%s.%s", rt.target->name,
		 role_name(parked != NULL ? parked : spinning));
	record(CF_VIOLATED, parked != NULL ? CF_DEADLOCK : CF_HANG, 0, site, detail);
}

/* ---- the token ------------------------------------------------------------------------------- */

RT_HOT void give(struct rt_actor *actor)
{
	actor->state = CF_ACTOR_READY;
	rt.shared->token = (uint32_t)(actor - rt.shared->actor);
	if (rt.fibers)
		return;
	__atomic_store_n(&actor->go, actor->go + 1, __ATOMIC_RELEASE);
	futex_wake(&actor->go);
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
	give(to);
	if (rt.fibers) {
		rt_fiber_wait();
		return; /* a freeze needs a process */
	}
	await_token();
	if (freeze != NULL)
		rt_freeze_arm(freeze);
}

RT_HOT void hand_over(struct rt_actor *to)
{
	rt.shared->asked_for = 0;
	pass_token(to);
}

/* Whoever has made one, and not kept it yet, has the last word; who has failed never goes on. */
static void let_keep_promises(void)
{
	struct rt_actor *promised = rt.shared->promises > 0 ? rt_who_has_promised() : NULL;

	if (promised != NULL && rt.control->result.outcome == CF_VIOLATED)
		hand_over(promised);
}

/* Whoever goes on when this actor can't; NULL if nobody ever will. */
static RT_OFTEN struct rt_actor *successor(void)
{
	struct rt_actor *next = next_eligible(rt.actor, true);

	if (next == NULL)
		next = next_delayed();
	if (next == NULL)
		next = next_timer();
	if (next == NULL)
		next = next_spinner(rt.actor);
	return next;
}

/* This actor can't go on by itself: returns when it has the token again. */
RT_HOT void let_others(void)
{
	struct rt_actor *next = successor();

	rt.shared->turns++;
	if (next == NULL) {
		conclude();
		announce_end();
		rt_next_run();
	}
	if (next != rt.me) {
		hand_over(next);
		return;
	}
	if (next->not_before != 0)
		clear_delay(next);
	next->state = CF_ACTOR_READY;
}

void rt_yield(void)
{
	struct rt_actor *next = next_eligible(rt.actor, false);

	if (next != NULL)
		hand_over(next);
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
	let_others();
	me->park = RT_PARK_NONE;
	me->deadline = RT_NEVER;
	me->waits[0] = '\0';
	return !me->timed_out;
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
	rt_abandon_objects(rt.actor);
	next = successor();
	if (next == NULL) {
		conclude();
		announce_end();
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

/* ---- spins ----------------------------------------------------------------------------------- */

void rt_progress(void)
{
	progress();
}

void rt_let_spin(uint32_t site)
{
	struct rt_actor *me = rt.me;

	rt_drain();
	if (me->spin_change != rt.shared->change)
		me->idle_turns = 0;
	me->idle_turns++;
	me->spin_change = rt.shared->change;
	me->site = site;
	me->state = CF_ACTOR_SPINNING;
	let_others();
}

bool rt_look_again(uint32_t site, uint64_t address, uint64_t value)
{
	struct rt_own *own = rt.own;

	for (unsigned i = 0; i < own->nobserved; i++) {
		struct rt_observed *before = &own->observed[i];

		if (before->site != site || before->address != address)
			continue;
		if (before->value == value) {
			if (before->stamp == own->news)
				return true;
			before->stamp = own->news;
			return false;
		}
		progress();
		break;
	}
	observe(site, address, value);
	return false;
}

bool rt_spin_turn(uint32_t site, uint64_t address, uint64_t value)
{
	return spin_turn(site, address, value);
}

/* ---- points ---------------------------------------------------------------------------------- */

void rt_moot(struct cf_event *event)
{
	fate_of(event)->fate = CF_MOOT;
}

struct cf_event *rt_take(struct rt_deal *deal, enum cf_do op)
{
	for (unsigned i = 0; i < deal->count; i++) {
		if (deal->event[i]->op == op) {
			fate_of(deal->event[i])->fate = CF_FIRED;
			return deal->event[i];
		}
	}
	return NULL;
}

static void delay(struct cf_event *event)
{
	struct rt_shared *s = rt.shared;
	struct rt_actor *next = next_eligible(rt.actor, false);

	if (next == NULL || event->arg == 0)
		return;
	fate_of(event)->fate = CF_FIRED;
	rt.me->not_before = s->total + event->arg;
	if (rt.me->not_before < s->alarm)
		s->alarm = rt.me->not_before;
	hand_over(next);
}

static void switch_to(struct cf_event *event)
{
	struct rt_shared *s = rt.shared;
	struct rt_actor *to;

	if (event->arg >= s->actors || event->arg == rt.actor)
		return;
	to = &s->actor[event->arg];
	if (!eligible(to))
		return;
	fate_of(event)->fate = CF_FIRED;
	s->asked_for = 1;
	pass_token(to);
}

/* The events of a point that are done there, whatever operation follows. */
struct at_once {
	const struct cf_event *freeze, *early;
	uint64_t schedule; /* a bit for each event of the plan */
	struct cf_event *strike;
};

static void deal_event(struct cf_event *event, struct rt_deal *deal, struct at_once *at_once)
{
	switch ((enum cf_do)event->op) {
	case CF_DO_SWITCH:
	case CF_DO_DELAY:
		at_once->schedule |= 1ull << (event - rt.control->plan.event);
		break;
	case CF_DO_INFECT:
	case CF_DO_CHECKPOINT:
	case CF_DO_STOP:
		*(CF_WHERE(event) == CF_INSIDE ? &rt.inside : &at_once->freeze) = event;
		break;
	case CF_DO_SIGNAL:
	case CF_DO_KILL:
		at_once->strike = event;
		break;
	case CF_DO_EXPIRE:
		rt.own->expire = event;
		break;
	case CF_DO_EARLY:
		at_once->early = event;
		break;
	default:
		if (deal->count < RT_DEAL)
			deal->event[deal->count++] = event;
	}
}

static void deal_events(uint32_t site, uint32_t nth, struct rt_deal *deal, struct at_once *at_once)
{
	uint32_t point = rt.me->points - 1;

	for (uint32_t i = rt.me->first; i < rt.me->end; i++) {
		struct cf_event *event = &rt.control->plan.event[i];

		if (event->by_site ? event->site != site || event->nth != nth
				   : event->point != point)
			continue;
		*fate_of(event) = (struct cf_fired){
			.fate = CF_MOOT,
			.point = point,
			.site = site,
			.nth = nth,
		};
		deal_event(event, deal, at_once);
	}
}

/* Actors whose delay has run out come back at once: that is what the number of points is for. */
static void resume_delayed(void)
{
	struct rt_shared *s = rt.shared;

	for (unsigned i = 0; i < s->actors; i++) {
		struct rt_actor *actor = &s->actor[i];

		if (actor != rt.me && actor->not_before != 0 && actor->not_before <= s->total) {
			hand_over(actor);
			return;
		}
	}
}

static void reschedule(struct cf_event *event)
{
	if (event->op == CF_DO_SWITCH)
		switch_to(event);
	else
		delay(event);
}

/* A burst chooses as long as this actor is only the next one, and not the one that was chosen. */
static void choose(uint32_t site, uint32_t nth)
{
	struct cf_event *event;

	do {
		rt.shared->asked_for = 0;
		event = rt_choose(site, nth);
		if (event != NULL)
			switch_to(event);
	} while (event != NULL && !rt.shared->asked_for);
}

/* One event after the other: the next one is done when this actor has the token again. */
static void schedule(const struct at_once *at_once, uint32_t site, uint32_t nth)
{
	rt.shared->asked_for = 0;
	for (uint64_t left = at_once->schedule; left != 0; left &= left - 1)
		reschedule(&rt.control->plan.event[__builtin_ctzll(left)]);
	if (rt.shared->choices.way != RT_AS_PLANNED && !rt.shared->asked_for)
		choose(site, nth);
}

uint32_t rt_due(const struct rt_actor *actor)
{
	uint32_t due = UINT32_MAX;

	if (rt.shared->choices.way != RT_AS_PLANNED || actor->promised || actor->nheld > 0)
		return 0;
	for (uint32_t i = actor->first; i < actor->end; i++) {
		const struct cf_event *event = &rt.control->plan.event[i];

		if (event->by_site)
			return 0;
		if (event->point >= actor->points && event->point < due)
			due = event->point + 1;
	}
	return due;
}

/* What an event has left for the call at its point is forgotten at the next one. */
static void be_due(void)
{
	bool leaves = rt.inside != NULL || rt.own->expire != NULL;

	rt.me->due = leaves ? rt.me->points + 1 : rt_due(rt.me);
}

static _Noreturn void use_up_budget(uint32_t site)
{
	rt_finish(CF_VIOLATED, CF_HANG, site, "", "the budget of points is used up");
}

void rt_be_eventful(uint32_t site, uint32_t access, struct rt_deal *deal)
{
	struct rt_shared *s = rt.shared;
	uint32_t nth = rt.visits[site].count - 1;
	struct at_once at_once = { 0 };

	if (s->total > rt.control->plan.budget)
		use_up_budget(site);
	rt.inside = NULL;
	rt.own->expire = NULL;
	rt_expire_holds();
	deal_events(site, nth, deal, &at_once);
	if (rt.me->promised)
		rt_pass_promised_point();
	if (at_once.early != NULL && rt_early(at_once.early))
		fate_of(at_once.early)->fate = CF_FIRED;
	be_due();
	if (s->alone)
		return;
	if (s->choices.way != RT_AS_PLANNED)
		rt_come_to(access);
	if (s->total >= s->alarm)
		resume_delayed();
	schedule(&at_once, site, nth);
	if (at_once.strike != NULL)
		rt_strike(at_once.strike);
	if (at_once.freeze != NULL)
		rt_freeze_arm(at_once.freeze);
}

void rt_point(uint32_t site, struct rt_deal *deal)
{
	point(site, RT_NO_ACCESS, deal);
}
