/* SPDX-License-Identifier: Apache-2.0
 *
 * What std::thread and std::condition_variable do in libstdc++, where no wrap reaches. All else of them, of
 * std::mutex and of std::call_once stands in headers and comes to pthread by itself.
 *
 * What a std::thread is to run is an object on its creator's heap: a table of functions, then the callable
 * and its arguments as they were copied. An actor has a heap of its own; so the bytes are brought to the
 * new one, which runs them there. That moves them as if they had been assigned; an object that holds its own
 * address, or that of anything its creator has alone, is seen by just that, and refused.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calls.h"
#include "clock.h"
#include "pthread/operation.h"

/* By the Itanium ABI: the destructor, one that also frees, then the first virtual function. */
enum { END = 0, RUN = 2 };

typedef void run_function(void *state);

struct state {
	run_function *const *functions;
};

/* A std::thread is the id of its thread, 0 if it has none. */
#define START _ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_StateESt14default_deleteIS1_EEPFvvE
#define JOIN _ZNSt6thread4joinEv
#define DETACH _ZNSt6thread6detachEv
#define CONCURRENCY _ZNSt6thread20hardware_concurrencyEv
#define MAKE _ZNSt18condition_variableC1Ev
#define DESTROY _ZNSt18condition_variableD1Ev
#define WAIT _ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE
#define NOTIFY_ONE _ZNSt18condition_variable10notify_oneEv
#define NOTIFY_ALL _ZNSt18condition_variable10notify_allEv
#define TERMINATE _ZSt9terminatev
#define WAIT_UNTIL \
	_ZNSt28__atomic_futex_unsigned_base19_M_futex_wait_untilEPjjbNSt6chrono8durationIlSt5ratioILl1ELl1EEEENS2_IlS3_ILl1ELl1000000000EEEE
#define WAIT_UNTIL_STEADY \
	_ZNSt28__atomic_futex_unsigned_base26_M_futex_wait_until_steadyEPjjbNSt6chrono8durationIlSt5ratioILl1ELl1EEEENS2_IlS3_ILl1ELl1000000000EEEE
#define NOTIFY_AT_EXIT \
	_ZSt25notify_all_at_thread_exitRSt18condition_variableSt11unique_lockISt5mutexE
#define STEADY_NOW _ZNSt6chrono3_V212steady_clock3nowEv
#define SYSTEM_NOW _ZNSt6chrono3_V212system_clock3nowEv

/* Not there in targets that are C. */
#define REAL__(name) __real_##name
#define REAL_(name) REAL__(name)
#define REAL(name) __attribute__((weak)) REAL_(name)
#define WRAP__(name) __wrap_##name
#define WRAP_(name) WRAP__(name)
void REAL(START)(pthread_t *thread, struct state **state, void (*depend)(void));
void REAL(JOIN)(pthread_t *thread);
void REAL(DETACH)(pthread_t *thread);
unsigned REAL(CONCURRENCY)(void);
void REAL(MAKE)(pthread_cond_t *cond);
void REAL(DESTROY)(pthread_cond_t *cond);
void REAL(WAIT)(pthread_cond_t *cond, pthread_mutex_t **lock);
void REAL(NOTIFY_ONE)(pthread_cond_t *cond);
void REAL(NOTIFY_ALL)(pthread_cond_t *cond);
_Noreturn void REAL(TERMINATE)(void);
bool REAL(WAIT_UNTIL)(void *self, unsigned *word, unsigned value, bool timed, int64_t s,
		      int64_t ns);
bool REAL(WAIT_UNTIL_STEADY)(void *self, unsigned *word, unsigned value, bool timed, int64_t s,
			     int64_t ns);
void REAL(NOTIFY_AT_EXIT)(pthread_cond_t *cond, void *lock);
int64_t REAL(STEADY_NOW)(void);
int64_t REAL(SYSTEM_NOW)(void);
#define WRAPPED_AS(name) WRAPPED WRAP_(name)

/* ---- threads ----------------------------------------------------------------------------------- */

/* What follows the table of functions, in words; the last ones may be padding. */
static void check_packed(const struct state *state, size_t size)
{
	const uintptr_t *word = (const uintptr_t *)state;

	if (size > RT_PACKED)
		rt_refuse("what a std::thread is to run is too large");
	for (size_t i = 1; i < size / sizeof(*word); i++)
		if (rt_is_own((const void *)word[i]))
			rt_refuse(
				"what a std::thread is to run refers to what only its creator has; "
				"threads of a target share only what lies in the segment: give it "
				"values, or pointers to there");
}

/* In the new actor. */
static void *run(void *packed)
{
	struct state *state = packed;

	state->functions[RUN](state);
	state->functions[END](state);
	return NULL;
}

/* Nothing is said of who comes to what is not to be a thread any more: libstdc++ throws. */
static _Noreturn void misuse(const char *what, uint32_t site)
{
	rt_finish(CF_VIOLATED, CF_INVARIANT, site, "std.thread", what);
}

void WRAPPED_AS(START)(pthread_t *thread, struct state **state, void (*depend)(void));
void WRAPPED_AS(START)(pthread_t *thread, struct state **state, void (*depend)(void))
{
	uint32_t site = SITE();
	struct rt_deal deal;
	struct rt_actor *actor;
	size_t size;

	if (!rt.running) {
		REAL_(START)(thread, state, depend);
		return;
	}
	rt_call(site, &deal);
	if (!rt_is_on_heap(*state))
		rt_refuse("a std::thread's state is none of this actor's heap");
	size = rt_heap_size(*state);
	check_packed(*state, size);
	actor = rt_create_thread(thread, false, run, NULL, site);
	rt_bring(actor, *state, size);
	*state = NULL; /* it is the thread's */
}

void WRAPPED_AS(JOIN)(pthread_t *thread);
void WRAPPED_AS(JOIN)(pthread_t *thread)
{
	uint32_t site = SITE();
	void *nothing;

	if (!rt.running) {
		REAL_(JOIN)(thread);
		return;
	}
	if (rt_join_thread(*thread, &nothing, site) != 0)
		misuse("join() of what is not joinable", site);
	rt_begin_result(thread, sizeof(*thread));
	*thread = 0;
	rt_end_result(thread, sizeof(*thread), site);
}

void WRAPPED_AS(DETACH)(pthread_t *thread);
void WRAPPED_AS(DETACH)(pthread_t *thread)
{
	uint32_t site = SITE();

	if (!rt.running) {
		REAL_(DETACH)(thread);
		return;
	}
	if (rt_detach_thread(*thread, site) != 0)
		misuse("detach() of what is not joinable", site);
	rt_begin_result(thread, sizeof(*thread));
	*thread = 0;
	rt_end_result(thread, sizeof(*thread), site);
}

/* The same everywhere. */
unsigned WRAPPED_AS(CONCURRENCY)(void);
unsigned WRAPPED_AS(CONCURRENCY)(void)
{
	return rt.running ? rt.shared->actors : REAL_(CONCURRENCY)();
}

int64_t WRAPPED_AS(STEADY_NOW)(void);
int64_t WRAPPED_AS(STEADY_NOW)(void)
{
	return rt.running ? (int64_t)rt_tell_time(SITE()) : REAL_(STEADY_NOW)();
}

int64_t WRAPPED_AS(SYSTEM_NOW)(void);
int64_t WRAPPED_AS(SYSTEM_NOW)(void)
{
	return rt.running ? (int64_t)rt_tell_time(SITE()) : REAL_(SYSTEM_NOW)();
}

/* A std::thread that nobody has joined, an exception that nobody catches. */
_Noreturn void WRAPPED_AS(TERMINATE)(void);
_Noreturn void WRAPPED_AS(TERMINATE)(void)
{
	if (!rt.running)
		REAL_(TERMINATE)();
	rt.me->doomed = 1;
	rt_finish(CF_VIOLATED, CF_CRASH, SITE(), "", "std::terminate()");
}

/* ---- condition variables ----------------------------------------------------------------------- */

void WRAPPED_AS(MAKE)(pthread_cond_t *cond);
void WRAPPED_AS(MAKE)(pthread_cond_t *cond)
{
	if (rt_is_modelled(cond))
		rt_init_condition(cond, NULL, "std::condition_variable", SITE());
	else
		REAL_(MAKE)(cond);
}

void WRAPPED_AS(DESTROY)(pthread_cond_t *cond);
void WRAPPED_AS(DESTROY)(pthread_cond_t *cond)
{
	if (rt_is_modelled(cond))
		rt_destroy_condition(cond, "~condition_variable", SITE());
	else
		REAL_(DESTROY)(cond);
}

/* A std::unique_lock begins with the address of its mutex, and a std::mutex is one of pthread. */
void WRAPPED_AS(WAIT)(pthread_cond_t *cond, pthread_mutex_t **lock);
void WRAPPED_AS(WAIT)(pthread_cond_t *cond, pthread_mutex_t **lock)
{
	static const struct rt_attempt attempt = { "condition_variable::wait", "wait", true, NULL };

	if (rt.running)
		rt_await_condition(cond, *lock, &attempt, SITE());
	else
		REAL_(WAIT)(cond, lock);
}

void WRAPPED_AS(NOTIFY_ONE)(pthread_cond_t *cond);
void WRAPPED_AS(NOTIFY_ONE)(pthread_cond_t *cond)
{
	if (rt_is_modelled(cond))
		rt_wake_condition(cond, 1, "condition_variable::notify_one", SITE());
	else
		REAL_(NOTIFY_ONE)(cond);
}

void WRAPPED_AS(NOTIFY_ALL)(pthread_cond_t *cond);
void WRAPPED_AS(NOTIFY_ALL)(pthread_cond_t *cond)
{
	if (rt_is_modelled(cond))
		rt_wake_condition(cond, CF_MAX_ACTORS, "condition_variable::notify_all", SITE());
	else
		REAL_(NOTIFY_ALL)(cond);
}

/* ---- what can't be had -------------------------------------------------------------------------- */

/* What a future has in common with who is to fulfil it lies on the heap of one actor. */
#define FUTURE_WAIT(name)                                                                        \
	bool WRAPPED_AS(name)(void *self, unsigned *word, unsigned value, bool timed, int64_t s, \
			      int64_t ns);                                                       \
	bool WRAPPED_AS(name)(void *self, unsigned *word, unsigned value, bool timed, int64_t s, \
			      int64_t ns)                                                        \
	{                                                                                        \
		if (rt.running)                                                                  \
			rt_refuse("a std::future waits for what only this actor has, and it is " \
				  "not ready");                                                  \
		return REAL_(name)(self, word, value, timed, s, ns);                             \
	}
FUTURE_WAIT(WAIT_UNTIL)
FUTURE_WAIT(WAIT_UNTIL_STEADY)

void WRAPPED_AS(NOTIFY_AT_EXIT)(pthread_cond_t *cond, void *lock);
void WRAPPED_AS(NOTIFY_AT_EXIT)(pthread_cond_t *cond, void *lock)
{
	if (rt.running)
		rt_refuse("the target calls std::notify_all_at_thread_exit, of which there is no "
			  "model");
	REAL_(NOTIFY_AT_EXIT)(cond, lock);
}
