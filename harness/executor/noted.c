/* SPDX-License-Identifier: Apache-2.0
 * What there is to change in the supervisor's own run: read from its trace. */
#include <string.h>

#include "explore.h"

/* Of this word in the segment, who has accessed it at how many points, and has anybody written. */
struct accesses {
	uint32_t word;
	uint32_t points[CF_MAX_ACTORS];
	bool written;
};

static struct accesses accessed[EX_SHARED_WORDS];
static uint32_t words;

static bool is_access(const struct cf_step *step)
{
	return step->op == CF_OP_LOAD || step->op == CF_OP_STORE || step->op == CF_OP_RMW ||
	       step->op == CF_OP_CAS_FAIL;
}

/* The first words only; there are seldom so many that are handed to and fro. */
static struct accesses *accesses_of(uint32_t word)
{
	for (uint32_t i = 0; i < words; i++)
		if (accessed[i].word == word)
			return &accessed[i];
	if (words == EX_SHARED_WORDS)
		return NULL;
	accessed[words] = (struct accesses){ .word = word };
	return &accessed[words++];
}

static void note_access(const struct cf_step *step)
{
	struct accesses *a = accesses_of((uint32_t)(step->address / 8));

	if (a == NULL)
		return;
	a->points[step->actor]++;
	a->written |= step->op != CF_OP_LOAD;
}

/* A range is many steps of one point. */
static bool is_new(const struct search *s, const struct cf_step *step)
{
	const struct place *last = &s->place[s->places > 0 ? s->places - 1 : 0];

	return s->places == 0 || last->actor != step->actor || last->point != step->point ||
	       last->op != step->op;
}

/* Others that modify can't fail. */
static bool is_weak(const struct search *s, const struct cf_step *step)
{
	const struct rt_choices *c = &s->ex->shared->choices;

	for (uint32_t i = 0; i < c->weak_ones; i++)
		if (c->weak_one[i].actor == step->actor && c->weak_one[i].point == step->point)
			return true;
	return false;
}

static bool is_place(const struct search *s, const struct cf_step *step)
{
	return step->op == CF_OP_LOAD || step->op == CF_OP_STORE ||
	       (step->op == CF_OP_RMW && is_weak(s, step));
}

static void note_step(struct search *s, const struct cf_step *step)
{
	if (!is_access(step))
		return;
	note_access(step);
	if (is_place(s, step) && s->places < EX_PLACES && is_new(s, step))
		s->place[s->places++] = (struct place){ step->actor, step->op, step->point };
}

static bool is_shared(const struct accesses *a)
{
	unsigned actors = 0;

	for (unsigned i = 0; i < CF_MAX_ACTORS; i++)
		actors += a->points[i] > 0;
	return actors > 1 && a->written;
}

static void keep_shared_words(struct search *s)
{
	for (uint32_t i = 0; i < words; i++) {
		struct shared_word *word = &s->word[s->words];

		if (!is_shared(&accessed[i]))
			continue;
		word->word = accessed[i].word;
		memcpy(word->points, accessed[i].points, sizeof(word->points));
		s->words++;
	}
}

void ex_note_run(struct search *s)
{
	const struct cf_control *control = s->ex->control;
	const struct rt_choices *choices = &s->ex->shared->choices;
	uint32_t steps = control->result.steps;

	words = 0;
	s->points = control->result.points;
	for (unsigned i = 0; i < control->result.actors; i++)
		s->actor_points[i] = control->result.actor_result[i].points;
	s->options = choices->options < RT_OPTIONS ? choices->options : RT_OPTIONS;
	memcpy(s->option, choices->option, s->options * sizeof(s->option[0]));
	for (uint32_t i = steps > CF_TRACE_STEPS ? steps - CF_TRACE_STEPS : 0; i < steps; i++)
		note_step(s, &control->trace[i % CF_TRACE_STEPS]);
	keep_shared_words(s);
}
