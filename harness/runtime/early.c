/* SPDX-License-Identifier: Apache-2.0
 *
 * Early stores: one that commits before earlier loads of its own actor. What it stores is known only
 * once the actor gets there, so a run that asks for one is made twice. In the first, the actor runs alone
 * from the event on until its store, which is noted as a promise; that ends the run. In the second the
 * promise is committed at the event, and must be kept: by that very store, and with nothing in between
 * that CPUs keep in order with it (an acquire, a fence, a read-modify-write, a call, an access to the
 * same granule). A run that breaks a promise never was: it is made again without the event (the
 * executor's promises.c, which also finds out whether the store depended on a load).
 *
 * A run that fails while promises are open ends once they are kept: whoever made one goes on alone.
 */
#include "memory.h"

static struct rt_promise *find(uint32_t point)
{
	struct rt_shared *s = rt.shared;

	for (uint32_t i = 0; i < s->promises; i++)
		if (s->promise[i].actor == rt.actor && s->promise[i].point == point)
			return &s->promise[i];
	return NULL;
}

static struct rt_promise *add(uint32_t point, uint32_t until)
{
	struct rt_promise *p;

	if (rt.shared->promises == RT_PROMISES)
		return NULL;
	p = &rt.shared->promise[rt.shared->promises++];
	*p = (struct rt_promise){ .actor = rt.actor, .point = point, .until = until };
	return p;
}

static struct rt_promise *mine(void)
{
	return &rt.shared->promise[rt.me->promised - 1];
}

static struct span span_of_promise(const struct rt_promise *p)
{
	return (struct span){ .word = p->word, .mask = p->mask };
}

static void make(struct rt_promise *p)
{
	struct span span = span_of_promise(p);

	p->state = RT_PROMISE_OPEN;
	p->path = 0;
	rt_commit_overlapping(span);
	check_unseen(p->word, p->site);
	rt.own->release = RT_RELEASES_FENCED; /* at most: what it will be is not known */
	commit(p->word, p->mask, p->value, p->site, false);
	step(CF_OP_COMMIT, CF_STEP_EVENT, p->site, 8, (uint64_t)p->word * 8, p->value & p->mask,
	     rt.shared->now);
}

bool rt_early(const struct cf_event *event)
{
	uint32_t point = rt.me->points - 1;
	struct rt_promise *p;

	if (model() < CF_WEAK_EARLY || event->slip || rt.me->promised || rt.shared->alone ||
	    event->arg == 0)
		return false;
	p = find(point);
	if (p == NULL)
		p = add(point, point + event->arg);
	if (p == NULL || p->state == RT_PROMISE_REFUSED)
		return false;
	rt.me->promised = 1 + (uint32_t)(p - rt.shared->promise);
	if (p->state == RT_PROMISE_KNOWN) {
		make(p);
		return true;
	}
	p->state = RT_PROMISE_SOUGHT;
	rt.shared->alone = 1;
	return false;
}

/* This run is none that is judged. */
static _Noreturn void give_up(void)
{
	rt.shared->void_run = 1;
	rt_finish(CF_BROKEN, CF_NO_KIND, 0, "", "a store that was to be early");
}

void rt_break_promise(void)
{
	struct rt_promise *p = mine();

	rt.me->promised = 0;
	p->state = RT_PROMISE_REFUSED;
	give_up();
}

void rt_break_all_promises(void)
{
	struct rt_shared *s = rt.shared;
	bool any = false;

	for (unsigned i = 0; i < s->actors; i++) {
		struct rt_actor *actor = &s->actor[i];

		if (!actor->promised)
			continue;
		s->promise[actor->promised - 1].state = RT_PROMISE_REFUSED;
		actor->promised = 0;
		any = true;
	}
	if (any)
		give_up();
}

void rt_pass_promised_point(void)
{
	if (rt.me->points - 1 > mine()->until)
		rt_break_promise();
}

void rt_load_before_promise(uint32_t word, bool in_order, uint32_t site)
{
	const struct rt_promise *p = mine();

	if (in_order || (p->state == RT_PROMISE_OPEN && p->word == word))
		rt_break_promise();
	feature(7, site, p->site);
}

/* With others' promises open, or just kept, in a run that has failed. */
static void end_of_run(void)
{
	if (rt.control->result.outcome != CF_RUNNING)
		rt_finish(CF_PASSED, CF_NO_KIND, 0, "", "");
}

bool rt_store_promised(struct span span, uint64_t value, uint32_t site, bool held)
{
	struct rt_promise *p = mine();

	if (rt.me->points - 1 != p->until) {
		if (p->state == RT_PROMISE_OPEN && p->word == span.word)
			rt_break_promise();
		return false;
	}
	if (held)
		rt_break_promise();
	if (p->state == RT_PROMISE_SOUGHT) {
		p->word = span.word;
		p->mask = span.mask;
		p->value = value & span.mask;
		p->site = site;
		p->state = RT_PROMISE_KNOWN;
		rt.me->promised = 0;
		give_up();
	}
	if (p->word != span.word || p->mask != span.mask || p->value != (value & span.mask))
		rt_break_promise();
	p->state = RT_PROMISE_KEPT;
	rt.me->promised = 0;
	end_of_run();
	return true;
}

struct rt_actor *rt_who_has_promised(void)
{
	struct rt_shared *s = rt.shared;

	if (rt.me->promised) { /* it never gets to its store now */
		mine()->state = RT_PROMISE_REFUSED;
		rt.me->promised = 0;
		s->void_run = 1;
	}
	for (unsigned i = 0; i < s->actors; i++) {
		if (s->actor[i].promised && s->actor[i].state == CF_ACTOR_READY) {
			s->alone = 1;
			return &s->actor[i];
		}
	}
	return NULL;
}

void rt_note_path(uint64_t block)
{
	if (rt.me->promised)
		mine()->path = mix(mine()->path, block);
}
