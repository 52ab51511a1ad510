/* SPDX-License-Identifier: Apache-2.0
 *
 * One ring for each processor, into which all three tracepoints write. They are filtered in the kernel: only what
 * concerns these processes is written. A pid in a tracepoint is that of the initial namespace, so elsewhere there
 * is nothing to filter by.
 */
#include "tracepoints.h"

#include <errno.h>
#include <fcntl.h>
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

#define INITIAL_PID_NAMESPACE 0xeffffffcul /* PROC_PID_INIT_INO of Linux's proc_ns.h, its inode */

enum {
	RING_PAGES = 128, /* with the one before them what anybody may lock, perf_event_mlock_kb */
	PAGE = 4096,
	RING = RING_PAGES * PAGE,
	RECORD = 512, /* bytes; those of these tracepoints have about 100 */
	FILTER = 512,
};

static const char *const roots[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };

/* Where its fields are, in bytes. */
struct format {
	unsigned id;
	unsigned from, to, state;
};

static const struct kind {
	const char *name, *from, *to, *state; /* fields */
} kinds[TP_KINDS] = {
	{ "sched_switch", "prev_pid", "next_pid", "prev_state" },
	{ "sched_wakeup", NULL, "pid", NULL },
	{ "sched_wakeup_new", NULL, "pid", NULL },
};

/* Of each kind, by the kernel that runs. */
static struct format formats[TP_KINDS];

/* ---- what the kernel says of them ------------------------------------------------------------------- */

static ssize_t read_event_file(const char *event, const char *file, char *text, size_t size)
{
	ssize_t n = -1;

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]) && n < 0; i++) {
		char path[128];
		int fd;

		snprintf(path, sizeof(path), "%s/events/sched/%s/%s", roots[i], event, file);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		n = read(fd, text, size - 1);
		close(fd);
	}
	text[n > 0 ? n : 0] = '\0';
	return n;
}

/* "field:pid_t prev_pid;	offset:24;	size:4;" */
static bool find_field(const char *format, const char *name, unsigned *offset)
{
	char wanted[32];
	const char *at;

	if (name == NULL)
		return true;
	snprintf(wanted, sizeof(wanted), " %s;\toffset:", name);
	at = strstr(format, wanted);
	if (at == NULL)
		return false;
	*offset = (unsigned)strtoul(at + strlen(wanted), NULL, 10);
	return true;
}

static int learn_format(const struct kind *kind, struct format *format, char *why, size_t size)
{
	char text[4096];

	if (read_event_file(kind->name, "id", text, sizeof(text)) <= 0) {
		snprintf(why, size, "the tracepoint %s can't be read from tracefs: %s", kind->name,
			 strerror(errno));
		return -1;
	}
	format->id = (unsigned)strtoul(text, NULL, 10);
	read_event_file(kind->name, "format", text, sizeof(text));
	if (find_field(text, kind->from, &format->from) &&
	    find_field(text, kind->to, &format->to) &&
	    find_field(text, kind->state, &format->state))
		return 0;
	snprintf(why, size, "the tracepoint %s has other fields in this kernel", kind->name);
	return -1;
}

static int check_namespace(char *why, size_t size)
{
	struct stat status;

	if (stat("/proc/self/ns/pid", &status) == 0 && status.st_ino == INITIAL_PID_NAMESPACE)
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

static int open_one(const struct kind *kind, int cpu, const pid_t *pids, unsigned count)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof(attr),
		.config = formats[kind - kinds].id,
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
	add_pids(filter, kind->from, pids, count);
	add_pids(filter, kind->to, pids, count);
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
		ring->fd[i] = open_one(&kinds[i], cpu, pids, count);
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
	if (check_namespace(why, size) < 0)
		return -1;
	for (unsigned i = 0; i < TP_KINDS; i++)
		if (learn_format(&kinds[i], &formats[i], why, size) < 0)
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
static const struct kind *kind_of(const char *raw)
{
	uint16_t type;

	memcpy(&type, raw, sizeof(type));
	for (unsigned i = 0; i < TP_KINDS; i++)
		if (formats[i].id == type)
			return &kinds[i];
	return NULL;
}

static void take_sample(struct told *told, const char *body)
{
	const char *raw = body + 8 + 4 + 4 + 4; /* time, cpu, padding, size */
	const struct kind *kind = kind_of(raw);
	const struct format *format;
	struct tp_event *event;

	if (kind == NULL || told->count == told->room)
		return;
	format = &formats[kind - kinds];
	event = &told->event[told->count++];
	memcpy(&event->time, body, sizeof(event->time));
	event->cpu = (uint16_t)word_at(body, 8);
	event->wakes = kind->from == NULL;
	event->from = event->wakes ? 0 : word_at(raw, format->from);
	event->to = word_at(raw, format->to);
	event->state = event->wakes ? 'R' : state_of(raw, format->state);
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
