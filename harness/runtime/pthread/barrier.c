/* SPDX-License-Identifier: Apache-2.0
 *
 * Barriers. There is no way to ask libc how many one is for, so that is written in its first word.
 */
#include <errno.h>
#include <pthread.h>

#include "pthread/operation.h"

int __real_pthread_barrier_init(pthread_barrier_t *barrier, const pthread_barrierattr_t *attributes,
				unsigned count);
int __real_pthread_barrier_destroy(pthread_barrier_t *barrier);
int __real_pthread_barrier_wait(pthread_barrier_t *barrier);

static struct rt_object *the_barrier(pthread_barrier_t *barrier, const char *call, uint32_t site)
{
	bool fresh;
	struct rt_object *o = rt_object(barrier, RT_BARRIER, &fresh);

	if (fresh)
		o->limit = *(const uint32_t *)rt_object_bytes(barrier);
	if (o->state == RT_DESTROYED || o->limit == 0)
		rt_misuse(call, site, o,
			  o->limit == 0 ? "was never made" : "used after it was destroyed");
	return o;
}

WRAPPED int __wrap_pthread_barrier_init(pthread_barrier_t *barrier,
					const pthread_barrierattr_t *attributes, unsigned count)
{
	struct rt_object *o;
	struct rt_deal deal;
	uint32_t site = SITE();
	bool fresh;

	if (!rt_in_segment(barrier))
		return __real_pthread_barrier_init(barrier, attributes, count);
	if (count == 0)
		return EINVAL;
	if (!rt.running) {
		*(uint32_t *)barrier = count;
		return 0;
	}
	rt_progress();
	rt_object_point(barrier, site, &deal, true);
	o = rt_object(barrier, RT_BARRIER, &fresh);
	if (o->count > 0)
		rt_misuse("pthread_barrier_init", site, o, "made anew while somebody waits");
	o->state = RT_USABLE;
	o->limit = count;
	rt_object_step(o, site, "init", count, 0);
	return 0;
}

WRAPPED int __wrap_pthread_barrier_wait(pthread_barrier_t *barrier)
{
	struct rt_object *o;
	struct rt_deal deal;
	uint32_t site = SITE();
	int status = 0;

	if (!rt.running)
		return __real_pthread_barrier_wait(barrier);
	if (!rt_in_segment(barrier))
		rt_own_deadlock("pthread_barrier_wait", site);
	rt_progress();
	rt_object_point(barrier, site, &deal, true);
	o = the_barrier(barrier, "pthread_barrier_wait", site);
	rt_object_release(o, site);
	rt_object_step(o, site, "barrier", ++o->count, 0);
	if (o->count == o->limit) {
		o->count = 0;
		o->round++;
		rt_object_changed(o);
		status = PTHREAD_BARRIER_SERIAL_THREAD;
	} else {
		rt.me->ticket = o->round;
		rt_object_wait(o, barrier, RT_TO_PASS, RT_NEVER);
	}
	rt_object_acquire(o, site);
	rt_object_step(o, site, "passed", status, 0);
	return status;
}

WRAPPED int __wrap_pthread_barrier_destroy(pthread_barrier_t *barrier)
{
	struct rt_object *o;
	struct rt_deal deal;
	uint32_t site = SITE();

	if (!rt_in_segment(barrier))
		return __real_pthread_barrier_destroy(barrier);
	if (!rt.running)
		return 0;
	rt_progress();
	rt_object_point(barrier, site, &deal, true);
	o = the_barrier(barrier, "pthread_barrier_destroy", site);
	if (o->count > 0)
		rt_misuse("pthread_barrier_destroy", site, o, "destroyed while somebody waits");
	o->state = RT_DESTROYED;
	rt_object_step(o, site, "destroy", 0, 0);
	return 0;
}
