/* SPDX-License-Identifier: Apache-2.0
 * Older versions of a place, rebuilt from the history of commits. */
#include "memory.h"

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
