/* SPDX-License-Identifier: Apache-2.0
 *
 * Pointers that go through the segment from one actor's heap to another actor. Threads would find there what
 * they point to; these are processes, each with a heap of its own in the same place, and find something else
 * or nothing. Such a run tells nothing, whatever it came to.
 */
#include <stdio.h>

#include "executor.h"

enum { NOBODY = 0xff };

static bool is_on_heap(uint64_t value)
{
	return value - RT_HEAP_ADDRESS < RT_HEAP_SIZE;
}

/* 0 if it reads nothing. */
static uint64_t read_by(const struct cf_step *step)
{
	if (step->op == CF_OP_LOAD || step->op == CF_OP_CAS_FAIL)
		return step->value;
	return step->op == CF_OP_RMW ? step->extra : 0;
}

/* Who has stored that there before, as far as the trace remembers. */
static unsigned writer_of(const struct cf_control *control, uint32_t first, uint32_t reader,
			  uint64_t value)
{
	uint64_t address = control->trace[reader % CF_TRACE_STEPS].address;

	for (uint32_t i = reader; i-- > first;) {
		const struct cf_step *step = &control->trace[i % CF_TRACE_STEPS];

		if ((step->op == CF_OP_STORE || step->op == CF_OP_RMW) &&
		    step->address == address && step->value == value)
			return step->actor;
	}
	return NOBODY;
}

static void refuse(struct executor *ex, const struct cf_step *step)
{
	struct cf_result *result = &ex->control->result;

	snprintf(result->detail, sizeof(result->detail),
		 "at %s an actor reads a pointer at +0x%llx of the segment to what another one has "
		 "on "
		 "its heap; actors share only what lies in the segment",
		 step->site > 0 && step->site <= ex->loaded.places
			 ? ex->loaded.place[step->site - 1]
			 : "?",
		 (unsigned long long)step->address);
	result->outcome = CF_UNSUPPORTED;
	result->kind = CF_NO_KIND;
	result->site[0] = '\0';
}

void ex_refuse_foreign_pointers(struct executor *ex)
{
	const struct cf_control *control = ex->control;
	uint32_t steps = ex->shared->steps;
	uint32_t first = steps > CF_TRACE_STEPS ? steps - CF_TRACE_STEPS : 0;

	if (!ex->shared->heap_used || control->result.outcome == CF_BROKEN)
		return;
	for (uint32_t i = first; i < steps; i++) {
		const struct cf_step *step = &control->trace[i % CF_TRACE_STEPS];
		uint64_t value = read_by(step);
		unsigned writer;

		if (!is_on_heap(value))
			continue;
		writer = writer_of(control, first, i, value);
		if (writer != NOBODY && writer != step->actor) {
			refuse(ex, step);
			return;
		}
	}
}
