/* SPDX-License-Identifier: Apache-2.0
 *
 * blocks - the waiter blocks in each call that can: futex, recv, poll, poll with a time-out, a sleep,
 * send on a full socket, epoll with and without a time-out,
 * sigsuspend, pause. The other one lets it go on each time.
 */
#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "cryofuzz.h"

enum { REQUESTS = 3, BYTES = 4096, MOST = 128 };

static uint32_t *word(void)
{
	return cf_shared();
}

static void expect(int right, const char *what)
{
	if (!right)
		cf_fail(CF_INVARIANT, "blocks.waiter", "%s", what);
}

static void fill_socket(int fd)
{
	static char bytes[BYTES];
	int sent = 0;

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)i;
	while (sent < MOST && send(fd, bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
		sent++;
	expect(sent > 0 && sent < MOST, "the socket never is full");
	*word() = (uint32_t)sent + 2; /* with the next one */
	expect(send(fd, bytes, sizeof(bytes), 0) == sizeof(bytes), "send");
}

/* init() runs in another process: of what it leaves in static data no actor sees anything. */
static int touched;

static void touch(void)
{
	touched = 1;
}

static void wait_by_epoll(int fd)
{
	struct epoll_event watched = { .events = EPOLLIN, .data.u64 = 7 }, ready = { 0 };
	int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	uint32_t request;

	expect(epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &watched) == 0, "epoll_ctl");
	for (int timeout_ms = -1; timeout_ms <= 5000; timeout_ms += 5001) {
		expect(epoll_wait(epoll_fd, &ready, 1, timeout_ms) == 1, "epoll_wait");
		expect(ready.events == EPOLLIN && ready.data.u64 == 7, "what is ready");
		expect(recv(fd, &request, sizeof(request), 0) == sizeof(request),
		       "recv after epoll");
	}
	expect(epoll_wait(epoll_fd, &ready, 1, 1) == 0, "epoll_wait with nothing to come");
	close(epoll_fd);
}

static volatile sig_atomic_t signals;

static void on_signal(int signo)
{
	(void)signo;
	signals++;
}

static void wait_for_signals(void)
{
	const struct sigaction action = { .sa_handler = on_signal };
	sigset_t blocked, none;

	sigemptyset(&none);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	sigaction(SIGUSR1, &action, NULL);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	word()[1] = (uint32_t)getpid();
	expect(sigsuspend(&none) == -1 && errno == EINTR && signals == 1, "sigsuspend");
	sigprocmask(SIG_BLOCK, NULL, &none);
	expect(sigismember(&none, SIGUSR1) == 1, "the mask after sigsuspend");
	sigprocmask(SIG_UNBLOCK, &blocked, NULL);
	expect(pause() == -1 && errno == EINTR && signals == 2, "pause");
}

static void wait_for_it(unsigned index)
{
	const struct timespec moment = { .tv_nsec = 1000000 };
	struct pollfd one = { .fd = cf_channel_fd(0), .events = POLLIN };
	uint32_t request;

	(void)index;
	expect(!touched, "static data is as init() left it");
	while (*(volatile uint32_t *)word() == 0)
		syscall(SYS_futex, word(), FUTEX_WAIT, 0, NULL, NULL, 0);
	expect(recv(one.fd, &request, sizeof(request), 0) == sizeof(request), "recv");
	expect(request == 0, "the first request");
	expect(poll(&one, 1, -1) == 1, "poll");
	expect(recv(one.fd, &request, sizeof(request), 0) == sizeof(request), "recv after poll");
	expect(nanosleep(&moment, NULL) == 0, "nanosleep");
	expect(poll(&one, 1, 5000) == 1, "poll with a time-out");
	expect(recv(one.fd, &request, sizeof(request), 0) == sizeof(request), "the last recv");
	expect(request == REQUESTS - 1, "the last request");
	fill_socket(one.fd);
	wait_by_epoll(one.fd);
	wait_for_signals();
}

static void let_go(unsigned index)
{
	const struct timespec later = { .tv_nsec = 3000000 };
	static char bytes[BYTES];
	int fd = cf_channel_fd(0);

	(void)index;
	__atomic_store_n(word(), 1, __ATOMIC_RELEASE);
	syscall(SYS_futex, word(), FUTEX_WAKE, 1, NULL, NULL, 0);
	for (uint32_t i = 0; i < REQUESTS; i++) {
		nanosleep(&later, NULL);
		send(fd, &i, sizeof(i), 0);
	}
	for (uint32_t got = 1; got < 2 || got < *(volatile uint32_t *)word(); got++) {
		ssize_t size = recv(fd, bytes, sizeof(bytes), 0);

		if (size != BYTES || bytes[1] != 1 || bytes[BYTES - 1] != (char)(BYTES - 1))
			cf_fail(CF_TRIMMED_MESSAGE, "blocks.waker", "%zd bytes", size);
	}
	for (uint32_t i = 0; i < 2; i++) {
		nanosleep(&later, NULL);
		send(fd, &i, sizeof(i), 0);
	}
	for (int i = 0; i < 2; i++) {
		nanosleep(&later, NULL);
		kill((pid_t)word()[1], SIGUSR1);
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
	return SOCK_SEQPACKET;
}

static const struct cf_channel channels[] = {
	{ "line", "waiter", "waker", type },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "blocks",
	.summary = "one blocks in each call that can",
	.shared_size = sizeof(uint64_t),
	.roles = roles,
	.variants = variants,
	.channels = channels,
	.init = touch,
};
