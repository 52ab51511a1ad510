/* SPDX-License-Identifier: Apache-2.0
 *
 * survives - every kind of call that can fail, made as a careful program makes it: again after EINTR,
 * for the rest after a short one, given up after anything else. The careless one says what it got.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "cryofuzz.h"

enum { CAREFUL, CARELESS };
enum { BYTES = 12 };

struct shared {
	uint32_t word; /* nobody ever changes it */
	uint32_t handled; /* signals */
};

static struct shared *the_segment(void)
{
	return cf_shared();
}

static void on_signal(int signo)
{
	(void)signo;
	the_segment()->handled++;
}

/* What a call returned: whether it is to be made again. */
static int again(long ret, long whole, const char *call)
{
	if (ret < whole && cf_variant() == CARELESS)
		cf_fail(CF_INVARIANT, "survives.call", "%s: %ld, error %d", call, ret,
			ret < 0 ? errno : 0);
	return ret < 0 && (errno == EINTR || errno == EAGAIN);
}

static int send_all(int fd, const char *bytes)
{
	for (int done = 0; done < BYTES;) {
		ssize_t n = send(fd, bytes + done, (size_t)(BYTES - done), MSG_NOSIGNAL);

		if (again(n, BYTES, "send"))
			continue;
		if (n < 0)
			return -1;
		done += (int)n;
	}
	return 0;
}

static int recv_all(int fd, char *bytes)
{
	for (int done = 0; done < BYTES;) {
		struct pollfd one = { .fd = fd, .events = POLLIN };
		ssize_t n;

		if (again(poll(&one, 1, 1000), 1, "poll"))
			continue;
		n = recv(fd, bytes + done, (size_t)(BYTES - done), 0);
		if (again(n, BYTES, "recv"))
			continue;
		if (n <= 0)
			return -1;
		done += (int)n;
	}
	return 0;
}

static void rest(void)
{
	struct timespec moment = { .tv_nsec = 1000000 }, left = { 0 };

	while (again(nanosleep(&moment, &left), 0, "nanosleep")) {
		if (left.tv_nsec == 0 || left.tv_nsec > moment.tv_nsec)
			cf_fail(CF_INVARIANT, "survives.left", "%ld ns of %ld", left.tv_nsec,
				moment.tv_nsec);
		moment = left;
	}
	while (syscall(SYS_futex, &the_segment()->word, FUTEX_WAIT, 0, &moment, NULL, 0) < 0 &&
	       errno == EINTR)
		again(-1, 0, "futex");
}

static void watch_nothing(void)
{
	int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event;

	while (again(epoll_wait(epoll_fd, &event, 1, 1), 0, "epoll_wait"))
		;
	close(epoll_fd);
}

/* It has come before it is waited for. */
static void wait_for_own_signal(void)
{
	const struct sigaction action = { .sa_handler = on_signal };
	sigset_t blocked, none;

	sigemptyset(&none);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR2);
	sigaction(SIGUSR2, &action, NULL);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	kill(getpid(), SIGUSR2);
	if (sigsuspend(&none) != -1 || errno != EINTR)
		cf_fail(CF_INVARIANT, "survives.suspend", "sigsuspend: error %d", errno);
}

static void through_pipe(void)
{
	char bytes[BYTES] = "a message..";
	int ends[2], in = 0, out = 0;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return;
	while (out < BYTES) {
		ssize_t n = write(ends[1], bytes + out, (size_t)(BYTES - out));

		out += again(n, BYTES, "write") ? 0 : (int)n;
	}
	while (in < BYTES) {
		ssize_t n = read(ends[0], bytes + in, (size_t)(BYTES - in));

		in += again(n, BYTES, "read") ? 0 : (int)n;
	}
	close(ends[0]);
	close(ends[1]);
}

/* A disk can be full or broken: then that is so. Its descriptor is gone after close in any case. */
static void through_file(void)
{
	int fd = memfd_create("file", MFD_CLOEXEC);

	again(write(fd, "a message..", BYTES), BYTES, "write to a file");
	again(close(fd), 0, "close");
	if (fcntl(fd, F_GETFD) >= 0)
		cf_fail(CF_LEAK, "survives.close", "the descriptor is still open");
}

static void play(void)
{
	const struct sigaction action = { .sa_handler = on_signal };

	if (cf_variant() == CAREFUL)
		sigaction(SIGUSR1, &action, NULL);
	rest();
	watch_nothing();
	wait_for_own_signal();
	through_pipe();
	through_file();
}

static void asks(unsigned index)
{
	char bytes[BYTES] = "question...";

	(void)index;
	play();
	if (send_all(cf_channel_fd(0), bytes) == 0)
		recv_all(cf_channel_fd(0), bytes);
}

static void answers(unsigned index)
{
	char bytes[BYTES];

	(void)index;
	play();
	if (recv_all(cf_channel_fd(0), bytes) == 0)
		send_all(cf_channel_fd(0), bytes);
}

static const struct cf_role roles[] = {
	{ "asker", NULL, asks },
	{ "answerer", NULL, answers },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	[CAREFUL] = { "careful", "what can be done again is", CF_SC, NULL },
	[CARELESS] = { "careless", "says what a call returned", CF_SC,
		       "invariant in survives.call" },
	{ 0 },
};

static int type(void)
{
	return SOCK_STREAM;
}

static const struct cf_channel channels[] = {
	{ "line", "asker", "answerer", type },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "survives",
	.summary = "calls that can fail",
	.shared_size = sizeof(struct shared),
	.flags = CF_SURVIVES_FAULTS,
	.roles = roles,
	.variants = variants,
	.channels = channels,
};
