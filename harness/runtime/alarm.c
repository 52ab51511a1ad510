/* SPDX-License-Identifier: Apache-2.0
 *
 * When a signal comes. An actor that has handlers has all signals blocked while others have the token, so
 * that no handler runs beside them: what has come meanwhile is delivered where it goes on. Its alarm is one
 * of the virtual clock.
 */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "calls.h"

#define WRAPPED __attribute__((visibility("hidden")))
#define SITE() rt_site(__builtin_return_address(0))

enum { SECOND = 1000000000 };

unsigned __real_alarm(unsigned seconds);

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
	actor->alarm = 0;
	rt_send_signal(actor, SIGALRM);
	rt_unpark(actor);
}

WRAPPED unsigned __wrap_alarm(unsigned seconds)
{
	struct rt_deal deal;
	uint32_t site = SITE();
	uint64_t left;

	if (!rt_is_ours()) {
		rt_doom(); /* it may still be set when the run is over */
		return __real_alarm(seconds);
	}
	rt_call(site, &deal);
	left = rt.me->alarm > rt.shared->clock ? rt.me->alarm - rt.shared->clock : 0;
	rt.me->alarm = seconds == 0 ? 0 : rt.shared->clock + (uint64_t)seconds * SECOND;
	rt_call_step(site, "alarm", 0, seconds, 0);
	return (unsigned)((left + SECOND - 1) / SECOND);
}
