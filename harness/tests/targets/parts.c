/* SPDX-License-Identifier: Apache-2.0
 *
 * parts - over a stream: the waiter wants all of a message of which a part is there, and waits in select
 * for one or the other descriptor. The other one lets it go on each time.
 */
#include <errno.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "cryofuzz.h"

enum { WHOLE = 10, PART = 3 };

static const char words[] = "0123456789";

static void expect(int right, const char *what)
{
	if (!right)
		cf_fail(CF_INVARIANT, "parts.waiter", "%s", what);
}

static void want_all(int fd)
{
	char bytes[WHOLE + 1] = "";

	expect(recv(fd, bytes, PART, 0) == PART, "recv of what comes first");
	memset(bytes, 0, sizeof(bytes));
	expect(recv(fd, bytes, WHOLE, MSG_WAITALL) == WHOLE, "recv of all");
	expect(strcmp(bytes, words) == 0, "all of it, in its order");
}

static int select_one(int fd, int more, struct timeval *timeout)
{
	fd_set in, out;
	int ready;

	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_SET(fd, &in);
	if (more >= 0)
		FD_SET(more, &in);
	ready = select((more > fd ? more : fd) + 1, &in, &out, NULL, timeout);
	expect(ready < 0 || FD_ISSET(fd, &in) == (ready == 1), "what is ready");
	expect(ready < 0 || more < 0 || !FD_ISSET(more, &in), "and what is not");
	return ready;
}

static void wait_by_select(int fd)
{
	struct timeval long_time = { .tv_sec = 5 }, short_time = { .tv_usec = 1500 };
	int pipe_fd[2], closed;
	char byte;

	expect(pipe(pipe_fd) == 0, "pipe");
	expect(select_one(fd, pipe_fd[0], NULL) == 1, "select");
	expect(recv(fd, &byte, 1, 0) == 1, "recv after select");
	expect(select_one(fd, -1, &long_time) == 1, "select with a time-out");
	expect(long_time.tv_sec == 4, "time was left");
	expect(recv(fd, &byte, 1, 0) == 1, "the last recv");
	expect(select_one(pipe_fd[0], -1, &short_time) == 0, "select with nothing to come");
	expect(short_time.tv_sec == 0 && short_time.tv_usec == 0, "no time was left");
	closed = pipe_fd[0];
	close(pipe_fd[0]);
	close(pipe_fd[1]);
	expect(select_one(closed, -1, NULL) < 0 && errno == EBADF, "select of nothing");
}

static void wait_for_it(unsigned index)
{
	(void)index;
	want_all(cf_channel_fd(0));
	wait_by_select(cf_channel_fd(0));
}

static void pause_for_a_moment(void)
{
	const struct timespec later = { .tv_nsec = 3000000 };

	nanosleep(&later, NULL);
}

/* What comes first and the part come together, so the part is there when the waiter wants all. */
static void let_go(unsigned index)
{
	int fd = cf_channel_fd(0);

	(void)index;
	pause_for_a_moment();
	send(fd, "abc012", 2 * PART, 0);
	pause_for_a_moment();
	send(fd, words + PART, WHOLE - PART, 0);
	for (int i = 0; i < 2; i++) {
		pause_for_a_moment();
		send(fd, words, 1, 0);
	}
}

static const struct cf_role roles[] = {
	{ "waiter", NULL, wait_for_it },
	{ "waker", NULL, let_go },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	{ "only", "every wait ends as it should", CF_SC, NULL },
	{ 0 },
};

static int type(void)
{
	return SOCK_STREAM;
}

static const struct cf_channel channels[] = {
	{ "line", "waiter", "waker", type },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "parts",
	.summary = "one wants the rest of what came in part, and selects",
	.shared_size = sizeof(uint64_t),
	.roles = roles,
	.variants = variants,
	.channels = channels,
};
