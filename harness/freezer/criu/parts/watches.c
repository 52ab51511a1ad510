/* SPDX-License-Identifier: Apache-2.0
 *
 * epoll in all its ways: level and edge, once only and already used up, in another epoll, and a descriptor
 * that is closed but lives on as a duplicate.
 */
#include "part.h"

#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

static int watcher, outer, level, edge, used_up, duplicate;

static int ready_eventfd(void)
{
	int fd = eventfd(1, EFD_NONBLOCK);

	must(fd >= 0, "eventfd");
	return fd;
}

static void watch(int epoll, int fd, uint32_t events, uint64_t name)
{
	struct epoll_event event = { .events = events, .data.u64 = name };

	must(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0, "epoll_ctl");
}

void set_watches(void)
{
	struct epoll_event told[8];
	int closed;

	watcher = epoll_create1(0);
	outer = epoll_create1(EPOLL_CLOEXEC);
	must(watcher >= 0 && outer >= 0, "epoll_create1");
	level = ready_eventfd();
	edge = ready_eventfd();
	used_up = ready_eventfd();
	closed = ready_eventfd();
	watch(watcher, level, EPOLLIN, 1);
	watch(watcher, edge, EPOLLIN | EPOLLET, 2);
	watch(watcher, used_up, EPOLLIN | EPOLLONESHOT, 3);
	watch(watcher, closed, EPOLLIN, 4);
	watch(outer, watcher, EPOLLIN, 5);
	duplicate = fcntl(closed, F_DUPFD, 65);
	must(duplicate >= 65, "F_DUPFD");
	close(closed);
	must(epoll_wait(watcher, told, 8, 0) == 4, "epoll_wait");
}

static int tells(int epoll, uint64_t name)
{
	struct epoll_event told[8];
	int count = epoll_wait(epoll, told, 8, 0);

	for (int i = 0; i < count; i++)
		if (told[i].data.u64 == name)
			return 1;
	return 0;
}

int watches_changed(void)
{
	if (spoils(TREE_WATCHES))
		epoll_ctl(watcher, EPOLL_CTL_DEL, level, NULL);
	if (!tells(watcher, 1))
		return differs("epoll does not tell of a level any more");
	if (!tells(outer, 5))
		return differs("an epoll does not tell of the epoll in it any more");
	if (tells(watcher, 3))
		return differs("epoll tells twice what it was to tell once");
	if (!tells(watcher, 4))
		return differs("epoll does not tell of a closed descriptor's duplicate any more");
	return 0;
}
