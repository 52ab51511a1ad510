/* SPDX-License-Identifier: Apache-2.0
 *
 * Descriptors of many kinds. Which they are, their offsets, flags and what they refer to are compared
 * from outside (snapshot_files.c); here is only what is in them.
 */
#include "files.h"

#include <fcntl.h>
#include <linux/memfd.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

#include "raw.h"
#include "state.h"

enum { BYTES = 100, OFFSET = 4001, TIMER_S = 5400 };

/* To its number. */
static void place(long fd, int number, int flags)
{
	state_must("a descriptor", fd);
	state_must("dup3", raw3(SYS_dup3, fd, number, flags));
	if (fd >= 0)
		raw1(SYS_close, fd);
}

static void set_files(uint64_t seed)
{
	static const char name[] = "memory";

	place(raw3(SYS_open, "/proc/self/exe", O_RDONLY, 0), STATE_FILE, 0);
	state_must("lseek", raw3(SYS_lseek, STATE_FILE, OFFSET + (seed & 0xff), SEEK_SET));
	place(raw2(SYS_memfd_create, name, 0), STATE_MEMORY, O_CLOEXEC);
	state_must("write", raw3(SYS_write, STATE_MEMORY, name, sizeof(name)));
	state_must("fcntl", raw3(SYS_fcntl, STATE_MEMORY, F_SETFL, O_APPEND | O_NONBLOCK));
	state_must("dup3", raw3(SYS_dup3, STATE_MEMORY, STATE_TWIN, 0));
}

static void set_channels(void)
{
	static const char bytes[BYTES] = "under way";
	int pair[2] = { -1, -1 };

	state_must("pipe2", raw2(SYS_pipe2, pair, 0));
	place(pair[0], STATE_PIPE_OUT, 0);
	place(pair[1], STATE_PIPE_IN, O_CLOEXEC);
	state_must("write", raw3(SYS_write, STATE_PIPE_IN, bytes, sizeof(bytes)));
	state_must("socketpair", raw4(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, pair));
	place(pair[0], STATE_SOCKET, 0);
	place(pair[1], STATE_PEER, 0);
	state_must("write", raw3(SYS_write, STATE_PEER, bytes, sizeof(bytes)));
}

static void set_counters(uint64_t seed)
{
	static const uint64_t signals = 1ull << (SIGUSR1 - 1);
	const struct itimerspec far = { { 0, 0 }, { TIMER_S, 0 } };
	struct epoll_event event = { .events = EPOLLIN };

	place(raw2(SYS_eventfd2, (uint32_t)(seed & 0xffff) + 1, EFD_NONBLOCK), STATE_EVENT, 0);
	place(raw2(SYS_timerfd_create, CLOCK_MONOTONIC, 0), STATE_TIMER, 0);
	state_must("timerfd_settime", raw4(SYS_timerfd_settime, STATE_TIMER, 0, &far, 0));
	place(raw4(SYS_signalfd4, -1, &signals, 8, 0), STATE_SIGNALS, 0);
	place(raw1(SYS_epoll_create1, 0), STATE_EPOLL, O_CLOEXEC);
	for (int fd = STATE_PIPE_OUT; fd <= STATE_TIMER; fd++) {
		event.data.fd = fd;
		state_must("epoll_ctl",
			   raw4(SYS_epoll_ctl, STATE_EPOLL, EPOLL_CTL_ADD, fd, &event));
	}
}

static void set(unsigned wish, uint64_t seed)
{
	(void)wish;
	set_files(seed);
	set_channels();
	set_counters(seed);
}

static uint64_t waiting_in(int fd)
{
	int bytes = -1;

	state_must("FIONREAD", raw3(SYS_ioctl, fd, FIONREAD, &bytes));
	return (uint64_t)bytes;
}

static void look(struct state_view *view, unsigned wish)
{
	struct itimerspec left = { { 0, 0 }, { 0, 0 } };

	(void)wish;
	state_see(view, "open-files", "the number of bytes in the pipe",
		  waiting_in(STATE_PIPE_OUT));
	state_see(view, "open-files", "the number of bytes under way to the socket",
		  waiting_in(STATE_SOCKET));
	state_must("timerfd_gettime", raw2(SYS_timerfd_gettime, STATE_TIMER, &left));
	state_see(view, "timers", "whether the timer's descriptor is armed",
		  left.it_value.tv_sec != 0);
}

const struct state_ops state_files = { .set = set, .look = look };
