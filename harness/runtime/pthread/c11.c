/* SPDX-License-Identifier: Apache-2.0
 *
 * The threads of C11: glibc's types are those of pthread with other names, and what is done is the same with
 * other results.
 */
#include <errno.h>
#include <threads.h>

#include "calls.h"
#include "pthread/operation.h"

int __real_mtx_init(mtx_t *mutex, int type);
void __real_mtx_destroy(mtx_t *mutex);
int __real_mtx_lock(mtx_t *mutex);
int __real_mtx_timedlock(mtx_t *mutex, const struct timespec *until);
int __real_mtx_trylock(mtx_t *mutex);
int __real_mtx_unlock(mtx_t *mutex);
int __real_cnd_init(cnd_t *cond);
void __real_cnd_destroy(cnd_t *cond);
int __real_cnd_wait(cnd_t *cond, mtx_t *mutex);
int __real_cnd_timedwait(cnd_t *cond, mtx_t *mutex, const struct timespec *until);
int __real_cnd_signal(cnd_t *cond);
int __real_cnd_broadcast(cnd_t *cond);
void __real_call_once(once_flag *once, void (*routine)(void));
int __real_thrd_create(thrd_t *thread, thrd_start_t start, void *argument);
thrd_t __real_thrd_current(void);
int __real_thrd_detach(thrd_t thread);
_Noreturn void __real_thrd_exit(int result);
int __real_thrd_join(thrd_t thread, int *result);

_Static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t), "mtx_t");
_Static_assert(sizeof(cnd_t) == sizeof(pthread_cond_t), "cnd_t");
_Static_assert(sizeof(once_flag) == sizeof(pthread_once_t), "once_flag");
_Static_assert(sizeof(thrd_t) == sizeof(pthread_t), "thrd_t");

static int result_of(int status)
{
	switch (status) {
	case 0:
		return thrd_success;
	case EBUSY:
		return thrd_busy;
	case ETIMEDOUT:
		return thrd_timedout;
	case ENOMEM:
		return thrd_nomem;
	default:
		return thrd_error;
	}
}

/* ---- mutexes ----------------------------------------------------------------------------------- */

WRAPPED int __wrap_mtx_init(mtx_t *mutex, int type)
{
	pthread_mutexattr_t attributes;

	if (!rt_is_modelled(mutex))
		return __real_mtx_init(mutex, type);
	pthread_mutexattr_init(&attributes);
	if (type & mtx_recursive)
		pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
	return result_of(rt_init_mutex((pthread_mutex_t *)mutex, &attributes, "mtx_init", SITE()));
}

WRAPPED void __wrap_mtx_destroy(mtx_t *mutex)
{
	if (rt_is_modelled(mutex))
		rt_destroy_mutex((pthread_mutex_t *)mutex, "mtx_destroy", SITE());
	else
		__real_mtx_destroy(mutex);
}

WRAPPED int __wrap_mtx_lock(mtx_t *mutex)
{
	static const struct rt_attempt attempt = { "mtx_lock", "lock", true, NULL };

	if (!rt.running)
		return __real_mtx_lock(mutex);
	return result_of(rt_lock_mutex((pthread_mutex_t *)mutex, &attempt, SITE()));
}

WRAPPED int __wrap_mtx_trylock(mtx_t *mutex)
{
	static const struct rt_attempt attempt = { "mtx_trylock", "trylock", false, NULL };

	if (!rt.running)
		return __real_mtx_trylock(mutex);
	return result_of(rt_lock_mutex((pthread_mutex_t *)mutex, &attempt, SITE()));
}

WRAPPED int __wrap_mtx_timedlock(mtx_t *mutex, const struct timespec *until)
{
	const struct rt_attempt attempt = { "mtx_timedlock", "lock", true, until };

	if (!rt.running)
		return __real_mtx_timedlock(mutex, until);
	return result_of(rt_lock_mutex((pthread_mutex_t *)mutex, &attempt, SITE()));
}

WRAPPED int __wrap_mtx_unlock(mtx_t *mutex)
{
	if (!rt_is_modelled(mutex))
		return __real_mtx_unlock(mutex);
	return result_of(rt_unlock_mutex((pthread_mutex_t *)mutex, "mtx_unlock", SITE()));
}

/* ---- condition variables ----------------------------------------------------------------------- */

WRAPPED int __wrap_cnd_init(cnd_t *cond)
{
	if (!rt_is_modelled(cond))
		return __real_cnd_init(cond);
	return result_of(rt_init_condition((pthread_cond_t *)cond, NULL, "cnd_init", SITE()));
}

WRAPPED void __wrap_cnd_destroy(cnd_t *cond)
{
	if (rt_is_modelled(cond))
		rt_destroy_condition((pthread_cond_t *)cond, "cnd_destroy", SITE());
	else
		__real_cnd_destroy(cond);
}

WRAPPED int __wrap_cnd_wait(cnd_t *cond, mtx_t *mutex)
{
	static const struct rt_attempt attempt = { "cnd_wait", "wait", true, NULL };

	if (!rt.running)
		return __real_cnd_wait(cond, mutex);
	return result_of(rt_await_condition((pthread_cond_t *)cond, (pthread_mutex_t *)mutex,
					    &attempt, SITE()));
}

WRAPPED int __wrap_cnd_timedwait(cnd_t *cond, mtx_t *mutex, const struct timespec *until)
{
	const struct rt_attempt attempt = { "cnd_timedwait", "wait", true, until };

	if (!rt.running)
		return __real_cnd_timedwait(cond, mutex, until);
	return result_of(rt_await_condition((pthread_cond_t *)cond, (pthread_mutex_t *)mutex,
					    &attempt, SITE()));
}

WRAPPED int __wrap_cnd_signal(cnd_t *cond)
{
	if (!rt_is_modelled(cond))
		return __real_cnd_signal(cond);
	return result_of(rt_wake_condition((pthread_cond_t *)cond, 1, "cnd_signal", SITE()));
}

WRAPPED int __wrap_cnd_broadcast(cnd_t *cond)
{
	if (!rt_is_modelled(cond))
		return __real_cnd_broadcast(cond);
	return result_of(
		rt_wake_condition((pthread_cond_t *)cond, CF_MAX_ACTORS, "cnd_broadcast", SITE()));
}

WRAPPED void __wrap_call_once(once_flag *once, void (*routine)(void))
{
	if (rt_is_modelled(once))
		rt_call_once((pthread_once_t *)once, routine, SITE());
	else
		__real_call_once(once, routine);
}

/* ---- threads ----------------------------------------------------------------------------------- */

/* What it returns is an int, of which the upper half of the register says nothing: rt_join_thread's caller
 * takes the lower one. */
WRAPPED int __wrap_thrd_create(thrd_t *thread, thrd_start_t start, void *argument)
{
	if (!rt.running)
		return __real_thrd_create(thread, start, argument);
	rt_create_with(thread, false, (void *(*)(void *))(void (*)(void))start, argument, SITE());
	return thrd_success;
}

WRAPPED thrd_t __wrap_thrd_current(void)
{
	return rt.running ? rt_this_thread() : __real_thrd_current();
}

WRAPPED int __wrap_thrd_detach(thrd_t thread)
{
	return rt.running ? result_of(rt_detach_thread(thread, SITE()))
			  : __real_thrd_detach(thread);
}

WRAPPED _Noreturn void __wrap_thrd_exit(int result)
{
	if (!rt.running)
		__real_thrd_exit(result);
	rt_end_thread((void *)(intptr_t)result);
}

WRAPPED int __wrap_thrd_join(thrd_t thread, int *result)
{
	uint32_t site = SITE();
	void *returned;
	int status;

	if (!rt.running)
		return __real_thrd_join(thread, result);
	status = rt_join_thread(thread, &returned, site);
	if (status == 0 && result != NULL) {
		rt_begin_result(result, sizeof(*result));
		*result = (int)(intptr_t)returned;
		rt_end_result(result, sizeof(*result), site);
	}
	return result_of(status);
}
