/* SPDX-License-Identifier: Apache-2.0
 *
 * Faults: what the kernel and others may do to an actor at a call or at any point, and what a program
 * must survive: an error that the call is documented to return, fewer bytes than asked for, a signal,
 * death. An event that its call can't answer to is moot.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calls.h"

/* ---- calls that fail -------------------------------------------------------------------------- */

/* What must be so for an error to be possible. */
enum { BLOCKING = 1, NOT_BLOCKING = 2, SOCKET = 4, REGULAR = 8, NOT_REGULAR = 16 };

static const struct {
	int error;
	unsigned calling; /* enum rt_calling */
	unsigned needs;
} errors[] = {
	{ EINTR, RT_POLLS | RT_EPOLLS | RT_WAITS | RT_SLEEPS | RT_CONDITIONS, 0 },
	{ EINTR, RT_SENDS | RT_RECEIVES, BLOCKING },
	{ EINTR, RT_READS | RT_WRITES, BLOCKING | NOT_REGULAR },
	{ EINTR, RT_REAPS, BLOCKING },
	{ EINTR, RT_CLOSES, REGULAR },
	/* not of pipes: they are full or empty, or they don't say so */
	{ EAGAIN, RT_SENDS | RT_RECEIVES, NOT_BLOCKING | NOT_REGULAR },
	{ ENOMEM, RT_SENDS | RT_RECEIVES | RT_POLLS, 0 },
	{ ENOBUFS, RT_SENDS, 0 },
	{ ECONNRESET, RT_SENDS | RT_RECEIVES, SOCKET },
	{ EPIPE, RT_SENDS, SOCKET },
	{ EIO, RT_READS | RT_WRITES | RT_CLOSES, REGULAR },
	{ ENOSPC, RT_WRITES | RT_CLOSES, REGULAR },
};

static unsigned kind_of(int fd)
{
	struct stat status;

	if (rt_is_socket(fd))
		return SOCKET | NOT_REGULAR;
	if (rt.fibers || fstat(fd, &status) < 0)
		return NOT_REGULAR;
	return S_ISREG(status.st_mode) ? REGULAR : NOT_REGULAR;
}

static unsigned facts(int fd, int flags)
{
	bool blocking = !(flags & MSG_DONTWAIT);
	int status = fd < 0 ? 0 : rt_fd_control(fd, F_GETFL, 0);

	if (status < 0)
		return 0;
	if (status & O_NONBLOCK)
		blocking = false;
	return (blocking ? BLOCKING : NOT_BLOCKING) | (fd < 0 ? 0 : kind_of(fd));
}

static bool can_end_with(enum rt_calling calling, int error, unsigned facts)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i].error == error && (errors[i].calling & calling) &&
		    (errors[i].needs & ~facts) == 0)
			return true;
	return false;
}

/* These say that the connection is broken, so it is, for both ends. */
static void break_connection(int fd)
{
	rt_fd_shutdown(fd, SHUT_RDWR);
	rt.shared->broken++;
	rt_channel_changed();
}

int rt_fail(struct rt_deal *deal, enum rt_calling calling, int fd, int flags)
{
	static const enum cf_op ops[] = {
		[RT_SENDS] = CF_OP_SEND,        [RT_RECEIVES] = CF_OP_RECV,
		[RT_POLLS] = CF_OP_POLL,        [RT_WAITS] = CF_OP_FUTEX_WAIT,
		[RT_SLEEPS] = CF_OP_SLEEP,      [RT_READS] = CF_OP_CALL,
		[RT_WRITES] = CF_OP_CALL,       [RT_CLOSES] = CF_OP_CLOSE,
		[RT_EPOLLS] = CF_OP_POLL,       [RT_REAPS] = CF_OP_CALL,
		[RT_CONDITIONS] = CF_OP_OBJECT,
	};
	struct cf_event *event = rt_take(deal, CF_DO_FAIL);
	int error;

	if (event == NULL)
		return 0;
	error = (int)event->arg;
	if (!can_end_with(calling, error, facts(fd, flags))) {
		rt_moot(event);
		return 0;
	}
	if (error == EPIPE || error == ECONNRESET)
		break_connection(fd);
	rt_step(ops[calling], CF_STEP_EVENT, rt.me->site, 0, UINT64_MAX, (uint64_t)-error, 0);
	return error == EPIPE ? 0 : -error; /* EPIPE is the real call's answer, with its signal */
}

size_t rt_short(struct rt_deal *deal, size_t size)
{
	struct cf_event *event = rt_take(deal, CF_DO_SHORT);

	if (event == NULL || event->arg == 0 || event->arg >= size) {
		if (event != NULL)
			rt_moot(event);
		return size;
	}
	return event->arg;
}

/* ---- signals ---------------------------------------------------------------------------------- */

static bool is_blocked(int signo)
{
	sigset_t mask;

	return sigprocmask(SIG_BLOCK, NULL, &mask) == 0 && sigismember(&mask, signo) == 1;
}

struct rt_noted rt_note(void)
{
	rt_progress();
	return (struct rt_noted){ rt.inside, rt.own->expire, rt.pc, rt.me->site };
}

void rt_note_again(const struct rt_noted *noted)
{
	rt.inside = noted->inside;
	rt.own->expire = noted->expire;
	rt_be_due(rt.me, 0); /* its next point forgets them */
	rt.pc = noted->pc;
	rt.me->site = noted->site;
	rt_progress();
}

void rt_signal_itself(int signo)
{
	struct rt_noted noted = rt_note();

	kill(getpid(), signo);
	rt_note_again(&noted);
}

/* If it dies, its stores and messages outlive it; of the rest the kernel takes care. */
static void expect_signal(struct cf_event *event, int signo)
{
	bool kills = signo == SIGKILL;

	rt.control->result.fired[event - rt.control->plan.event].fate = CF_FIRED;
	rt_drain();
	rt_flush_frames();
	rt_step(kills ? CF_OP_KILL : CF_OP_SIGNAL, CF_STEP_EVENT, rt.me->site, 0, 0,
		(uint64_t)signo, !kills && is_blocked(signo));
}

void rt_ring_here(struct cf_event *event)
{
	if (rt.me->alarm == 0)
		return; /* others had the token, and it has rung meanwhile */
	expect_signal(event, SIGALRM);
	rt_ring(rt.me);
}

void rt_strike(struct cf_event *event)
{
	int signo = event->op == CF_DO_KILL ? SIGKILL : (int)event->arg;

	expect_signal(event, signo);
	rt.me->killed = (uint32_t)signo;
	rt_signal_itself(signo);
}
