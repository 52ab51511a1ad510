/* SPDX-License-Identifier: Apache-2.0 */
#include "sent.h"

#include <signal.h>
#include <stdio.h>

#include "raw.h"

enum { STORM = 200, QUEUED = 24 };

#define MASK(signal) (1ull << ((signal)-1))

/* What is sent, how often; whether the victim handles it, or it would end it. */
static const struct {
	int signal, times, handled, deadly;
} kinds[SENT_KINDS] = {
	[SENT_STOP] = { SIGSTOP, 1, 0, 0 },
	[SENT_CONTINUE] = { SIGCONT, 1, 0, 0 },
	[SENT_STOP_CONTINUE] = { SIGSTOP, 1, 0, 0 },
	[SENT_SUSPEND] = { SIGTSTP, 1, 0, 0 },
	[SENT_SUSPEND_HANDLED] = { SIGTSTP, 1, 1, 0 },
	[SENT_CHILDREN] = { SIGCHLD, STORM, 1, 0 },
	[SENT_ALARMS] = { SIGALRM, STORM, 1, 0 },
	[SENT_QUEUE] = { HEARD_QUEUED, QUEUED, 1, 0 },
	[SENT_TERMINATE] = { SIGTERM, 1, 0, 1 },
	[SENT_SEGV] = { SIGSEGV, 1, 0, 1 },
	[SENT_KILL] = { SIGKILL, 1, 0, 1 },
};

struct sent sent_begin(enum sent_kind kind, int pid, int stopped)
{
	return (struct sent){ .kind = kind, .pid = pid, .stopped = stopped, .stops = stopped };
}

uint64_t sent_listens(enum sent_kind kind)
{
	return kinds[kind].handled ? MASK(kinds[kind].signal) : 0;
}

static void send_one(struct sent *s, int signal, int number)
{
	siginfo_t info = { .si_signo = signal, .si_code = SI_QUEUE };
	long ret;

	info.si_value.sival_int = number;
	if (signal == HEARD_QUEUED)
		ret = raw3(SYS_rt_sigqueueinfo, s->pid, signal, &info);
	else
		ret = raw2(SYS_kill, s->pid, signal);
	if (ret)
		return;
	s->signals |= MASK(signal);
	s->count += signal == kinds[s->kind].signal;
	if (signal == SIGCONT)
		s->stops = 0;
	else if (signal == SIGSTOP || (signal == SIGTSTP && !kinds[s->kind].handled))
		s->stops = 1;
}

void sent_all(struct sent *s)
{
	for (int i = 0; i < kinds[s->kind].times; i++)
		send_one(s, kinds[s->kind].signal, i);
}

void sent_continue(struct sent *s)
{
	send_one(s, SIGCONT, 0);
}

int sent_deadly(const struct sent *s)
{
	return s->count && kinds[s->kind].deadly ? kinds[s->kind].signal : 0;
}

static int unheard_values(const struct sent *s, const struct victim_heard *heard, char *text,
			  size_t size)
{
	for (int i = 0; i < s->count; i++) {
		int value = i < (int)heard->values ? heard->value[i] : -1;

		if (value == i)
			continue;
		snprintf(text, size, "of %d queued signals the victim heard %u, number %d as %d",
			 s->count, heard->count[HEARD_QUEUED], i, value);
		return 1;
	}
	return 0;
}

/* A signal that is pending already is not sent a second time, but a real-time one is. SIGCONT, by which
 * one that was stopped goes on, takes a pending SIGTSTP away. */
int sent_unheard(const struct sent *s, const struct victim_heard *heard, char *text, size_t size)
{
	int signal = kinds[s->kind].signal, queued = signal == HEARD_QUEUED;
	unsigned count = signal ? heard->count[signal] : 0;
	unsigned least = queued ? (unsigned)s->count : s->count > 0;

	if (!kinds[s->kind].handled)
		return 0;
	if (queued && unheard_values(s, heard, text, size))
		return 1;
	if (signal == SIGTSTP && s->stopped)
		least = 0;
	if (count >= least && count <= (unsigned)s->count)
		return 0;
	snprintf(text, size, "signal %d was sent %d times, and heard %u times", signal, s->count,
		 count);
	return 1;
}
