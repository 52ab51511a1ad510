/* SPDX-License-Identifier: Apache-2.0
 *
 * signals - what a signal of another actor, or an alarm, does to a call: the kernel's rules, played.
 */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cryofuzz.h"

enum {
	ENDS_WAIT,
	RESTARTS_WAIT,
	ENDS_SLEEP,
	ENDS_SPIN,
	IS_TAKEN,
	RINGS,
	IN_RECEIVE,
	RINGS_AGAIN,
	RINGS_ANYWHERE,
};

struct shared {
	_Alignas(8) atomic_int pid; /* of the one that listens */
	_Alignas(8) atomic_int heard;
};

static struct shared *the(void)
{
	return cf_shared();
}

static void hear(int signo)
{
	(void)signo;
	atomic_fetch_add(&the()->heard, 1);
}

static void expect(int is_so, const char *what)
{
	if (!is_so)
		cf_fail(CF_INVARIANT, "signals.rule", "%s, errno %d", what, errno);
}

static void listen_for(int signo, int flags)
{
	struct sigaction action = { .sa_handler = hear, .sa_flags = flags };

	sigaction(signo, &action, NULL);
	atomic_store(&the()->pid, getpid());
}

/* The child never ends: only a handler can end this. */
static void wait_for_child(int flags)
{
	int status;

	if (cf_fork_uncontrolled() == 0)
		for (;;)
			pause();
	listen_for(SIGUSR1, flags);
	expect(waitpid(-1, &status, 0) < 0 && errno == EINTR, "waitpid goes on");
	expect(atomic_load(&the()->heard) == 1, "it has ended without a handler");
}

static void sleep_long(void)
{
	const struct timespec long_one = { .tv_sec = 60 };
	struct timespec left = { 0 };

	listen_for(SIGUSR1, SA_RESTART);
	expect(nanosleep(&long_one, &left) < 0 && errno == EINTR && left.tv_sec == 60,
	       "nanosleep goes on");
}

static void spin(void)
{
	listen_for(SIGUSR1, 0);
	while (atomic_load(&the()->heard) == 0)
		;
}

static void take(void)
{
	const struct timespec second = { .tv_sec = 1 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	atomic_store(&the()->pid, getpid());
	expect(sigwaitinfo(&set, NULL) == SIGUSR1, "sigwaitinfo has not got it");
	expect(sigtimedwait(&set, NULL, &second) < 0 && errno == EAGAIN, "it came twice");
}

static void ring(void)
{
	listen_for(SIGALRM, 0);
	expect(alarm(60) == 0, "an alarm is set");
	expect(alarm(2) == 60, "the alarm was another one");
	expect(sleep(10) == 8, "the alarm does not end the sleep");
	expect(alarm(0) == 0 && atomic_load(&the()->heard) == 1, "it rings again");
}

static void ring_again(void)
{
	const struct itimerval every = { { 2, 500000 }, { 1, 0 } }, none = { { 0, 0 }, { 0, 0 } };
	struct itimerval old = { { 0, 0 }, { 0, 0 } };

	listen_for(SIGALRM, 0);
	expect(setitimer(ITIMER_REAL, &every, NULL) == 0, "it is refused");
	expect(sleep(60) > 0 && sleep(60) > 0, "it does not ring twice");
	expect(getitimer(ITIMER_REAL, &old) == 0 && old.it_value.tv_sec == 2 &&
		       old.it_interval.tv_usec == 500000,
	       "it is another one");
	expect(alarm(7) == 3, "it is no alarm");
	expect(setitimer(ITIMER_REAL, &none, &old) == 0 && old.it_value.tv_sec == 7 &&
		       old.it_interval.tv_usec == 0,
	       "the alarm is none");
	expect(sleep(60) == 0 && atomic_load(&the()->heard) == 2, "it rings again");
}

/* Nothing waits, and no time passes but by an event. */
static void ring_anywhere(void)
{
	unsigned left_s;

	listen_for(SIGALRM, 0);
	alarm(2);
	for (int i = 0; i < 4; i++)
		cf_mark("work");
	left_s = alarm(0);
	cf_outcome("heard=%d left=%u", atomic_load(&the()->heard), left_s);
}

static void receive(void)
{
	char byte;

	listen_for(SIGUSR1, 0);
	recv(cf_channel_fd(0), &byte, 1, 0);
}

static void left(unsigned index)
{
	(void)index;
	switch (cf_variant()) {
	case ENDS_WAIT:
		return wait_for_child(0);
	case RESTARTS_WAIT:
		return wait_for_child(SA_RESTART);
	case ENDS_SLEEP:
		return sleep_long();
	case ENDS_SPIN:
		return spin();
	case IS_TAKEN:
		return take();
	case RINGS:
		return ring();
	case RINGS_AGAIN:
		return ring_again();
	case RINGS_ANYWHERE:
		return ring_anywhere();
	default:
		return receive();
	}
}

static void right(unsigned index)
{
	int pid = atomic_load(&the()->pid);

	(void)index;
	if (cf_variant() < RINGS_AGAIN && cf_variant() != RINGS && pid != 0)
		kill(pid, SIGUSR1);
}

static int type(void)
{
	return SOCK_SEQPACKET;
}

static const struct cf_role roles[] = { { "left", NULL, left }, { "right", NULL, right }, { 0 } };

static const struct cf_channel channels[] = { { "line", "left", "right", type }, { 0 } };

static const struct cf_variant_spec variants[] = {
	[ENDS_WAIT] = { "ends-wait", "a handler ends waitpid", CF_SC, NULL },
	[RESTARTS_WAIT] = { "restarts-wait", "one with SA_RESTART does not", CF_SC,
			    "deadlock in signals.left" },
	[ENDS_SLEEP] = { "ends-sleep", "a handler ends nanosleep, even with SA_RESTART", CF_SC,
			 NULL },
	[ENDS_SPIN] = { "ends-spin", "a handler stores what a loop waits for", CF_SC, NULL },
	[IS_TAKEN] = { "is-taken", "by sigwaitinfo, once", CF_SC, NULL },
	[RINGS] = { "rings", "an alarm ends a sleep, once", CF_SC, NULL },
	[IN_RECEIVE] = { "in-receive", "a signal for one that receives", CF_SC, NULL },
	[RINGS_AGAIN] = { "rings-again", "an interval timer is an alarm that rings again", CF_SC,
			  NULL },
	[RINGS_ANYWHERE] = { "rings-anywhere", "an alarm rings where time passes", CF_SC, NULL },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "signals",
	.summary = "a signal comes in a call, or in a loop",
	.shared_size = sizeof(struct shared),
	.flags = CF_CHILDREN_OBEY | CF_ALARMS,
	.roles = roles,
	.variants = variants,
	.channels = channels,
};
