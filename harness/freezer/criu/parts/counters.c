/* SPDX-License-Identifier: Apache-2.0
 *
 * Descriptors that count or tell.
 */
#include "part.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

static int event_fd, timer_fd, signal_fd, epoll_fd;

void set_counters(void)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u64 = number(TREE_COUNTERS, 1) };
	const struct itimerspec far = { { 7, 0 }, { 5000, 0 } };
	sigset_t set;

	event_fd = eventfd((unsigned)(number(TREE_COUNTERS, 0) & 0xffff) + 1, EFD_NONBLOCK);
	timer_fd = timerfd_create(CLOCK_MONOTONIC, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	signal_fd = signalfd(-1, &set, SFD_NONBLOCK);
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	must(event_fd >= 0 && timer_fd >= 0 && signal_fd >= 0 && epoll_fd >= 0, "counters");
	must(timerfd_settime(timer_fd, 0, &far, NULL) == 0, "timerfd");
	must(epoll_ctl(epoll_fd, EPOLL_CTL_ADD, event_fd, &event) == 0, "epoll");
}

int counters_changed(void)
{
	struct epoll_event event = { 0 };
	struct itimerspec left;
	uint64_t count = 0, want = (number(TREE_COUNTERS, 0) & 0xffff) + 1;

	if (spoils(TREE_COUNTERS))
		(void)!read(event_fd, &count, sizeof(count));
	if (epoll_wait(epoll_fd, &event, 1, 0) != 1 || event.data.u64 != number(TREE_COUNTERS, 1))
		return differs("epoll does not tell that the eventfd can be read");
	if (read(event_fd, &count, sizeof(count)) != sizeof(count) || count != want)
		return differs("the eventfd counts %llu, was %llu", (unsigned long long)count,
			       (unsigned long long)want);
	if (timerfd_gettime(timer_fd, &left) < 0 || left.it_interval.tv_sec != 7 ||
	    left.it_value.tv_sec < 4900 || left.it_value.tv_sec > 5000)
		return differs("the timerfd has %ld s left of 5000, every %ld s",
			       (long)left.it_value.tv_sec, (long)left.it_interval.tv_sec);
	if ((fcntl(epoll_fd, F_GETFD) & FD_CLOEXEC) == 0)
		return differs("the epoll descriptor has lost its FD_CLOEXEC");
	return 0;
}
