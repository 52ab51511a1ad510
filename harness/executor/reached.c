/* SPDX-License-Identifier: Apache-2.0
 *
 * The feedback of a burst: each counter as high as in the run that had it the highest, since a sum over a burst
 * would only say how long it was. Most of the counters are zero after a run, and few of the others are
 * news, so whole lines of them are looked at before any one is.
 */
#include <string.h>

#include "explore.h"

typedef uint8_t vector __attribute__((vector_size(16)));
typedef uint64_t words __attribute__((vector_size(16)));

enum { LINE = 4 }; /* vectors, as many as a line of the cache has */

union counters {
	uint8_t byte[CF_FEEDBACK_SIZE];
	vector vector[CF_FEEDBACK_SIZE / sizeof(vector)];
};

static union counters merged;
static uint8_t
	known[CF_FEEDBACK_SIZE]; /* ever; in powers of two, as libFuzzer tells counts apart */

static bool is_zero(words all)
{
	return (all[0] | all[1]) == 0;
}

static bool is_idle(const vector *line)
{
	return is_zero((words)(line[0] | line[1] | line[2] | line[3]));
}

static uint8_t power(uint8_t count)
{
	return count == 0 ? 0 : (uint8_t)(32 - __builtin_clz(count));
}

static uint32_t learn(unsigned from)
{
	uint32_t news = 0;

	for (unsigned i = from; i < from + sizeof(vector); i++)
		if (known[i] < power(merged.byte[i])) {
			known[i] = power(merged.byte[i]);
			news++;
		}
	return news;
}

static uint32_t merge_line(vector *line, unsigned at)
{
	uint32_t news = 0;

	for (unsigned i = 0; i < LINE; i++) {
		vector *best = &merged.vector[at + i], higher = (vector)(line[i] > *best);

		if (is_zero((words)higher))
			continue;
		*best = (line[i] & higher) | (*best & ~higher);
		news += learn((at + i) * sizeof(vector));
	}
	memset(line, 0, LINE * sizeof(vector));
	return news;
}

void ex_begin_feedback(void)
{
	memset(&merged, 0, sizeof(merged));
}

uint32_t ex_merge_feedback(uint8_t *feedback)
{
	vector *of_run = (vector *)__builtin_assume_aligned(feedback, sizeof(vector));
	uint32_t news = 0;

	for (unsigned at = 0; at < CF_FEEDBACK_SIZE / sizeof(vector); at += LINE)
		if (!is_idle(of_run + at))
			news += merge_line(of_run + at, at);
	return news;
}

void ex_end_feedback(uint8_t *feedback)
{
	memcpy(feedback, &merged, sizeof(merged));
}
