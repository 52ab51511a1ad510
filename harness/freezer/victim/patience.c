/* SPDX-License-Identifier: Apache-2.0 */
#include "patience.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "raw.h"

enum { SLICE = 2, LOOKS = 2 };

/* Nanoseconds: many times what the end of a small process takes. */
enum { ENDING_TAKES = 50000000 };

static int64_t milliseconds_now(void)
{
	struct timespec t;

	raw2(SYS_clock_gettime, CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ll + t.tv_nsec / 1000000;
}

/* ---- looks -------------------------------------------------------------------------------- */

/* The length, 0 if there is no such process. */
static long read_proc(int pid, const char *what, char *text, size_t size)
{
	char path[40];
	long fd, n;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, what);
	fd = raw4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return 0;
	n = raw3(SYS_read, fd, text, size - 1);
	raw1(SYS_close, fd);
	text[n > 0 ? n : 0] = 0;
	return n > 0 ? n : 0;
}

static const char *value_of(const char *status, const char *name)
{
	const char *at = strstr(status, name);

	return at ? at + strlen(name) : NULL;
}

static struct sight look(int pid)
{
	char status[4096];
	const char *state, *own, *forced;

	if (!read_proc(pid, "status", status, sizeof(status)))
		return (struct sight){ .state = 'X' };
	state = value_of(status, "\nState:\t");
	own = value_of(status, "\nvoluntary_ctxt_switches:");
	forced = value_of(status, "\nnonvoluntary_ctxt_switches:");
	if (!state || !own || !forced)
		return (struct sight){ .state = '?' };
	return (struct sight){
		.state = *state,
		.switches = strtoul(own, NULL, 10) + strtoul(forced, NULL, 10),
	};
}

/* Asleep until somebody wakes it, stopped, or gone. One that waits for a disk (D) goes on by itself. */
static int stands_still(const struct sight *s)
{
	return strchr("StTZX", s->state) != NULL;
}

struct entry {
	uint64_t inode;
	int64_t offset;
	uint16_t length;
	uint8_t type;
	char name[];
};

/* It goes on once whom it has made ends or executes, who is looked at, too. */
static int waits_as_in_vfork(int pid)
{
	char call[256];
	long number;

	if (!read_proc(pid, "syscall", call, sizeof(call)))
		return 0;
	number = strtol(call, NULL, 10);
	return number == SYS_vfork || number == SYS_clone || number == SYS_clone3;
}

static int is_lively(int pid)
{
	const struct sight s = look(pid);

	return !stands_still(&s) && !(s.state == 'D' && waits_as_in_vfork(pid));
}

static int has_lively_child(int pid, int tid)
{
	char what[32], text[1024], *at = text, *end;
	int child;

	snprintf(what, sizeof(what), "task/%d/children", tid);
	if (!read_proc(pid, what, text, sizeof(text)))
		return 0;
	while ((child = (int)strtol(at, &end, 10)) > 0) {
		if (is_lively(child))
			return 1;
		at = end;
	}
	return 0;
}

/* Another thread of its own or a child goes on, and may wake it. */
static int has_lively_kin(int pid)
{
	char path[40], names[1024] __attribute__((aligned(8)));
	int lively = 0;
	long tasks, n;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	tasks = raw4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	while (tasks >= 0 && !lively && (n = raw3(SYS_getdents64, tasks, names, sizeof(names))) > 0)
		for (long at = 0; at < n && !lively;) {
			const struct entry *entry = (const void *)(names + at);
			int tid = atoi(entry->name);

			at += entry->length;
			lively = tid > 0 &&
				 ((tid != pid && is_lively(tid)) || has_lively_child(pid, tid));
		}
	if (tasks >= 0)
		raw1(SYS_close, tasks);
	return lively;
}

/* ---- waits -------------------------------------------------------------------------------- */

struct patience patience_for(int pid)
{
	return (struct patience){ .pid = pid };
}

struct patience patience_for_thread(int tid)
{
	return (struct patience){ .pid = tid, .alone = 1 };
}

int patience_slice(struct patience *p)
{
	struct sight now;

	if (!p->began) {
		p->began = 1;
		return SLICE;
	}
	if (!p->end)
		p->end = milliseconds_now() + PATIENCE_AT_MOST;
	now = look(p->pid);
	if (now.state != p->seen.state || now.switches != p->seen.switches)
		p->still = 0;
	p->still = stands_still(&now) && (p->alone || !has_lively_kin(p->pid)) ? p->still + 1 : 0;
	p->seen = now;
	return p->still < LOOKS && milliseconds_now() < p->end ? SLICE : 0;
}

void patience_settle(int pid)
{
	struct patience patience = patience_for(pid);
	int slice;

	while ((slice = patience_slice(&patience)))
		raw3(SYS_poll, 0, 0, slice);
}

/* Nanoseconds; -1 if there is no such process. */
static int64_t processor_time(int pid)
{
	struct timespec t;
	/* as clock_getcpuclockid: all threads, in user and system mode */
	const int clock = (int)(~(unsigned)pid << 3 | 2);

	return raw2(SYS_clock_gettime, clock, &t) ? -1 : t.tv_sec * 1000000000ll + t.tv_nsec;
}

int patience_to_end(struct patience *p)
{
	int64_t spent = processor_time(p->pid);

	if (!p->began)
		p->spent = spent;
	return spent - p->spent > ENDING_TAKES ? 0 : patience_slice(p);
}

char patience_state(int pid)
{
	return look(pid).state;
}

/* ---- words -------------------------------------------------------------------------------- */

static void describe_call(int pid, char *text, size_t size)
{
	static const struct {
		long number;
		const char *name;
	} calls[] = {
		{ SYS_read, "read" },         { SYS_write, "write" },
		{ SYS_recvfrom, "recvfrom" }, { SYS_recvmsg, "recvmsg" },
		{ SYS_sendto, "sendto" },     { SYS_sendmsg, "sendmsg" },
		{ SYS_poll, "poll" },         { SYS_connect, "connect" },
		{ SYS_accept, "accept" },     { SYS_futex, "futex" },
		{ SYS_wait4, "wait4" },       { SYS_nanosleep, "nanosleep" },
	};
	char call[256], *end;
	unsigned long first;
	long number;

	if (!read_proc(pid, "syscall", call, sizeof(call)))
		return;
	number = strtol(call, &end, 10);
	if (end == call)
		return;
	first = strtoul(end, NULL, 16);
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		if (calls[i].number != number)
			continue;
		snprintf(text, size, "sleeps in %s(0x%lx, ...)", calls[i].name, first);
		return;
	}
	snprintf(text, size, "sleeps in system call %ld", number);
}

void patience_describe(int pid, char *text, size_t size)
{
	switch (look(pid).state) {
	case 'S':
		snprintf(text, size, "sleeps");
		describe_call(pid, text, size);
		break;
	case 't':
	case 'T':
		snprintf(text, size, "is stopped");
		break;
	case 'Z':
	case 'X':
		snprintf(text, size, "is gone");
		break;
	default:
		snprintf(text, size, "still runs after %d ms", PATIENCE_AT_MOST);
	}
}
