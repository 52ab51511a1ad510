/* SPDX-License-Identifier: Apache-2.0
 * operation.h - what the files of pthread/ share. */
#ifndef CRYOFUZZ_OPERATION_H
#define CRYOFUZZ_OPERATION_H

#include <pthread.h>
#include <time.h>

#include "rt.h"

#define WRAPPED __attribute__((visibility("hidden")))
#define SITE() rt_site(__builtin_return_address(0))

/* How a lock is asked for. */
struct rt_attempt {
	const char *call; /* of the target's */
	const char *verb; /* in the trace */
	bool waits; /* until it gets it, or */
	const struct timespec *until; /* so long, if that is not NULL */
};

/* True in a run if it is one of those that lie in the segment. */
static inline bool rt_is_modelled(const void *object)
{
	return rt.running && rt_in_segment(object);
}

static inline uint8_t rt_myself(void)
{
	return (uint8_t)(rt.actor + 1);
}

/* The same number as long as nobody has changed anything in the segment; never one of an actor. */
static inline uint64_t rt_unchanged_since(void)
{
	return rt.shared->change << 8;
}

/* Before and after a call stores a result for its caller, which is a store of that actor's. */
static inline void rt_begin_result(const void *address, size_t size)
{
	if (rt_in_segment(address))
		rt_announce((uintptr_t)address, size);
}

static inline void rt_end_result(const void *address, size_t size, uint32_t site)
{
	if (rt_in_segment(address))
		rt_unannounced((uintptr_t)address, size, site);
}

/* EINVAL if that is no time. NULL: never. */
int rt_object_deadline(const struct timespec *until, uint64_t *deadline);
bool rt_waits_for(const struct rt_actor *actor, const struct rt_object *o, enum rt_wish wish);

/* What the calls of pthread, C11 and C++ come to; of objects outside of the segment, too, but for
 * rt_call_once. `call` is the target's. */
int rt_lock_mutex(pthread_mutex_t *mutex, const struct rt_attempt *attempt, uint32_t site);
int rt_unlock_mutex(pthread_mutex_t *mutex, const char *call, uint32_t site);
int rt_init_mutex(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes, const char *call,
		  uint32_t site);
int rt_destroy_mutex(pthread_mutex_t *mutex, const char *call, uint32_t site);
int rt_await_condition(pthread_cond_t *cond, pthread_mutex_t *mutex,
		       const struct rt_attempt *attempt, uint32_t site);
int rt_wake_condition(pthread_cond_t *cond, unsigned most, const char *call, uint32_t site);
int rt_init_condition(pthread_cond_t *cond, const pthread_condattr_t *attributes, const char *call,
		      uint32_t site);
int rt_destroy_condition(pthread_cond_t *cond, const char *call, uint32_t site);
void rt_call_once(pthread_once_t *once, void (*routine)(void), uint32_t site);

/* ---- thread.c ---- */
/* Refuses an argument that points to what its creator has alone; rt_create_thread has no point. */
void rt_create_with(pthread_t *thread, bool detached, void *(*start)(void *), const void *argument,
		    uint32_t site);
struct rt_actor *rt_create_thread(pthread_t *thread, bool detached, void *(*start)(void *),
				  const void *argument, uint32_t site);
/* It runs with a copy of these bytes as its argument. */
void rt_bring(struct rt_actor *thread, const void *bytes, size_t size);
int rt_join_thread(pthread_t thread, void **result, uint32_t site);
int rt_detach_thread(pthread_t thread, uint32_t site);
_Noreturn void rt_end_thread(void *result);
pthread_t rt_this_thread(void);
/* True if only the actor that runs can come there. */
bool rt_is_own(const void *address);

/* ---- mutex.c: for those who have a mutex while they wait ---- */
struct rt_object *rt_mutex(const void *mutex, const char *call, uint32_t site);
/* 0, or what whoever does not have it gets, if that is no misuse. */
int rt_check_owner(const struct rt_object *o, const char *call, uint32_t site);
void rt_leave_mutex(struct rt_object *o, uint32_t site);
/* It is free: 0, EOWNERDEAD or ENOTRECOVERABLE. */
int rt_take_mutex(struct rt_object *o, uint32_t site);

#endif
