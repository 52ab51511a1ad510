/* SPDX-License-Identifier: Apache-2.0
 *
 * One ring for each processor, into which all three tracepoints write. They are filtered in the kernel: only what
 * concerns these processes is written. A pid in a tracepoint is that of the initial namespace, so elsewhere there
 * is nothing to filter by.
 */
#include "tracepoints.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "formats.h"

#define INITIAL_PID_NAMESPACE 0xeffffffcul /* PROC_PID_INIT_INO of Linux's proc_ns.h, its inode */

enum {
	RING_PAGES = 128, /* with the one before them what anybody may lock, perf_event_mlock_kb */
	PAGE = 4096,
	RING = RING_PAGES * PAGE,
	RECORD = 512, /* bytes; those of these tracepoints have about 100 */
	FILTER = 512,
};

bool tp_in_initial_namespace(void)
{
	struct stat status;

	return stat("/proc/self/ns/pid", &status) == 0 && status.st_ino == INITIAL_PID_NAMESPACE;
}

static int check_namespace(char *why, size_t size)
{
	if (tp_in_initial_namespace())
		return 0;
	snprintf(why, size, "tracepoints know only pids of the initial pid namespace");
	return -1;
}

/* ---- opening ---------------------------------------------------------------------------------------- */

static void add_pids(char *filter, const char *field, const pid_t *pids, unsigned count)
{
	for (unsigned i = 0; field != NULL && i < count; i++)
		snprintf(filter + strlen(filter), FILTER - strlen(filter), "%s%s==%d",
			 filter[0] == '\0' ? "" : "||", field, pids[i]);
}

static int open_one(const struct format *format, int cpu, const pid_t *pids, unsigned count)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof(attr),
		.config = format->id,
		.sample_period = 1,
		.sample_type = PERF_SAMPLE_TIME | PERF_SAMPLE_CPU | PERF_SAMPLE_RAW,
		.disabled = 1,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
	};
	char filter[FILTER] = "";
	int fd = (int)syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0)
		return -errno;
	add_pids(filter, format->from, pids, count);
	add_pids(filter, format->to, pids, count);
	if (ioctl(fd, PERF_EVENT_IOC_SET_FILTER, filter) < 0) {
		int error = errno;

		close(fd);
		return -error;
	}
	return fd;
}

static void drop_ring(struct tp_ring *ring)
{
	if (ring->map != NULL)
		munmap(ring->map, PAGE + RING);
	for (unsigned i = 0; i < TP_KINDS; i++)
		if (ring->fd[i] > 0)
			close(ring->fd[i]);
	*ring = (struct tp_ring){ 0 };
}

static void drop_all(struct tracepoints *t)
{
	for (unsigned i = 0; i < t->cpus; i++)
		drop_ring(&t->ring[i]);
	t->cpus = 0;
}

static int open_ring(struct tp_ring *ring, int cpu, const pid_t *pids, unsigned count)
{
	for (unsigned i = 0; i < TP_KINDS; i++) {
		ring->fd[i] = open_one(&formats[i], cpu, pids, count);
		if (ring->fd[i] < 0)
			return ring->fd[i];
		if (i == 0)
			ring->map = mmap(NULL, PAGE + RING, PROT_READ | PROT_WRITE, MAP_SHARED,
					 ring->fd[0], 0);
		if (ring->map == MAP_FAILED) {
			ring->map = NULL;
			return -errno;
		}
		if (i > 0 && ioctl(ring->fd[i], PERF_EVENT_IOC_SET_OUTPUT, ring->fd[0]) < 0)
			return -errno;
	}
	return 0;
}

static void turn(struct tracepoints *t, unsigned long how)
{
	for (unsigned i = 0; i < t->cpus; i++)
		for (unsigned kind = 0; kind < TP_KINDS; kind++)
			if (t->ring[i].fd[kind] > 0)
				ioctl(t->ring[i].fd[kind], how, 0);
}

int tp_open(struct tracepoints *t, const pid_t *pids, unsigned count, char *why, size_t size)
{
	long cpus = sysconf(_SC_NPROCESSORS_CONF);
	struct timespec now;
	int ret = 0;

	memset(t, 0, sizeof(*t));
	if (check_namespace(why, size) < 0 || formats_learn(why, size) < 0)
		return -1;
	for (; ret == 0 && t->cpus < cpus && t->cpus < TP_CPUS; t->cpus++) {
		ret = open_ring(&t->ring[t->cpus], (int)t->cpus, pids, count);
		if (ret == -ENODEV) { /* that processor is off line */
			drop_ring(&t->ring[t->cpus]);
			ret = 0;
		}
	}
	if (ret < 0) {
		snprintf(why, size, "perf_event_open of tracepoints: %s%s", strerror(-ret),
			 ret == -EACCES || ret == -EPERM ? " (it needs CAP_PERFMON, root has it)"
							 : "");
		drop_all(t);
		return -1;
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	t->began = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
	turn(t, PERF_EVENT_IOC_ENABLE);
	return 0;
}

/* ---- reading ---------------------------------------------------------------------------------------- */

/* All that is read so far. */
struct told {
	struct tp_event *event;
	size_t count, room;
	uint32_t lost;
};

static int32_t word_at(const char *raw, unsigned offset)
{
	int32_t word;

	memcpy(&word, raw + offset, sizeof(word));
	return word;
}

static char state_of(const char *raw, unsigned offset)
{
	static const char letters[] = "SDTtXZPI";
	uint64_t state;

	memcpy(&state, raw + offset, sizeof(state));
	state &= (1u << (sizeof(letters) - 1)) - 1; /* above: that it was preempted */
	return state == 0 ? 'R' : letters[__builtin_ctzll(state)];
}

/* A sample has no number of its tracepoint but the first field of what is raw in it: common_type. */
static const struct format *format_of(const char *raw)
{
	uint16_t type;

	memcpy(&type, raw, sizeof(type));
	for (unsigned i = 0; i < TP_KINDS; i++)
		if (formats[i].id == type)
			return &formats[i];
	return NULL;
}

static void take_sample(struct told *told, const char *body)
{
	const char *raw = body + 8 + 4 + 4 + 4; /* time, cpu, padding, size */
	const struct format *format = format_of(raw);
	struct tp_event *event;

	if (format == NULL || told->count == told->room)
		return;
	event = &told->event[told->count++];
	memcpy(&event->time, body, sizeof(event->time));
	event->cpu = (uint16_t)word_at(body, 8);
	event->wakes = format->from == NULL;
	event->from = event->wakes ? 0 : word_at(raw, format->from_at);
	event->to = word_at(raw, format->to_at);
	event->state = event->wakes ? 'R' : state_of(raw, format->state_at);
}

/* A record may go on at the ring's beginning. */
static void copy_out(const char *data, uint64_t at, void *to, size_t size)
{
	size_t offset = at % RING, first = RING - offset < size ? RING - offset : size;

	memcpy(to, data + offset, first);
	memcpy((char *)to + first, data, size - first);
}

static void take_record(struct told *told, const struct perf_event_header *header, const char *body)
{
	uint64_t lost;

	if (header->type == PERF_RECORD_SAMPLE) {
		take_sample(told, body);
	} else if (header->type == PERF_RECORD_LOST) {
		memcpy(&lost, body + 8, sizeof(lost)); /* behind the event's id */
		told->lost += (uint32_t)lost;
	}
}

static void read_ring(const struct tp_ring *ring, struct told *told)
{
	struct perf_event_mmap_page *page = ring->map;
	const char *data = (const char *)ring->map + PAGE;
	uint64_t head = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE), at = page->data_tail;

	while (at < head) {
		struct perf_event_header header;
		char body[RECORD];
		size_t size;

		copy_out(data, at, &header, sizeof(header));
		size = header.size - sizeof(header);
		copy_out(data, at + sizeof(header), body, size < RECORD ? size : RECORD);
		take_record(told, &header, body);
		at += header.size;
	}
	__atomic_store_n(&page->data_tail, at, __ATOMIC_RELEASE);
}

static int by_time(const void *left, const void *right)
{
	const struct tp_event *a = left, *b = right;

	return (a->time > b->time) - (a->time < b->time);
}

struct tp_event *tp_close(struct tracepoints *t, size_t *count, uint32_t *lost)
{
	enum { SMALLEST = 64 }; /* bytes of a record */
	struct told told = { 0 };

	turn(t, PERF_EVENT_IOC_DISABLE);
	told.room = (size_t)t->cpus * RING / SMALLEST;
	told.event = malloc(told.room * sizeof(*told.event));
	for (unsigned i = 0; told.event != NULL && i < t->cpus; i++)
		if (t->ring[i].map != NULL)
			read_ring(&t->ring[i], &told);
	drop_all(t);
	if (told.event != NULL)
		qsort(told.event, told.count, sizeof(*told.event), by_time);
	*count = told.count;
	*lost = told.lost;
	return told.event;
}
