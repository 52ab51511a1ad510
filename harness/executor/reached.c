/* SPDX-License-Identifier: Apache-2.0
 *
 * The feedback of a burst: each counter as high as in the run that had it the highest, since a sum over a burst
 * would only say how long it was. Most of the counters are zero after a run, and few of the others are
 * news, so whole lines of them are looked at before any one is.
 */
#include <string.h>

#include "explore.h"

enum { LINE = 64 };

static uint8_t merged[CF_FEEDBACK_SIZE] __attribute__((aligned(LINE)));
static uint8_t
	known[CF_FEEDBACK_SIZE]; /* ever; in powers of two, as libFuzzer tells counts apart */

static bool is_zero(const uint8_t *line)
{
	uint64_t word[LINE / 8], sum = 0;

	memcpy(word, line, LINE);
	for (unsigned i = 0; i < LINE / 8; i++)
		sum |= word[i];
	return sum == 0;
}

static uint8_t power(uint8_t count)
{
	return count == 0 ? 0 : (uint8_t)(32 - __builtin_clz(count));
}

static uint32_t learn(unsigned from)
{
	uint32_t news = 0;

	for (unsigned i = from; i < from + LINE; i++)
		if (known[i] < power(merged[i])) {
			known[i] = power(merged[i]);
			news++;
		}
	return news;
}

/* True if any is higher. */
static bool lift(uint8_t *to, const uint8_t *line)
{
	uint8_t higher = 0;

	for (unsigned i = 0; i < LINE; i++) {
		uint8_t best = to[i] < line[i] ? line[i] : to[i];

		higher |= best ^ to[i];
		to[i] = best;
	}
	return higher != 0;
}

void ex_begin_feedback(void)
{
	memset(merged, 0, sizeof(merged));
}

uint32_t ex_merge_feedback(uint8_t *feedback)
{
	uint32_t news = 0;

	for (unsigned at = 0; at < CF_FEEDBACK_SIZE; at += LINE) {
		if (is_zero(feedback + at))
			continue;
		if (lift(merged + at, feedback + at))
			news += learn(at);
		memset(feedback + at, 0, LINE);
	}
	return news;
}

void ex_end_feedback(uint8_t *feedback)
{
	memcpy(feedback, merged, sizeof(merged));
}
