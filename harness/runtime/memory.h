/* SPDX-License-Identifier: Apache-2.0
 *
 * memory.h - what the files of the memory models share: store buffers plus a history of commits.
 *
 * Memory always holds the committed contents (shadow is a copy of them), except between a hook and
 * the access that follows it: there an older version may be swapped in for a plain load, and a
 * plain store has just been made. rt_settle() ends that state at the actor's next hook, before the
 * token can pass on, so no other actor ever sees it.
 */
#ifndef CRYOFUZZ_MEMORY_H
#define CRYOFUZZ_MEMORY_H

#include <string.h>

#include "hot.h"

/* A part of one granule. */
struct span {
	uint32_t word;
	uint32_t shift; /* bits */
	uint64_t mask;
};

/* One version of a span. */
struct version {
	uint64_t value; /* of the whole granule */
	uint32_t time; /* when it was committed, 0 = initial */
	uint32_t age; /* 0 = newest */
	uint32_t site; /* of its store */
};

/* When and where a version was stored; 0, 0: it is the initial one, or nobody's who has hooks. */
struct origin {
	uint32_t time, site;
};

enum { RELAXED, CONSUME, ACQUIRE, RELEASE, ACQ_REL, SEQ_CST, PLAIN };
enum { UNSEEN_WRITER = 0xff };

/* buffers.c: the first of those held; those of that place. */
void rt_commit_overlapping(struct span span);
void rt_hold(struct span span, uint64_t value, uint32_t site, uint32_t until);
/* Both halves of a store of 16 bytes: they commit together. */
void rt_hold_both(struct span low, const uint64_t value[2], uint32_t site, uint32_t until);
/* versions.c: this commit takes the place of an old one in the history. */
__attribute__((cold)) void rt_forget_commit(uint32_t time);
/* commits.c: somebody wrote this granule without a hook: that becomes a commit of its own. */
void rt_commit_unseen(uint32_t word, uint32_t site);
/* versions.c: goes back at most `back` versions, as far as this actor may still see. */
struct version rt_version_at(struct span span, uint32_t back);
/* Of the newest version of these bits, when the granule's newest commit was one of others. */
struct origin rt_find_origin(uint32_t word, uint64_t mask);
/* The same of two granules, as they were at one time; returns how far it went. */
uint32_t rt_versions_at(uint32_t word, uint32_t back, struct version both[2]);
/* settle.c: before a load, which may be the second half of a copy. */
RT_TWICE(void, rt_settle_before_load, (void))
/* loads.c: of a part of a granule that lies in the segment. */
RT_TWICE(uint64_t, rt_load_part,
	 (uint64_t offset, size_t size, int order, unsigned flags, uint32_t site), offset, size,
	 order, flags, site)
/* rmw.c: an exchange that may fail for no reason does so, by an event. */
bool rt_fails_for_nothing(struct rt_deal *deal, bool weak);
/* buffers.c: the point until which an event of this one holds its store, 0 if none does. */
uint32_t rt_until_of(struct rt_deal *deal, bool allowed);

/* races.c, if a run looks for them: an access; a load from the version of that time; a commit, and the one
 * before it of its word; a fence. */
void rt_race_access(struct span span, bool store, bool plain, uint32_t site);
void rt_race_reads_from(uint32_t time, int order);
void rt_race_commits(uint32_t time, uint32_t previous, bool unseen);
void rt_race_fence(int order);

/* early.c, of an actor with a promise: it loads this granule, in order with later stores or not; it
 * stores, which is true if it keeps the promise by that. */
void rt_load_before_promise(uint32_t word, bool in_order, uint32_t site);
bool rt_store_promised(struct span span, uint64_t value, uint32_t site, bool held);

/* orders.c: what the plan makes of an order at this site, as far as it is possible for such an access. */
int rt_stronger(int order, unsigned possible, uint32_t site);

static inline volatile uint64_t *memory(uint32_t word)
{
	return (volatile uint64_t *)CF_SEGMENT_ALIAS + word;
}

static inline enum cf_memory model(void)
{
	return (enum cf_memory)rt.control->plan.memory;
}

static inline bool has_option(enum cf_plan_flag flag)
{
	return rt.control->plan.flags & flag;
}

static inline uint32_t max(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static inline bool acquires(int order)
{
	return order == CONSUME || order == ACQUIRE || order == ACQ_REL || order == SEQ_CST;
}

static inline bool releases(int order)
{
	return order == RELEASE || order == ACQ_REL || order == SEQ_CST;
}

/* The order of an access as the plan has it. */
RT_HOT int ordered(int order, unsigned possible, uint32_t site)
{
	return __builtin_expect(rt.control->plan.ordered == 0, 1)
		       ? order
		       : rt_stronger(order, possible, site);
}

static inline struct span span_of(uint64_t offset, size_t size)
{
	uint32_t shift = (uint32_t)(offset & 7) * 8;
	uint64_t ones = size >= 8 ? ~0ull : (1ull << (size * 8)) - 1;

	return (struct span){ .word = (uint32_t)(offset >> 3),
			      .shift = shift,
			      .mask = ones << shift };
}

static inline bool is_within_granule(uint64_t offset, size_t size)
{
	return (offset & 7) + size <= 8;
}

/* Bytes from offset that lie in one granule, at most size. */
static inline size_t within_granule(uint64_t offset, size_t size)
{
	size_t room = 8 - (offset & 7);

	return size < room ? size : room;
}

static inline uint64_t part(uint64_t granule, struct span span)
{
	return (granule & span.mask) >> span.shift;
}

static inline uint64_t blend(uint64_t granule, uint64_t value, uint64_t mask)
{
	return (granule & ~mask) | (value & mask);
}

/* What a read-modify-write makes of a value. */
#define RT_APPLY(type)                                            \
	static type apply(enum rt_rmw op, type old, type operand) \
	{                                                         \
		switch (op) {                                     \
		case RMW_ADD:                                     \
			return old + operand;                     \
		case RMW_SUB:                                     \
			return old - operand;                     \
		case RMW_AND:                                     \
			return old & operand;                     \
		case RMW_OR:                                      \
			return old | operand;                     \
		case RMW_XOR:                                     \
			return old ^ operand;                     \
		case RMW_NAND:                                    \
			return ~(old & operand);                  \
		case RMW_XCHG:                                    \
			break;                                    \
		}                                                 \
		return operand;                                   \
	}

RT_HOT struct rt_word *word_state(uint32_t word)
{
	struct rt_word *state = &rt.shared->word[word];

	if (__builtin_expect(state->epoch != rt.shared->run, 0)) {
		*state = (struct rt_word){ .epoch = rt.shared->run, .mask = ~0ull };
	}
	return state;
}

/* ---- commits ------------------------------------------------------------------------------- */

/* By words, as in step(). */
RT_HOT void record(uint32_t time, uint32_t previous, uint32_t word, uint32_t site, uint32_t writer,
		   uint64_t mask)
{
	struct rt_shared *s = rt.shared;
	rt_any_word *record = (rt_any_word *)&s->commit[time % RT_COMMITS];

	record[0] = time | (uint64_t)previous << 32;
	record[1] = word | (uint64_t)(uint16_t)site << 32 | (uint64_t)writer << 48;
	record[2] = mask;
	record[3] = s->shadow[word];
}

_Static_assert(offsetof(struct rt_commit, word) == 8 && offsetof(struct rt_commit, site) == 12 &&
		       offsetof(struct rt_commit, writer) == 14 &&
		       offsetof(struct rt_commit, mask) == 16 && sizeof(struct rt_commit) == 32,
	       "record");

/* By this actor, or by nobody who has hooks. */
RT_HOT void commit(uint32_t word, uint64_t mask, uint64_t value, uint32_t site, bool unseen)
{
	struct rt_shared *s = rt.shared;
	struct rt_word *state = word_state(word);
	uint32_t time = ++s->now;
	uint64_t after = blend(s->shadow[word], value, mask);

	if (__builtin_expect(time >= RT_COMMITS, 0))
		rt_forget_commit(time);
	record(time, state->last, word, site, unseen ? UNSEEN_WRITER : rt.actor, mask);
	if (RACING)
		rt_race_commits(time, state->last, unseen);
	state->last = time;
	state->site = unseen ? 0 : site;
	state->mask = mask;
	if (after != s->shadow[word]) {
		s->change++;
		if (__builtin_expect(s->choices.heeds_change, 0))
			rt.me->due = 0;
	}
	s->shadow[word] = after;
	*memory(word) = after;
	if (!unseen) {
		state->seen[rt.actor] = time;
		rt.me->lastaccess = time;
	}
}

RT_HOT void check_unseen(uint32_t word, uint32_t site)
{
	if (__builtin_expect(*memory(word) != rt.shared->shadow[word], 0))
		rt_commit_unseen(word, site);
}

RT_HOT bool is_made_atomic(uint32_t site)
{
	return order_of(site) & (CF_ACQUIRES | CF_RELEASES);
}

/* If the run looks for races: what is to be known of the store that comes next. */
RT_HOT void about_to_store(struct span span, bool plain, enum rt_release release, uint32_t site)
{
	if (RACING) {
		rt.own->release = order_of(site) & CF_RELEASES ? RT_RELEASES_ALL : release;
		rt_race_access(span, true, plain && !is_made_atomic(site), site);
	}
}

/* A store of this actor reaches its buffer or memory. value is in place within its granule. */
RT_HOT void put(struct span span, uint64_t value, uint32_t site, uint32_t until)
{
	struct rt_actor *me = rt.me;
	bool queue = until != 0 || (model() == CF_X86 && me->nheld > 0);

	if (__builtin_expect(me->promised, 0) && rt_store_promised(span, value, site, queue))
		return;
	if (me->nheld > 0 && !(queue && model() == CF_X86)) {
		uint32_t before = rt.shared->now;

		rt_commit_overlapping(span); /* stores to one place stay in order */
		if (!queue && me->nheld > 0 && before == rt.shared->now)
			feature(3, me->held[0].site, site); /* this store overtakes that one */
	}
	if (queue)
		rt_hold(span, value, site, until);
	else
		commit(span.word, span.mask, value, site, false);
}

RT_HOT bool is_plain(unsigned flags, uint32_t site)
{
	return !(flags & (CF_STEP_ATOMIC | CF_STEP_VOLATILE)) && !is_made_atomic(site);
}

RT_HOT void look_for_race(struct span span, uint32_t time, int order, unsigned flags, uint32_t site)
{
	bool plain = is_plain(flags, site);

	rt_race_access(span, false, plain, site);
	if (!plain)
		rt_race_reads_from(time, order);
}

/* ---- versions ------------------------------------------------------------------------------ */

RT_HOT struct origin origin_of(struct span span)
{
	const struct rt_word *state = word_state(span.word);

	if (__builtin_expect(!(state->mask & span.mask), 0))
		return rt_find_origin(span.word, span.mask);
	return (struct origin){ state->last, state->site };
}

RT_HOT struct version newest_version(struct span span)
{
	struct origin origin = origin_of(span);

	return (struct version){
		.value = *memory(span.word),
		.time = origin.time,
		.site = origin.site,
	};
}

/* This actor's held bytes of the span laid over the value; says whether there were any. */
RT_HOT bool forward(struct span span, uint64_t *value)
{
	bool any = false;

	for (unsigned i = 0; i < rt.me->nheld; i++) {
		const struct rt_held *held = &rt.me->held[i];

		if (held->word == span.word && (held->mask & span.mask)) {
			*value = blend(*value, held->value, held->mask);
			any = true;
		}
	}
	return any;
}

RT_HOT uint64_t newest(struct span span)
{
	uint64_t value = *memory(span.word);

	forward(span, &value);
	return value;
}

/* How far back a stale load may go after this one; its state is that of this run by now: the version was
 * found by it. */
RT_HOT void saw(struct span span, uint32_t time, int order)
{
	struct rt_actor *me = rt.me;
	struct rt_word *state = &rt.shared->word[span.word];

	if (__builtin_expect(!rt.shared->looks_back, 1))
		return;
	if (order != PLAIN || !has_option(CF_PLAN_UNORDERED_LOADS)) /* see there */
		state->seen[rt.actor] = max(state->seen[rt.actor], time);
	me->lastload = max(me->lastload, time);
	me->lastaccess = max(me->lastaccess, time);
	if (acquires(order))
		me->floor = max(me->floor, time);
	if (order == SEQ_CST)
		me->floor = rt.shared->now;
}

/* Another value if the executor wants to know what depends on this one. An access of several granules has one
 * point, so it says which of them it means. */
RT_HOT uint64_t perturbed(struct rt_deal *deal, struct span span, uint64_t granule)
{
	const struct cf_event *other =
		deal->count > 0 ? rt_take(deal, (enum cf_do)RT_DO_PERTURB) : NULL;

	if (other == NULL || other->arg != span.word)
		return granule;
	return blend(granule, other->value << span.shift, span.mask);
}

#endif
