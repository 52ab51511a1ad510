/* SPDX-License-Identifier: Apache-2.0
 * Loads: which version they get, and how it is shown to the target, which reads memory itself. */
#define RT_TWICE_COMPILED
#include "straight.h"

/* An older version instead, if an event asks for one that there is. */
static __attribute__((noinline)) void go_back(struct span span, struct version *version, int order,
					      struct rt_deal *deal, unsigned *flags)
{
	struct cf_event *stale = rt_take(deal, CF_DO_STALE);
	struct version older;

	if (stale == NULL)
		return;
	if (model() >= CF_WEAK && order != SEQ_CST && !stale->slip && !(*flags & CF_STEP_FORWARD)) {
		older = rt_version_at(span, stale->arg);
		if (older.age > 0 && (older.value ^ version->value) & span.mask) {
			*flags |= CF_STEP_STALE | CF_STEP_EVENT;
			*version = older;
			return;
		}
	}
	rt_moot(stale);
}

RT_HOT struct version choose(struct span span, int order, struct rt_deal *deal, unsigned *flags)
{
	struct version version = newest_version(span), chosen;

	if (forward(span, &version.value))
		*flags |= CF_STEP_FORWARD;
	if (__builtin_expect(deal->count == 0, 1))
		return version;
	chosen = version;
	go_back(span, &chosen, order, deal, flags);
	return chosen;
}

/* At its point: the whole granule as this actor sees it. */
RT_HOT uint64_t load_here(uint64_t offset, size_t size, int order, unsigned flags, uint32_t site,
			  struct rt_deal *deal)
{
	struct span span = span_of(offset, size);
	struct version version;

	check_unseen(span.word, site);
	if (__builtin_expect(rt.me->promised, 0))
		rt_load_before_promise(span.word, acquires(order), site);
	version = choose(span, order, deal, &flags);
	if (RACING)
		look_for_race(span, version.time, order, flags, site);
	saw(span, version.time, order);
	version.value = perturbed(deal, span, version.value);
	feature(1, version.site, (uint64_t)site << 1 | (version.age > 0));
	step(CF_OP_LOAD, flags, site, size, offset, part(version.value, span), version.time);
	return version.value;
}

/* The target reads memory itself: what it is to see is laid there for that. */
static RT_SELDOM void show(uint64_t value, uint64_t offset, size_t size, uint32_t site)
{
	struct span span = span_of(offset, size);
	struct rt_own *own = rt.own;

	if (!((value ^ *memory(span.word)) & span.mask) || own->npending == RT_PENDING)
		return;
	*memory(span.word) = blend(*memory(span.word), value, span.mask);
	own->pending[own->npending++] = (struct rt_pending){
		.kind = RT_LOAD,
		.size = (uint32_t)size,
		.offset = offset,
		.site = site,
	};
}

RT_HOT uint64_t given(uint64_t value, unsigned flags, uint64_t offset, size_t size, uint32_t site)
{
	if (flags & FOR_MEMORY)
		show(value, offset, size, site);
	return value;
}

RT_HOT uint64_t load_at_point(uint64_t offset, size_t size, int order, unsigned flags,
			      uint32_t site, struct rt_deal *deal)
{
	if (order == SEQ_CST && model() >= CF_WEAK)
		rt_drain();
	return given(load_here(offset, size, order, flags, site, deal), flags, offset, size, site);
}

/* The same site has read the same there before, so the others get the token. If there are no news then that
 * was one more turn of a spin, and no point. */
uint64_t NAMED(rt_load_again)(uint64_t offset, size_t size, int order, unsigned flags,
			      uint32_t site)
{
	struct span span = span_of(offset, size);
	uint64_t before = part(newest(span), span);
	struct version version;
	struct rt_deal deal;

	order = ordered(order, CF_ACQUIRES, site);
	rt_let_spin(site);
	check_unseen(span.word, site);
	if (part(newest(span), span) != before) {
		rt_spin_turn(site, offset, part(newest(span), span)); /* remember them */
		point(site, rt_reads(span.word), &deal);
		return load_at_point(offset, size, order, flags, site, &deal);
	}
	version = newest_version(span);
	forward(span, &version.value);
	if (RACING && !is_plain(flags, site))
		rt_race_reads_from(version.time,
				   order); /* maybe news: what it saw before was stale */
	saw(span, version.time, order);
	return given(version.value, flags, offset, size, site);
}

/* Stores may be held back or promised, memory may have been written by others, or this point has events. */
uint64_t NAMED(rt_load_with_care)(uint64_t offset, size_t size, int order, unsigned flags,
				  uint32_t site)
{
	struct span span = span_of(offset, size);
	struct rt_deal deal;
	uint64_t granule;

	order = ordered(order, CF_ACQUIRES, site);
	check_unseen(span.word, site);
	if (seen_again(site, offset, part(newest(span), span)))
		return NAMED(rt_load_again)(offset, size, order, flags, site);
	point(site, rt_reads(span.word), &deal);
	check_unseen(span.word, site);
	if (deal.count > 0 || !is_straight(rt.me))
		return load_at_point(offset, size, order, flags, site, &deal);
	granule = *memory(span.word);
	load_newest(span, offset, part(granule, span), size, order, flags, site);
	return granule;
}

/* A part after the first, at the point of that. No event happens to it, but it can be perturbed, too. */
static RT_SELDOM uint64_t load_part(uint64_t offset, size_t size, unsigned flags, uint32_t site)
{
	struct rt_deal deal = { .count = 0 };

	for (uint32_t i = rt.me->first; i < rt.me->end && deal.count == 0; i++) {
		struct cf_event *event = &rt.control->plan.event[i];

		if (event->op == RT_DO_PERTURB && event->point == rt.me->points - 1)
			deal.event[deal.count++] = event;
	}
	return load_here(offset, size, PLAIN, flags, site, &deal);
}

/* The first part has the point of the access; with tearing each of the first ones has one. Nothing is shown
 * before the last of them: others may still go on. */
static RT_SELDOM void load_by_parts(uint64_t offset, size_t size, unsigned flags, uint32_t site)
{
	uint64_t value[RT_PARTS];
	uint64_t at = offset;
	size_t left = size, now;

	for (unsigned i = 0; i < RT_PARTS && left > 0; i++, at += now, left -= now) {
		now = within_granule(at, left);
		value[i] = i == 0 || has_option(CF_PLAN_TEARING) ? load(at, now, PLAIN, flags, site)
								 : load_part(at, now, flags, site);
	}
	for (unsigned i = 0; i < RT_PARTS && size > 0; i++, offset += now, size -= now) {
		now = within_granule(offset, size);
		show(value[i], offset, now, site);
	}
	for (; size > 0; offset += now, size -= now) {
		now = within_granule(offset, size);
		show(load_part(offset, now, flags, site), offset, now, site);
	}
}

void NAMED(rt_plain_load)(uintptr_t address, size_t size, unsigned flags, uint32_t site)
{
	uint64_t offset = address - CF_SEGMENT_ADDRESS;

	rt_announce(address, size);
	if (is_within_granule(offset, size) && size > 0) {
		load_by_hook(offset, size, flags, site);
		return;
	}
	if (rt.own->npending > 0)
		NAMED(rt_settle_before_load)();
	load_by_parts(offset, size, flags, site);
}

uint64_t NAMED(rt_load_part)(uint64_t offset, size_t size, int order, unsigned flags, uint32_t site)
{
	return part(load(offset, size, order, flags, site), span_of(offset, size));
}

uint64_t NAMED(rt_atomic_load)(uintptr_t address, size_t size, int order, uint32_t site)
{
	settle();
	return NAMED(rt_load_part)(address - CF_SEGMENT_ADDRESS, size, order, CF_STEP_ATOMIC, site);
}
