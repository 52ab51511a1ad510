/* SPDX-License-Identifier: Apache-2.0
 *
 * The injector's side of the channel, and its waits. Each has a deadline.
 */
#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#include "../victim/raw.h"
#include "door.h"
#include "inject.h"

enum {
	FRAME = 256, /* larger than a message of 12 bytes with whatever an event appends to it */
	EARLY = 8, /* ends of a wait for a stop before there is a look at who does not stop */
};

static int wait_in_vain(struct inject *in, const char *wait)
{
	if (!in->hung)
		in->hung = wait;
	return -ETIMEDOUT;
}

/* Whoever has just been told to go on does so now, if he shares our processor. Then most waits are over
 * before they begin: no timer, no signal, no wake-up. Who runs elsewhere is waited for. */
static void let_it_run(void)
{
	raw1(SYS_sched_yield, 0);
}

/* ---- stops --------------------------------------------------------------------------------- */

/* Planted: by a look that leaves it as it is. Stops of tracees it is told of, too. */
static int has_ended(struct inject *in)
{
	siginfo_t info = { .si_pid = 0 };

	raw5(SYS_waitid, P_PID, in->pid, &info, WEXITED | WNOHANG | WNOWAIT | __WALL, 0);
	if (info.si_code != CLD_EXITED && info.si_code != CLD_KILLED && info.si_code != CLD_DUMPED)
		return 0;
	in->gone = 1;
	in->status = info.si_code == CLD_EXITED ? info.si_status << 8 : info.si_status;
	return 1;
}

long inject_look_for_stop(struct inject *in, int *status)
{
	long ret;

	if (in->slip == INJECT_UNREAPED && has_ended(in))
		return -ESRCH;
	ret = raw4(SYS_wait4, in->pid, status, WNOHANG | __WALL, 0);
	if (ret > 0 && !WIFSTOPPED(*status)) {
		if (in->slip == INJECT_DEAF && in->changed)
			return 0;
		in->gone = 1;
		in->status = *status;
		return -ESRCH;
	}
	return ret;
}

/* A stop sends SIGCHLD, which inject_stop has blocked: none is missed between look and wait. One that
 * is left from an earlier stop, or another child's, ends a wait early: it begins again. */
static long await_stop_for(struct inject *in, int *status, int slice)
{
	const uint64_t child = 1ull << (SIGCHLD - 1);
	const struct timespec t = { .tv_nsec = slice * 1000000l };
	int waits = 0;
	long ret;

	do
		ret = inject_look_for_stop(in, status);
	while (!ret && waits++ < EARLY && raw4(SYS_rt_sigtimedwait, &child, 0, &t, 8) > 0);
	return ret;
}

int inject_await_stop(struct inject *in, int *status)
{
	struct patience patient = patience_for(in->pid);
	long ret = door_passed("wait4");
	int slice;

	if (ret && ret != -EINTR)
		return (int)ret;
	let_it_run();
	for (ret = 0; !ret && (slice = patience_slice(&patient));)
		ret = await_stop_for(in, status, slice);
	if (ret)
		return ret > 0 ? 0 : (int)ret;
	if (in->slip != INJECT_AWAITS_DEAD && patience_state(in->pid) == 'Z') {
		in->headless = 1;
		return -ESRCH;
	}
	return wait_in_vain(in, "inject.wait4");
}

/* ---- the handshake ------------------------------------------------------------------------- */

int inject_await_ready(struct inject *in)
{
	struct patience patient = patience_for(in->pid);
	uint32_t *word = &in->args->ready, value;
	int slice, ret = door_passed("futex");

	if (ret && ret != -EINTR)
		return ret;
	let_it_run();
	while (!(value = __atomic_load_n(word, __ATOMIC_SEQ_CST))) {
		struct timespec t = { 0 };

		ret = inject_keep_going(in);
		if (ret)
			return ret;
		slice = patience_slice(&patient);
		if (!slice)
			return wait_in_vain(in, "inject.ready");
		t.tv_nsec = slice * 1000000l;
		raw4(SYS_futex, word, FUTEX_WAIT, 0, &t);
	}
	return value == 1 ? 0 : (int)value;
}

int inject_open_channel(struct inject *in)
{
	long fd = inject_place(in, door3(SYS_pidfd_getfd, in->pidfd, in->args->channel[0], 0));

	if (fd < 0)
		return (int)fd;
	in->channel = (int)fd;
	return inject_ask(in, INJECT_INIT);
}

/* ---- messages ------------------------------------------------------------------------------ */

/* 0 if nobody will ever write. */
static int is_readable(struct inject *in)
{
	struct pollfd p = { .fd = in->channel, .events = POLLIN };
	struct patience patient = patience_for(in->pid);
	int slice, ret = door_passed("poll");

	if (ret && ret != -EINTR)
		return ret;
	let_it_run();
	while ((slice = patience_slice(&patient))) {
		if (raw3(SYS_poll, &p, 1, slice))
			return 1;
		ret = inject_keep_going(in);
		if (ret)
			return ret;
	}
	return 0;
}

/* A message may be lost in recv itself, or held by it although the socket is empty: both are events.
 * So whatever the socket says, recv has the last word. */
static ssize_t receive_in_time(struct inject *in, void *frame)
{
	int readable;

	do {
		ssize_t n;

		readable = is_readable(in);
		if (readable < 0)
			return readable;
		n = in->port->recv(in->channel, frame, FRAME, MSG_DONTWAIT);
		if (n >= 0)
			return n;
		if (errno != EAGAIN)
			return -errno;
	} while (readable);
	return wait_in_vain(in, "inject.recv");
}

static ssize_t receive(struct inject *in, void *frame)
{
	ssize_t n;

	if (in->slip != INJECT_NO_DEADLINE)
		return receive_in_time(in, frame);
	in->waiting = patience_for(in->pid);
	n = in->port->recv(in->channel, frame, FRAME, 0);
	return n < 0 ? -errno : n;
}

int inject_is_hopeless(struct inject *in, char *text, unsigned size)
{
	char other[64];

	if (patience_slice(&in->waiting))
		return 0;
	patience_describe(in->pid, other, sizeof(other));
	snprintf(text, size, "the parasite %s", other);
	return 1;
}

/* What a careful reader makes of the length of a frame. */
static int check_length(const struct inject *in, ssize_t length)
{
	if (length == 0)
		return in->slip == INJECT_EMPTY_ACK ? 0 : -EPIPE;
	if (length < INJECT_WHOLE)
		return in->slip == INJECT_SHORT_ACK && length >= 4 ? 0 : -EBADMSG;
	return length > INJECT_WHOLE && in->slip != INJECT_LONG_ACK ? -EMSGSIZE : 0;
}

/* An ack does not say which of two equal commands it is for, the args do. */
static int is_of_this_command(const struct inject *in, uint32_t cmd)
{
	if (in->last.cmd != cmd)
		return in->slip == INJECT_ANY_ACK;
	return cmd < INJECT_ADD || in->last.err || in->args->served == in->serial;
}

static int check_ack(const struct inject *in, uint32_t cmd, ssize_t length)
{
	const struct inject_message *m = &in->last;
	int ret = check_length(in, length);

	if (ret || length < INJECT_WHOLE)
		return ret;
	return is_of_this_command(in, cmd) && m->ack == m->cmd ? 0 : -EBADMSG;
}

static int await_ack(struct inject *in, uint32_t cmd)
{
	uint8_t frame[FRAME];
	ssize_t n = receive(in, frame);

	if (n < 0)
		return (int)n;
	if (in->slip == INJECT_FUSSY && in->serial > INJECT_LATE && cmd >= INJECT_ADD)
		return -EPROTO;
	in->received++;
	in->length = n;
	memset(&in->last, 0, sizeof(in->last));
	memcpy(&in->last, frame, n < INJECT_WHOLE ? (size_t)n : sizeof(in->last));
	return check_ack(in, cmd, n);
}

int inject_ask(struct inject *in, enum inject_cmd cmd)
{
	const struct inject_message m = { cmd, 0, 0 };
	int ret = in->port->send(in->channel, &m, sizeof(m), MSG_NOSIGNAL) < 0 ? -errno : 0;

	if (!ret)
		ret = await_ack(in, cmd);
	in->broken |= ret != 0;
	return ret ? ret : in->last.err;
}

/* What an event has left in the channel goes with it. */
int inject_await_end(struct inject *in)
{
	uint8_t frame[FRAME];
	int readable;
	long n;

	do {
		readable = is_readable(in);
		if (readable <= 0)
			return readable ? readable : wait_in_vain(in, "inject.end");
		n = raw6(SYS_recvfrom, in->channel, frame, sizeof(frame), MSG_DONTWAIT, 0, 0);
	} while (n > 0);
	return (int)n;
}
