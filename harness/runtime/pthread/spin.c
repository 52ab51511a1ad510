/* SPDX-License-Identifier: Apache-2.0
 *
 * Spin locks. Nobody turns round and round here: whoever waits for one is parked, so that it is known who
 * waits for whom.
 */
#include <errno.h>
#include <pthread.h>

#include "pthread/operation.h"

int __real_pthread_spin_init(pthread_spinlock_t *lock, int shared);
int __real_pthread_spin_destroy(pthread_spinlock_t *lock);
int __real_pthread_spin_lock(pthread_spinlock_t *lock);
int __real_pthread_spin_trylock(pthread_spinlock_t *lock);
int __real_pthread_spin_unlock(pthread_spinlock_t *lock);

static struct rt_object *the_lock(pthread_spinlock_t *lock, const char *call, uint32_t site)
{
	bool fresh;
	struct rt_object *o = rt_object((const void *)lock, RT_SPIN, &fresh);

	if (o->state == RT_DESTROYED)
		rt_misuse(call, site, o, "used after it was destroyed");
	return o;
}

WRAPPED int __wrap_pthread_spin_lock(pthread_spinlock_t *lock)
{
	struct rt_object *o;
	struct rt_deal deal;
	uint32_t site = SITE();

	if (!rt.running)
		return __real_pthread_spin_lock(lock);
	if (!rt_in_segment(lock)) {
		if (__real_pthread_spin_trylock(lock) == 0)
			return 0;
		rt_own_deadlock("pthread_spin_lock", site);
	}
	o = the_lock(lock, "pthread_spin_lock", site);
	rt_object_point(lock, site, &deal, false);
	if (o->owner == rt_myself())
		rt_misuse("pthread_spin_lock", site, o, "whoever calls has it already");
	if (!rt_is_granted(o, rt.me, RT_TO_HAVE))
		rt_object_wait(o, (const void *)lock, RT_TO_HAVE, RT_NEVER);
	rt_take_mutex(o, site);
	rt_object_step(o, site, "lock", 0, 0);
	return 0;
}

WRAPPED int __wrap_pthread_spin_trylock(pthread_spinlock_t *lock)
{
	struct rt_object *o;
	struct rt_deal deal;
	uint32_t site = SITE();
	int status = EBUSY;

	if (!rt_is_modelled((const void *)lock))
		return __real_pthread_spin_trylock(lock);
	o = the_lock(lock, "pthread_spin_trylock", site);
	if (o->owner != RT_NOBODY && rt_idle_turn(o, site, o->owner, true) && o->owner != RT_NOBODY)
		return EBUSY;
	rt_object_point(lock, site, &deal, false);
	if (o->owner == RT_NOBODY)
		status = rt_take_mutex(o, site);
	rt_object_step(o, site, "trylock", status, 0);
	return status;
}

WRAPPED int __wrap_pthread_spin_unlock(pthread_spinlock_t *lock)
{
	struct rt_object *o;
	struct rt_deal deal;
	uint32_t site = SITE();

	if (!rt_is_modelled((const void *)lock))
		return __real_pthread_spin_unlock(lock);
	o = the_lock(lock, "pthread_spin_unlock", site);
	rt_object_point(lock, site, &deal, true);
	rt_check_owner(o, "pthread_spin_unlock", site);
	rt_leave_mutex(o, site);
	rt_object_changed(o);
	rt_object_step(o, site, "unlock", 0, 0);
	return 0;
}

WRAPPED int __wrap_pthread_spin_init(pthread_spinlock_t *lock, int shared)
{
	struct rt_object *o;
	struct rt_deal deal;
	uint32_t site = SITE();
	bool fresh;

	if (!rt_is_modelled((const void *)lock))
		return __real_pthread_spin_init(lock, shared);
	rt_progress();
	rt_object_point(lock, site, &deal, true);
	o = rt_object((const void *)lock, RT_SPIN, &fresh);
	if (o->owner != RT_NOBODY)
		rt_misuse("pthread_spin_init", site, o, "made anew while it is in use");
	o->state = RT_USABLE;
	rt_object_step(o, site, "init", 0, 0);
	return 0;
}

WRAPPED int __wrap_pthread_spin_destroy(pthread_spinlock_t *lock)
{
	struct rt_object *o;
	struct rt_deal deal;
	uint32_t site = SITE();

	if (!rt_is_modelled((const void *)lock))
		return __real_pthread_spin_destroy(lock);
	rt_progress();
	rt_object_point(lock, site, &deal, true);
	o = the_lock(lock, "pthread_spin_destroy", site);
	if (o->owner != RT_NOBODY)
		rt_misuse("pthread_spin_destroy", site, o, "destroyed while it is in use");
	o->state = RT_DESTROYED;
	rt_object_step(o, site, "destroy", 0, 0);
	return 0;
}
