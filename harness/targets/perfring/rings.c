/* SPDX-License-Identifier: Apache-2.0
 *
 * The reader's rings: one page of data for each processor. The protocol is that of perf_event_open(2): data_head is
 * loaded with acquire, data_tail stored with release after the copy.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "perfring.h"

enum { PATIENCE_MS = 1000 };

struct rings rings = { .epoll = -1 };
static uint8_t *place[CF_MAX_PROCESSORS];

/* ---- descriptors -------------------------------------------------------------------------------- */

static int take_fd(int pidfd, int fd)
{
	int mine = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);

	if (mine < 0)
		cf_unsupported("pidfd_getfd: %s: the reader can't come to the producer's events",
			       strerror(errno));
	return mine;
}

/* Of the run before. */
static void give_back(void)
{
	for (unsigned i = 0; i < rings.count; i++) {
		munmap(place[i], RING_SIZE + (size_t)page_size());
		for (unsigned which = 0; which < EVENTS; which++)
			if (rings.fd[which][i] > 0)
				syscall(SYS_close, rings.fd[which][i]);
	}
	if (rings.epoll >= 0)
		syscall(SYS_close, rings.epoll);
	memset(&rings, 0, sizeof(rings));
	rings.epoll = -1;
}

static void watch_all(void)
{
	rings.epoll = epoll_create1(EPOLL_CLOEXEC);
	for (unsigned i = 0; i < rings.count; i++) {
		struct epoll_event event = { .events = EPOLLIN, .data.u32 = i };

		if (epoll_ctl(rings.epoll, EPOLL_CTL_ADD, rings.fd[FIRST][i], &event) < 0)
			cf_broken("epoll_ctl: %s", strerror(errno));
	}
}

static void take_over(const struct ledger *ledger)
{
	int pidfd = (int)syscall(SYS_pidfd_open, ledger->pid, 0);

	if (pidfd < 0)
		cf_broken("pidfd_open: %s", strerror(errno));
	rings.count = cf_processors();
	for (unsigned which = 0; which < events_each(); which++)
		for (unsigned i = 0; i < rings.count; i++)
			rings.fd[which][i] = take_fd(pidfd, ledger->fd[which][i]);
	syscall(SYS_close, pidfd);
	watch_all();
}

/* ---- memory ------------------------------------------------------------------------------------- */

static void *map(void *at, size_t size, int protection, int flags, int fd)
{
	void *memory = mmap(at, size, protection, flags, fd, 0);

	if (memory == MAP_FAILED)
		cf_unsupported("mmap of a ring: %s; see kernel.perf_event_mlock_kb",
			       strerror(errno));
	return memory;
}

static void map_ring(unsigned i)
{
	struct ring *ring = &rings.ring[i];
	int protection = overwrites() ? PROT_READ : PROT_READ | PROT_WRITE;
	size_t size = RING_SIZE + (size_t)page_size();

	if (place[i] == NULL)
		place[i] = map(NULL, size + (size_t)page_size(), PROT_READ,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1);
	ring->page = map(place[i], size, protection, MAP_SHARED | MAP_FIXED, rings.fd[FIRST][i]);
	ring->data = place[i] + page_size();
	for (unsigned which = 0; which < events_each(); which++)
		ioctl(rings.fd[which][i], PERF_EVENT_IOC_ID, &ring->id[which]);
	if (events_each() > 1 &&
	    ioctl(rings.fd[SECOND][i], PERF_EVENT_IOC_SET_OUTPUT, rings.fd[FIRST][i]) < 0)
		cf_broken("PERF_EVENT_IOC_SET_OUTPUT: %s", strerror(errno));
}

void map_rings(void)
{
	give_back();
	take_over(the_ledger());
	for (unsigned i = 0; i < rings.count; i++)
		map_ring(i);
}

uint64_t head_of(const struct ring *ring)
{
	return __atomic_load_n(&ring->page->data_head, __ATOMIC_ACQUIRE);
}

bool is_unread(const struct ring *ring)
{
	return head_of(ring) != ring->tail;
}

void publish_tail(struct ring *ring, uint64_t tail)
{
	ring->tail = tail;
	__atomic_store_n(&ring->page->data_tail, tail, __ATOMIC_RELEASE);
}

void copy_out(const struct ring *ring, uint64_t from, void *to, unsigned size)
{
	unsigned at = (unsigned)(from % RING_SIZE), first = RING_SIZE - at;

	if (first > size || cf_variant() == SPLIT_READ_AS_WHOLE)
		first = size;
	memcpy(to, ring->data + at, first);
	memcpy((uint8_t *)to + first, ring->data, size - first);
}

void pause_output(unsigned ring, bool pause)
{
	if (ioctl(rings.fd[FIRST][ring], PERF_EVENT_IOC_PAUSE_OUTPUT, pause) < 0)
		cf_broken("PERF_EVENT_IOC_PAUSE_OUTPUT: %s", strerror(errno));
}

uint64_t lost_in(unsigned ring)
{
	uint64_t counts[2], lost = 0; /* the value, and what PERF_FORMAT_LOST adds */

	for (unsigned which = 0; which < events_each(); which++) {
		if (syscall(SYS_read, rings.fd[which][ring], counts, sizeof(counts)) !=
		    sizeof(counts))
			cf_broken("an event can't be read: %s", strerror(errno));
		lost += counts[1];
	}
	return lost;
}

/* ---- waiting ------------------------------------------------------------------------------------ */

static bool wait_by_epoll(void)
{
	struct epoll_event events[CF_MAX_PROCESSORS];

	return epoll_wait(rings.epoll, events, CF_MAX_PROCESSORS, PATIENCE_MS) > 0;
}

bool wait_for_wakeup(void)
{
	struct pollfd fds[CF_MAX_PROCESSORS];

	if (cf_param(EPOLL))
		return wait_by_epoll();
	for (unsigned i = 0; i < rings.count; i++)
		fds[i] = (struct pollfd){ .fd = rings.fd[FIRST][i], .events = POLLIN };
	return poll(fds, rings.count, PATIENCE_MS) > 0;
}
