/* SPDX-License-Identifier: Apache-2.0
 *
 * When a signal comes. An actor that has handlers has all signals blocked while others have the token, so
 * that no handler runs beside them: what has come meanwhile is delivered where it goes on. Its alarm, which is its
 * ITIMER_REAL, is one of the virtual clock.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "calls.h"

#define WRAPPED __attribute__((visibility("hidden")))
#define SITE() rt_site(__builtin_return_address(0))

enum { SECOND = 1000000000, MICROSECOND = 1000 };

unsigned __real_alarm(unsigned seconds);
int __real_setitimer(__itimer_which_t which, const struct itimerval *value, struct itimerval *old);
int __real_getitimer(__itimer_which_t which, struct itimerval *value);

/* The actor may be anywhere in a hook. */
void rt_let_in(const sigset_t *own)
{
	struct rt_noted noted = rt_note();
	sigset_t pending;

	sigpending(&pending);
	if (!sigisemptyset(&pending))
		rt_acquire_from_anybody(); /* whoever has sent them: handlers are after that */
	sigprocmask(SIG_SETMASK, own, NULL);
	rt_note_again(&noted);
}

void rt_block(sigset_t *own)
{
	static const int of_instructions[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP };
	sigset_t all;

	sigfillset(&all);
	for (unsigned i = 0; i < sizeof(of_instructions) / sizeof(of_instructions[0]); i++)
		sigdelset(&all, of_instructions[i]);
	sigprocmask(SIG_SETMASK, &all, own);
}

void rt_deafen(void)
{
	sigset_t own;

	rt_block(&own);
	memcpy(&rt.me->mask, &own, sizeof(rt.me->mask));
	rt.me->deaf = 1;
}

void rt_listen(void)
{
	sigset_t own;

	if (!rt.me->deaf)
		return;
	sigemptyset(&own);
	memcpy(&own, &rt.me->mask, sizeof(rt.me->mask));
	rt.me->deaf = 0;
	rt_let_in(&own);
}

void rt_disturb(struct rt_actor *actor)
{
	if (actor->deaf && (actor->state == CF_ACTOR_SPINNING ||
			    (actor->state == CF_ACTOR_PARKED && actor->park == RT_PARK_SLEEP)))
		rt_unpark(actor);
}

struct rt_actor *rt_next_alarm(void)
{
	struct rt_shared *s = rt.shared;
	struct rt_actor *best = NULL;

	for (unsigned i = 0; i < s->actors; i++) {
		struct rt_actor *actor = &s->actor[i];

		if (actor->alarm != 0 && actor->state != CF_ACTOR_ENDED &&
		    actor->state != CF_ACTOR_DEAD && (best == NULL || actor->alarm < best->alarm))
			best = actor;
	}
	return best;
}

void rt_ring(struct rt_actor *actor)
{
	struct rt_shared *s = rt.shared;

	if (actor->alarm > s->clock)
		s->clock = actor->alarm;
	actor->alarm = actor->alarm_every != 0 ? s->clock + actor->alarm_every : 0;
	rt_send_signal(actor, SIGALRM);
	rt_unpark(actor);
}

void rt_tell_alarm(void)
{
	rt.me->rung = 0;
	rt_step(CF_OP_SIGNAL, 0, rt.me->site, 0, 0, SIGALRM, 0);
}

static uint64_t left(void)
{
	return rt.me->alarm > rt.shared->clock ? rt.me->alarm - rt.shared->clock : 0;
}

/* A signal is one of a process. */
static void begin_call(const char *call, uint32_t site)
{
	struct rt_deal deal;

	if (rt.fibers)
		rt_needs_process(call);
	rt_call(site, &deal);
}

/* 0: there is none any more. */
static void set_alarm(uint64_t ns, uint64_t every)
{
	rt.me->alarm = ns == 0 ? 0 : rt.shared->clock + ns;
	rt.me->alarm_every = ns == 0 ? 0 : every;
}

WRAPPED unsigned __wrap_alarm(unsigned seconds)
{
	uint32_t site = SITE();
	uint64_t before;

	if (!rt_is_ours()) {
		rt_doom(); /* it may still be set when the run is over */
		return __real_alarm(seconds);
	}
	begin_call("alarm", site);
	before = left();
	set_alarm((uint64_t)seconds * SECOND, 0);
	rt_call_step(site, "alarm", 0, seconds, 0);
	return (unsigned)((before + SECOND - 1) / SECOND);
}

static uint64_t nanoseconds(const struct timeval *time)
{
	return (uint64_t)time->tv_sec * SECOND + (uint64_t)time->tv_usec * MICROSECOND;
}

static struct timeval time_of(uint64_t ns)
{
	return (struct timeval){ (time_t)(ns / SECOND), (long)(ns % SECOND / MICROSECOND) };
}

static bool is_time(const struct timeval *time)
{
	return time->tv_sec >= 0 && time->tv_usec >= 0 && time->tv_usec < SECOND / MICROSECOND;
}

static void tell(struct itimerval *value, uint64_t ns, uint64_t every)
{
	rt_untracked(value);
	value->it_value = time_of(ns);
	value->it_interval = time_of(every);
}

WRAPPED int __wrap_setitimer(__itimer_which_t which, const struct itimerval *value,
			     struct itimerval *old)
{
	static const struct itimerval none;
	uint32_t site = SITE();
	uint64_t before, every;

	if (which != ITIMER_REAL || !rt_is_ours()) {
		rt_doom();
		return __real_setitimer(which, value, old);
	}
	if (value == NULL)
		value = &none; /* as the kernel takes it */
	if (!is_time(&value->it_value) || !is_time(&value->it_interval))
		return (int)rt_result(-EINVAL);
	begin_call("setitimer", site);
	before = left();
	every = rt.me->alarm_every;
	set_alarm(nanoseconds(&value->it_value), nanoseconds(&value->it_interval));
	rt_call_step(site, "timer", every, (int64_t)nanoseconds(&value->it_value), 0);
	if (old != NULL)
		tell(old, before, every);
	return 0;
}

WRAPPED int __wrap_getitimer(__itimer_which_t which, struct itimerval *value)
{
	uint32_t site = SITE();

	if (which != ITIMER_REAL || !rt_is_ours())
		return __real_getitimer(which, value);
	begin_call("getitimer", site);
	tell(value, left(), rt.me->alarm_every);
	rt_call_step(site, "timer", rt.me->alarm_every, (int64_t)left(), 0);
	return 0;
}
