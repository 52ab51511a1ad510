/* SPDX-License-Identifier: Apache-2.0
 *
 * straight.h - the accesses that go straight, as nearly all do: of an actor that holds no store back and has
 * promised none, at a point with nothing else to it. They are inlined into the hooks, where size and kind are
 * constants. What else there is to an access lies in loads.c and stores.c.
 */
#ifndef CRYOFUZZ_STRAIGHT_H
#define CRYOFUZZ_STRAIGHT_H

#include "memory.h"

/* Among the flags of a load: the target reads memory itself, so what it is to get has to lie there. */
enum { FOR_MEMORY = 0x100 };

/* loads.c */
#define RT_LOADS(name)                                                                             \
	RT_TWICE(uint64_t, name,                                                                   \
		 (uint64_t offset, size_t size, int order, unsigned flags, uint32_t site), offset, \
		 size, order, flags, site)
RT_LOADS(rt_load_again)
RT_LOADS(rt_load_with_care)
/* stores.c: at its point */
RT_TWICE(void, rt_store_with_care, (uint64_t offset, size_t size, unsigned flags, uint32_t site),
	 offset, size, flags, site)

/* Whoever holds stores back or has promised one has something to do at each point. */
RT_HOT bool goes_straight(uint32_t word)
{
	return __builtin_expect(*memory(word) == rt.shared->shadow[word] && !will_be_eventful(), 1);
}

/* What a load of the newest version comes to, which is the value in memory. */
RT_HOT void load_newest(struct span span, uint64_t offset, uint64_t value, size_t size, int order,
			unsigned flags, uint32_t site)
{
	struct origin origin = origin_of(span);

	if (RACING) {
		if (order == SEQ_CST && model() >= CF_WEAK)
			rt_drain(); /* of nothing; but a release */
		look_for_race(span, origin.time, order, flags, site);
	}
	saw(span, origin.time, order);
	feature(1, origin.site, (uint64_t)site << 1);
	step(CF_OP_LOAD, flags, site, size, offset, value, origin.time);
}

/* A load of part of a granule: the whole of it as this actor sees it. */
RT_HOT uint64_t load(uint64_t offset, size_t size, int order, unsigned flags, uint32_t site)
{
	struct span span = span_of(offset, size);
	uint64_t granule = rt.shared->shadow[span.word];

	if (!goes_straight(span.word))
		return NAMED(rt_load_with_care)(offset, size, order, flags, site);
	if (__builtin_expect(seen_again(site, offset, part(granule, span)), 0))
		return NAMED(rt_load_again)(offset, size, order, flags, site);
	count_point(site);
	load_newest(span, offset, part(granule, span), size, order, flags, site);
	return granule;
}

/* A plain one; size > 0. */
RT_HOT void load_by_hook(uint64_t offset, size_t size, unsigned flags, uint32_t site)
{
	if (__builtin_expect(rt.own->npending > 0, 0))
		NAMED(rt_settle_before_load)();
	load(offset, size, PLAIN, flags | FOR_MEMORY, site);
}

/* An atomic one. */
RT_HOT uint64_t atomic_load(uint64_t offset, size_t size, int order, uint32_t site)
{
	settle();
	return part(load(offset, size, order, CF_STEP_ATOMIC, site), span_of(offset, size));
}

/* ---- stores ------------------------------------------------------------------------------------ */

/* The target makes it itself, after its hook has returned. */
RT_HOT void store_later(uint64_t offset, size_t size, unsigned flags, uint32_t site,
			uint64_t straight, uint32_t hold)
{
	rt.own->pending[rt.own->npending++] = (struct rt_pending){
		.kind = RT_STORE,
		.size = (uint32_t)size,
		.offset = offset,
		.straight = straight,
		.site = site,
		.hold = hold,
		.flags = flags,
	};
}

/* A plain one of part of a granule. */
RT_HOT void store_by_hook(uint64_t offset, size_t size, unsigned flags, uint32_t site)
{
	struct span span = span_of(offset, size);

	settle();
	progress();
	if (!goes_straight(span.word)) {
		NAMED(rt_store_with_care)(offset, size, flags, site);
		return;
	}
	count_point(site);
	store_later(offset, size, flags, site, span.mask, 0);
}

#endif
