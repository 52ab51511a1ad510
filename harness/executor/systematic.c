/* SPDX-License-Identifier: Apache-2.0
 *
 * All schedules around a plan, by the number of switches that are added. A schedule is one with its last
 * switch taken away, and that switch at one of the options which come after the one before: so each
 * is met exactly once, and it is known when there are no more.
 */
#include <string.h>

#include "explore.h"
#include "strategies.h"

enum { MOST_SWITCHES = 8 };

/* A schedule so far, and which of its options comes next. */
struct level {
	struct cf_plan plan;
	uint32_t options;
	struct rt_option option[RT_OPTIONS];
	uint32_t at, to;
};

static struct {
	unsigned switches; /* that are to be added */
	unsigned depth; /* of the level whose options are run */
	bool opens; /* the last run has switches to come, so its options were noted */
	bool too_long; /* a run had more options than are noted, or its plan no room */
	uint32_t schedules, before; /* that were run; with fewer switches */
	struct level level[MOST_SWITCHES];
} all;

static struct level *current(void)
{
	return &all.level[all.depth];
}

/* A point at which the plan switches is no option of its run, so the next one has that one's number. */
static void note_options(const struct rt_option *option, uint32_t options, uint32_t from)
{
	struct level *level = current();

	all.too_long |= options > RT_OPTIONS;
	level->options = options < RT_OPTIONS ? options : RT_OPTIONS;
	memcpy(level->option, option, level->options * sizeof(option[0]));
	level->at = from;
	level->to = 0;
}

/* All with so many were run. */
static void complete(struct search *s)
{
	struct cf_mailbox *mailbox = &s->ex->control->mailbox;

	mailbox->complete = all.switches + 1;
	mailbox->schedules = all.schedules;
	mailbox->exhausted = all.schedules == all.before;
	all.before = all.schedules;
}

/* Of none there is the supervisor's own run only, whose options are known. */
static void begin(struct search *s)
{
	all.switches = all.depth = 0;
	all.schedules = 1;
	all.before = 0;
	all.too_long = s->options == RT_OPTIONS;
	complete(s);
	all.switches = 1;
	ex_copy_plan(&current()->plan, &s->base);
	note_options(s->option, s->options, 0);
}

/* The next switch of this level; false if it has no more. */
static bool next_switch(struct level *level, struct cf_event *event)
{
	for (; level->at < level->options; level->at++, level->to = 0) {
		const struct rt_option *option = &level->option[level->at];

		for (; level->to < CF_MAX_ACTORS; level->to++)
			if (option->others >> level->to & 1) {
				*event = (struct cf_event){ .op = CF_DO_SWITCH,
							    .actor = option->actor,
							    .added = 1,
							    .point = option->point,
							    .arg = level->to++ };
				return true;
			}
	}
	return false;
}

/* Begins again with one switch more; false if there can be none. */
static bool deepen(struct search *s)
{
	if (all.too_long)
		return false;
	complete(s);
	if (s->ex->control->mailbox.exhausted || all.switches == MOST_SWITCHES)
		return false;
	all.switches++;
	current()->at = current()->to = 0;
	return true;
}

static bool next(struct search *s)
{
	struct cf_event event;

	while (!next_switch(current(), &event))
		if (all.depth > 0)
			all.depth--;
		else if (!deepen(s))
			return false;
	all.opens = all.depth + 1 < all.switches;
	all.too_long |= !ex_add_below(s, &current()->plan, &event,
				      all.opens ? &all.level[all.depth + 1].plan : NULL);
	return !all.too_long;
}

static void passed(struct search *s)
{
	const struct rt_choices *c = &s->ex->shared->choices;
	uint32_t from = current()->at;

	if (!all.opens) {
		all.schedules++;
		return;
	}
	all.depth++;
	note_options(c->option, c->options, from);
}

const struct strategy ex_systematic = { begin, next, passed };
