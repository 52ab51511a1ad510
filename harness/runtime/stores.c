/* SPDX-License-Identifier: Apache-2.0
 * Stores. */
#define RT_TWICE_COMPILED
#include "straight.h"

void NAMED(rt_store_with_care)(uint64_t offset, size_t size, unsigned flags, uint32_t site)
{
	struct rt_deal deal;
	uint64_t straight;
	uint32_t until;

	point(site, rt_writes((uint32_t)(offset >> 3)), &deal);
	if (releases(ordered(PLAIN, CF_RELEASES, site)) && model() >= CF_WEAK)
		rt_drain();
	until = rt_until_of(&deal, true);
	for (uint32_t word = (uint32_t)(offset >> 3); word * 8ull < offset + size; word++)
		check_unseen(word, site);
	straight = until == 0 && is_straight(rt.me) && is_within_granule(offset, size) && size > 0
			   ? span_of(offset, size).mask
			   : 0;
	store_later(offset, size, flags, site, straight, until);
}

void NAMED(rt_plain_store)(uintptr_t address, size_t size, unsigned flags, uint32_t site)
{
	uint64_t offset = address - CF_SEGMENT_ADDRESS;

	rt_announce(address, size);
	settle();
	progress();
	NAMED(rt_store_with_care)(offset, size, flags, site);
}

static __attribute__((noinline)) void
atomic_store_with_care(uint64_t offset, size_t size, uint64_t value, int order, uint32_t site)
{
	struct span span = span_of(offset, size);
	unsigned flags = CF_STEP_ATOMIC;
	struct rt_deal deal;
	uint32_t until;

	order = ordered(order, CF_RELEASES, site);
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

void NAMED(rt_atomic_store)(uintptr_t address, size_t size, uint64_t value, int order,
			    uint32_t site)
{
	uint64_t offset = address - CF_SEGMENT_ADDRESS;
	struct span span = span_of(offset, size);

	settle();
	progress();
	if (!goes_straight(span.word)) {
		atomic_store_with_care(offset, size, value, order, site);
		return;
	}
	count_point(site);
	if (RACING && (order == SEQ_CST || (releases(order) && model() >= CF_WEAK)))
		rt_drain(); /* of nothing; but a release */
	about_to_store(span, false, releases(order) ? RT_RELEASES_ALL : RT_RELEASES_FENCED, site);
	commit(span.word, span.mask, value << span.shift, site, false);
	if (order == SEQ_CST)
		rt.me->floor = rt.shared->now;
	step(CF_OP_STORE, CF_STEP_ATOMIC, site, size, offset, value, rt.shared->now);
}
