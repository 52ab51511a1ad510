/* SPDX-License-Identifier: Apache-2.0
 * How a run ends: by a violation, or because nobody can go on. */
#include <stdio.h>

#include "calls.h"
#include "schedule.h"

static void record(enum cf_outcome outcome, enum cf_kind kind, uint32_t site_id, const char *site,
		   const char *detail)
{
	struct cf_result *result = &rt.control->result;

	if (result->outcome != CF_RUNNING || (rt.native && !rt_native_fails()))
		return;
	result->kind = kind;
	result->actor = rt.actor;
	result->site_id = site_id;
	if (outcome != CF_PASSED) { /* else both are empty already */
		snprintf(result->site, sizeof(result->site), "%s", site);
		snprintf(result->detail, sizeof(result->detail), "%s", detail);
	}
	result->outcome = outcome;
}

static RT_OFTEN void announce_end(void)
{
	rt_freeze_suspend();
	__atomic_store_n(&rt.shared->done, rt.shared->run, __ATOMIC_RELEASE);
	if (!rt.fibers)
		wake(&rt.shared->done);
}

/* Whoever has made one, and not kept it yet, has the last word; who has failed never goes on. */
static void let_keep_promises(void)
{
	struct rt_actor *promised = rt.shared->promises > 0 ? rt_who_has_promised() : NULL;

	if (promised != NULL && rt.control->result.outcome == CF_VIOLATED)
		rt_hand_over(promised);
}

void rt_finish(enum cf_outcome outcome, enum cf_kind kind, uint32_t site_id, const char *site,
	       const char *detail)
{
	void (*attach)(void) = rt.own->on_failure;

	record(outcome, kind, site_id, site, detail);
	rt.own->on_failure = NULL;
	if (attach != NULL && outcome == CF_VIOLATED)
		attach();
	if (!rt.running)
		siglongjmp(rt.restart, 1); /* the executor, guarded */
	let_keep_promises();
	announce_end();
	rt_next_run();
}

static const char *role_name(const struct rt_actor *actor)
{
	return rt.target->roles[actor->role].name;
}

static void describe_waits(char *text, size_t size)
{
	struct rt_shared *s = rt.shared;
	size_t at = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < s->actors && at < size; i++) {
		struct rt_actor *actor = &s->actor[i];
		bool many = rt.target->roles[actor->role].count != NULL;
		int length;

		if (actor->state == CF_ACTOR_ENDED)
			continue;
		if (actor->state == CF_ACTOR_PARKED && actor->park == RT_PARK_OBJECT)
			rt_name_object_wait(actor, actor->waits);
		length = snprintf(text + at, size - at, many ? "%s%s%u %s" : "%s%s%.0u %s",
				  at > 0 ? "; " : "", role_name(actor), actor->index,
				  actor->state == CF_ACTOR_PARKED ? actor->waits : "spins");
		at += (size_t)length;
	}
}

static void judge(void)
{
	struct rt_shared *s = rt.shared;
	const struct rt_actor *parked = NULL, *spinning = NULL;
	char site[CF_SITE_NAME], detail[CF_DETAIL];

	for (unsigned i = s->actors; i-- > 0;) {
		if (rt_never_began(&s->actor[i]))
			s->actor[i].state = CF_ACTOR_ENDED;
		if (s->actor[i].state == CF_ACTOR_PARKED)
			parked = &s->actor[i];
		if (s->actor[i].state == CF_ACTOR_SPINNING)
			spinning = &s->actor[i];
	}
	if (parked == NULL && spinning == NULL) {
		record(CF_PASSED, CF_NO_KIND, 0, "", "");
		return;
	}
	describe_waits(detail, sizeof(detail));
	snprintf(site, sizeof(site), "%s.%s", rt.target->name,
		 role_name(parked != NULL ? parked : spinning));
	record(CF_VIOLATED, parked != NULL ? CF_DEADLOCK : CF_HANG, 0, site, detail);
}

void rt_conclude(void)
{
	judge();
	announce_end();
}
