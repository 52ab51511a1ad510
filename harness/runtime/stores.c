/* SPDX-License-Identifier: Apache-2.0
 * Stores. */
#define RT_TWICE_COMPILED
#include "memory.h"

/* The target makes it itself, after its hook has returned. */
RT_HOT void store_later(uint64_t offset, size_t size, unsigned flags, uint32_t site, uint32_t hold)
{
	for (uint32_t word = (uint32_t)(offset >> 3); word * 8ull < offset + size; word++)
		check_unseen(word, site);
	rt.own->pending[rt.own->npending++] = (struct rt_pending){
		.kind = RT_STORE,
		.size = (uint32_t)size,
		.offset = offset,
		.site = site,
		.hold = hold,
		.flags = flags,
	};
}

static RT_SELDOM void store_eventfully(uint64_t offset, size_t size, unsigned flags, uint32_t site)
{
	struct rt_deal deal = { .count = 0 };

	rt_be_eventful(site, rt_writes((uint32_t)(offset >> 3)), &deal);
	if (releases(ordered(PLAIN, CF_RELEASES, site)) && model() >= CF_WEAK)
		rt_drain();
	store_later(offset, size, flags, site, rt_until_of(&deal, true));
}

void NAMED(rt_plain_store)(uintptr_t address, size_t size, unsigned flags, uint32_t site)
{
	uint64_t offset = address - CF_SEGMENT_ADDRESS;

	rt_announce(address, size);
	settle();
	progress();
	if (__builtin_expect(come_to_point(site), 0))
		store_eventfully(offset, size, flags, site);
	else
		store_later(offset, size, flags, site, 0);
}

void NAMED(rt_atomic_store)(uintptr_t address, size_t size, uint64_t value, int order,
			    uint32_t site)
{
	uint64_t offset = address - CF_SEGMENT_ADDRESS;
	struct span span = span_of(offset, size);
	unsigned flags = CF_STEP_ATOMIC;
	struct rt_deal deal;
	uint32_t until;

	order = ordered(order, CF_RELEASES, site);
	settle();
	progress();
	point(site, rt_writes(span.word), &deal);
	until = rt_until_of(&deal, order != SEQ_CST);
	check_unseen(span.word, site);
	if (order == SEQ_CST || (releases(order) && model() >= CF_WEAK))
		rt_drain();
	about_to_store(span, false, releases(order) ? RT_RELEASES_ALL : RT_RELEASES_FENCED, site);
	put(span, value << span.shift, site, until);
	if (order == SEQ_CST)
		rt.me->floor = rt.shared->now;
	if (until)
		flags |= CF_STEP_HELD | CF_STEP_EVENT;
	step(CF_OP_STORE, flags, site, size, offset, value, rt.shared->now);
}
