/* SPDX-License-Identifier: Apache-2.0
 *
 * Read-write locks. Readers come first, unless it was made to prefer writers.
 */
#include <errno.h>
#include <pthread.h>

#include "pthread/operation.h"

int __real_pthread_rwlock_init(pthread_rwlock_t *lock, const pthread_rwlockattr_t *attributes);
int __real_pthread_rwlock_destroy(pthread_rwlock_t *lock);
int __real_pthread_rwlock_rdlock(pthread_rwlock_t *lock);
int __real_pthread_rwlock_tryrdlock(pthread_rwlock_t *lock);
int __real_pthread_rwlock_timedrdlock(pthread_rwlock_t *lock, const struct timespec *until);
int __real_pthread_rwlock_clockrdlock(pthread_rwlock_t *lock, clockid_t clock,
				      const struct timespec *until);
int __real_pthread_rwlock_wrlock(pthread_rwlock_t *lock);
int __real_pthread_rwlock_trywrlock(pthread_rwlock_t *lock);
int __real_pthread_rwlock_timedwrlock(pthread_rwlock_t *lock, const struct timespec *until);
int __real_pthread_rwlock_clockwrlock(pthread_rwlock_t *lock, clockid_t clock,
				      const struct timespec *until);
int __real_pthread_rwlock_unlock(pthread_rwlock_t *lock);

static struct rt_object *the_lock(pthread_rwlock_t *lock, const char *call, uint32_t site)
{
	bool fresh;
	struct rt_object *o = rt_object(lock, RT_RWLOCK, &fresh);

	if (fresh)
		o->type =
			(uint8_t)((const pthread_rwlock_t *)rt_object_bytes(lock))->__data.__flags;
	if (o->state == RT_DESTROYED)
		rt_misuse(call, site, o, "used after it was destroyed");
	return o;
}

static bool is_used(const struct rt_object *o)
{
	for (unsigned i = 0; i < rt.shared->actors; i++)
		if (o->readers[i] > 0 || rt_waits_for(&rt.shared->actor[i], o, RT_TO_HAVE) ||
		    rt_waits_for(&rt.shared->actor[i], o, RT_TO_SHARE))
			return true;
	return o->owner != RT_NOBODY;
}

/* ---- locks ------------------------------------------------------------------------------------- */

static void take(struct rt_object *o, enum rt_wish wish, uint32_t site)
{
	if (wish == RT_TO_SHARE)
		o->readers[rt.actor]++;
	else
		o->owner = rt_myself();
	rt.me->holds++;
	rt_object_acquire(o, site);
}

static int get(struct rt_object *o, pthread_rwlock_t *lock, enum rt_wish wish,
	       const struct rt_attempt *attempt, uint32_t site)
{
	uint64_t deadline;
	int status;

	if (!rt_is_granted(o, rt.me, wish)) {
		if (!attempt->waits)
			return EBUSY;
		if (o->owner == rt_myself())
			return EDEADLK;
		status = rt_object_deadline(attempt->until, &deadline);
		if (status == 0)
			status = rt_object_wait(o, lock, wish, deadline);
		if (status != 0)
			return status;
	} else if (wish == RT_TO_SHARE && o->readers[rt.actor] == UINT8_MAX) {
		return EAGAIN;
	}
	take(o, wish, site);
	return 0;
}

/* As those of a mutex. */
static bool idles(const struct rt_object *o, enum rt_wish wish, const struct rt_attempt *attempt,
		  uint32_t site)
{
	uint64_t change = rt_unchanged_since();

	if (!rt_is_granted(o, rt.me, wish))
		return !attempt->waits && rt_idle_turn(o, site, 1, true) &&
		       !rt_is_granted(o, rt.me, wish);
	return rt.me->holds == 0 && rt_idle_turn(o, site, change, true) &&
	       change == rt_unchanged_since() && rt_is_granted(o, rt.me, wish);
}

static int lock_any(pthread_rwlock_t *lock, enum rt_wish wish, const struct rt_attempt *attempt,
		    uint32_t site)
{
	struct rt_object *o = the_lock(lock, attempt->call, site);
	bool idle = idles(o, wish, attempt, site);
	struct rt_deal deal;
	int status;

	if (!idle)
		rt_object_point(lock, site, &deal, false);
	status = get(o, lock, wish, attempt, site);
	if (!idle)
		rt_object_step(o, site, attempt->verb, status,
			       status == ETIMEDOUT ? CF_STEP_TIMEOUT : 0);
	return status;
}

/* One that is not in the segment is nobody else's. */
static int lock_own(pthread_rwlock_t *lock, enum rt_wish wish, const struct rt_attempt *attempt,
		    uint32_t site)
{
	int status = wish == RT_TO_SHARE ? __real_pthread_rwlock_tryrdlock(lock)
					 : __real_pthread_rwlock_trywrlock(lock);

	if (status != EBUSY || !attempt->waits)
		return status;
	if (attempt->until == NULL)
		rt_own_deadlock(attempt->call, site);
	return ETIMEDOUT;
}

static int ask(pthread_rwlock_t *lock, enum rt_wish wish, const struct rt_attempt *attempt,
	       uint32_t site)
{
	return rt_in_segment(lock) ? lock_any(lock, wish, attempt, site)
				   : lock_own(lock, wish, attempt, site);
}

/* The calls that ask for it, and how. */
#define ASKS(name, wish, verb, waits)                                                            \
	WRAPPED int __wrap_pthread_rwlock_##name(pthread_rwlock_t *lock)                         \
	{                                                                                        \
		static const struct rt_attempt attempt = { "pthread_rwlock_" #name, verb, waits, \
							   NULL };                               \
                                                                                                 \
		if (!rt.running)                                                                 \
			return __real_pthread_rwlock_##name(lock);                               \
		return ask(lock, wish, &attempt, SITE());                                        \
	}

#define ASKS_UNTIL(name, wish, verb)                                                           \
	WRAPPED int __wrap_pthread_rwlock_timed##name(pthread_rwlock_t *lock,                  \
						      const struct timespec *until)            \
	{                                                                                      \
		const struct rt_attempt attempt = { "pthread_rwlock_timed" #name, verb, true,  \
						    until };                                   \
                                                                                               \
		if (!rt.running)                                                               \
			return __real_pthread_rwlock_timed##name(lock, until);                 \
		return ask(lock, wish, &attempt, SITE());                                      \
	}                                                                                      \
	WRAPPED int __wrap_pthread_rwlock_clock##name(pthread_rwlock_t *lock, clockid_t clock, \
						      const struct timespec *until)            \
	{                                                                                      \
		const struct rt_attempt attempt = { "pthread_rwlock_clock" #name, verb, true,  \
						    until };                                   \
                                                                                               \
		if (!rt.running)                                                               \
			return __real_pthread_rwlock_clock##name(lock, clock, until);          \
		return ask(lock, wish, &attempt, SITE());                                      \
	}

ASKS(rdlock, RT_TO_SHARE, "rdlock", true)
ASKS(tryrdlock, RT_TO_SHARE, "try-read", false)
ASKS(wrlock, RT_TO_HAVE, "wrlock", true)
ASKS(trywrlock, RT_TO_HAVE, "trywrite", false)
ASKS_UNTIL(rdlock, RT_TO_SHARE, "rdlock")
ASKS_UNTIL(wrlock, RT_TO_HAVE, "wrlock")

static void leave(struct rt_object *o, uint32_t site)
{
	if (o->owner == rt_myself())
		o->owner = RT_NOBODY;
	else if (o->readers[rt.actor] > 0)
		o->readers[rt.actor]--;
	else
		rt_misuse("pthread_rwlock_unlock", site, o, "whoever calls does not have it");
	rt.me->holds--;
	rt_object_release(o, site);
}

WRAPPED int __wrap_pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
	struct rt_object *o;
	struct rt_deal deal;
	uint32_t site = SITE();
	bool idle;

	if (!rt_is_modelled(lock))
		return __real_pthread_rwlock_unlock(lock);
	o = the_lock(lock, "pthread_rwlock_unlock", site);
	idle = rt_idle_turn(o, site, rt_unchanged_since(), false);
	if (!idle)
		rt_object_point(lock, site, &deal, true);
	leave(o, site);
	if (!idle) {
		rt_object_changed(o);
		rt_object_step(o, site, "unlock", 0, 0);
	}
	return 0;
}

/* ---- from init to destroy ---------------------------------------------------------------------- */

WRAPPED int __wrap_pthread_rwlock_init(pthread_rwlock_t *lock,
				       const pthread_rwlockattr_t *attributes)
{
	pthread_rwlock_t made;
	struct rt_object *o;
	struct rt_deal deal;
	uint32_t site = SITE();
	bool fresh;
	int status;

	if (!rt_is_modelled(lock))
		return __real_pthread_rwlock_init(lock, attributes);
	rt_progress();
	rt_object_point(lock, site, &deal, true);
	status = __real_pthread_rwlock_init(&made, attributes);
	if (status != 0)
		return status;
	o = rt_object(lock, RT_RWLOCK, &fresh);
	if (!fresh && is_used(o))
		rt_misuse("pthread_rwlock_init", site, o, "made anew while it is in use");
	o->state = RT_USABLE;
	o->type = (uint8_t)made.__data.__flags;
	rt_object_step(o, site, "init", 0, 0);
	return 0;
}

WRAPPED int __wrap_pthread_rwlock_destroy(pthread_rwlock_t *lock)
{
	struct rt_object *o;
	struct rt_deal deal;
	uint32_t site = SITE();

	if (!rt_is_modelled(lock))
		return __real_pthread_rwlock_destroy(lock);
	rt_progress();
	rt_object_point(lock, site, &deal, true);
	o = the_lock(lock, "pthread_rwlock_destroy", site);
	if (is_used(o))
		rt_misuse("pthread_rwlock_destroy", site, o, "destroyed while it is in use");
	o->state = RT_DESTROYED;
	rt_object_step(o, site, "destroy", 0, 0);
	return 0;
}
