/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "disturb.h"

#include <cryofuzz.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "../../freezer/victim/raw.h"

enum {
	STATES = 64,
	/* those of the steps are below */ STORM = 200,
	QUEUED = 24,
	LATER = 7 /* calls between a stop and its end */
};

#define MASK(signal) (1ull << ((signal)-1))

/* What is sent, how often; whether the victim handles it, or it would end it. */
static const struct {
	int signal, times, handled, deadly;
} kinds[DISTURBS_LAST + 1] = {
	[DISTURBS_STOP] = { SIGSTOP, 1, 0, 0 },
	[DISTURBS_CONTINUE] = { SIGCONT, 1, 0, 0 },
	[DISTURBS_STOP_CONTINUE] = { SIGSTOP, 1, 0, 0 },
	[DISTURBS_SUSPEND] = { SIGTSTP, 1, 0, 0 },
	[DISTURBS_SUSPEND_HANDLED] = { SIGTSTP, 1, 1, 0 },
	[DISTURBS_CHILDREN] = { SIGCHLD, STORM, 1, 0 },
	[DISTURBS_ALARMS] = { SIGALRM, STORM, 1, 0 },
	[DISTURBS_QUEUE] = { HEARD_QUEUED, QUEUED, 1, 0 },
	[DISTURBS_TERMINATE] = { SIGTERM, 1, 0, 1 },
	[DISTURBS_SEGV] = { SIGSEGV, 1, 0, 1 },
	[DISTURBS_KILL] = { SIGKILL, 1, 0, 1 },
};

static struct {
	struct disturbance how;
	const struct victim *victim;
	struct inject *in;
	int calls, failed;
	int sent; /* of the signal, so often */
	int stops;
	uint64_t signals;
	int other, other_fd, other_says; /* the other injector */
	int shut;
	int killed, hung; /* by SIGKILL; a wait had been in vain before */
	int may_die; /* we are in a process of its own */
	char place[48];
} now = { .other_fd = -1 };

static struct inject others = INJECT_NONE;

void disturb(const struct disturbance *how, const struct victim *v, struct inject *in)
{
	disturb_end();
	memset(&now, 0, sizeof(now));
	now.how = *how;
	if (how->what == DISTURBS_FIRST)
		now.how.when = 0;
	now.victim = v;
	now.in = in;
	now.other_fd = -1;
	now.stops = how->stopped;
	if (how->what != DISTURBS_NOT)
		cf_state(STATES + (unsigned)how->when);
}

uint64_t disturb_listens(const struct disturbance *how)
{
	return kinds[how->what].handled ? MASK(kinds[how->what].signal) : 0;
}

/* ---- signals --------------------------------------------------------------------------------- */

static void send_one(int signal, int number)
{
	siginfo_t info = { .si_signo = signal, .si_code = SI_QUEUE };
	long ret;

	info.si_value.sival_int = number;
	if (signal == HEARD_QUEUED)
		ret = raw3(SYS_rt_sigqueueinfo, now.victim->pid, signal, &info);
	else
		ret = raw2(SYS_kill, now.victim->pid, signal);
	if (ret)
		return;
	now.signals |= MASK(signal);
	now.killed |= signal == SIGKILL;
	now.sent += signal == kinds[now.how.what].signal;
	if (signal == SIGCONT)
		now.stops = 0;
	else if (signal == SIGSTOP || (signal == SIGTSTP && !kinds[now.how.what].handled))
		now.stops = 1;
}

static void send_all(void)
{
	now.hung = now.in->hung != NULL;
	for (int i = 0; i < kinds[now.how.what].times; i++)
		send_one(kinds[now.how.what].signal, i);
}

/* ---- third parties --------------------------------------------------------------------------- */

/* Somebody who has got the parasite's end of the channel. */
static void shut_down(void)
{
	int there = now.in->args ? now.in->args->channel[1] : -1;
	long pidfd = there < 0 ? -1 : raw2(SYS_pidfd_open, now.victim->pid, 0);
	long fd = pidfd < 0 ? -1 : raw3(SYS_pidfd_getfd, pidfd, there, 0);

	if (fd >= 0) {
		now.shut = !raw2(SYS_shutdown, fd, SHUT_RDWR);
		raw1(SYS_close, fd);
	}
	if (pidfd >= 0)
		raw1(SYS_close, pidfd);
}

static void no_step(const char *name, unsigned state)
{
	(void)name;
	(void)state;
}

static const struct inject_port others_port = { .step = no_step };

/* Says what came of it, holds the victim until the channel ends, and lets it go. */
static _Noreturn void be_other(int fd)
{
	int ret = inject_stop(&others, now.victim->pid, &others_port, INJECT_CAREFUL);
	char end;

	ret = ret ? ret : 1;
	raw3(SYS_write, fd, &ret, sizeof(ret));
	raw3(SYS_read, fd, &end, 1);
	if (ret == 1)
		inject_let_go(&others);
	for (;;)
		raw1(SYS_exit_group, 0);
}

static void send_other(void)
{
	int pair[2];

	if (raw4(SYS_socketpair, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return;
	now.other = cf_fork_uncontrolled();
	if (now.other == 0) {
		raw1(SYS_close, pair[0]);
		be_other(pair[1]);
	}
	raw1(SYS_close, pair[1]);
	now.other_fd = pair[0];
	if (now.other < 0 || raw3(SYS_read, pair[0], &now.other_says, 4) != 4)
		cf_fail(CF_INVARIANT, "inject.other", "another injector does not say a word");
}

void disturb_end(void)
{
	if (now.other_fd < 0)
		return;
	raw1(SYS_close, now.other_fd);
	now.other_fd = -1;
	if (now.other > 0)
		raw4(SYS_wait4, now.other, 0, __WALL, 0);
	now.other = 0;
}

/* ---- at each call ---------------------------------------------------------------------------- */

static void come(void)
{
	switch (now.how.what) {
	case DISTURBS_SHUT_DOWN:
		shut_down();
		break;
	case DISTURBS_INJECTOR:
	case DISTURBS_FIRST:
		send_other();
		break;
	case DISTURBS_DIES:
		while (now.may_die)
			raw2(SYS_kill, raw1(SYS_getpid, 0), SIGKILL);
		break;
	default:
		send_all();
	}
}

void disturb_driver(void)
{
	now.may_die = 1;
}

static const int errors[] = {
	EAGAIN, ESRCH, EINTR, ENOMEM, EMFILE, EPERM,
};

static int fails(void)
{
	return now.how.what >= DISTURBS_FAILS && now.how.what < DISTURBS_FIRST;
}

int disturb_call(const char *name)
{
	int call = now.calls++;

	if (now.how.what != DISTURBS_NOT && call == now.how.when) {
		snprintf(now.place, sizeof(now.place), "before call %d, %s", call, name);
		come();
		now.failed = fails();
	}
	if (now.how.what == DISTURBS_STOP_CONTINUE && call == now.how.when + LATER)
		send_one(SIGCONT, 0);
	return fails() && call == now.how.when ? -errors[now.how.what - DISTURBS_FAILS] : 0;
}

/* ---- what came of it ------------------------------------------------------------------------- */

int disturb_deadly(void)
{
	return now.sent && kinds[now.how.what].deadly ? kinds[now.how.what].signal : 0;
}

int disturb_hung(void)
{
	return now.killed && now.in->hung && !now.hung;
}

int disturb_excuses(void)
{
	return now.failed || now.shut || disturb_deadly() || now.other_says == 1;
}

int disturb_stops(void)
{
	return now.stops;
}

uint64_t disturb_sent(void)
{
	return now.signals;
}

int disturb_other(void)
{
	return now.other_says;
}

const char *disturb_place(void)
{
	return now.place;
}

static int unheard_values(const struct victim_heard *heard, char *text, size_t size)
{
	for (int i = 0; i < now.sent; i++) {
		int value = i < (int)heard->values ? heard->value[i] : -1;

		if (value == i)
			continue;
		snprintf(text, size, "of %d queued signals the victim heard %u, number %d as %d",
			 now.sent, heard->count[HEARD_QUEUED], i, value);
		return 1;
	}
	return 0;
}

/* A signal that is pending already is not sent a second time, but a real-time one is. SIGCONT, by which
 * one that was stopped goes on, takes a pending SIGTSTP away. */
int disturb_unheard(const struct victim_heard *heard, char *text, size_t size)
{
	int signal = kinds[now.how.what].signal, queued = signal == HEARD_QUEUED;
	unsigned count = signal ? heard->count[signal] : 0;
	unsigned least = queued ? (unsigned)now.sent : now.sent > 0;

	if (!kinds[now.how.what].handled)
		return 0;
	if (queued && unheard_values(heard, text, size))
		return 1;
	if (signal == SIGTSTP && now.how.stopped)
		least = 0;
	if (count >= least && count <= (unsigned)now.sent)
		return 0;
	snprintf(text, size, "signal %d was sent %d times, and heard %u times", signal, now.sent,
		 count);
	return 1;
}
