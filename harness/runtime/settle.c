/* SPDX-License-Identifier: Apache-2.0
 * Settles the access that the target has made after its last hook. */
#define RT_TWICE_COMPILED
#include "memory.h"

RT_HOT void settle_part(const struct rt_pending *p, uint64_t offset, size_t size)
{
	struct span span = span_of(offset, size);
	uint64_t value = *memory(span.word), shadow = rt.shared->shadow[span.word];

	if (!p->late || ((value ^ shadow) & span.mask)) {
		*memory(span.word) = blend(value, shadow, span.mask);
		about_to_store(span, !(p->flags & CF_STEP_VOLATILE),
			       p->flags & CF_STEP_VOLATILE ? RT_RELEASES_FENCED
							   : RT_RELEASES_NOTHING,
			       p->site);
		put(span, value, p->site, p->hold);
	}
	step(CF_OP_STORE, p->flags | (p->hold ? CF_STEP_HELD : 0), p->site, size, offset,
	     part(value, span), rt.shared->now);
}

static void settle_load(uint64_t offset, size_t size)
{
	struct span span = span_of(offset, size);

	*memory(span.word) = blend(*memory(span.word), rt.shared->shadow[span.word], span.mask);
}

/* Others may come between the parts: then memory has to be as it was before the store, whose bytes are
 * already there. */
static void settle_torn(const struct rt_pending *p)
{
	uint64_t value[RT_PARTS], offset = p->offset;
	size_t left = p->size, now;
	struct rt_deal deal;

	for (unsigned i = 0; left > 0; i++, offset += now, left -= now) {
		now = within_granule(offset, left);
		value[i] = *memory((uint32_t)(offset >> 3));
		settle_load(offset, now);
	}
	offset = p->offset;
	left = p->size;
	for (unsigned i = 0; left > 0; i++, offset += now, left -= now) {
		struct span span;

		now = within_granule(offset, left);
		span = span_of(offset, now);
		if (i > 0)
			point(p->site, rt_writes(span.word), &deal);
		*memory(span.word) = blend(*memory(span.word), value[i], span.mask);
		settle_part(p, offset, now);
	}
}

static __attribute__((noinline)) void settle_by_parts(const struct rt_pending *p)
{
	uint64_t offset = p->offset;
	size_t left = p->size;

	if (has_option(CF_PLAN_TEARING) && !p->late && left > 0 && left <= RT_PARTS * 8 - 7) {
		settle_torn(p);
		return;
	}
	while (left > 0) {
		size_t size = within_granule(offset, left);

		settle_part(p, offset, size);
		offset += size;
		left -= size;
	}
}

RT_HOT void settle_store(const struct rt_pending *p)
{
	if (__builtin_expect(within_granule(p->offset, p->size) == p->size && p->size > 0, 1))
		settle_part(p, p->offset, p->size);
	else
		settle_by_parts(p);
}

static RT_SELDOM void settle_all(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (rt.own->pending[i].kind == RT_STORE)
			settle_store(&rt.own->pending[i]);
		else
			settle_load(rt.own->pending[i].offset, rt.own->pending[i].size);
	}
}

RT_HOT void settle_straight(const struct rt_pending *p)
{
	struct span span = { .word = (uint32_t)(p->offset >> 3),
			     .shift = (uint32_t)(p->offset & 7) * 8,
			     .mask = p->straight };
	uint64_t value = *memory(span.word);

	about_to_store(span, !(p->flags & CF_STEP_VOLATILE),
		       p->flags & CF_STEP_VOLATILE ? RT_RELEASES_FENCED : RT_RELEASES_NOTHING,
		       p->site);
	commit(span.word, span.mask, value, p->site, false);
	step(CF_OP_STORE, p->flags, p->site, p->size, p->offset, part(value, span), rt.shared->now);
}

void NAMED(rt_settle)(void)
{
	struct rt_own *own = rt.own;
	unsigned count = own->npending;

	own->npending = 0;
	if (__builtin_expect(count == 1 && own->pending[0].straight, 1))
		settle_straight(&own->pending[0]);
	else
		settle_all(count);
}

static bool is_same(struct span span)
{
	return !((*memory(span.word) ^ rt.shared->shadow[span.word]) & span.mask);
}

static bool unchanged(const struct rt_pending *p)
{
	uint64_t offset = p->offset;
	size_t left = p->size;

	if (p->straight)
		return is_same(
			(struct span){ .word = (uint32_t)(offset >> 3), .mask = p->straight });
	while (left > 0) {
		size_t size = within_granule(offset, left);

		if (!is_same(span_of(offset, size)))
			return false;
		offset += size;
		left -= size;
	}
	return true;
}

/* What an early store is about to store is there already. */
static bool keeps_promise(void)
{
	return rt.me->promised && rt.shared->promise[rt.me->promised - 1].state == RT_PROMISE_OPEN;
}

/* The compiler announces the copy of a struct as a write, then a read, then copies: a store that
 * has changed nothing yet may be one, and waits for the hook after this read. */
void NAMED(rt_settle_before_load)(void)
{
	struct rt_pending *p = &rt.own->pending[0];

	if (rt.own->npending == 1 && p->kind == RT_STORE && !p->late && !keeps_promise() &&
	    unchanged(p)) {
		p->late = 1;
		p->straight = 0;
	} else {
		settle();
	}
}
