/* SPDX-License-Identifier: Apache-2.0
 * Strategies that draw a schedule while the run goes on (runtime/choose.c), by what they set up before it; a
 * few random reorderings go along where memory has them. */
#include <string.h>

#include "explore.h"
#include "strategies.h"

enum {
	MOST_REORDERED = 2,
	DEEPEST = 10,
	ALL_POINTS_EACH = 4, /* one in so many runs counts all points, and not those of a word */
};

enum { ANY, ALL_POINTS }; /* what surw aims at; else at a word */

static void begin_choosing(struct search *s, enum rt_way way)
{
	for (uint32_t left = ex_below(s, MOST_REORDERED + 1); left > 0; left--)
		ex_add_random_reordering(s);
	ex_ask_to_choose(s, way);
	s->ex->shared->choices.random = (uint64_t)ex_below(s, UINT32_MAX) << 32;
}

/* ---- pct ----------------------------------------------------------------------------------------- */

/* They are few. */
static void sort(uint32_t *numbers, uint32_t count)
{
	for (uint32_t i = 1; i < count; i++)
		for (uint32_t at = i; at > 0 && numbers[at - 1] > numbers[at]; at--) {
			uint32_t lower = numbers[at];

			numbers[at] = numbers[at - 1];
			numbers[at - 1] = lower;
		}
}

/* A bug of depth d takes one lucky order of the actors, and d - 1 lucky points of change. */
static uint32_t depth_of(struct search *s)
{
	uint32_t told = s->ex->control->mailbox.aim;

	return told > 0 && told <= DEEPEST ? told : 2 + ex_below(s, DEEPEST - 1);
}

/* The initial priorities are a random order above all that a change can give. */
static bool next_by_priority(struct search *s)
{
	struct rt_choices *c = &s->ex->shared->choices;

	begin_choosing(s, RT_BY_PRIORITY);
	c->changes = depth_of(s) - 1;
	c->changed = 0;
	for (unsigned i = 0; i < CF_MAX_ACTORS; i++) {
		unsigned at = ex_below(s, i + 1);

		c->priority[i] = c->priority[at];
		c->priority[at] = c->changes + i;
	}
	for (unsigned i = 0; i < c->changes; i++)
		c->change[i] = ex_below(s, s->points);
	sort(c->change, c->changes);
	return true;
}

const struct strategy ex_pct = { NULL, next_by_priority, NULL };

/* ---- pos ----------------------------------------------------------------------------------------- */

static bool next_by_races(struct search *s)
{
	struct rt_choices *c = &s->ex->shared->choices;

	begin_choosing(s, RT_BY_RACES);
	for (unsigned i = 0; i < CF_MAX_ACTORS; i++)
		c->priority[i] = ex_below(s, UINT32_MAX);
	return true;
}

const struct strategy ex_pos = { NULL, next_by_races, NULL };

/* ---- surw ---------------------------------------------------------------------------------------- */

static bool counts_all(struct search *s)
{
	uint32_t aim = s->ex->control->mailbox.aim;

	if (s->words == 0)
		return true;
	return aim == ANY ? ex_below(s, ALL_POINTS_EACH) == 0 : aim == ALL_POINTS;
}

static bool next_uniformly(struct search *s)
{
	struct rt_choices *c = &s->ex->shared->choices;

	begin_choosing(s, RT_UNIFORMLY);
	c->elected = CF_MAX_ACTORS;
	if (counts_all(s)) {
		c->counted = RT_NO_ACCESS;
		memcpy(c->left, s->actor_points, sizeof(c->left));
	} else {
		const struct shared_word *word = &s->word[ex_below(s, s->words)];

		c->counted = rt_reads(word->word);
		memcpy(c->left, word->points, sizeof(c->left));
	}
	return true;
}

const struct strategy ex_surw = { NULL, next_uniformly, NULL };
