/* SPDX-License-Identifier: Apache-2.0
 *
 * explore.h - what the strategies of a burst share. A strategy writes plans around the supervisor's, one
 * after the other, and has each tried until it is told that the search is over.
 */
#ifndef CRYOFUZZ_EXPLORE_H
#define CRYOFUZZ_EXPLORE_H

#include "executor.h"

enum { EX_PLACES = 4096 };

/* An access of the supervisor's own run: where a load may be stale, or a store held. */
struct place {
	uint8_t actor;
	uint8_t op; /* CF_OP_LOAD or CF_OP_STORE */
	uint16_t point;
};

struct search {
	struct executor *ex;
	struct cf_plan *plan; /* in the control block: the run that comes next */
	struct cf_plan base; /* as the supervisor gave it */
	uint64_t random;
	uint32_t tried; /* of what the strategy counts */
	/* The supervisor's own run: */
	uint32_t points;
	uint32_t actor_points[CF_MAX_ACTORS];
	uint32_t options;
	struct rt_option option[RT_OPTIONS];
	uint32_t places;
	struct place place[EX_PLACES];
};

/* Runs the plan. False once the search is over: it failed, or the budget is used up. */
bool ex_try(struct search *s);
/* False, and nothing done, where the plan has no room, or such an event there already. */
bool ex_add(struct search *s, const struct cf_event *event);
/* Has the next run note its options. */
void ex_ask_to_choose(struct search *s);
/* From 0 to limit - 1. */
uint32_t ex_below(struct search *s, uint32_t limit);

/* search.c: each returns when the search is over, or it knows nothing more to try. */
void ex_search_randomly(struct search *s);
void ex_search_by_priority(struct search *s);
void ex_sweep(struct search *s);
/* systematic.c */
void ex_search_all(struct search *s);

#endif
