/* SPDX-License-Identifier: Apache-2.0
 *
 * hot.h - what happens at every point, to be inlined where the most points are made: a step of the
 * trace and its hash, the site of a hook, a feature, the count of points, the look for spins. trace.c,
 * points.c and spins.c have the same as functions for all others, and what seldom happens.
 */
#ifndef CRYOFUZZ_HOT_H
#define CRYOFUZZ_HOT_H

#include "rt.h"

/* Files with what is done at every access are compiled twice, once for runs that look for data races: to
 * ask each time whether this one does would cost all others. */
#if defined(RT_RACING)
#define RACING true
#define NAMED(name) name##_racing
#elif defined(RT_TWICE_COMPILED)
#define RACING false
#define NAMED(name) name##_quiet
#else
#define RACING __builtin_expect(rt_races(), 0)
#define NAMED(name) name
#endif

/* Part of every point: a call, with structs passed through memory, costs more than what it does. */
#define RT_HOT static inline __attribute__((always_inline))

/* What is called from there and is not: kept away from it, for the sake of the processor's cache of code. */
#define RT_SELDOM __attribute__((cold, noinline))

typedef uint64_t __attribute__((may_alias)) rt_any_word;

/* One round of a multiply-and-fold hash (as in wyhash): every bit of both values reaches the sum, and
 * no value makes it forget what was before. */
RT_HOT uint64_t mix2(uint64_t hash, uint64_t a, uint64_t b)
{
	__uint128_t product =
		(__uint128_t)(a ^ 0xe7037ed1a0b428dbull) * (b ^ hash ^ 0xa0761d6478bd642full);

	return (uint64_t)product ^ (uint64_t)(product >> 64) ^ (hash << 1 | hash >> 63);
}

RT_HOT uint64_t mix(uint64_t hash, uint64_t value)
{
	return mix2(hash, 0, value);
}

RT_HOT void step(enum cf_op op, unsigned flags, uint32_t site, size_t size, uint64_t address,
		 uint64_t value, uint64_t extra)
{
	struct rt_shared *s = rt.shared;
	/* By words: one address for all of them, and the first fields, read back from memory, would have to wait
	 * for their narrow stores. */
	rt_any_word *step = (rt_any_word *)&rt.control->trace[s->steps++ % CF_TRACE_STEPS];
	uint32_t what = rt.actor | (uint32_t)op << 8 | (uint32_t)(uint8_t)flags << 16 |
			(uint32_t)size << 24;
	uint32_t where = (uint16_t)(rt.me->points - 1) | site << 16;
	uint64_t head = what | (uint64_t)where << 32;

	step[0] = head;
	step[1] = address;
	step[2] = value;
	step[3] = extra;
	/* Two sums, so that neither waits for the other. */
	s->hash[0] = mix2(s->hash[0], head, address);
	s->hash[1] = mix2(s->hash[1], value, extra);
}

RT_HOT unsigned counter_of(uint32_t kind, uint64_t a, uint64_t b)
{
	uint64_t sum = (a + b * 0xa0761d6478bd642full + kind * 0x9e3779b97f4a7c15ull) *
		       0xe7037ed1a0b428dbull;

	return (unsigned)(sum >> 52);
}

_Static_assert(CF_FEEDBACK_SIZE == 1 << (64 - 52), "counter_of");

/* As far as it goes: what overflows takes the carry back. */
RT_HOT void count_up(uint8_t *counter)
{
	uint8_t next;
	bool carry = __builtin_add_overflow(*counter, 1, &next);

	*counter = next - carry;
}

RT_HOT void count(unsigned counter)
{
	count_up(&rt.control->feedback[counter]);
}

RT_HOT void feature(uint32_t kind, uint64_t a, uint64_t b)
{
	if (rt.control->plan.flags & CF_PLAN_FEEDBACK)
		count(counter_of(kind, a, b));
}

RT_HOT uint32_t site_of(const void *return_address)
{
	rt.pc = return_address;
	/* A return address belongs to the line of the call before it. The table is as long as the code. */
	return rt.site_at[(uintptr_t)return_address - 1];
}

/* ---- who may run ------------------------------------------------------------------------------- */

RT_HOT bool eligible(const struct rt_actor *actor)
{
	const struct rt_shared *s = rt.shared;

	switch ((enum cf_actor_state)actor->state) {
	case CF_ACTOR_READY:
		return actor->not_before == 0 || actor->not_before <= s->total;
	case CF_ACTOR_SPINNING:
		return actor->spin_change != s->change;
	case CF_ACTOR_PARKED:
		if (actor->park == RT_PARK_OBJECT)
			return rt_object_lets(actor);
		return actor->park == RT_PARK_IPC && actor->park_change != s->ipc;
	case CF_ACTOR_ENDED:
	case CF_ACTOR_DEAD:
		break;
	}
	return false;
}

/* ---- points ------------------------------------------------------------------------------------ */

RT_HOT void count_visit(uint32_t site)
{
	struct rt_visits *visits = &rt.visits[site];

	if (__builtin_expect(visits->run != rt.shared->run, 0))
		*visits = (struct rt_visits){ .run = rt.shared->run };
	visits->count++;
}

/* What the plan makes of this site, whatever its code says: enum cf_order. */
RT_HOT unsigned order_of(uint32_t site)
{
	return __builtin_expect(rt.control->plan.ordered == 0, 1) ? 0 : rt_order_of(site);
}

/* There will be more to the next point than the operation that follows; always so for an actor that holds
 * stores back or has promised one. */
RT_HOT bool will_be_eventful(void)
{
	return rt.me->points + 1 >= rt.me->due || rt.shared->total + 1 >= rt.shared->alarm;
}

RT_HOT void count_point(uint32_t site)
{
	rt.me->points++;
	rt.shared->total++;
	rt.me->site = site;
	count_visit(site);
}

/* True if there is more to this point. */
RT_HOT bool come_to_point(uint32_t site)
{
	bool eventful = will_be_eventful();

	count_point(site);
	return eventful;
}

RT_HOT void point(uint32_t site, uint32_t access, struct rt_deal *deal)
{
	deal->count = 0;
	if (__builtin_expect(come_to_point(site), 0))
		rt_be_eventful(site, access, deal);
}

/* Whether this actor's stores reach memory at once, and none of its later ones has been promised. */
RT_HOT bool is_straight(const struct rt_actor *me)
{
	return (me->nheld | me->promised) == 0;
}

/* ---- spins ------------------------------------------------------------------------------------- */

/* Whatever this actor did was no spin. */
RT_HOT void progress(void)
{
	rt.own->nobserved = 0;
	rt.own->looked = 0;
	rt.me->idle_turns = 0;
}

/* In `looked`: the same for the same site and granule. */
RT_HOT unsigned place_to_look(uint32_t site, uint64_t address)
{
	return (unsigned)(site * 5 + (address >> 3)) % 64;
}

RT_HOT void observe(uint32_t site, uint64_t address, uint64_t value)
{
	struct rt_own *own = rt.own;

	if (__builtin_expect(own->nobserved == RT_OBSERVED, 0))
		own->nobserved = own->looked = 0;
	own->looked |= 1ull << place_to_look(site, address);
	own->observed[own->nobserved] = (struct rt_observed){
		.address = address,
		.value = value,
		.site = site,
		.stamp = own->nobserved + 1,
	};
	own->nobserved++;
}

/* True if the same site read the same value again, and nothing new was seen between. */
RT_HOT bool seen_again(uint32_t site, uint64_t address, uint64_t value)
{
	if (rt.own->looked >> place_to_look(site, address) & 1)
		return rt_look_again(site, address, value);
	observe(site, address, value);
	return false;
}

/* A turn of a spin: see rt_spin_turn(). */
RT_HOT bool spin_turn(uint32_t site, uint64_t address, uint64_t value)
{
	if (!seen_again(site, address, value))
		return false;
	rt_let_spin(site);
	return true;
}

/* ---- accesses ---------------------------------------------------------------------------------- */

/* What the target did after its last hook. */
RT_HOT void settle(void)
{
	if (rt.own->npending > 0)
		NAMED(rt_settle)();
}

#endif
