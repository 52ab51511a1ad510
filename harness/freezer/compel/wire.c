/* SPDX-License-Identifier: Apache-2.0 */
#include "wire.h"

#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>

#include "../victim/patience.h"
#include "../victim/raw.h"

/* Larger than a message of 12 bytes with whatever an event appends to it. */
enum { WIRE_BUFFER = 256 };

struct wire wire;
static struct wire_rules rules;
static struct patience waiting; /* in a recv that waits */

ssize_t compel_recv(int fd, void *data, size_t size, int flags);
ssize_t compel_send(int fd, const void *data, size_t size, int flags);
ssize_t compel_sendmsg(int fd, const struct msghdr *message, int flags);
int compel_accept(int fd, struct sockaddr *address, socklen_t *length);
pid_t compel_wait4(pid_t pid, int *status, int flags, struct rusage *usage);
long compel_syscall_call(long nr, ...);

void wire_reset(const struct wire_rules *new_rules)
{
	memset(&wire, 0, sizeof(wire));
	rules = *new_rules;
}

static int give_up(const char *wait)
{
	if (!wire.hung) {
		wire.hung = wait;
		patience_describe(rules.pid, wire.other, sizeof(wire.other));
	}
	errno = ETIMEDOUT;
	return -1;
}

static int is_readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct patience patient = patience_for(rules.pid);
	int slice;

	while ((slice = patience_slice(&patient)))
		if (raw3(SYS_poll, &p, 1, slice))
			return 1;
	return 0;
}

/* A message may be lost in recv itself, or held by it although the socket is empty: both are events.
 * So whatever the socket says, recv has the last word. */
static ssize_t receive_in_time(int fd, void *data, size_t size)
{
	int readable;

	do {
		ssize_t n;

		readable = is_readable(fd);
		n = recv(fd, data, size, MSG_DONTWAIT);
		if (n >= 0 || errno != EAGAIN)
			return n;
	} while (readable);
	return give_up("compel.recv");
}

int wire_is_hopeless(char *text, unsigned size)
{
	char other[sizeof(wire.other)];

	if (patience_slice(&waiting))
		return 0;
	patience_describe(rules.pid, other, sizeof(other));
	snprintf(text, size, "the other side %s", other);
	return 1;
}

static void record(const void *frame, ssize_t length)
{
	size_t size = sizeof(wire.last);

	wire.received++;
	wire.length = length;
	memset(&wire.last, 0, size);
	memcpy(&wire.last, frame, (size_t)length < size ? (size_t)length : size);
}

/* MSG_WAITALL, which libcompel passes, does not join the frames of its socket. */
ssize_t compel_recv(int fd, void *data, size_t size, int flags)
{
	uint8_t frame[WIRE_BUFFER];
	ssize_t n;

	if (rules.recv_waits) {
		waiting = patience_for(rules.pid);
		n = recv(fd, frame, sizeof(frame), flags & ~MSG_WAITALL);
	} else {
		n = receive_in_time(fd, frame, sizeof(frame));
	}
	if (n < 0)
		return n;
	record(frame, n);
	if ((size_t)n > size && !rules.recv_cuts) {
		errno = EMSGSIZE;
		return -1;
	}
	n = (size_t)n < size ? n : (ssize_t)size;
	memcpy(data, frame, n);
	return n;
}

ssize_t compel_send(int fd, const void *data, size_t size, int flags)
{
	return send(fd, data, size, flags);
}

ssize_t compel_sendmsg(int fd, const struct msghdr *message, int flags)
{
	return sendmsg(fd, message, flags);
}

int compel_accept(int fd, struct sockaddr *address, socklen_t *length)
{
	return accept(fd, address, length);
}

static long await_child(pid_t pid, int *status, int flags, struct rusage *usage)
{
	const uint64_t child = 1ull << (SIGCHLD - 1);
	struct patience patient = patience_for(rules.pid);
	long ret;
	int slice;

	while (!(ret = raw4(SYS_wait4, pid, status, flags | WNOHANG, usage)) &&
	       (slice = patience_slice(&patient))) {
		const struct timespec t = { .tv_nsec = slice * 1000000l };

		raw4(SYS_rt_sigtimedwait, &child, 0, &t, 8);
	}
	return ret;
}

/* A tracee's stop sends SIGCHLD, which stays pending while it is blocked; so no stop is missed
 * between the look and the wait. */
pid_t compel_wait4(pid_t pid, int *status, int flags, struct rusage *usage)
{
	const uint64_t child = 1ull << (SIGCHLD - 1);
	uint64_t before;
	long ret;

	raw4(SYS_rt_sigprocmask, SIG_BLOCK, &child, &before, 8);
	ret = await_child(pid, status, flags, usage);
	raw4(SYS_rt_sigprocmask, SIG_SETMASK, &before, 0, 8);
	if (!ret)
		return give_up("compel.wait4");
	if (ret < 0) {
		errno = (int)-ret;
		return -1;
	}
	return (pid_t)ret;
}

/* libcompel waits for the parasite's word `daemon_connected` in a loop that only the parasite can
 * end; to end it without one, the word gets the error that the parasite would have written. */
static long wait_connected(uint32_t *word, uint32_t value)
{
	struct patience patient = patience_for(rules.pid);
	int slice;

	while ((slice = patience_slice(&patient))) {
		const struct timespec t = { .tv_nsec = slice * 1000000l };
		long ret = raw6(SYS_futex, word, FUTEX_WAIT, value, &t, 0, 0);

		if (ret != -ETIMEDOUT)
			return ret;
	}
	__atomic_store_n(word, (uint32_t)-ETIMEDOUT, __ATOMIC_SEQ_CST);
	give_up("compel.daemon_connected");
	return 0;
}

/* What libcompel passes to syscall(): the futex calls and a few without waits. */
long compel_syscall_call(long nr, ...)
{
	long a[6], ret;
	va_list args;

	va_start(args, nr);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	if (nr == SYS_futex && ((int)a[1] & FUTEX_CMD_MASK) == FUTEX_WAIT)
		ret = wait_connected((uint32_t *)a[0], (uint32_t)a[2]);
	else
		ret = raw_call(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
	if (ret >= 0)
		return ret;
	errno = (int)-ret;
	return -1;
}
