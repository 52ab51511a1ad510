/* SPDX-License-Identifier: Apache-2.0
 *
 * Semaphores without a name.
 */
#include <errno.h>
#include <limits.h>
#include <semaphore.h>

#include "calls.h"
#include "pthread/operation.h"

int __real_sem_init(sem_t *sem, int shared, unsigned value);
int __real_sem_destroy(sem_t *sem);
int __real_sem_wait(sem_t *sem);
int __real_sem_trywait(sem_t *sem);
int __real_sem_timedwait(sem_t *sem, const struct timespec *until);
int __real_sem_clockwait(sem_t *sem, clockid_t clock, const struct timespec *until);
int __real_sem_post(sem_t *sem);
int __real_sem_getvalue(sem_t *sem, int *value);

static int value_in(const void *sem)
{
	int value = 0;

	__real_sem_getvalue((sem_t *)sem, &value);
	return value;
}

static struct rt_object *semaphore(sem_t *sem, const char *call, uint32_t site)
{
	bool fresh;
	struct rt_object *o = rt_object(sem, RT_SEMAPHORE, &fresh);

	if (fresh)
		o->count = (uint32_t)value_in(rt_object_bytes(sem));
	if (o->state == RT_DESTROYED)
		rt_misuse(call, site, o, "used after it was destroyed");
	return o;
}

static bool is_awaited(const struct rt_object *o)
{
	for (unsigned i = 0; i < rt.shared->actors; i++)
		if (rt_waits_for(&rt.shared->actor[i], o, RT_TO_HAVE))
			return true;
	return false;
}

/* ---- down and up ------------------------------------------------------------------------------- */

static int get(struct rt_object *o, sem_t *sem, const struct rt_attempt *attempt,
	       struct rt_deal *deal, uint32_t site)
{
	uint64_t deadline;
	int status = attempt->waits ? -rt_fail(deal, RT_WAITS, -1, 0) : 0;

	if (status != 0)
		return status;
	if (o->count == 0 && !attempt->waits)
		return EAGAIN;
	if (o->count == 0) {
		status = rt_object_deadline(attempt->until, &deadline);
		if (status == 0)
			status = rt_object_wait(o, sem, RT_TO_HAVE, deadline);
	}
	if (status == 0) {
		o->count--;
		rt_object_acquire(o, site);
	}
	return status;
}

static int down(sem_t *sem, const struct rt_attempt *attempt, uint32_t site)
{
	struct rt_object *o = semaphore(sem, attempt->call, site);
	struct rt_deal deal;
	int status;

	if (o->count == 0 && !attempt->waits) {
		if (rt_idle_turn(o, site, 0, true) && o->count == 0)
			return (int)rt_result(-EAGAIN);
	} else {
		rt_progress();
	}
	rt_object_point(sem, site, &deal, false);
	status = get(o, sem, attempt, &deal, site);
	rt_object_step(o, site, attempt->verb, status, status == ETIMEDOUT ? CF_STEP_TIMEOUT : 0);
	return (int)rt_result(-status);
}

static int down_own(sem_t *sem, const struct rt_attempt *attempt, uint32_t site)
{
	if (__real_sem_trywait(sem) == 0)
		return 0;
	if (errno != EAGAIN || !attempt->waits)
		return -1;
	if (attempt->until == NULL)
		rt_own_deadlock(attempt->call, site);
	return (int)rt_result(-ETIMEDOUT);
}

static int down_any(sem_t *sem, const struct rt_attempt *attempt, uint32_t site)
{
	return rt_in_segment(sem) ? down(sem, attempt, site) : down_own(sem, attempt, site);
}

WRAPPED int __wrap_sem_wait(sem_t *sem)
{
	static const struct rt_attempt attempt = { "sem_wait", "sem-wait", true, NULL };

	return rt.running ? down_any(sem, &attempt, SITE()) : __real_sem_wait(sem);
}

WRAPPED int __wrap_sem_trywait(sem_t *sem)
{
	static const struct rt_attempt attempt = { "sem_trywait", "sem-try", false, NULL };

	return rt.running ? down_any(sem, &attempt, SITE()) : __real_sem_trywait(sem);
}

WRAPPED int __wrap_sem_timedwait(sem_t *sem, const struct timespec *until)
{
	const struct rt_attempt attempt = { "sem_timedwait", "sem-wait", true, until };

	return rt.running ? down_any(sem, &attempt, SITE()) : __real_sem_timedwait(sem, until);
}

WRAPPED int __wrap_sem_clockwait(sem_t *sem, clockid_t clock, const struct timespec *until)
{
	const struct rt_attempt attempt = { "sem_clockwait", "sem-wait", true, until };

	return rt.running ? down_any(sem, &attempt, SITE())
			  : __real_sem_clockwait(sem, clock, until);
}

WRAPPED int __wrap_sem_post(sem_t *sem)
{
	struct rt_object *o;
	struct rt_deal deal;
	uint32_t site = SITE();
	int status = 0;

	if (!rt_is_modelled(sem))
		return __real_sem_post(sem);
	o = semaphore(sem, "sem_post", site);
	rt_progress();
	rt_object_point(sem, site, &deal, true);
	if (o->count == SEM_VALUE_MAX) {
		status = EOVERFLOW;
	} else {
		o->count++;
		rt_object_release(o, site);
		rt_object_changed(o);
	}
	rt_object_step(o, site, "sem-post", status, 0);
	return (int)rt_result(-status);
}

/* check() asks for it, too. */
WRAPPED int __wrap_sem_getvalue(sem_t *sem, int *value)
{
	const struct rt_object *known = rt_known_object(sem, RT_SEMAPHORE);
	uint32_t site = SITE();
	struct rt_object *o;
	struct rt_deal deal;

	if (!rt_is_modelled(sem)) {
		if (known == NULL)
			return __real_sem_getvalue(sem, value);
		*value = (int)known->count;
		return 0;
	}
	o = semaphore(sem, "sem_getvalue", site);
	if (!rt_idle_turn(o, site, o->count, true)) {
		rt_object_point(sem, site, &deal, false);
		rt_object_step(o, site, "sem-look", o->count, 0);
	}
	rt_begin_result(value, sizeof(*value));
	*value = (int)o->count;
	rt_end_result(value, sizeof(*value), site);
	return 0;
}

/* ---- from init to destroy ---------------------------------------------------------------------- */

WRAPPED int __wrap_sem_init(sem_t *sem, int shared, unsigned value)
{
	struct rt_object *o;
	struct rt_deal deal;
	uint32_t site = SITE();
	bool fresh;

	if (!rt_is_modelled(sem))
		return __real_sem_init(sem, shared, value);
	if (value > SEM_VALUE_MAX)
		return (int)rt_result(-EINVAL);
	rt_progress();
	rt_object_point(sem, site, &deal, true);
	o = rt_object(sem, RT_SEMAPHORE, &fresh);
	if (is_awaited(o))
		rt_misuse("sem_init", site, o, "made anew while somebody waits");
	o->state = RT_USABLE;
	o->count = value;
	rt_object_step(o, site, "init", value, 0);
	return 0;
}

WRAPPED int __wrap_sem_destroy(sem_t *sem)
{
	struct rt_object *o;
	struct rt_deal deal;
	uint32_t site = SITE();

	if (!rt_is_modelled(sem))
		return __real_sem_destroy(sem);
	rt_progress();
	rt_object_point(sem, site, &deal, true);
	o = semaphore(sem, "sem_destroy", site);
	if (is_awaited(o))
		rt_misuse("sem_destroy", site, o, "destroyed while somebody waits");
	o->state = RT_DESTROYED;
	rt_object_step(o, site, "destroy", 0, 0);
	return 0;
}

WRAPPED sem_t *__wrap_sem_open(const char *name, int flags, ...)
{
	(void)name;
	(void)flags;
	rt_refuse("the target calls sem_open; only semaphores in the segment are controlled");
}
