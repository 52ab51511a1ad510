/* SPDX-License-Identifier: Apache-2.0
 * The buffer of each actor: stores that the others do not see yet. */
#include "memory.h"

static void commit_one(const struct rt_held *held, bool second)
{
	check_unseen(held->word, held->site);
	rt.own->release = held->release;
	commit(held->word, held->mask, held->value, held->site, false);
	rt.shared->commit[rt.shared->now % RT_COMMITS].second = second;
	step(CF_OP_COMMIT, 0, held->site, 8, (uint64_t)held->word * 8, held->value & held->mask,
	     rt.shared->now);
}

/* Of two halves the first one. */
static unsigned first_of(unsigned index)
{
	return index > 0 && rt.me->held[index - 1].with_next ? index - 1 : index;
}

static void commit_held(unsigned index)
{
	struct rt_actor *me = rt.me;
	struct rt_held held[2];
	unsigned count;

	index = first_of(index);
	held[0] = me->held[index];
	count = held[0].with_next ? 2 : 1;
	if (count == 2)
		held[1] = me->held[index + 1];
	me->nheld -= count;
	me->planned = 0; /* it was reckoned with this one */
	memmove(&me->held[index], &me->held[index + count], (me->nheld - index) * sizeof(held[0]));
	commit_one(&held[0], false);
	if (count == 2)
		commit_one(&held[1], true);
}

void rt_drain(void)
{
	if (rt.me->promised)
		rt_break_promise();
	while (rt.me->nheld > 0)
		commit_held(0);
	if (RACING)
		rt_race_call();
}

void rt_commit_overlapping(struct span span)
{
	for (unsigned i = 0; i < rt.me->nheld;) {
		if (rt.me->held[i].word == span.word && (rt.me->held[i].mask & span.mask)) {
			i = first_of(i);
			commit_held(i);
		} else {
			i++;
		}
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

uint32_t rt_earliest_until(const struct rt_actor *actor)
{
	uint32_t earliest = UINT32_MAX;

	for (unsigned i = 0; i < actor->nheld; i++) {
		if (actor->held[i].until < earliest)
			earliest = actor->held[i].until + 1;
		if (model() == CF_X86)
			break; /* first in, first out */
	}
	return earliest;
}

void rt_hold(struct span span, uint64_t value, uint32_t site, uint32_t until)
{
	struct rt_actor *me = rt.me;

	if (me->nheld == RT_HELD)
		commit_held(0);
	/* So each access asks what is held; then it may be time for it. */
	me->due = 0;
	if (until < me->planned && (me->nheld == 0 || model() != CF_X86))
		me->planned = until + 1;
	me->held[me->nheld++] = (struct rt_held){
		.word = span.word,
		.until = until,
		.mask = span.mask,
		.value = value,
		.site = site,
		.release = (uint16_t)rt.own->release,
	};
}

void rt_hold_both(struct span low, const uint64_t value[2], uint32_t site, uint32_t until)
{
	struct span high = { low.word + 1, low.shift, low.mask };
	struct rt_actor *me = rt.me;

	while (me->nheld > RT_HELD - 2)
		commit_held(0);
	rt_hold(low, value[0], site, until);
	me->held[me->nheld - 1].with_next = 1;
	rt_hold(high, value[1], site, until);
}

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

/* As where it is made of a load and a store that need an undisturbed line (weak models). */
bool rt_fails_for_nothing(struct rt_deal *deal, bool weak)
{
	struct cf_event *event = deal->count > 0 ? rt_take(deal, CF_DO_SPURIOUS) : NULL;

	if (weak)
		rt_note_weak();
	if (event == NULL)
		return false;
	if (weak && model() >= CF_WEAK)
		return true;
	rt_moot(event);
	return false;
}
