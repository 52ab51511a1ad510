/* SPDX-License-Identifier: Apache-2.0
 *
 * epoll_wait, tried without blocking as poll is. What the runtime has kept back of a channel the kernel
 * does not know of; then /proc says whether that channel is watched, and with which data.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/syscall.h>

#include "calls.h"

#define WRAPPED __attribute__((visibility("hidden")))
#define SITE() rt_site(__builtin_return_address(0))

struct watch {
	int epoll_fd;
	struct epoll_event *events;
	int most;
	const sigset_t *mask;
};

/* The next descriptor in the list, or -1. */
static int next_watched(FILE *list, struct epoll_event *event)
{
	unsigned long long data;
	unsigned events;
	char line[256];
	int fd;

	while (list != NULL && fgets(line, sizeof(line), list) != NULL)
		if (sscanf(line, "tfd: %d events: %x data: %llx", &fd, &events, &data) == 3) {
			event->events = events;
			event->data.u64 = data;
			return fd;
		}
	return -1;
}

static FILE *list_of(int epoll_fd)
{
	char path[48];

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", epoll_fd);
	return fopen(path, "re");
}

static int with_pushed_back(const struct watch *w, int ready, const struct epoll_event *watched)
{
	for (int i = 0; i < ready; i++)
		if (w->events[i].data.u64 == watched->data.u64) {
			w->events[i].events |= EPOLLIN;
			return ready;
		}
	if (ready == w->most)
		return ready;
	w->events[ready] = (struct epoll_event){ .events = EPOLLIN, .data = watched->data };
	return ready + 1;
}

static bool any_pushed_back(void)
{
	for (unsigned i = 0; i < CF_MAX_CHANNELS; i++)
		if (rt.own->channel_fd[i] >= 0 && rt_pushed_back(rt.own->channel_fd[i]))
			return true;
	return false;
}

/* A signal that only the call's own mask lets through is delivered here. */
static int ready_now(const struct watch *w)
{
	struct rt_noted noted = rt_note();
	int fd, ready = __real_epoll_pwait(w->epoll_fd, w->events, w->most, 0, w->mask);
	struct epoll_event watched;
	FILE *list;

	rt_note_again(&noted);
	if (ready < 0)
		return -errno;
	if (!any_pushed_back())
		return ready;
	list = list_of(w->epoll_fd);
	while ((fd = next_watched(list, &watched)) >= 0)
		if ((watched.events & EPOLLIN) && rt_pushed_back(fd))
			ready = with_pushed_back(w, ready, &watched);
	if (list != NULL)
		fclose(list);
	return ready;
}

static void name_first(const struct watch *w, char waits[CF_WAITS])
{
	FILE *list = list_of(w->epoll_fd);
	struct epoll_event watched;

	rt_name_wait(waits, CF_WAITS, next_watched(list, &watched), "epoll_wait");
	if (list != NULL)
		fclose(list);
}

static int wait_ready(const struct watch *w, int timeout_ms)
{
	uint64_t deadline = rt_deadline_after(timeout_ms);
	int ready = ready_now(w);
	char waits[CF_WAITS];

	if (ready != 0 || timeout_ms == 0)
		return ready;
	name_first(w, waits);
	rt_freeze_inside_once(SYS_epoll_pwait, (uint64_t)w->epoll_fd, (uintptr_t)w->events,
			      (uint64_t)w->most, (uint64_t)-1);
	while (ready == 0) {
		if (!rt_park(RT_PARK_IPC, 0, deadline, waits))
			return ready_now(w);
		ready = ready_now(w);
	}
	return ready;
}

static int epoll(const struct watch *w, int timeout_ms, uint32_t site)
{
	struct rt_deal deal;
	int ready;

	rt_call(site, &deal);
	ready = rt_fail(&deal, RT_EPOLLS, -1, 0);
	if (ready < 0)
		return (int)rt_result(ready);
	ready = wait_ready(w, timeout_ms);
	rt_step(CF_OP_POLL, ready == 0 ? CF_STEP_TIMEOUT : 0, site, 0, 0, (uint64_t)(int64_t)ready,
		ready > 0 ? w->events[0].events : 0);
	return (int)rt_result(ready);
}

WRAPPED int __wrap_epoll_pwait(int fd, struct epoll_event *events, int most, int timeout_ms,
			       const sigset_t *mask)
{
	if (!rt_is_ours())
		return __real_epoll_pwait(fd, events, most, timeout_ms, mask);
	return epoll(&(struct watch){ fd, events, most, mask }, timeout_ms, SITE());
}

WRAPPED int __wrap_epoll_wait(int fd, struct epoll_event *events, int most, int timeout_ms)
{
	if (!rt_is_ours())
		return __real_epoll_pwait(fd, events, most, timeout_ms, NULL);
	return epoll(&(struct watch){ fd, events, most, NULL }, timeout_ms, SITE());
}
