/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of objects, who waits for which of them, and how they order what their users do.
 *
 * What POSIX gives an errno gets that errno; what it leaves undefined ends the run as a finding.
 */
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include "clock.h"
#include "hot.h"
#include "pthread/operation.h"

static const char *const kind_names[] = {
	[RT_MUTEX] = "mutex",         [RT_SPIN] = "spin lock",  [RT_CONDITION] = "condition",
	[RT_SEMAPHORE] = "semaphore", [RT_BARRIER] = "barrier", [RT_RWLOCK] = "rwlock",
	[RT_ONCE] = "once",
};

/* ---- the table --------------------------------------------------------------------------------- */

/* Where it is, or would be: NULL if the table is full. */
static struct rt_object *place_of(uint32_t offset)
{
	uint32_t first = (offset >> 2) * 0x9e3779b1u >> 16;

	for (uint32_t i = 0; i < RT_OBJECTS; i++) {
		struct rt_object *o = &rt.shared->object[(first + i) % RT_OBJECTS];

		if (o->run != rt.shared->run || o->offset == offset)
			return o;
	}
	return NULL;
}

static uint32_t offset_of(const volatile void *address)
{
	return (uint32_t)((uintptr_t)address - CF_SEGMENT_ADDRESS);
}

struct rt_object *rt_object(const void *address, enum rt_object_kind kind, bool *fresh)
{
	struct rt_object *o = place_of(offset_of(address));

	if (o == NULL)
		rt_finish(CF_BROKEN, CF_NO_KIND, 0, "", "too many locks and conditions");
	*fresh = o->run != rt.shared->run || o->kind != kind;
	if (*fresh)
		*o = (struct rt_object){
			.run = rt.shared->run,
			.offset = offset_of(address),
			.kind = (uint8_t)kind,
		};
	return o;
}

const struct rt_object *rt_known_object(const void *address, enum rt_object_kind kind)
{
	const struct rt_object *o = rt_in_segment(address) ? place_of(offset_of(address)) : NULL;

	return o != NULL && o->run == rt.shared->run && o->kind == kind ? o : NULL;
}

const void *rt_object_bytes(const void *address)
{
	return (const char *)CF_SEGMENT_ALIAS + offset_of(address);
}

/* ---- points ------------------------------------------------------------------------------------ */

void rt_object_point(const volatile void *address, uint32_t site, struct rt_deal *deal, bool orders)
{
	settle();
	point(site, rt_writes(offset_of(address) >> 3), deal);
	if (rt.me->promised)
		rt_break_promise(); /* no store of what follows comes before this */
	if (orders || rt.control->plan.memory == CF_X86)
		rt_drain();
}

bool rt_idle_turn(const struct rt_object *o, uint32_t site, uint64_t value, bool yields)
{
	settle();
	if (!seen_again(site, CF_SEGMENT_ADDRESS + o->offset, value))
		return false;
	if (rt.me->promised)
		rt_break_promise();
	if (yields) {
		rt.me->object = (uint32_t)(o - rt.shared->object);
		rt_let_spin(site);
	}
	return true;
}

void rt_object_step(const struct rt_object *o, uint32_t site, const char *verb, int64_t result,
		    unsigned flags)
{
	step(CF_OP_OBJECT, flags, site, 0, o->offset, (uint64_t)result, rt_word(verb));
}

/* ---- who gets it ------------------------------------------------------------------------------- */

static bool is_read(const struct rt_object *o)
{
	for (unsigned i = 0; i < CF_MAX_ACTORS; i++)
		if (o->readers[i] > 0)
			return true;
	return false;
}

static bool is_wanted(const struct rt_object *o, enum rt_wish wish)
{
	for (unsigned i = 0; i < rt.shared->actors; i++)
		if (rt_waits_for(&rt.shared->actor[i], o, wish))
			return true;
	return false;
}

static bool lets_read(const struct rt_object *o)
{
	return o->owner == RT_NOBODY && !(o->type == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP &&
					  is_wanted(o, RT_TO_HAVE));
}

bool rt_waits_for(const struct rt_actor *actor, const struct rt_object *o, enum rt_wish wish)
{
	return actor->state == CF_ACTOR_PARKED && actor->park == RT_PARK_OBJECT &&
	       &rt.shared->object[actor->object] == o && actor->wish == (uint32_t)wish;
}

bool rt_is_granted(const struct rt_object *o, const struct rt_actor *actor, enum rt_wish wish)
{
	switch (wish) {
	case RT_TO_HAVE:
		if (o->kind == RT_SEMAPHORE)
			return o->count > 0;
		return o->state == RT_UNRECOVERABLE || o->state == RT_DONE ||
		       (o->owner == RT_NOBODY && !is_read(o));
	case RT_TO_SHARE:
		return lets_read(o);
	case RT_TO_BE_WOKEN:
		return actor->woken &&
		       rt_is_granted(&rt.shared->object[actor->with], actor, RT_TO_HAVE);
	case RT_TO_PASS:
		return o->round != actor->ticket;
	case RT_TO_BEGIN:
		return actor->start != 0;
	case RT_TO_JOIN:
		return rt.shared->actor[actor->with].state == CF_ACTOR_ENDED;
	}
	return false;
}

bool rt_object_lets(const struct rt_actor *actor)
{
	return rt_is_granted(&rt.shared->object[actor->object], actor, (enum rt_wish)actor->wish);
}

int rt_object_wait(struct rt_object *o, const void *address, enum rt_wish wish, uint64_t deadline)
{
	struct rt_actor *me = rt.me;
	char waits[CF_WAITS];

	me->object = (uint32_t)(o - rt.shared->object);
	me->wish = (uint32_t)wish;
	rt_drain();
	if (rt.inside != NULL)
		rt_freeze_inside(SYS_futex, (uintptr_t)address, FUTEX_WAIT,
				 *(const uint32_t *)rt_object_bytes(address), 0);
	while (!rt_is_granted(o, me, wish)) {
		rt_name_object_wait(me, waits);
		if (!rt_park(RT_PARK_OBJECT, 0, deadline, waits))
			return ETIMEDOUT;
	}
	return 0;
}

int rt_object_deadline(const struct timespec *until, uint64_t *deadline)
{
	*deadline = RT_NEVER;
	if (until == NULL)
		return 0;
	if (until->tv_nsec < 0 || until->tv_nsec >= 1000000000)
		return EINVAL;
	*deadline = rt_deadline(until, 1);
	return 0;
}

/* ---- order ------------------------------------------------------------------------------------- */

void rt_object_release(struct rt_object *o, uint32_t site)
{
	rt_drain();
	o->clock = rt.shared->now;
	o->site = site;
}

void rt_object_acquire(struct rt_object *o, uint32_t site)
{
	rt_acquire_clock(o->clock);
	feature(7, o->site, site);
}

void rt_object_changed(const struct rt_object *o)
{
	for (unsigned i = 0; i < rt.shared->actors; i++) {
		struct rt_actor *actor = &rt.shared->actor[i];

		if (actor->state == CF_ACTOR_SPINNING && &rt.shared->object[actor->object] == o)
			actor->spin_change = rt.shared->change - 1; /* it has seen less */
	}
}

void rt_abandon_objects(unsigned actor)
{
	for (unsigned i = 0; i < RT_OBJECTS && rt.shared->robust; i++) {
		struct rt_object *o = &rt.shared->object[i];

		if (o->run != rt.shared->run || o->owner != actor + 1 || !o->robust)
			continue;
		o->owner = RT_NOBODY;
		o->state = RT_INCONSISTENT; /* also if it was already: who mends may die, too */
		o->clock = rt.shared->now;
		rt_object_changed(o);
	}
}

/* ---- words ------------------------------------------------------------------------------------- */

struct name {
	char text[40];
};

static struct name name_of(unsigned actor)
{
	const struct rt_actor *a = &rt.shared->actor[actor];
	const struct cf_role *role = &rt.target->roles[a->role];
	struct name name;

	snprintf(name.text, sizeof(name.text), role->count != NULL ? "%.32s%u" : "%.32s%.0u",
		 role->name, role->count != NULL ? a->index : 0);
	return name;
}

/* " held by …", or "". */
static void name_holder(const struct rt_object *o, unsigned asks, char *text, size_t size)
{
	unsigned holder = o->owner == RT_NOBODY ? CF_MAX_ACTORS : o->owner - 1u;

	text[0] = '\0';
	for (unsigned i = 0; holder == CF_MAX_ACTORS && i < CF_MAX_ACTORS; i++)
		if (o->readers[i] > 0)
			holder = i;
	if (holder == CF_MAX_ACTORS)
		return;
	snprintf(text, size, " held by %s%s", holder == asks ? "itself" : name_of(holder).text,
		 rt.shared->actor[holder].state == CF_ACTOR_ENDED ? ", which has ended" : "");
}

void rt_name_object_wait(const struct rt_actor *actor, char waits[CF_WAITS])
{
	static const char *const aims[] = { [RT_TO_HAVE] = "",
					    [RT_TO_SHARE] = "to read ",
					    [RT_TO_BE_WOKEN] = "to be woken at ",
					    [RT_TO_PASS] = "for the others at " };
	const struct rt_object *o = &rt.shared->object[actor->object];
	const char *aim = aims[actor->wish];
	char holder[72];

	if (actor->wish == RT_TO_JOIN) {
		snprintf(waits, CF_WAITS, "waits for the end of %s", name_of(actor->with).text);
		return;
	}
	if (actor->wish == RT_TO_BE_WOKEN && actor->woken) {
		o = &rt.shared->object[actor->with];
		aim = "";
	}
	name_holder(o, (unsigned)(actor - rt.shared->actor), holder, sizeof(holder));
	snprintf(waits, CF_WAITS, "waits %s%s [%u]%s", aim[0] != '\0' ? aim : "for ",
		 kind_names[o->kind], o->offset, holder);
}

void rt_misuse(const char *call, uint32_t site, const struct rt_object *o, const char *what)
{
	char detail[CF_DETAIL], holder[72];

	name_holder(o, rt.actor, holder, sizeof(holder));
	snprintf(detail, sizeof(detail), "%s [%u]%s: %s", kind_names[o->kind], o->offset, holder,
		 what);
	rt_finish(CF_VIOLATED, CF_INVARIANT, site, call, detail);
}

void rt_own_deadlock(const char *call, uint32_t site)
{
	rt_finish(CF_VIOLATED, CF_DEADLOCK, site, call,
		  "waits for ever: what it waits for does not lie in the shared segment, where "
		  "others could come to it");
}
