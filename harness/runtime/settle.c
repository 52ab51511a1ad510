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

static __attribute__((noinline)) void settle_by_parts(const struct rt_pending *p)
{
	uint64_t offset = p->offset;
	size_t left = p->size;

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

static void settle_load(const struct rt_pending *p)
{
	struct span span = span_of(p->offset, p->size);

	*memory(span.word) = blend(*memory(span.word), rt.shared->shadow[span.word], span.mask);
}

void NAMED(rt_settle)(void)
{
	unsigned count = rt.own->npending;

	rt.own->npending = 0;
	for (unsigned i = 0; i < count; i++) {
		if (rt.own->pending[i].kind == RT_STORE)
			settle_store(&rt.own->pending[i]);
		else
			settle_load(&rt.own->pending[i]);
	}
}

static bool unchanged(const struct rt_pending *p)
{
	uint64_t offset = p->offset;
	size_t left = p->size;

	while (left > 0) {
		size_t size = within_granule(offset, left);
		struct span span = span_of(offset, size);

		if ((*memory(span.word) ^ rt.shared->shadow[span.word]) & span.mask)
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
	    unchanged(p))
		p->late = 1;
	else
		settle();
}
