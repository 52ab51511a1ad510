/* SPDX-License-Identifier: Apache-2.0
 *
 * Atomic accesses of 16 bytes: two granules at one point. Processors make them whole, so both halves are
 * loaded as they were at one time, and what is stored commits at once; an access to one half alone is one
 * of 8 bytes as any other, and reads or overwrites its half. There are no early stores of 16 bytes.
 */
#include "memory.h"

RT_APPLY(rt_wide)

static struct span half_of(uint64_t offset, unsigned i)
{
	return span_of(offset + 8 * i, 8);
}

static rt_wide whole(uint64_t low, uint64_t high)
{
	return (rt_wide)high << 64 | low;
}

static uint64_t part_of(rt_wide value, unsigned i)
{
	return (uint64_t)(value >> 64 * i);
}

/* For the look for spins, which keeps 8 bytes. */
static uint64_t fold(rt_wide value)
{
	return mix((uint64_t)value, part_of(value, 1));
}

static rt_wide current(uint64_t offset, uint32_t site)
{
	uint64_t value[2];

	if (rt.me->promised)
		rt_break_promise();
	for (unsigned i = 0; i < 2; i++) {
		struct span half = half_of(offset, i);

		check_unseen(half.word, site);
		value[i] = newest(half);
	}
	return whole(value[0], value[1]);
}

static void saw_both(uint64_t offset, const struct version both[2], int order, uint32_t site)
{
	for (unsigned i = 0; i < 2; i++) {
		if (rt_races()) {
			rt_race_access(half_of(offset, i), false, false, site);
			rt_race_reads_from(both[i].time, order);
		}
		saw(half_of(offset, i), both[i].time, order);
	}
}

static void saw_newest(uint64_t offset, int order, uint32_t site)
{
	struct version both[2];

	rt_versions_at((uint32_t)(offset >> 3), 0, both);
	saw_both(offset, both, order, site);
}

static void steps(enum cf_op op, unsigned flags, uint64_t offset, rt_wide value,
		  const uint64_t extra[2], uint32_t site)
{
	for (unsigned i = 0; i < 2; i++)
		step(op, flags, site, 8, offset + 8 * i, part_of(value, i), extra[i]);
}

static rt_wide perturbed_whole(struct rt_deal *deal, uint64_t offset, rt_wide value)
{
	return whole(perturbed(deal, half_of(offset, 0), part_of(value, 0)),
		     perturbed(deal, half_of(offset, 1), part_of(value, 1)));
}

/* True if this is one more turn of a spin on this value. */
static bool spins(uint64_t offset, rt_wide value, uint32_t site)
{
	return spin_turn(site, offset, fold(value)) && current(offset, site) == value;
}

/* ---- loads ------------------------------------------------------------------------------------- */

static bool is_forwarded(uint64_t offset)
{
	uint64_t ignored = 0;

	return forward(half_of(offset, 0), &ignored) || forward(half_of(offset, 1), &ignored);
}

/* An older version instead, if an event asks for one that there is. */
static void go_back(uint64_t offset, struct version both[2], int order, struct rt_deal *deal,
		    unsigned *flags)
{
	struct cf_event *stale = rt_take(deal, CF_DO_STALE);
	struct version older[2];

	if (stale == NULL)
		return;
	if (model() >= CF_WEAK && order != SEQ_CST && !stale->slip && !is_forwarded(offset)) {
		rt_versions_at((uint32_t)(offset >> 3), stale->arg, older);
		if (older[0].value != both[0].value || older[1].value != both[1].value) {
			*flags |= CF_STEP_STALE | CF_STEP_EVENT;
			memcpy(both, older, sizeof(older));
			return;
		}
	}
	rt_moot(stale);
}

rt_wide rt_wide_load(uintptr_t address, int order, uint32_t site)
{
	uint64_t offset = address - CF_SEGMENT_ADDRESS;
	unsigned flags = CF_STEP_ATOMIC;
	struct version both[2];
	struct rt_deal deal;
	rt_wide value;

	order = ordered(order, CF_ACQUIRES, site);
	settle();
	value = current(offset, site);
	if (spins(offset, value, site)) {
		saw_newest(offset, order, site);
		return value;
	}
	point(site, rt_reads((uint32_t)(offset >> 3)), &deal);
	if (order == SEQ_CST && model() >= CF_WEAK)
		rt_drain();
	current(offset, site);
	rt_versions_at((uint32_t)(offset >> 3), 0, both);
	if (deal.count > 0)
		go_back(offset, both, order, &deal, &flags);
	saw_both(offset, both, order, site);
	for (unsigned i = 0; i < 2; i++) {
		if (!(flags & CF_STEP_STALE) && forward(half_of(offset, i), &both[i].value))
			flags |= CF_STEP_FORWARD;
		feature(1, both[i].site, (uint64_t)site << 1 | (both[i].age > 0));
	}
	value = perturbed_whole(&deal, offset, whole(both[0].value, both[1].value));
	steps(CF_OP_LOAD, flags, offset, value, (const uint64_t[]){ both[0].time, both[1].time },
	      site);
	return value;
}

/* ---- stores ------------------------------------------------------------------------------------ */

static void commit_both(uint64_t offset, rt_wide value, uint32_t release, uint32_t site)
{
	for (unsigned i = 0; i < 2; i++) {
		struct span half = half_of(offset, i);

		about_to_store(half, false, (enum rt_release)release, site);
		commit(half.word, half.mask, part_of(value, i), site, false);
		rt.shared->commit[rt.shared->now % RT_COMMITS].second = (uint8_t)i;
	}
}

static void hold_both(uint64_t offset, rt_wide value, uint32_t release, uint32_t site,
		      uint32_t until)
{
	const uint64_t halves[2] = { part_of(value, 0), part_of(value, 1) };

	for (unsigned i = 0; i < 2; i++)
		about_to_store(half_of(offset, i), false, (enum rt_release)release, site);
	rt_hold_both(half_of(offset, 0), halves, site, until);
}

static void commit_older(uint64_t offset)
{
	rt_commit_overlapping(half_of(offset, 0));
	rt_commit_overlapping(half_of(offset, 1));
}

void rt_wide_store(uintptr_t address, rt_wide value, int order, uint32_t site)
{
	uint64_t offset = address - CF_SEGMENT_ADDRESS;
	unsigned flags = CF_STEP_ATOMIC;
	uint32_t release, until;
	struct rt_deal deal;
	bool queue;

	order = ordered(order, CF_RELEASES, site);
	release = releases(order) ? RT_RELEASES_ALL : RT_RELEASES_FENCED;
	settle();
	progress();
	point(site, rt_writes((uint32_t)(offset >> 3)), &deal);
	until = rt_until_of(&deal, order != SEQ_CST);
	current(offset, site);
	if (order == SEQ_CST || (releases(order) && model() >= CF_WEAK))
		rt_drain();
	queue = until != 0 || (model() == CF_X86 && rt.me->nheld > 0);
	if (!(queue && model() == CF_X86))
		commit_older(offset);
	if (queue)
		hold_both(offset, value, release, site, until);
	else
		commit_both(offset, value, release, site);
	if (order == SEQ_CST)
		rt.me->floor = rt.shared->now;
	if (until)
		flags |= CF_STEP_HELD | CF_STEP_EVENT;
	steps(CF_OP_STORE, flags, offset, value,
	      (const uint64_t[]){ rt.shared->now, rt.shared->now }, site);
}

/* ---- read-modify-write ------------------------------------------------------------------------- */

static void modify(uint64_t offset, rt_wide old, rt_wide value, int order, uint32_t site)
{
	if (model() == CF_X86 || releases(order))
		rt_drain();
	else
		commit_older(offset);
	saw_newest(offset, order, site);
	commit_both(offset, value,
		    RT_GOES_ON | (releases(order) ? RT_RELEASES_ALL : RT_RELEASES_FENCED), site);
	rt.me->lastload = rt.shared->now;
	if (acquires(order))
		rt.me->floor = rt.shared->now;
	feature(2, site, old == value);
	steps(CF_OP_RMW, CF_STEP_ATOMIC, offset, value,
	      (const uint64_t[]){ part_of(old, 0), part_of(old, 1) }, site);
}

rt_wide rt_wide_rmw(uintptr_t address, enum rt_rmw op, rt_wide operand, int order, uint32_t site)
{
	uint64_t offset = address - CF_SEGMENT_ADDRESS;
	struct rt_deal deal;
	rt_wide old;

	order = ordered(order, CF_ACQUIRES | CF_RELEASES, site);
	settle();
	old = current(offset, site);
	if (apply(op, old, operand) != old)
		progress();
	else if (spins(offset, old, site))
		return old; /* it would have changed nothing */
	point(site, rt_writes((uint32_t)(offset >> 3)), &deal);
	old = current(offset, site);
	modify(offset, old, apply(op, old, operand), order, site);
	return perturbed_whole(&deal, offset, old);
}

bool rt_wide_cas(uintptr_t address, rt_wide *expected, rt_wide desired, int order, int failure,
		 bool weak, uint32_t site)
{
	uint64_t offset = address - CF_SEGMENT_ADDRESS;
	struct rt_deal deal;
	bool spurious;
	rt_wide old;

	order = ordered(order, CF_ACQUIRES | CF_RELEASES, site);
	failure = ordered(failure, CF_ACQUIRES, site);
	settle();
	old = current(offset, site);
	if (old == *expected) {
		progress();
	} else if (spins(offset, old, site)) {
		*expected = old;
		return false;
	}
	point(site, rt_writes((uint32_t)(offset >> 3)), &deal);
	old = current(offset, site);
	spurious = rt_fails_for_nothing(&deal, weak);
	if (old == *expected && !spurious) {
		modify(offset, old, desired, order, site);
		return true;
	}
	saw_newest(offset, failure, site);
	steps(CF_OP_CAS_FAIL, CF_STEP_ATOMIC | (spurious ? CF_STEP_EVENT : 0), offset, old,
	      (const uint64_t[]){ part_of(*expected, 0), part_of(*expected, 1) }, site);
	*expected = perturbed_whole(&deal, offset, old);
	return false;
}
