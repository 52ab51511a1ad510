/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls on threads and locks of which there is no model: in a run they end it as one that tells nothing,
 * before libc takes an actor's number for a thread of its own or waits for somebody who does not run.
 */
#include <stdio.h>

#include "calls.h"
#include "pthread/operation.h"

static _Noreturn void refuse(const char *call)
{
	char why[96];

	snprintf(why, sizeof(why), "the target calls %s, of which there is no model", call);
	rt_refuse(why);
}

/* Their arguments are numbers and addresses, four at most. */
#define REFUSED(call)                                                               \
	long __real_##call(long a, long b, long c, long d);                         \
	WRAPPED long __wrap_##call(long a, long b, long c, long d);                 \
	WRAPPED long __wrap_##call(long a, long b, long c, long d)                  \
	{                                                                           \
		return rt.running ? (refuse(#call), 0) : __real_##call(a, b, c, d); \
	}

/* A key is one process's; thread-local variables do as well. */
REFUSED(tss_create)
REFUSED(pthread_key_create)
/* A thread is asked for, or is done something to. */
REFUSED(pthread_cancel)
REFUSED(pthread_clockjoin_np)
REFUSED(pthread_getaffinity_np)
REFUSED(pthread_getattr_np)
REFUSED(pthread_getcpuclockid)
REFUSED(pthread_getname_np)
REFUSED(pthread_getschedparam)
REFUSED(pthread_kill)
REFUSED(pthread_setaffinity_np)
REFUSED(pthread_setname_np)
REFUSED(pthread_setschedparam)
REFUSED(pthread_setschedprio)
REFUSED(pthread_sigqueue)
REFUSED(pthread_timedjoin_np)
REFUSED(pthread_tryjoin_np)
/* They lock it. */
REFUSED(pthread_mutex_getprioceiling)
REFUSED(pthread_mutex_setprioceiling)
