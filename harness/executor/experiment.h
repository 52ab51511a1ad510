/* SPDX-License-Identifier: Apache-2.0
 *
 * experiment.h - a run that is to be judged, and others like it but for one value that one load got: what
 * differs in them depends on that load. Hooks show addresses and values, but not where they come from.
 */
#ifndef CRYOFUZZ_EXPERIMENT_H
#define CRYOFUZZ_EXPERIMENT_H

#include "executor.h"

enum {
	EX_SOURCES = 32, /* loads that are tried for one suspicion: those just before it */
	EX_VALUES = 16, /* that each can be given */
};

/* The run that is to be judged. */
struct ex_first {
	struct cf_result result;
	char text[CF_TEXT_SIZE];
	struct cf_step step[CF_TRACE_STEPS];
};
extern struct ex_first ex_first;

static inline const struct cf_step *ex_step(const struct cf_step *steps, uint32_t i)
{
	return &steps[i % CF_TRACE_STEPS];
}

/* The first step that is still there. */
static inline uint32_t ex_begin(const struct cf_result *result)
{
	return result->steps > CF_TRACE_STEPS ? result->steps - CF_TRACE_STEPS : 0;
}

/* What the actor did itself, at points of its own. */
bool ex_is_access(const struct cf_step *step, uint8_t actor);
/* The number of the actor's next access from i on, `steps` if there is none. */
uint32_t ex_next_access(const struct cf_step *steps, uint32_t count, uint32_t i, uint8_t actor);

/* Other values for what a step read, at most EX_VALUES: some that its place has had, then some that it may
 * have; `many` are all of those. */
unsigned ex_others(const struct cf_step *source, bool many, uint64_t *values);
/* The run in which that step reads this value instead. Promises are as the judged one has them. */
void ex_experiment(struct executor *ex, const struct cf_step *source, uint64_t value);

/* The first event of the judged run that can't have been, NULL if all can (dependency.c, promises.c). */
struct cf_event *ex_forbidden_stale(struct executor *ex);
struct cf_event *ex_forbidden_early(struct executor *ex);

#endif
