/* SPDX-License-Identifier: Apache-2.0
 * Read-modify-write operations. */
#define RT_TWICE_COMPILED
#include "straight.h"

RT_APPLY(uint64_t)

static RT_OFTEN uint64_t current(struct span span, uint32_t site)
{
	if (rt.me->promised)
		rt_break_promise();
	check_unseen(span.word, site);
	return part(newest(span), span);
}

/* Nothing that it holds back stands before it. */
RT_HOT void modify(struct span span, uint64_t old, uint64_t value, int order, uint32_t site)
{
	if (RACING)
		rt_race_reads_from(origin_of(span).time, order);
	saw(span, origin_of(span).time, order);
	about_to_store(span, false,
		       RT_GOES_ON | (releases(order) ? RT_RELEASES_ALL : RT_RELEASES_FENCED), site);
	commit(span.word, span.mask, value << span.shift, site, false);
	rt.me->lastload = rt.shared->now;
	if (acquires(order))
		rt.me->floor = rt.shared->now;
	feature(2, site, old == part(value << span.shift, span));
}

static RT_OFTEN void modify_with_care(struct span span, uint64_t old, uint64_t value, int order,
				      uint32_t site)
{
	if (model() == CF_X86 || releases(order))
		rt_drain();
	else
		rt_commit_overlapping(span);
	modify(span, old, value, order, site);
}

static __attribute__((noinline)) uint64_t rmw_with_care(uint64_t offset, size_t size,
							enum rt_rmw op, uint64_t operand, int order,
							uint32_t site)
{
	struct span span = span_of(offset, size);
	uint64_t ones = span.mask >> span.shift, old, value;
	struct rt_deal deal;

	order = ordered(order, CF_ACQUIRES | CF_RELEASES, site);
	old = current(span, site);
	if ((apply(op, old, operand) & ones) != old)
		progress();
	else if (spin_turn(site, offset, old) && current(span, site) == old)
		return old; /* it would have changed nothing */
	point(site, rt_writes(span.word), &deal);
	old = current(span, site);
	value = apply(op, old, operand) & ones;
	modify_with_care(span, old, value, order, site);
	step(CF_OP_RMW, CF_STEP_ATOMIC, site, size, offset, value, old);
	return part(perturbed(&deal, span, old << span.shift), span);
}

uint64_t NAMED(rt_rmw)(uintptr_t address, size_t size, enum rt_rmw op, uint64_t operand, int order,
		       uint32_t site)
{
	uint64_t offset = address - CF_SEGMENT_ADDRESS;
	struct span span = span_of(offset, size);
	uint64_t ones = span.mask >> span.shift, old, value;

	settle();
	old = part(rt.shared->shadow[span.word], span);
	value = apply(op, old, operand) & ones;
	/* What changes nothing may be a spin. */
	if (value == old || !goes_straight(span.word))
		return rmw_with_care(offset, size, op, operand, order, site);
	progress();
	count_point(site);
	if (RACING && (model() == CF_X86 || releases(order)))
		rt_drain(); /* of nothing; but a release */
	modify(span, old, value, order, site);
	step(CF_OP_RMW, CF_STEP_ATOMIC, site, size, offset, value, old);
	return old;
}

bool NAMED(rt_cas)(uintptr_t address, size_t size, uint64_t *expected, uint64_t desired, int order,
		   int failure, bool weak, uint32_t site)
{
	uint64_t offset = address - CF_SEGMENT_ADDRESS;
	struct span span = span_of(offset, size);
	uint64_t old;
	struct rt_deal deal;
	bool spurious;

	order = ordered(order, CF_ACQUIRES | CF_RELEASES, site);
	failure = ordered(failure, CF_ACQUIRES, site);
	settle();
	old = current(span, site);
	if (old == *expected) {
		progress();
	} else if (spin_turn(site, offset, old) && current(span, site) == old) {
		*expected = old;
		return false;
	}
	point(site, rt_writes(span.word), &deal);
	old = current(span, site);
	spurious = rt_fails_for_nothing(&deal, weak);
	if (old != *expected || spurious) {
		saw(span, origin_of(span).time, failure);
		if (RACING) {
			rt_race_access(span, false, false, site);
			rt_race_reads_from(origin_of(span).time, failure);
		}
		step(CF_OP_CAS_FAIL, CF_STEP_ATOMIC | (spurious ? CF_STEP_EVENT : 0), site, size,
		     offset, old, *expected);
		*expected = part(perturbed(&deal, span, old << span.shift), span);
		return false;
	}
	modify_with_care(span, old, desired, order, site);
	step(CF_OP_RMW, CF_STEP_ATOMIC, site, size, offset, desired, old);
	return true;
}
