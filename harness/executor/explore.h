/* SPDX-License-Identifier: Apache-2.0
 *
 * explore.h - what the strategies of a burst share. A strategy writes one plan after the other around the
 * supervisor's; the burst runs them until one fails, the budget is used up or nothing is left to try.
 */
#ifndef CRYOFUZZ_EXPLORE_H
#define CRYOFUZZ_EXPLORE_H

#include "executor.h"

enum { EX_PLACES = 4096, EX_SHARED_WORDS = 64 };

/* An access of the supervisor's own run: where a load may be stale, a store held, or a weak compare-exchange
 * fail for no reason. */
struct place {
	uint8_t actor;
	uint8_t op; /* CF_OP_LOAD, CF_OP_STORE or CF_OP_RMW */
	uint16_t point;
};

/* A word that several actors access in it, and at least one writes. */
struct shared_word {
	uint32_t word;
	uint32_t points[CF_MAX_ACTORS];
};

struct search {
	struct executor *ex;
	struct cf_plan *plan; /* in the control block: the run that comes next */
	struct cf_plan base; /* as the supervisor gave it */
	uint64_t random;
	bool failed; /* the last run, and it ends the burst */
	uint64_t squares; /* of the points of each run of the burst */
	/* The supervisor's own run: */
	uint32_t points;
	uint32_t actor_points[CF_MAX_ACTORS];
	uint32_t options;
	struct rt_option option[RT_OPTIONS];
	uint32_t places;
	struct place place[EX_PLACES];
	uint32_t words;
	struct shared_word word[EX_SHARED_WORDS];
};

struct strategy {
	void (*begin)(struct search *s); /* or NULL */
	/* Writes the plan that comes next, from a copy of the base; false: nothing is left to try. */
	bool (*next)(struct search *s);
	void (*passed)(struct search *s); /* that run, or NULL */
};

extern const struct strategy *const ex_strategies[CF_STRATEGIES];

/* ---- explore.c */
/* From 0 to limit - 1. */
uint32_t ex_below(struct search *s, uint32_t limit);

/* ---- added.c: events of a plan that a burst has added */
/* `to` becomes `from`: copies what is used. */
void ex_copy_plan(struct cf_plan *to, const struct cf_plan *from);
/* Behind all others of its point. */
void ex_insert(struct cf_plan *plan, const struct cf_event *event);
bool ex_has_room(const struct cf_plan *plan);
/* False, and nothing done, where the plan has no room, or such an event there already. */
bool ex_add(struct search *s, const struct cf_event *event);
/* A stale load, a held store or a spurious failure, if the memory model has it there. */
bool ex_add_reordering(struct search *s, const struct place *place, uint32_t far);
/* One of the stores that its actor made after this load, the first one is 0, early there. */
bool ex_add_early(struct search *s, const struct place *load, uint32_t which);
void ex_add_random_reordering(struct search *s);
/* Has the next run choose in this way, or only note its options. */
void ex_ask_to_choose(struct search *s, enum rt_way way);
/* In a tree of plans (systematic.c): the next run is that of the plan above and this event. If others are to come below it,
 * its plan is kept for them and its options are noted. False if there is no room. */
bool ex_add_below(struct search *s, const struct cf_plan *above, const struct cf_event *event,
		  struct cf_plan *below);
/* Without any choosing it is the same run. */
void ex_make_explicit(struct search *s);

/* ---- noted.c: what there is to change in the supervisor's own run */
void ex_note_run(struct search *s);

/* ---- reached.c: feedback of many runs */
void ex_begin_feedback(void);
/* Clears it. Returns how many counters are higher than ever in this executor, by powers of two. */
uint32_t ex_merge_feedback(uint8_t *feedback);
void ex_end_feedback(uint8_t *feedback);

/* ---- portfolio.c */
/* The run of this strategy reached so much that none had reached before; it failed. */
void ex_pay(enum cf_strategy strategy, const struct cf_result *run, uint32_t news, bool failed);

/* ---- exhaustive.c */
/* The last run was one that had not been made before. */
bool ex_was_new(void);

#endif
