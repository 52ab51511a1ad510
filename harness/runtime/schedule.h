/* SPDX-License-Identifier: Apache-2.0
 *
 * schedule.h - what the files share that move the token: schedule.c (who may run, and how the token gets
 * there), points.c (events, and whatever else is due at a point), spins.c, ending.c.
 */
#ifndef CRYOFUZZ_SCHEDULE_H
#define CRYOFUZZ_SCHEDULE_H

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hot.h"

static inline void wake(uint32_t *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static inline struct cf_fired *fate_of(const struct cf_event *event)
{
	return &rt.control->result.fired[event - rt.control->plan.event];
}

/* schedule.c: the next one after `from` that may run, or NULL; the last one asked is `from` itself, or not. */
RT_OFTEN struct rt_actor *rt_next_eligible(unsigned from, bool itself);
/* Return when this actor has the token again. It was asked for: by an event. */
RT_OFTEN void rt_hand_over(struct rt_actor *to);
void rt_hand_over_as_asked(struct rt_actor *to);
/* This actor can't go on by itself. */
RT_OFTEN void rt_let_others(void);

/* ending.c: nobody can ever run again: all have ended, or they wait for each other. */
RT_OFTEN void rt_conclude(void);

#endif
