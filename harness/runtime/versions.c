/* SPDX-License-Identifier: Apache-2.0
 * Older versions of a place, rebuilt from the history of commits. */
#include "memory.h"

/* Both halves of a store of 16 bytes come at once, though each has a time of its own. */
static uint32_t overwritten_at(const struct rt_commit *c)
{
	return c->time - c->second;
}

void rt_forget_commit(uint32_t time)
{
	const struct rt_commit *old = &rt.shared->commit[time % RT_COMMITS];
	struct rt_word *state = &rt.shared->word[old->word];

	if (state->epoch != rt.shared->run || state->last != old->time)
		return;
	state->last = state->site = 0;
	state->mask = ~0ull;
}

struct version rt_version_at(struct span span, uint32_t back)
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
			if (version.age == back || overwritten_at(c) <= bound) {
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

struct origin rt_find_origin(uint32_t word, uint64_t mask)
{
	struct version version =
		rt_version_at((struct span){ .word = word, .shift = 0, .mask = mask }, 0);

	return (struct origin){ version.time, version.site };
}

/* NULL: there is none, or it is older than the history. */
static const struct rt_commit *commit_at(uint32_t time)
{
	const struct rt_commit *c = &rt.shared->commit[time % RT_COMMITS];

	return time != 0 && c->time == time ? c : NULL;
}

static void undo(struct version *version, const struct rt_commit *c)
{
	version->value = blend(version->value, c->old, c->mask);
	version->time = c->previous;
}

uint32_t rt_versions_at(uint32_t word, uint32_t back, struct version both[2])
{
	uint32_t bound = rt.me->floor, age = 0;

	for (unsigned i = 0; i < 2; i++) {
		struct rt_word *state = word_state(word + i);

		bound = max(bound, state->seen[rt.actor]);
		both[i] = (struct version){ .value = *memory(word + i), .time = state->last };
	}
	for (; age < back; age++) {
		unsigned later = both[1].time > both[0].time;
		const struct rt_commit *c = commit_at(both[later].time);

		if (c == NULL || overwritten_at(c) <= bound)
			break;
		undo(&both[later], c);
		if (c->second)
			undo(&both[!later], commit_at(c->time - 1));
	}
	for (unsigned i = 0; i < 2; i++) {
		const struct rt_commit *c = commit_at(both[i].time);

		both[i].age = age;
		both[i].site = c == NULL || c->writer == UNSEEN_WRITER ? 0 : c->site;
	}
	return age;
}
