/* SPDX-License-Identifier: Apache-2.0
 *
 * pthread_once: the first one calls, the others wait until it is back.
 */
#include <pthread.h>

#include "pthread/operation.h"

int __real_pthread_once(pthread_once_t *once, void (*routine)(void));

static void call_first(struct rt_object *o, void (*routine)(void), uint32_t site)
{
	o->owner = rt_myself();
	routine();
	rt_settle();
	o->owner = RT_NOBODY;
	o->state = RT_DONE;
	rt_object_release(o, site);
	rt_object_changed(o);
	rt_object_step(o, site, "once", 1, 0);
}

void rt_call_once(pthread_once_t *once, void (*routine)(void), uint32_t site)
{
	struct rt_object *o;
	struct rt_deal deal;
	bool fresh;

	rt_object_point(once, site, &deal, false);
	o = rt_object(once, RT_ONCE, &fresh);
	if (!rt_is_granted(o, rt.me, RT_TO_HAVE))
		rt_object_wait(o, once, RT_TO_HAVE, RT_NEVER);
	if (o->state != RT_DONE) {
		call_first(o, routine, site);
		return;
	}
	rt_object_acquire(o, site);
	rt_object_step(o, site, "once", 0, 0);
}

WRAPPED int __wrap_pthread_once(pthread_once_t *once, void (*routine)(void))
{
	if (!rt_is_modelled(once))
		return __real_pthread_once(once, routine);
	/* libstdc++ keeps in a place of its thread's, which fibers of one process share, what it is to call. */
	if (rt.fibers && !rt_is_code(routine))
		rt_needs_process("std::call_once");
	rt_call_once(once, routine, SITE());
	return 0;
}
