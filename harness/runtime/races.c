/* SPDX-License-Identifier: Apache-2.0
 *
 * Data races between actors: two accesses to overlapping bytes, one of them a store, one of them plain,
 * that nothing keeps in order. What keeps in order is what C11 says: a load with acquire (or one before an
 * acquire fence) that reads what a release store (or one after a release fence, or a read-modify-write
 * that came after it) has stored; and what the kernel does for whoever calls it: messages, wake-ups, locks.
 * Each actor has a vector clock of what it knows of the others; each version in the history has the
 * clock of whoever released it, so a stale load learns no more than it should. Volatile accesses count as
 * relaxed atomics: that is what kernel code and everything like it means by them.
 *
 * Of each granule the last load and the last store of each actor are remembered, so a race may go unseen,
 * but what is seen is one. Only the first of a run is kept; it is told if the run ends well otherwise.
 */
#include "memory.h"

static struct rt_races *state(void)
{
	return &rt.shared->races;
}

static struct rt_clock *mine(void)
{
	return &state()->now[rt.actor];
}

static inline void join(struct rt_clock *to, const struct rt_clock *from)
{
	unsigned actors = rt.shared->actors;

	for (unsigned i = 0; i < actors; i++)
		if (to->at[i] < from->at[i])
			to->at[i] = from->at[i];
}

/* What it does from now on is after what it has released. Whoever runs that nobody controls (a child that the
 * target has forked, a parasite, code without hooks) may have acquired that; what it has really seen is in
 * no hook, so each of them is taken to know all of it. That hides a race in which nothing but one of them
 * stands between the two; without it, what is kept in order by one would be told as a race. */
static void publish(void)
{
	join(&state()->abroad, mine());
	mine()->at[rt.actor]++;
}

void rt_begin_races(struct rt_shared *s)
{
	struct rt_races *r = &s->races;

	memset(r, 0, offsetof(struct rt_races, log));
	for (unsigned i = 0; i < CF_MAX_ACTORS; i++)
		r->now[i].at[i] = 1;
}

/* ---- what keeps in order ------------------------------------------------------------------------- */

void rt_race_reads_from(uint32_t time, int order)
{
	const struct rt_commit *c = &rt.shared->commit[time % RT_COMMITS];
	const struct rt_clock *released = &state()->released[time % RT_COMMITS];

	if (time == 0 || c->time != time)
		return;
	join(&state()->seen[rt.actor], released); /* for a fence after it */
	if (acquires(order))
		join(mine(), released);
}

void rt_race_commits(uint32_t time, uint32_t previous, bool unseen)
{
	struct rt_clock *released = &state()->released[time % RT_COMMITS];
	enum rt_release release = (enum rt_release)rt.own->release;

	*released = (struct rt_clock){ 0 };
	if (unseen)
		*released = state()->abroad;
	if (unseen || release == RT_RELEASES_NOTHING)
		return;
	*released = state()->fenced[rt.actor];
	if (release & RT_RELEASES_ALL)
		*released = *mine();
	if ((release & RT_GOES_ON) && previous != 0 &&
	    rt.shared->commit[previous % RT_COMMITS].time == previous)
		join(released, &state()->released[previous % RT_COMMITS]);
	if (release & RT_RELEASES_ALL)
		publish();
}

void rt_race_fence(int order)
{
	if (acquires(order))
		join(mine(), &state()->seen[rt.actor]);
	if (releases(order)) {
		state()->fenced[rt.actor] = *mine();
		publish();
	}
}

/* The kernel: who calls it releases, who is given something by it acquires. By the commit clock, since that is
 * what goes along with messages and locks; what was forgotten is taken from all of them together. */
void rt_race_call(void)
{
	uint32_t now = rt.shared->now;
	struct rt_call_clock *log = &state()->log[now % RT_LOGGED];

	if (log->run != rt.shared->run || log->time != now)
		*log = (struct rt_call_clock){ .run = rt.shared->run, .time = now };
	join(&log->clock, mine());
	join(&state()->kernel, mine());
	publish();
}

void rt_race_given(unsigned actor, uint32_t time)
{
	const struct rt_call_clock *log = &state()->log[time % RT_LOGGED];
	bool known = log->run == rt.shared->run && log->time == time;

	if (time == 0 && !known)
		return; /* from nobody: a lock that none has had */
	join(&state()->now[actor], known ? &log->clock : &state()->kernel);
}

void rt_race_from_abroad(void)
{
	join(mine(), &state()->abroad);
}

/* Each comes after what all have done so far, released or not. */
void rt_race_all_stopped(void)
{
	struct rt_clock all = { 0 };

	for (unsigned i = 0; i < rt.shared->actors; i++)
		join(&all, &state()->now[i]);
	for (unsigned i = 0; i < rt.shared->actors; i++) {
		state()->now[i] = all;
		state()->now[i].at[i]++;
	}
}

/* ---- accesses ------------------------------------------------------------------------------------ */

static inline struct rt_accesses *accesses_of(uint32_t word)
{
	struct rt_accesses *all = &state()->accesses[word];
	unsigned self = rt.actor;

	if (__builtin_expect(all->run != rt.shared->run, 0)) {
		all->run = rt.shared->run;
		all->came = all->latest = 0;
	}
	if (__builtin_expect(!(all->came >> self & 1), 0)) {
		all->store[self] = all->load[self] = (struct rt_access){ 0 };
		all->came |= (uint16_t)(1 << self);
	}
	return all;
}

/* One bit of each byte, brought together in the highest one by a multiplication. */
static uint8_t bytes_of(struct span span)
{
	return (uint8_t)((span.mask & 0x0101010101010101ull) * 0x0102040810204080ull >> 56);
}

static __attribute__((noinline)) void found(const struct rt_access *before, unsigned other,
					    bool was_store, struct span span, uint8_t bytes,
					    bool store, bool plain, uint32_t site)
{
	struct rt_race *race = &state()->race;
	uint8_t both = bytes & (before->plain | before->atomic);

	if (race->found)
		return;
	*race = (struct rt_race){
		.found = 1,
		.offset = span.word * 8 + (uint32_t)__builtin_ctz(both),
		.bytes = (uint32_t)__builtin_popcount(both),
		.actor = { other, rt.actor },
		.site = { before->site, site },
		.store = { was_store, store },
		.plain = { (before->plain & bytes) != 0, plain },
	};
}

/* One that is after all that its actor has released since is after this one, too. */
static inline bool is_race(const struct rt_access *before, uint32_t known, uint8_t bytes,
			   bool plain)
{
	uint8_t conflicting = before->plain | (plain ? before->atomic : 0);

	return __builtin_expect((conflicting & bytes) && before->clock > known, 0);
}

static inline void remember(struct rt_access *last, uint8_t bytes, bool plain, uint32_t site)
{
	uint32_t clock = mine()->at[rt.actor];

	if (last->clock != clock)
		*last = (struct rt_access){ .clock = clock };
	if (plain || !last->plain)
		last->site = (uint16_t)site;
	if (plain)
		last->plain |= bytes;
	else
		last->atomic |= bytes;
}

/* Once more the same, with nobody between. */
static inline bool is_known(const struct rt_accesses *all, const struct rt_access *last,
			    uint8_t bytes, bool plain)
{
	return all->latest == rt.actor && last->clock == mine()->at[rt.actor] &&
	       !(bytes & ~(plain ? last->plain : last->atomic));
}

void rt_race_access(struct span span, bool store, bool plain, uint32_t site)
{
	struct rt_accesses *all = accesses_of(span.word);
	struct rt_access *last = store ? &all->store[rt.actor] : &all->load[rt.actor];
	uint8_t bytes = bytes_of(span);
	const struct rt_clock *known = mine();

	if (is_known(all, last, bytes, plain))
		return;
	for (unsigned left = all->came & ~(1u << rt.actor); left != 0; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);

		if (is_race(&all->store[i], known->at[i], bytes, plain))
			found(&all->store[i], i, true, span, bytes, store, plain, site);
		else if (store && is_race(&all->load[i], known->at[i], bytes, plain))
			found(&all->load[i], i, false, span, bytes, store, plain, site);
	}
	remember(last, bytes, plain, site);
	all->latest = (uint16_t)rt.actor;
}
