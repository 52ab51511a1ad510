/* SPDX-License-Identifier: Apache-2.0
 * Stores. */
#include "memory.h"

uint32_t rt_until_of(struct rt_deal *deal, bool allowed)
{
	struct cf_event *event = deal->count > 0 ? rt_take(deal, CF_DO_HOLD) : NULL;

	if (event == NULL)
		return 0;
	if (!allowed || model() == CF_SC) {
		rt_moot(event);
		return 0;
	}
	return rt.me->points - 1 + (event->arg > 0 ? event->arg : 1);
}

void rt_plain_store(uintptr_t address, size_t size, unsigned flags, uint32_t site)
{
	uint64_t offset = address - CF_SEGMENT_ADDRESS;
	struct rt_deal deal;

	rt_announce(address, size);
	settle();
	progress();
	point(site, rt_writes((uint32_t)(offset >> 3)), &deal);
	for (uint32_t word = (uint32_t)(offset >> 3); word * 8ull < offset + size; word++)
		check_unseen(word, site);
	rt.own->pending[rt.own->npending++] = (struct rt_pending){
		.kind = RT_STORE,
		.size = (uint32_t)size,
		.offset = offset,
		.site = site,
		.hold = rt_until_of(&deal, true),
		.flags = flags,
	};
}

void rt_atomic_store(uintptr_t address, size_t size, uint64_t value, int order, uint32_t site)
{
	uint64_t offset = address - CF_SEGMENT_ADDRESS;
	struct span span = span_of(offset, size);
	unsigned flags = CF_STEP_ATOMIC;
	struct rt_deal deal;
	uint32_t until;

	settle();
	progress();
	point(site, rt_writes(span.word), &deal);
	until = rt_until_of(&deal, order != SEQ_CST);
	check_unseen(span.word, site);
	if (order == SEQ_CST || (releases(order) && model() >= CF_WEAK))
		rt_drain();
	put(span, value << span.shift, site, until);
	if (order == SEQ_CST)
		rt.me->floor = rt.shared->now;
	if (until)
		flags |= CF_STEP_HELD | CF_STEP_EVENT;
	step(CF_OP_STORE, flags, site, size, offset, value, rt.shared->now);
}
