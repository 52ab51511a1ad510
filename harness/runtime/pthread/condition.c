/* SPDX-License-Identifier: Apache-2.0
 *
 * Condition variables. Who has waited longest is woken first; until it has the mutex again others may come
 * before it. A `fail` with EINTR ends a wait for no reason, as a signal may: the caller sees a 0.
 */
#include <errno.h>
#include <pthread.h>

#include "calls.h"
#include "pthread/operation.h"

int __real_pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attributes);
int __real_pthread_cond_destroy(pthread_cond_t *cond);
int __real_pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex);
int __real_pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
				  const struct timespec *until);
int __real_pthread_cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *mutex, clockid_t clock,
				  const struct timespec *until);
int __real_pthread_cond_signal(pthread_cond_t *cond);
int __real_pthread_cond_broadcast(pthread_cond_t *cond);

static struct rt_object *condition(pthread_cond_t *cond, const char *call, uint32_t site)
{
	bool fresh;
	struct rt_object *o = rt_object(cond, RT_CONDITION, &fresh);

	if (o->state == RT_DESTROYED)
		rt_misuse(call, site, o, "used after it was destroyed");
	return o;
}

static bool sleeps_at(const struct rt_actor *actor, const struct rt_object *o)
{
	return rt_waits_for(actor, o, RT_TO_BE_WOKEN) && !actor->woken;
}

/* The one that has waited longest, NULL if nobody waits. */
static struct rt_actor *first_sleeper(const struct rt_object *o)
{
	struct rt_actor *first = NULL;

	for (unsigned i = 0; i < rt.shared->actors; i++) {
		struct rt_actor *actor = &rt.shared->actor[i];

		if (sleeps_at(actor, o) && (first == NULL || actor->ticket < first->ticket))
			first = actor;
	}
	return first;
}

/* ---- waits ------------------------------------------------------------------------------------- */

static void check_mutex(struct rt_object *o, const struct rt_object *mutex,
			const struct rt_attempt *attempt, uint32_t site)
{
	if (first_sleeper(o) != NULL && o->mutex != mutex->offset + 1)
		rt_misuse(attempt->call, site, o, "somebody waits here with another mutex");
	o->mutex = mutex->offset + 1;
}

static int sleep_at(struct rt_object *o, pthread_cond_t *cond, struct rt_object *mutex,
		    uint64_t deadline)
{
	struct rt_actor *me = rt.me;

	me->woken = 0;
	me->ticket = o->count++;
	me->with = (uint32_t)(mutex - rt.shared->object);
	return rt_object_wait(o, cond, RT_TO_BE_WOKEN, deadline);
}

/* Without the mutex, which it has again afterwards whatever has ended its wait. */
static int wait_without(struct rt_object *o, pthread_cond_t *cond, struct rt_object *mutex,
			const pthread_mutex_t *address, uint64_t deadline, bool for_nothing,
			uint32_t site)
{
	int status = 0, taken;

	rt_leave_mutex(mutex, site);
	rt_object_changed(mutex);
	if (!for_nothing)
		status = sleep_at(o, cond, mutex, deadline);
	if (!rt_is_granted(mutex, rt.me, RT_TO_HAVE))
		rt_object_wait(mutex, address, RT_TO_HAVE, RT_NEVER);
	taken = rt_take_mutex(mutex, site);
	return taken != 0 ? taken : status;
}

int rt_await_condition(pthread_cond_t *cond, pthread_mutex_t *mutex,
		       const struct rt_attempt *attempt, uint32_t site)
{
	struct rt_object *o, *m;
	struct rt_deal deal;
	uint64_t deadline;
	bool for_nothing;
	int status = rt_object_deadline(attempt->until, &deadline);

	if (status != 0)
		return status;
	if (!rt_in_segment(cond) || !rt_in_segment(mutex))
		rt_own_deadlock(attempt->call, site);
	rt_progress();
	rt_object_point(cond, site, &deal, true);
	for_nothing = rt_fail(&deal, RT_CONDITIONS, -1, 0) < 0;
	o = condition(cond, attempt->call, site);
	m = rt_mutex(mutex, attempt->call, site);
	status = rt_check_owner(m, attempt->call, site);
	if (status != 0)
		return status;
	check_mutex(o, m, attempt, site);
	rt_object_step(o, site, "wait", 0, for_nothing ? CF_STEP_EVENT : 0);
	status = wait_without(o, cond, m, mutex, deadline, for_nothing, site);
	rt_object_step(o, site, "woken", status, status == ETIMEDOUT ? CF_STEP_TIMEOUT : 0);
	return status;
}

WRAPPED int __wrap_pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
	static const struct rt_attempt attempt = { "pthread_cond_wait", "wait", true, NULL };

	if (!rt.running)
		return __real_pthread_cond_wait(cond, mutex);
	return rt_await_condition(cond, mutex, &attempt, SITE());
}

WRAPPED int __wrap_pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
					  const struct timespec *until)
{
	const struct rt_attempt attempt = { "pthread_cond_timedwait", "wait", true, until };

	if (!rt.running)
		return __real_pthread_cond_timedwait(cond, mutex, until);
	return rt_await_condition(cond, mutex, &attempt, SITE());
}

WRAPPED int __wrap_pthread_cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
					  clockid_t clock, const struct timespec *until)
{
	const struct rt_attempt attempt = { "pthread_cond_clockwait", "wait", true, until };

	if (!rt.running)
		return __real_pthread_cond_clockwait(cond, mutex, clock, until);
	return rt_await_condition(cond, mutex, &attempt, SITE());
}

/* ---- wake-ups ---------------------------------------------------------------------------------- */

int rt_wake_condition(pthread_cond_t *cond, unsigned most, const char *call, uint32_t site)
{
	struct rt_object *o;
	struct rt_actor *actor;
	struct rt_deal deal;
	unsigned woken = 0;

	if (!rt_is_modelled(cond))
		return 0; /* nobody else can wait there */
	rt_progress();
	rt_object_point(cond, site, &deal, true);
	o = condition(cond, call, site);
	for (; woken < most && (actor = first_sleeper(o)) != NULL; woken++) {
		actor->woken = 1;
		actor->deadline = RT_NEVER; /* it is not lost any more */
		rt_wake_clock(actor);
	}
	rt_object_step(o, site, most == 1 ? "wake-one" : "wake-all", woken, 0);
	return 0;
}

WRAPPED int __wrap_pthread_cond_signal(pthread_cond_t *cond)
{
	if (!rt_is_modelled(cond))
		return __real_pthread_cond_signal(cond);
	return rt_wake_condition(cond, 1, "pthread_cond_signal", SITE());
}

WRAPPED int __wrap_pthread_cond_broadcast(pthread_cond_t *cond)
{
	if (!rt_is_modelled(cond))
		return __real_pthread_cond_broadcast(cond);
	return rt_wake_condition(cond, CF_MAX_ACTORS, "pthread_cond_broadcast", SITE());
}

/* ---- from init to destroy ---------------------------------------------------------------------- */

int rt_init_condition(pthread_cond_t *cond, const pthread_condattr_t *attributes, const char *call,
		      uint32_t site)
{
	struct rt_object *o;
	struct rt_deal deal;
	bool fresh;

	if (!rt_is_modelled(cond))
		return __real_pthread_cond_init(cond, attributes);
	rt_progress();
	rt_object_point(cond, site, &deal, true);
	o = rt_object(cond, RT_CONDITION, &fresh);
	if (first_sleeper(o) != NULL)
		rt_misuse(call, site, o, "made anew while somebody waits");
	o->state = RT_USABLE;
	rt_object_step(o, site, "init", 0, 0);
	return 0;
}

WRAPPED int __wrap_pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attributes)
{
	return rt_init_condition(cond, attributes, "pthread_cond_init", SITE());
}

/* Who has been woken may still be on its way out. */
int rt_destroy_condition(pthread_cond_t *cond, const char *call, uint32_t site)
{
	struct rt_object *o;
	struct rt_deal deal;

	if (!rt_is_modelled(cond))
		return __real_pthread_cond_destroy(cond);
	rt_progress();
	rt_object_point(cond, site, &deal, true);
	o = condition(cond, call, site);
	if (first_sleeper(o) != NULL)
		rt_misuse(call, site, o, "destroyed while somebody waits");
	o->state = RT_DESTROYED;
	rt_object_step(o, site, "destroy", 0, 0);
	return 0;
}

WRAPPED int __wrap_pthread_cond_destroy(pthread_cond_t *cond)
{
	return rt_destroy_condition(cond, "pthread_cond_destroy", SITE());
}
