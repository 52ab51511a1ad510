/* SPDX-License-Identifier: Apache-2.0
 *
 * Threads that the target creates. Each is an actor that the target has declared, with cf_thread() as its
 * role: it waits until it is created, and then runs what it is told.
 *
 * An actor has its own stack, heap and static data, threads of one process have not. So what threads share
 * has to lie in the segment; a run in which they would share something else is none that tells anything.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "calls.h"
#include "pthread/operation.h"

enum { FIRST_THREAD = 0x1000, MOST_STACK = 8 << 20 };

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
			  void *(*start)(void *), void *argument);
int __real_pthread_join(pthread_t thread, void **result);
int __real_pthread_detach(pthread_t thread);
pthread_t __real_pthread_self(void);
_Noreturn void __real_pthread_exit(void *result);

/* ---- what they may share ----------------------------------------------------------------------- */

static void share_nothing_else(void)
{
	if (rt_statics_changed())
		rt_refuse("threads of a target share only what lies in the segment, and static "
			  "data has changed; move it there");
}

/* Under qemu the target's image lies close above its stack. */
static bool is_on_stack(const void *address)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);

	return (uintptr_t)address - here < MOST_STACK &&
	       (uintptr_t)address - rt.base >= rt.site_table_size;
}

bool rt_is_own(const void *address)
{
	return is_on_stack(address) || rt_is_static(address) || rt_is_on_heap(address);
}

static void check_argument(const void *argument)
{
	if (rt_is_own(argument))
		rt_refuse("a thread's argument points to what only its creator has; threads of a "
			  "target share only what lies in the segment");
}

/* ---- their life -------------------------------------------------------------------------------- */

void rt_end_thread(void *result)
{
	rt_settle();
	rt.me->result = (uintptr_t)result;
	if (rt.me->start != 0)
		share_nothing_else();
	rt_end_actor();
}

void cf_thread(unsigned index)
{
	struct rt_actor *me = rt.me;
	_Alignas(16) unsigned char brought[RT_PACKED];
	void *(*start)(void *);

	(void)index;
	me->wish = RT_TO_BEGIN;
	while (me->start == 0)
		rt_park(RT_PARK_OBJECT, 0, RT_NEVER, "");
	start = (void *(*)(void *))(uintptr_t)me->start;
	if (me->packed > 0) {
		memcpy(brought, rt.shared->packed[rt.actor], me->packed);
		me->argument = (uintptr_t)brought;
	}
	rt_end_thread(start((void *)(uintptr_t)me->argument));
}

static struct rt_actor *first_free(void)
{
	for (unsigned i = 0; i < rt.shared->actors; i++) {
		struct rt_actor *actor = &rt.shared->actor[i];

		if (rt.target->roles[actor->role].run == cf_thread && actor->start == 0 &&
		    actor->state != CF_ACTOR_DEAD)
			return actor;
	}
	rt_refuse("the target creates more threads than it has actors with the role cf_thread");
}

static void step_of(const struct rt_actor *actor, uint32_t site, const char *verb, int64_t result)
{
	const struct rt_object named = { .offset = (uint32_t)(actor - rt.shared->actor) };

	rt_object_step(&named, site, verb, result, 0);
}

struct rt_actor *rt_create_thread(pthread_t *thread, bool detached, void *(*start)(void *),
				  const void *argument, uint32_t site)
{
	struct rt_actor *actor;

	share_nothing_else();
	actor = first_free();
	actor->start = (uintptr_t)start;
	actor->argument = (uintptr_t)argument;
	actor->detached = detached;
	rt_begin_result(thread, sizeof(*thread));
	*thread = FIRST_THREAD + (pthread_t)(actor - rt.shared->actor);
	rt_end_result(thread, sizeof(*thread), site);
	rt_drain(); /* the new one finds that there: glibc stores it before */
	rt_wake_clock(actor);
	step_of(actor, site, "create", 0);
	return actor;
}

void rt_bring(struct rt_actor *thread, const void *bytes, size_t size)
{
	memcpy(rt.shared->packed[thread - rt.shared->actor], bytes, size);
	thread->packed = (uint32_t)size;
}

void rt_create_with(pthread_t *thread, bool detached, void *(*start)(void *), const void *argument,
		    uint32_t site)
{
	struct rt_deal deal;

	rt_call(site, &deal);
	check_argument(argument);
	rt_create_thread(thread, detached, start, argument, site);
}

WRAPPED int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
				  void *(*start)(void *), void *argument)
{
	int detached = PTHREAD_CREATE_JOINABLE;

	if (!rt.running)
		return __real_pthread_create(thread, attributes, start, argument);
	if (attributes != NULL)
		pthread_attr_getdetachstate(attributes, &detached);
	rt_create_with(thread, detached == PTHREAD_CREATE_DETACHED, start, argument, SITE());
	return 0;
}

/* NULL: it is none. */
static struct rt_actor *actor_of(pthread_t thread)
{
	struct rt_actor *actor = &rt.shared->actor[thread - FIRST_THREAD];

	return thread - FIRST_THREAD < rt.shared->actors && actor->start != 0 ? actor : NULL;
}

static int join(struct rt_actor *actor, uint32_t site)
{
	struct rt_actor *me = rt.me;
	char waits[CF_WAITS];

	if (actor == NULL)
		return ESRCH;
	if (actor == me)
		return EDEADLK;
	if (actor->detached)
		rt_finish(CF_VIOLATED, CF_INVARIANT, site, "pthread_join",
			  "the thread is detached, or was joined before");
	actor->detached = 1;
	me->wish = RT_TO_JOIN;
	me->with = (uint32_t)(actor - rt.shared->actor);
	while (!rt_is_granted(NULL, me, RT_TO_JOIN)) {
		rt_name_object_wait(me, waits);
		rt_park(RT_PARK_OBJECT, 0, RT_NEVER, waits);
	}
	rt_acquire_clock(actor->ended_at);
	return 0;
}

int rt_join_thread(pthread_t thread, void **result, uint32_t site)
{
	struct rt_actor *actor;
	struct rt_deal deal;
	int status;

	rt_call(site, &deal);
	share_nothing_else();
	actor = actor_of(thread);
	status = join(actor, site);
	if (status == 0)
		*result = (void *)(uintptr_t)actor->result;
	step_of(actor != NULL ? actor : rt.me, site, "join", status);
	return status;
}

WRAPPED int __wrap_pthread_join(pthread_t thread, void **result)
{
	uint32_t site = SITE();
	void *returned;
	int status;

	if (!rt.running)
		return __real_pthread_join(thread, result);
	status = rt_join_thread(thread, &returned, site);
	if (status == 0 && result != NULL) {
		rt_begin_result(result, sizeof(*result));
		*result = returned;
		rt_end_result(result, sizeof(*result), site);
	}
	return status;
}

int rt_detach_thread(pthread_t thread, uint32_t site)
{
	struct rt_actor *actor;
	struct rt_deal deal;

	rt_call(site, &deal);
	actor = actor_of(thread);
	if (actor == NULL)
		return ESRCH;
	if (actor->detached)
		return EINVAL;
	actor->detached = 1;
	step_of(actor, site, "detach", 0);
	return 0;
}

WRAPPED int __wrap_pthread_detach(pthread_t thread)
{
	return rt.running ? rt_detach_thread(thread, SITE()) : __real_pthread_detach(thread);
}

pthread_t rt_this_thread(void)
{
	return FIRST_THREAD + (pthread_t)rt.actor;
}

WRAPPED pthread_t __wrap_pthread_self(void)
{
	return rt.running ? rt_this_thread() : __real_pthread_self();
}

WRAPPED _Noreturn void __wrap_pthread_exit(void *result)
{
	if (!rt.running)
		__real_pthread_exit(result);
	rt_end_thread(result);
}

/* Who has begun nothing needs no end. */
bool rt_never_began(const struct rt_actor *actor)
{
	return actor->state == CF_ACTOR_PARKED && actor->park == RT_PARK_OBJECT &&
	       actor->wish == RT_TO_BEGIN;
}
