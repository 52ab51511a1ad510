/* SPDX-License-Identifier: Apache-2.0
 *
 * The simulated memory models: store buffers plus a history of commits.
 *
 * Memory always holds the committed contents (shadow is a copy of them), except between a hook and
 * the access that follows it: there an older version may be swapped in for a plain load, and a
 * plain store has just been made. rt_settle() ends that state at the actor's next hook, before the
 * token can pass on, so no other actor ever sees it.
 */
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

enum { RELAXED, CONSUME, ACQUIRE, RELEASE, ACQ_REL, SEQ_CST, PLAIN };

static inline volatile uint64_t *memory(uint32_t word)
{
	return (volatile uint64_t *)CF_SEGMENT_ALIAS + word;
}

static inline enum cf_memory model(void)
{
	return (enum cf_memory)rt.control->plan.memory;
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

static inline struct span span_of(uint64_t offset, size_t size)
{
	uint32_t shift = (uint32_t)(offset & 7) * 8;
	uint64_t ones = size >= 8 ? ~0ull : (1ull << (size * 8)) - 1;

	return (struct span){ .word = (uint32_t)(offset >> 3),
			      .shift = shift,
			      .mask = ones << shift };
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

RT_HOT struct rt_word *word_state(uint32_t word)
{
	struct rt_word *state = &rt.shared->word[word];

	if (__builtin_expect(state->epoch != rt.shared->run, 0)) {
		memset(state, 0, sizeof(*state));
		state->epoch = rt.shared->run;
	}
	return state;
}

/* ---- commits ------------------------------------------------------------------------------- */

enum { UNSEEN_WRITER = 0xff };

RT_HOT void commit(uint32_t word, uint64_t mask, uint64_t value, uint32_t site, uint8_t writer)
{
	struct rt_shared *s = rt.shared;
	struct rt_word *state = word_state(word);
	uint32_t time = ++s->now;
	uint64_t after = blend(s->shadow[word], value, mask);

	s->commit[time % RT_COMMITS] = (struct rt_commit){
		.time = time,
		.previous = state->last,
		.word = word,
		.site = (uint16_t)site,
		.writer = writer,
		.mask = mask,
		.old = s->shadow[word],
	};
	state->last = time;
	if (after != s->shadow[word])
		s->change++;
	s->shadow[word] = after;
	*memory(word) = after;
	if (writer != UNSEEN_WRITER) {
		state->seen[rt.actor] = time;
		rt.me->lastaccess = time;
	}
}

/* Somebody wrote this granule without a hook: that becomes a commit of its own. */
static __attribute__((noinline)) void commit_unseen(uint32_t word, uint32_t site)
{
	uint64_t now = *memory(word), difference = now ^ rt.shared->shadow[word], mask = 0;

	for (unsigned byte = 0; byte < 8; byte++)
		if (difference >> (byte * 8) & 0xff)
			mask |= 0xffull << (byte * 8);
	rt.shared->unseen++;
	commit(word, mask, now, site, UNSEEN_WRITER);
	step(CF_OP_UNSEEN, 0, site, 8, (uint64_t)word * 8, now, mask);
}

RT_HOT void check_unseen(uint32_t word, uint32_t site)
{
	if (__builtin_expect(*memory(word) != rt.shared->shadow[word], 0))
		commit_unseen(word, site);
}

static void commit_held(unsigned index)
{
	struct rt_actor *me = rt.me;
	struct rt_held held = me->held[index];

	me->nheld--;
	memmove(&me->held[index], &me->held[index + 1], (me->nheld - index) * sizeof(held));
	check_unseen(held.word, held.site);
	commit(held.word, held.mask, held.value, held.site, (uint8_t)rt.actor);
	step(CF_OP_COMMIT, 0, held.site, 8, (uint64_t)held.word * 8, held.value & held.mask,
	     rt.shared->now);
}

void rt_drain(void)
{
	while (rt.me->nheld > 0)
		commit_held(0);
}

static void commit_overlapping(struct span span)
{
	for (unsigned i = 0; i < rt.me->nheld;) {
		if (rt.me->held[i].word == span.word && (rt.me->held[i].mask & span.mask))
			commit_held(i);
		else
			i++;
	}
}

void rt_expire_holds(void)
{
	uint32_t point = rt.me->points - 1;

	for (unsigned i = 0; i < rt.me->nheld;) {
		if (rt.me->held[i].until <= point)
			commit_held(i);
		else if (model() == CF_X86)
			return; /* first in, first out */
		else
			i++;
	}
}

static void hold(struct span span, uint64_t value, uint32_t site, uint32_t until)
{
	struct rt_actor *me = rt.me;

	if (me->nheld == RT_HELD)
		commit_held(0);
	me->held[me->nheld++] = (struct rt_held){
		.word = span.word,
		.until = until,
		.mask = span.mask,
		.value = value,
		.site = site,
	};
}

/* A store of this actor reaches its buffer or memory. value is in place within its granule. */
RT_HOT void put(struct span span, uint64_t value, uint32_t site, uint32_t until)
{
	struct rt_actor *me = rt.me;
	bool queue = until != 0 || (model() == CF_X86 && me->nheld > 0);

	if (me->nheld > 0 && !(queue && model() == CF_X86)) {
		uint32_t before = rt.shared->now;

		commit_overlapping(span); /* stores to one place stay in order */
		if (!queue && me->nheld > 0 && before == rt.shared->now)
			feature(3, me->held[0].site, site); /* this store overtakes that one */
	}
	if (queue)
		hold(span, value, site, until);
	else
		commit(span.word, span.mask, value, site, (uint8_t)rt.actor);
}

/* ---- versions ------------------------------------------------------------------------------ */

/* Goes back at most `back` versions, as far as this actor may still see. */
static struct version version_at(struct span span, uint32_t back)
{
	struct rt_shared *s = rt.shared;
	struct rt_word *state = word_state(span.word);
	uint32_t bound = max(rt.me->floor, state->seen[rt.actor]);
	struct version version = { .value = *memory(span.word) };

	for (uint32_t time = state->last; time != 0;) {
		const struct rt_commit *c = &s->commit[time % RT_COMMITS];

		if (c->time != time)
			break; /* older than the history */
		if (c->mask & span.mask) {
			if (version.age == back || c->time <= bound) {
				version.time = c->time;
				version.site = c->writer == UNSEEN_WRITER ? 0 : c->site;
				break;
			}
			version.age++;
		}
		version.value = blend(version.value, c->old, c->mask);
		time = c->previous;
	}
	return version;
}

/* version_at(span, 0) */
RT_HOT struct version newest_version(struct span span)
{
	uint32_t time = word_state(span.word)->last;
	const struct rt_commit *c = &rt.shared->commit[time % RT_COMMITS];

	if (time != 0 && (c->time != time || !(c->mask & span.mask)))
		return version_at(span, 0);
	return (struct version){
		.value = *memory(span.word),
		.time = time,
		.site = time == 0 || c->writer == UNSEEN_WRITER ? 0 : c->site,
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

/* Its state is that of this run by now: the version was found by it. */
RT_HOT void saw(struct span span, struct version version, int order)
{
	struct rt_actor *me = rt.me;
	struct rt_word *state = &rt.shared->word[span.word];

	state->seen[rt.actor] = max(state->seen[rt.actor], version.time);
	me->lastload = max(me->lastload, version.time);
	me->lastaccess = max(me->lastaccess, version.time);
	if (acquires(order))
		me->floor = max(me->floor, version.time);
	if (order == SEQ_CST)
		me->floor = rt.shared->now;
}

/* ---- settling the access that followed the last hook ---------------------------------------- */

RT_HOT void settle_part(const struct rt_pending *p, uint64_t offset, size_t size)
{
	struct span span = span_of(offset, size);
	uint64_t value = *memory(span.word), shadow = rt.shared->shadow[span.word];

	if (!p->late || ((value ^ shadow) & span.mask)) {
		*memory(span.word) = blend(value, shadow, span.mask);
		put(span, value, p->site, p->hold);
	}
	step(CF_OP_STORE, p->flags | (p->hold ? CF_STEP_HELD : 0), p->site, size, offset,
	     part(value, span), rt.shared->now);
}

static __attribute__((noinline)) void settle_by_parts(const struct rt_pending *p)
{
	uint64_t offset = p->offset;
	size_t left = p->size;

	while (left > 0) {
		size_t size = within_granule(offset, left);

		settle_part(p, offset, size);
		offset += size;
		left -= size;
	}
}

RT_HOT void settle_store(const struct rt_pending *p)
{
	if (__builtin_expect(within_granule(p->offset, p->size) == p->size && p->size > 0, 1))
		settle_part(p, p->offset, p->size);
	else
		settle_by_parts(p);
}

static void settle_load(const struct rt_pending *p)
{
	struct span span = span_of(p->offset, p->size);

	*memory(span.word) = blend(*memory(span.word), rt.shared->shadow[span.word], span.mask);
}

void rt_settle(void)
{
	unsigned count = rt.own->npending;

	rt.own->npending = 0;
	for (unsigned i = 0; i < count; i++) {
		if (rt.own->pending[i].kind == RT_STORE)
			settle_store(&rt.own->pending[i]);
		else
			settle_load(&rt.own->pending[i]);
	}
}

static bool unchanged(const struct rt_pending *p)
{
	uint64_t offset = p->offset;
	size_t left = p->size;

	while (left > 0) {
		size_t size = within_granule(offset, left);
		struct span span = span_of(offset, size);

		if ((*memory(span.word) ^ rt.shared->shadow[span.word]) & span.mask)
			return false;
		offset += size;
		left -= size;
	}
	return true;
}

/* The compiler announces the copy of a struct as a write, then a read, then copies: a store that
 * has changed nothing yet may be one, and waits for the hook after this read. */
static void settle_before_load(void)
{
	struct rt_pending *p = &rt.own->pending[0];

	if (rt.own->npending == 1 && p->kind == RT_STORE && !p->late && unchanged(p))
		p->late = 1;
	else
		settle();
}

/* ---- loads and stores ------------------------------------------------------------------------ */

/* Another value if the executor wants to know what depends on this one. */
RT_HOT uint64_t perturbed(struct rt_deal *deal, struct span span, uint64_t granule)
{
	const struct cf_event *other =
		deal->count > 0 ? rt_take(deal, (enum cf_do)RT_DO_PERTURB) : NULL;

	return other != NULL ? blend(granule, other->value << span.shift, span.mask) : granule;
}

/* An older version instead, if an event asks for one that there is. */
static __attribute__((noinline)) void go_back(struct span span, struct version *version, int order,
					      struct rt_deal *deal, unsigned *flags)
{
	struct cf_event *stale = rt_take(deal, CF_DO_STALE);
	struct version older;

	if (stale == NULL)
		return;
	if (model() == CF_WEAK && order != SEQ_CST && !stale->slip && !(*flags & CF_STEP_FORWARD)) {
		older = version_at(span, stale->arg);
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

/* One more turn of a spin on this value of the span. False if there are news after it. */
static __attribute__((noinline)) bool spin(struct span span, uint64_t offset, int order,
					   uint32_t site, uint64_t *value)
{
	struct version version;

	rt_let_spin(site);
	check_unseen(span.word, site);
	if (part(newest(span), span) == *value) {
		version = newest_version(span);
		forward(span, &version.value);
		saw(span, version, order);
		*value = version.value;
		return true;
	}
	rt_spin_turn(site, offset, part(newest(span), span)); /* remember them */
	return false;
}

/* A load of part of a granule; returns the whole granule as this actor sees it. */
RT_HOT uint64_t load(uint64_t offset, size_t size, int order, unsigned flags, uint32_t site)
{
	struct span span = span_of(offset, size);
	struct version version;
	struct rt_deal deal;
	uint64_t value;

	check_unseen(span.word, site);
	value = part(newest(span), span);
	if (__builtin_expect(seen_again(site, offset, value), 0) &&
	    spin(span, offset, order, site, &value))
		return value;
	point(site, &deal);
	if (order == SEQ_CST && model() == CF_WEAK)
		rt_drain();
	check_unseen(span.word, site);
	version = choose(span, order, &deal, &flags);
	saw(span, version, order);
	version.value = perturbed(&deal, span, version.value);
	feature(1, version.site, (uint64_t)site << 1 | (version.age > 0));
	step(CF_OP_LOAD, flags, site, size, offset, part(version.value, span), version.time);
	return version.value;
}

/* The target reads memory itself: what it is to see is laid there for that. */
RT_HOT void show(uint64_t value, uint64_t offset, size_t size, uint32_t site)
{
	struct span span = span_of(offset, size);
	struct rt_own *own = rt.own;

	if (!((value ^ *memory(span.word)) & span.mask) || own->npending == 2)
		return;
	*memory(span.word) = blend(*memory(span.word), value, span.mask);
	own->pending[own->npending++] = (struct rt_pending){
		.kind = RT_LOAD,
		.size = (uint32_t)size,
		.offset = offset,
		.site = site,
	};
}

RT_HOT void load_and_show(uint64_t offset, size_t size, unsigned flags, uint32_t site)
{
	show(load(offset, size, PLAIN, flags, site), offset, size, site);
}

static __attribute__((noinline)) void load_by_parts(uint64_t offset, size_t size, unsigned flags,
						    uint32_t site)
{
	while (size > 0) {
		size_t now = within_granule(offset, size);

		load_and_show(offset, now, flags, site);
		offset += now;
		size -= now;
	}
}

void rt_plain_load(uintptr_t address, size_t size, unsigned flags, uint32_t site)
{
	uint64_t offset = address - CF_SEGMENT_ADDRESS;

	rt_announce(address, size);
	if (__builtin_expect(rt.own->npending > 0, 0))
		settle_before_load();
	if (__builtin_expect(within_granule(offset, size) == size && size > 0, 1))
		load_and_show(offset, size, flags, site);
	else
		load_by_parts(offset, size, flags, site);
}

RT_HOT uint32_t until_of(struct rt_deal *deal, bool allowed)
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
	point(site, &deal);
	for (uint32_t word = (uint32_t)(offset >> 3); word * 8ull < offset + size; word++)
		check_unseen(word, site);
	rt.own->pending[rt.own->npending++] = (struct rt_pending){
		.kind = RT_STORE,
		.size = (uint32_t)size,
		.offset = offset,
		.site = site,
		.hold = until_of(&deal, true),
		.flags = flags,
	};
}

uint64_t rt_atomic_load(uintptr_t address, size_t size, int order, uint32_t site)
{
	uint64_t offset = address - CF_SEGMENT_ADDRESS;

	settle();
	return part(load(offset, size, order, CF_STEP_ATOMIC, site), span_of(offset, size));
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
	point(site, &deal);
	until = until_of(&deal, order != SEQ_CST);
	check_unseen(span.word, site);
	if (order == SEQ_CST || (releases(order) && model() == CF_WEAK))
		rt_drain();
	put(span, value << span.shift, site, until);
	if (order == SEQ_CST)
		rt.me->floor = rt.shared->now;
	if (until)
		flags |= CF_STEP_HELD | CF_STEP_EVENT;
	step(CF_OP_STORE, flags, site, size, offset, value, rt.shared->now);
}

void rt_fence(int order, uint32_t site)
{
	struct rt_deal deal;
	struct rt_actor *me = rt.me;

	settle();
	point(site, &deal);
	if (order == SEQ_CST || (releases(order) && model() == CF_WEAK))
		rt_drain();
	if (acquires(order))
		me->floor = max(me->floor, order == SEQ_CST ? me->lastaccess : me->lastload);
	step(CF_OP_FENCE, 0, site, (size_t)order, 0, 0, 0);
}

/* ---- read-modify-write ----------------------------------------------------------------------- */

static uint64_t apply(enum rt_rmw op, uint64_t old, uint64_t operand)
{
	switch (op) {
	case RMW_ADD:
		return old + operand;
	case RMW_SUB:
		return old - operand;
	case RMW_AND:
		return old & operand;
	case RMW_OR:
		return old | operand;
	case RMW_XOR:
		return old ^ operand;
	case RMW_NAND:
		return ~(old & operand);
	case RMW_XCHG:
		break;
	}
	return operand;
}

static uint64_t current(struct span span, uint32_t site)
{
	check_unseen(span.word, site);
	return part(newest(span), span);
}

static void modify(struct span span, uint64_t old, uint64_t value, int order, uint32_t site)
{
	if (model() == CF_X86 || releases(order))
		rt_drain();
	else
		commit_overlapping(span);
	saw(span, newest_version(span), order);
	commit(span.word, span.mask, value << span.shift, site, (uint8_t)rt.actor);
	rt.me->lastload = rt.shared->now;
	if (acquires(order))
		rt.me->floor = rt.shared->now;
	feature(2, site, old == part(value << span.shift, span));
}

uint64_t rt_rmw(uintptr_t address, size_t size, enum rt_rmw op, uint64_t operand, int order,
		uint32_t site)
{
	uint64_t offset = address - CF_SEGMENT_ADDRESS;
	struct span span = span_of(offset, size);
	uint64_t ones = span.mask >> span.shift, old, value;
	struct rt_deal deal;

	settle();
	old = current(span, site);
	if ((apply(op, old, operand) & ones) != old)
		progress();
	else if (spin_turn(site, offset, old) && current(span, site) == old)
		return old; /* it would have changed nothing */
	point(site, &deal);
	old = current(span, site);
	value = apply(op, old, operand) & ones;
	modify(span, old, value, order, site);
	step(CF_OP_RMW, CF_STEP_ATOMIC, site, size, offset, value, old);
	return part(perturbed(&deal, span, old << span.shift), span);
}

bool rt_cas(uintptr_t address, size_t size, uint64_t *expected, uint64_t desired, int order,
	    int failure, uint32_t site)
{
	uint64_t offset = address - CF_SEGMENT_ADDRESS;
	struct span span = span_of(offset, size);
	uint64_t old;
	struct rt_deal deal;

	settle();
	old = current(span, site);
	if (old == *expected) {
		progress();
	} else if (spin_turn(site, offset, old) && current(span, site) == old) {
		*expected = old;
		return false;
	}
	point(site, &deal);
	old = current(span, site);
	if (old != *expected) {
		saw(span, newest_version(span), failure);
		step(CF_OP_CAS_FAIL, CF_STEP_ATOMIC, site, size, offset, old, *expected);
		*expected = part(perturbed(&deal, span, old << span.shift), span);
		return false;
	}
	modify(span, old, desired, order, site);
	step(CF_OP_RMW, CF_STEP_ATOMIC, site, size, offset, desired, old);
	return true;
}

/* ---- ranges ---------------------------------------------------------------------------------- */

static __attribute__((noinline)) uint64_t load_plainly(uint64_t offset, size_t size, uint32_t site)
{
	return load(offset, size, PLAIN, 0, site);
}

static uint64_t load_part(const unsigned char *from, size_t size, uint32_t site)
{
	uint64_t value = 0;

	if (rt_in_segment(from)) {
		uint64_t offset = (uintptr_t)from - CF_SEGMENT_ADDRESS;

		return part(load_plainly(offset, size, site), span_of(offset, size));
	}
	memcpy(&value, from, size);
	return value;
}

static void store_part(unsigned char *to, uint64_t value, size_t size, uint32_t site)
{
	uint64_t offset = (uintptr_t)to - CF_SEGMENT_ADDRESS;
	struct span span = span_of(offset, size);
	struct rt_deal deal;
	uint32_t until;

	if (!rt_in_segment(to)) {
		memcpy(to, &value, size);
		return;
	}
	progress();
	point(site, &deal);
	until = until_of(&deal, true);
	check_unseen(span.word, site);
	put(span, value << span.shift, site, until);
	step(CF_OP_STORE, until ? CF_STEP_HELD | CF_STEP_EVENT : 0, site, size, offset, value,
	     rt.shared->now);
}

/* Bytes that can be moved at once: within one granule of whichever side lies in the segment. */
static size_t chunk(const void *to, const void *from, size_t left)
{
	size_t size = left < 8 ? left : 8;

	if (rt_in_segment(to))
		size = within_granule((uintptr_t)to, size);
	if (from != NULL && rt_in_segment(from))
		size = within_granule((uintptr_t)from, size);
	return size;
}

void rt_copy(void *to, const void *from, size_t size, uint32_t site)
{
	settle();
	for (size_t done = 0; done < size;) {
		unsigned char *target = (unsigned char *)to + done;
		const unsigned char *source = (const unsigned char *)from + done;
		size_t now = chunk(target, source, size - done);

		store_part(target, load_part(source, now, site), now, site);
		done += now;
	}
}

void rt_fill(void *to, int byte, size_t size, uint32_t site)
{
	uint64_t value = 0x0101010101010101ull * (uint8_t)byte;

	settle();
	for (size_t done = 0; done < size;) {
		unsigned char *target = (unsigned char *)to + done;
		size_t now = chunk(target, NULL, size - done);
		uint64_t ones = now == 8 ? ~0ull : (1ull << (now * 8)) - 1;

		store_part(target, value & ones, now, site);
		done += now;
	}
}

void rt_unannounced(uintptr_t address, size_t size, uint32_t site)
{
	uint64_t offset = address - CF_SEGMENT_ADDRESS;

	for (size_t done = 0; done < size;) {
		size_t now = within_granule(offset + done, size - done);
		struct span span = span_of(offset + done, now);
		uint64_t value = *memory(span.word);

		if ((value ^ rt.shared->shadow[span.word]) & span.mask)
			put(span, value, site, 0);
		done += now;
	}
}

void rt_acquire_clock(uint32_t time)
{
	rt.me->floor = max(rt.me->floor, time);
}
