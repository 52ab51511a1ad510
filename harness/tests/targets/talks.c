/* SPDX-License-Identifier: Apache-2.0
 *
 * talks - two actors make calls on a channel and on descriptors of their own, which ones a number in the
 * params decides: so that what fibers have of sockets, pipes and eventfds can be compared with what
 * processes have, call by call. Everything a call tells goes into the segment, and so into the trace.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cryofuzz.h"

enum { CHOICE, TYPE, CALLS, BLOCKING, LONGEST = 64, OWN = 6 };

struct shared {
	_Alignas(8) volatile uint64_t told[2];
};

/* What an actor knows. */
struct talker {
	unsigned me;
	uint64_t state;
	int own[OWN]; /* both ends of a pipe, both of a socket pair, an eventfd, the channel */
};

static unsigned below(struct talker *t, unsigned limit)
{
	t->state ^= t->state << 13;
	t->state ^= t->state >> 7;
	t->state ^= t->state << 17;
	return (unsigned)(t->state >> 11) % limit;
}

static void tell(struct talker *t, uint64_t what)
{
	struct shared *s = cf_shared();

	s->told[t->me] = what;
}

static void tell_result(struct talker *t, ssize_t result)
{
	tell(t, result < 0 ? (uint64_t)-errno : (uint64_t)result);
}

static void tell_bytes(struct talker *t, const unsigned char *bytes, ssize_t size)
{
	uint64_t sum = 0;

	for (ssize_t i = 0; i < size && i < LONGEST; i++)
		sum = sum * 31 + bytes[i];
	tell(t, sum);
}

static int flags(void)
{
	return cf_param(BLOCKING) ? 0 : MSG_DONTWAIT;
}

static void say(struct talker *t, int fd)
{
	unsigned char bytes[LONGEST];
	size_t size = below(t, LONGEST + 1);

	memset(bytes, (int)below(t, 256), sizeof(bytes));
	tell_result(t, send(fd, bytes, size, flags() | MSG_NOSIGNAL));
}

static void hear(struct talker *t, int fd)
{
	static const int more[] = { 0, MSG_PEEK, MSG_TRUNC, MSG_WAITALL };
	unsigned char bytes[LONGEST] = { 0 };
	struct iovec parts[2] = { { bytes, below(t, 9) }, { bytes + 8, below(t, LONGEST - 7) } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
	ssize_t size = recvmsg(fd, &message, flags() | more[below(t, 4)]);

	tell_result(t, size);
	tell(t, (uint64_t)message.msg_flags);
	tell_bytes(t, bytes, LONGEST);
}

static void put(struct talker *t, int fd)
{
	uint64_t value = below(t, 4) ? below(t, 9) : UINT64_MAX - below(t, 3);

	tell_result(t, write(fd, &value, sizeof(value)));
}

static void get(struct talker *t, int fd)
{
	unsigned char bytes[LONGEST] = { 0 };

	tell_result(t, read(fd, bytes, 8));
	tell_bytes(t, bytes, 8);
}

static void look(struct talker *t, int fd)
{
	struct pollfd fds[] = { { fd, POLLIN | POLLOUT | POLLRDHUP, 0 }, { t->own[0], POLLIN, 0 } };

	tell_result(t, poll(fds, 2, cf_param(BLOCKING) ? 5 : 0));
	tell(t, (uint64_t)(uint16_t)fds[0].revents << 16 | (uint16_t)fds[1].revents);
}

static void look_with_sets(struct talker *t, int fd)
{
	struct timeval time = { 0 };
	fd_set in;

	if (fd < 0)
		return;
	FD_ZERO(&in);
	FD_SET(fd, &in);
	tell_result(t, select(fd + 1, &in, NULL, NULL, &time));
	tell(t, FD_ISSET(fd, &in));
}

static void change(struct talker *t, int fd)
{
	tell_result(t, fcntl(fd, F_SETFL, O_NONBLOCK));
	tell_result(t, fcntl(fd, F_GETFL));
}

static void shut(struct talker *t, int fd)
{
	tell_result(t, shutdown(fd, (int)below(t, 3)));
}

static void leave(struct talker *t, int fd)
{
	tell_result(t, close(fd));
}

static void call_something(struct talker *t)
{
	static void (*const calls[])(struct talker *, int) = {
		say, say, say,  hear,           hear,   hear, put,   put,
		get, get, look, look_with_sets, change, shut, leave,
	};
	unsigned most = below(t, 3) ? sizeof(calls) / sizeof(calls[0]) - 2
				    : sizeof(calls) / sizeof(calls[0]);
	unsigned call = below(t, most);
	int fd = t->own[below(t, 3) ? OWN - 1 : below(t, OWN)];

	/* Whoever writes to a stream that nobody reads gets a signal, which needs a process. */
	if (calls[call] == put)
		fd = t->own[below(t, 2) ? 1 : 4];
	calls[call](t, fd);
}

static void open_own(struct talker *t)
{
	tell_result(t, pipe2(t->own, O_NONBLOCK | O_CLOEXEC));
	tell_result(t, socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, t->own + 2));
	t->own[4] = eventfd(below(t, 3), EFD_NONBLOCK | (below(t, 2) ? EFD_SEMAPHORE : 0));
	t->own[5] = cf_channel_fd(0);
}

static void talk(unsigned me)
{
	struct talker t = {
		.me = me, .state = (uint64_t)cf_param(CHOICE) * 2 * 0x9e3779b97f4a7c15ull + me + 1
	};

	open_own(&t);
	for (int i = 0; i < cf_param(CALLS); i++)
		call_something(&t);
}

static void left(unsigned index)
{
	(void)index;
	talk(0);
}

static void right(unsigned index)
{
	(void)index;
	talk(1);
}

static int type(void)
{
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };

	return types[cf_param(TYPE)];
}

static const struct cf_role roles[] = { { "left", NULL, left }, { "right", NULL, right }, { 0 } };

static const struct cf_param_spec params[] = {
	[CHOICE] = { "choice", 0, 1000000, 1, "which calls" },
	[TYPE] = { "type", 0, 2, 0, "of the channel: stream, datagrams, sequenced packets" },
	[CALLS] = { "calls", 0, 40, 20, "of each" },
	[BLOCKING] = { "blocking", 0, 1, 0, "1: sends and receives wait" },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	{ "only", "calls that nobody judges", CF_SC, NULL },
	{ 0 },
};

static const struct cf_field fields[] = {
	{ "first", 0, 1 },
	{ "second", 1, 2 },
	{ "third", 4, 4 },
	{ 0 },
};

static const struct cf_channel channels[] = {
	{ "line", "left", "right", type },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "talks",
	.summary = "makes calls on descriptors",
	.shared_size = sizeof(struct shared),
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
	.fields = fields,
	.channels = channels,
};
