/* SPDX-License-Identifier: Apache-2.0
 *
 * The feedback of a burst: each counter as high as in the run that had it the highest, since a sum over a burst
 * would only say how long it was. Most runs have none that is higher, which is asked of all of them together
 * first, without a branch.
 */
#include <string.h>

#include "explore.h"

typedef uint8_t vector __attribute__((vector_size(16)));
typedef uint64_t words __attribute__((vector_size(16)));

enum { VECTORS = CF_FEEDBACK_SIZE / sizeof(vector) };

union counters {
	uint8_t byte[CF_FEEDBACK_SIZE];
	vector vector[VECTORS];
};

static union counters merged;
static uint8_t
	known[CF_FEEDBACK_SIZE]; /* ever; in powers of two, as libFuzzer tells counts apart */

static bool is_zero(words all)
{
	return (all[0] | all[1]) == 0;
}

/* Byte by byte, for the compiler to put together: it knows instructions that vectors in C have no sign for. */
static inline __attribute__((always_inline)) bool is_higher(const uint8_t *of_run)
{
	uint8_t higher = 0;

#pragma GCC unroll 16
	for (unsigned i = 0; i < CF_FEEDBACK_SIZE; i++) {
		uint8_t best = merged.byte[i];

		higher |= (of_run[i] > best ? of_run[i] : best) ^ best;
	}
	return higher != 0;
}

#ifdef __x86_64__
/* The same by vectors twice as wide, which not every processor has: it is a twentieth of a short run. */
static __attribute__((target("avx2"))) bool is_higher_by_wide_ones(const uint8_t *of_run)
{
	return is_higher(of_run);
}

static bool is_higher_anywhere(const uint8_t *of_run)
{
	return __builtin_cpu_supports("avx2") ? is_higher_by_wide_ones(of_run) : is_higher(of_run);
}
#else
static bool is_higher_anywhere(const uint8_t *of_run)
{
	return is_higher(of_run);
}
#endif

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

static uint32_t merge(const vector *of_run)
{
	uint32_t news = 0;

	for (unsigned i = 0; i < VECTORS; i++) {
		vector *best = &merged.vector[i], higher = (vector)(of_run[i] > *best);

		if (is_zero((words)higher))
			continue;
		*best = (of_run[i] & higher) | (*best & ~higher);
		news += learn(i * sizeof(vector));
	}
	return news;
}

void ex_begin_feedback(void)
{
	memset(&merged, 0, sizeof(merged));
}

uint32_t ex_merge_feedback(uint8_t *feedback)
{
	const vector *of_run = (const vector *)__builtin_assume_aligned(feedback, sizeof(vector));
	uint32_t news = is_higher_anywhere(feedback) ? merge(of_run) : 0;

	memset(feedback, 0, CF_FEEDBACK_SIZE);
	return news;
}

void ex_end_feedback(uint8_t *feedback)
{
	memcpy(feedback, &merged, sizeof(merged));
}
