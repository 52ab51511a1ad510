/* SPDX-License-Identifier: Apache-2.0
 *
 * All schedules around a plan, by the number of switches that are added. A schedule is one with its last
 * switch taken away, and that switch at one of the options which come after the one before: so each
 * is met exactly once, and it is known when there are no more.
 */
#include <string.h>

#include "explore.h"

enum { MOST_SWITCHES = 8 };

static struct level {
	uint32_t options;
	struct rt_option option[RT_OPTIONS];
	struct cf_plan plan; /* so far */
} levels[MOST_SWITCHES];

static bool too_long; /* a run had more options than are noted */

static bool descend(struct search *s, unsigned depth, unsigned more, uint32_t from);

/* The schedule so far, for its options. */
static bool note_options(struct search *s, struct level *level)
{
	const struct rt_choices *c = &s->ex->shared->choices;

	level->plan = *s->plan;
	ex_ask_to_choose(s);
	if (!ex_try(s))
		return false;
	too_long |= c->options > RT_OPTIONS;
	level->options = c->options < RT_OPTIONS ? c->options : RT_OPTIONS;
	memcpy(level->option, c->option, level->options * sizeof(c->option[0]));
	return true;
}

static bool switch_at(struct search *s, unsigned depth, unsigned more, uint32_t at)
{
	const struct level *level = &levels[depth];
	const struct rt_option *option = &level->option[at];

	for (unsigned to = 0; to < CF_MAX_ACTORS; to++) {
		if (!(option->others >> to & 1))
			continue;
		*s->plan = level->plan;
		if (!ex_add(s, &(struct cf_event){ .op = CF_DO_SWITCH,
						   .actor = option->actor,
						   .added = 1,
						   .point = option->point,
						   .arg = to }))
			too_long = true;
		else if (!descend(s, depth + 1, more - 1, at))
			return false;
	}
	return true;
}

/* A point at which the plan switches is no option of its run, so the next one has that one's number. */
static bool descend(struct search *s, unsigned depth, unsigned more, uint32_t from)
{
	if (more == 0) {
		if (!ex_try(s))
			return false;
		s->tried++;
		return true;
	}
	if (!note_options(s, &levels[depth]))
		return false;
	for (uint32_t i = from; i < levels[depth].options; i++)
		if (!switch_at(s, depth, more, i))
			return false;
	return true;
}

void ex_search_all(struct search *s)
{
	struct cf_mailbox *mailbox = &s->ex->control->mailbox;

	too_long = false;
	for (unsigned switches = 0; switches <= MOST_SWITCHES; switches++) {
		uint32_t before = s->tried;

		*s->plan = s->base;
		if (!descend(s, 0, switches, 0) || too_long)
			return;
		mailbox->complete = switches + 1;
		mailbox->schedules = s->tried;
		mailbox->exhausted = s->tried == before;
		if (mailbox->exhausted)
			return;
	}
}
