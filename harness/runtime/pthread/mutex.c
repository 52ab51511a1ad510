/* SPDX-License-Identifier: Apache-2.0
 *
 * Mutexes: normal, recursive, error-checking, robust. Priorities mean nothing here.
 */
#include <errno.h>
#include <pthread.h>

#include "pthread/operation.h"

int __real_pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes);
int __real_pthread_mutex_destroy(pthread_mutex_t *mutex);
int __real_pthread_mutex_lock(pthread_mutex_t *mutex);
int __real_pthread_mutex_trylock(pthread_mutex_t *mutex);
int __real_pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *until);
int __real_pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock,
				   const struct timespec *until);
int __real_pthread_mutex_unlock(pthread_mutex_t *mutex);
int __real_pthread_mutex_consistent(pthread_mutex_t *mutex);

/* glibc keeps type and robustness in one word, which its initializers know, too. */
enum { TYPE = 3, ROBUST = 16, MOST_LOCKS = 1 << 20 };

static void set_type(struct rt_object *o, const pthread_mutex_t *made)
{
	o->type = made->__data.__kind & TYPE;
	o->robust = (made->__data.__kind & ROBUST) != 0;
	rt.shared->robust |= o->robust;
}

struct rt_object *rt_mutex(const void *mutex, const char *call, uint32_t site)
{
	bool fresh;
	struct rt_object *o = rt_object(mutex, RT_MUTEX, &fresh);

	if (fresh)
		set_type(o, rt_object_bytes(mutex));
	if (o->state == RT_DESTROYED)
		rt_misuse(call, site, o, "used after it was destroyed");
	return o;
}

static bool is_used(const struct rt_object *o)
{
	for (unsigned i = 0; i < rt.shared->actors; i++)
		if (rt_waits_for(&rt.shared->actor[i], o, RT_TO_HAVE))
			return true;
	return o->owner != RT_NOBODY;
}

static bool is_mine(const struct rt_object *o)
{
	return o->owner == rt_myself();
}

int rt_check_owner(const struct rt_object *o, const char *call, uint32_t site)
{
	if (is_mine(o))
		return 0;
	if (o->robust || o->type == PTHREAD_MUTEX_ERRORCHECK || o->type == PTHREAD_MUTEX_RECURSIVE)
		return EPERM;
	rt_misuse(call, site, o, "whoever calls does not have it");
}

int rt_take_mutex(struct rt_object *o, uint32_t site)
{
	if (o->state == RT_UNRECOVERABLE)
		return ENOTRECOVERABLE;
	o->owner = rt_myself();
	o->count = 1;
	rt.me->holds++;
	rt_object_acquire(o, site);
	return o->state == RT_INCONSISTENT ? EOWNERDEAD : 0;
}

void rt_leave_mutex(struct rt_object *o, uint32_t site)
{
	if (--o->count > 0)
		return;
	o->owner = RT_NOBODY;
	if (o->state == RT_INCONSISTENT)
		o->state = RT_UNRECOVERABLE;
	rt.me->holds--;
	rt_object_release(o, site);
}

/* Of a mutex that it has already. 0: it does what everybody does. */
static int relock(struct rt_object *o, const struct rt_attempt *attempt, bool *done)
{
	*done = true;
	if (o->type == PTHREAD_MUTEX_ERRORCHECK && attempt->waits)
		return EDEADLK;
	if (o->type != PTHREAD_MUTEX_RECURSIVE) {
		*done = false;
		return 0;
	}
	if (o->count == MOST_LOCKS)
		return EAGAIN;
	o->count++;
	return 0;
}

static int get(struct rt_object *o, pthread_mutex_t *mutex, const struct rt_attempt *attempt,
	       uint32_t site)
{
	uint64_t deadline;
	bool done = false;
	int status = is_mine(o) ? relock(o, attempt, &done) : 0;

	if (done)
		return status;
	if (!rt_is_granted(o, rt.me, RT_TO_HAVE)) {
		if (!attempt->waits)
			return EBUSY;
		status = rt_object_deadline(attempt->until, &deadline);
		if (status == 0)
			status = rt_object_wait(o, mutex, RT_TO_HAVE, deadline);
	}
	return status != 0 ? status : rt_take_mutex(o, site);
}

/* A loop of locks that finds nothing changed is one that waits; one that tries in vain is, too. But who
 * has another lock keeps the token. */
static bool idles(const struct rt_object *o, const struct rt_attempt *attempt, uint32_t site)
{
	uint8_t owner = o->owner;
	uint64_t change = rt_unchanged_since();

	if (owner != RT_NOBODY)
		return !attempt->waits && rt_idle_turn(o, site, owner, true) && o->owner == owner;
	return rt.me->holds == 0 && rt_idle_turn(o, site, change, true) &&
	       change == rt_unchanged_since() && o->owner == RT_NOBODY;
}

static int lock(pthread_mutex_t *mutex, const struct rt_attempt *attempt, uint32_t site)
{
	struct rt_object *o = rt_mutex(mutex, attempt->call, site);
	bool idle = idles(o, attempt, site);
	struct rt_deal deal;
	int status;

	if (!idle)
		rt_object_point(mutex, site, &deal, false);
	status = get(o, mutex, attempt, site);
	if (!idle)
		rt_object_step(o, site, attempt->verb, status,
			       status == ETIMEDOUT ? CF_STEP_TIMEOUT : 0);
	return status;
}

/* One that is not in the segment is nobody else's. */
static int lock_own(pthread_mutex_t *mutex, const struct rt_attempt *attempt, uint32_t site)
{
	int status = __real_pthread_mutex_trylock(mutex);

	if (status != EBUSY || !attempt->waits)
		return status;
	if ((mutex->__data.__kind & TYPE) == PTHREAD_MUTEX_ERRORCHECK)
		return EDEADLK;
	if (attempt->until == NULL)
		rt_own_deadlock(attempt->call, site);
	return ETIMEDOUT;
}

int rt_lock_mutex(pthread_mutex_t *mutex, const struct rt_attempt *attempt, uint32_t site)
{
	return rt_in_segment(mutex) ? lock(mutex, attempt, site) : lock_own(mutex, attempt, site);
}

WRAPPED int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex)
{
	static const struct rt_attempt attempt = { "pthread_mutex_lock", "lock", true, NULL };

	if (!rt.running)
		return __real_pthread_mutex_lock(mutex);
	return rt_lock_mutex(mutex, &attempt, SITE());
}

WRAPPED int __wrap_pthread_mutex_trylock(pthread_mutex_t *mutex)
{
	static const struct rt_attempt attempt = { "pthread_mutex_trylock", "trylock", false,
						   NULL };

	if (!rt.running)
		return __real_pthread_mutex_trylock(mutex);
	return rt_lock_mutex(mutex, &attempt, SITE());
}

WRAPPED int __wrap_pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *until)
{
	const struct rt_attempt attempt = { "pthread_mutex_timedlock", "lock", true, until };

	if (!rt.running)
		return __real_pthread_mutex_timedlock(mutex, until);
	return rt_lock_mutex(mutex, &attempt, SITE());
}

WRAPPED int __wrap_pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock,
					   const struct timespec *until)
{
	const struct rt_attempt attempt = { "pthread_mutex_clocklock", "lock", true, until };

	if (!rt.running)
		return __real_pthread_mutex_clocklock(mutex, clock, until);
	return rt_lock_mutex(mutex, &attempt, SITE());
}

int rt_unlock_mutex(pthread_mutex_t *mutex, const char *call, uint32_t site)
{
	struct rt_object *o;
	struct rt_deal deal;
	bool idle;
	int status;

	if (!rt_is_modelled(mutex))
		return __real_pthread_mutex_unlock(mutex);
	o = rt_mutex(mutex, call, site);
	idle = is_mine(o) && rt_idle_turn(o, site, rt_unchanged_since(), false);
	if (!idle)
		rt_object_point(mutex, site, &deal, true);
	status = rt_check_owner(o, call, site);
	if (status == 0)
		rt_leave_mutex(o, site);
	if (!idle) {
		rt_object_changed(o);
		rt_object_step(o, site, "unlock", status, 0);
	}
	return status;
}

WRAPPED int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	return rt_unlock_mutex(mutex, "pthread_mutex_unlock", SITE());
}

WRAPPED int __wrap_pthread_mutex_consistent(pthread_mutex_t *mutex)
{
	struct rt_object *o;
	struct rt_deal deal;
	uint32_t site = SITE();
	int status = EINVAL;

	if (!rt_is_modelled(mutex))
		return __real_pthread_mutex_consistent(mutex);
	o = rt_mutex(mutex, "pthread_mutex_consistent", site);
	rt_progress();
	rt_object_point(mutex, site, &deal, false);
	if (o->robust && is_mine(o) && o->state == RT_INCONSISTENT) {
		o->state = RT_USABLE;
		status = 0;
	}
	rt_object_step(o, site, "mend", status, 0);
	return status;
}

/* ---- from init to destroy ---------------------------------------------------------------------- */

int rt_init_mutex(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes, const char *call,
		  uint32_t site)
{
	pthread_mutex_t made;
	struct rt_object *o;
	struct rt_deal deal;
	bool fresh;
	int status;

	if (!rt_is_modelled(mutex))
		return __real_pthread_mutex_init(mutex, attributes);
	rt_progress();
	rt_object_point(mutex, site, &deal, true);
	status = __real_pthread_mutex_init(&made, attributes);
	if (status != 0)
		return status;
	o = rt_object(mutex, RT_MUTEX, &fresh);
	if (!fresh && is_used(o))
		rt_misuse(call, site, o, "made anew while it is in use");
	o->state = RT_USABLE;
	set_type(o, &made);
	rt_object_step(o, site, "init", 0, 0);
	return 0;
}

WRAPPED int __wrap_pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes)
{
	return rt_init_mutex(mutex, attributes, "pthread_mutex_init", SITE());
}

int rt_destroy_mutex(pthread_mutex_t *mutex, const char *call, uint32_t site)
{
	struct rt_object *o;
	struct rt_deal deal;

	if (!rt_is_modelled(mutex))
		return __real_pthread_mutex_destroy(mutex);
	rt_progress();
	rt_object_point(mutex, site, &deal, true);
	o = rt_mutex(mutex, call, site);
	if (is_used(o))
		rt_misuse(call, site, o, "destroyed while it is in use");
	o->state = RT_DESTROYED;
	rt_object_step(o, site, "destroy", 0, 0);
	return 0;
}

WRAPPED int __wrap_pthread_mutex_destroy(pthread_mutex_t *mutex)
{
	return rt_destroy_mutex(mutex, "pthread_mutex_destroy", SITE());
}
