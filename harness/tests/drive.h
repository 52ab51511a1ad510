/* SPDX-License-Identifier: Apache-2.0
 *
 * drive.h - for the C checks: a small supervisor that runs plans through a real executor.
 * Checks run in the build folder; each prints what failed and exits with 1.
 */
#ifndef CRYOFUZZ_DRIVE_H
#define CRYOFUZZ_DRIVE_H

#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "control.h"

#define CHECK(condition, ...)                                                           \
	do {                                                                            \
		if (!(condition)) {                                                     \
			fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition); \
			fprintf(stderr, __VA_ARGS__);                                   \
			fputc('\n', stderr);                                            \
			exit(1);                                                        \
		}                                                                       \
	} while (0)

enum { DRIVE_DEADLINE_S = 60, DRIVE_BUDGET = 4000 };

struct drive {
	struct cf_control *control;
	pid_t executor;
	int lifeline;
};

static inline long drive_futex(uint32_t *word, int op, uint32_t value, const struct timespec *time)
{
	return syscall(SYS_futex, word, op, value, time, NULL, 0);
}

static inline void drive_await(uint32_t *word, uint32_t wanted, const char *what)
{
	uint32_t value;

	for (int slices = 0; (value = __atomic_load_n(word, __ATOMIC_ACQUIRE)) != wanted;
	     slices++) {
		struct timespec slice = { .tv_sec = 1 };

		CHECK(slices < DRIVE_DEADLINE_S, "waited %d s for %s", slices, what);
		drive_futex(word, FUTEX_WAIT, value, &slice);
	}
}

/* The first one that we may use, so that a check can be sent away from a crowded one by taskset. */
static inline uint32_t drive_cpu(void)
{
	cpu_set_t allowed;
	uint32_t cpu = 0;

	CHECK(sched_getaffinity(0, sizeof(allowed), &allowed) == 0, "set-up");
	while (cpu < CPU_SETSIZE - 1 && !CPU_ISSET(cpu, &allowed))
		cpu++;
	return cpu;
}

/* UINT32_MAX: on any processor, where actors and who is not controlled run side by side. */
static inline struct drive drive_open_on(uint32_t cpu, const char *target)
{
	int memory = memfd_create("control", MFD_CLOEXEC), ends[2];
	struct drive d = { 0 };
	char path[64], so[256];

	CHECK(memory >= 0 && ftruncate(memory, CF_CONTROL_SIZE) == 0 && pipe(ends) == 0, "set-up");
	d.control = mmap(NULL, CF_CONTROL_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
	d.control->mailbox.cpu = cpu;
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", getpid(), memory);
	snprintf(so, sizeof(so), "%s.so", target);
	d.executor = fork();
	if (d.executor == 0) {
		dup2(ends[0], STDIN_FILENO);
		close(ends[1]);
		execl("./executor", "executor", "--serve", so, path, NULL);
		_exit(127);
	}
	close(ends[0]);
	d.lifeline = ends[1];
	for (int i = 0; i < 20000 && !__atomic_load_n(&d.control->mailbox.ready, __ATOMIC_ACQUIRE);
	     i++)
		usleep(1000);
	CHECK(d.control->mailbox.ready, "%s: the executor does not serve", target);
	d.control->plan = (struct cf_plan){ .budget = DRIVE_BUDGET };
	return d;
}

static inline struct drive drive_open(const char *target)
{
	return drive_open_on(drive_cpu(), target);
}

static inline const struct cf_result *drive_run(struct drive *d, enum cf_request_kind kind)
{
	struct cf_mailbox *mailbox = &d->control->mailbox;

	mailbox->kind = kind;
	__atomic_store_n(&mailbox->request, mailbox->request + 1, __ATOMIC_RELEASE);
	drive_futex(&mailbox->request, FUTEX_WAKE, 1, NULL);
	drive_await(&mailbox->reply, mailbox->request, "the reply to a run");
	return &d->control->result;
}

static inline void drive_close(struct drive *d)
{
	int status;

	close(d->lifeline);
	CHECK(waitpid(d->executor, &status, 0) == d->executor, "the executor is gone");
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0, "executor status=%#x", status);
	munmap(d->control, CF_CONTROL_SIZE);
}

/* Appends an event; events come sorted by actor, then point. */
static inline void drive_event(struct drive *d, unsigned actor, unsigned point, enum cf_do op,
			       unsigned arg)
{
	struct cf_plan *plan = &d->control->plan;

	plan->event[plan->events++] = (struct cf_event){
		.op = (uint8_t)op,
		.actor = (uint8_t)actor,
		.point = point,
		.arg = arg,
	};
}

/* Of the executor that is its freezer, or the way into its ward: /proc lists them in the order of
 * their birth. */
static inline pid_t drive_youngest_child(pid_t parent)
{
	char path[64];
	int child, youngest = 0;
	FILE *children;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", parent, parent);
	children = fopen(path, "r");
	CHECK(children != NULL, "%s", path);
	while (fscanf(children, "%d", &child) == 1)
		youngest = child;
	fclose(children);
	CHECK(youngest > 0, "%d has no children", parent);
	return youngest;
}

static inline double drive_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

#endif
