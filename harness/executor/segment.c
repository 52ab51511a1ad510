/* SPDX-License-Identifier: Apache-2.0
 *
 * The shared segment at the beginning of a run. On fibers, where a run takes a microsecond, what
 * init() made of it for these params is kept, and of a large segment only those words are laid back
 * that the last run has touched: its commits name them. That needs all its writes to have been
 * announced, so it is not relied on after a run that ended early, had an unseen write, or let a call
 * write into the segment.
 */
#include <string.h>

#include "executor.h"

enum { SMALL_WORDS = 512 }; /* copying so many is as quick as looking which are to be */

static struct {
	bool known;
	uint32_t variant;
	int32_t params[CF_MAX_PARAMS];
	uint64_t word[RT_WORDS];
} initial;

static bool tracked; /* the commits name all that the last run has changed */

static size_t words_of(const struct executor *ex)
{
	return (ex->loaded.target->shared_size + 7) / 8;
}

static bool is_known(const struct cf_plan *plan)
{
	return initial.known && initial.variant == plan->variant &&
	       memcmp(initial.params, plan->params, sizeof(initial.params)) == 0;
}

static void lay_back_touched(struct rt_shared *s)
{
	uint64_t *segment = (uint64_t *)CF_SEGMENT_ADDRESS;

	for (uint32_t time = 1; time <= s->now; time++) {
		uint32_t word = s->commit[time % RT_COMMITS].word;

		segment[word] = s->shadow[word] = initial.word[word];
	}
}

static void lay_back(struct rt_shared *s, size_t words)
{
	memcpy((void *)CF_SEGMENT_ADDRESS, initial.word, words * 8);
	memcpy(s->shadow, initial.word, words * 8);
}

bool ex_restore_segment(struct executor *ex)
{
	size_t words = words_of(ex);

	if (ex->control->result.carrier == CF_CARRIER_FIBER && is_known(&ex->control->plan)) {
		if (tracked && words > SMALL_WORDS)
			lay_back_touched(ex->shared);
		else
			lay_back(ex->shared, words);
		return true;
	}
	initial.known = tracked = false;
	memset((void *)CF_SEGMENT_ADDRESS, 0, words * 8);
	return false;
}

void ex_keep_segment(struct executor *ex)
{
	const struct cf_plan *plan = &ex->control->plan;
	const struct rt_shared *s = ex->shared;
	size_t words = words_of(ex);

	memcpy(ex->shared->shadow, (void *)CF_SEGMENT_ADDRESS, words * 8);
	/* What else init() may have filled is not kept. */
	if (ex->control->result.carrier != CF_CARRIER_FIBER || s->items > 0 || s->ledger_used)
		return;
	memcpy(initial.word, (void *)CF_SEGMENT_ADDRESS, words * 8);
	memcpy(initial.params, plan->params, sizeof(initial.params));
	initial.variant = plan->variant;
	initial.known = true;
}

void ex_note_touched(const struct executor *ex)
{
	const struct rt_shared *s = ex->shared;

	tracked = ex->control->result.outcome == CF_PASSED && s->unseen == 0 && !s->untracked &&
		  s->now < RT_COMMITS;
}
