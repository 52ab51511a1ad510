/* SPDX-License-Identifier: Apache-2.0
 *
 * scripted-executor.c - speaks the executor's side of control.h, but runs nothing: the name given
 * instead of a target says how it behaves. For tests of the supervisor's side.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "control.h"

static struct cf_control *control;
static const char *behaviour;

static int is(const char *name)
{
	return !strcmp(behaviour, name);
}

static void pin(void)
{
	cpu_set_t set;

	if (control->mailbox.cpu == 0xffffffff)
		return;
	CPU_ZERO(&set);
	CPU_SET(control->mailbox.cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		exit(3);
}

static void answer(uint32_t request)
{
	__atomic_store_n(&control->mailbox.reply, request, __ATOMIC_RELEASE);
	syscall(SYS_futex, &control->mailbox.reply, FUTEX_WAKE, 1, NULL);
}

static void run(uint32_t request)
{
	struct cf_result *result = &control->result;

	if (is("crash"))
		abort();
	if (is("crash-once") && request == 3)
		raise(SIGSEGV);
	if (is("quit")) {
		fprintf(stderr, "executor: out of processes\n");
		exit(7);
	}
	if (is("mute")) {
		snprintf(result->actor_result[0].waits, CF_WAITS, "nothing in particular");
		return;
	}
	if (is("talk"))
		printf("run %u\n", request);
	result->outcome = CF_PASSED;
	result->points = 10;
	result->hash = request;
	result->switches = control->mailbox.kind;
	answer(request);
}

/* Returns when the request word changes; exits when the supervisor has gone. */
static void await_request(uint32_t last)
{
	struct pollfd lifeline = { .fd = 0, .events = POLLIN };
	struct timespec slice = { .tv_nsec = 20000000 };

	while (__atomic_load_n(&control->mailbox.request, __ATOMIC_ACQUIRE) == last) {
		syscall(SYS_futex, &control->mailbox.request, FUTEX_WAIT, last, &slice);
		if (poll(&lifeline, 1, 0) > 0)
			exit(0);
	}
}

/* A target of ours is a file that holds its own description. */
static int describe(const char *target)
{
	char text[4096];
	FILE *file = fopen(target, "r");
	size_t length;

	if (!file)
		return 3;
	length = fread(text, 1, sizeof(text), file);
	fclose(file);
	if (!length) {
		fprintf(stderr, "executor: %s is no target\n", target);
		return 2;
	}
	return fwrite(text, 1, length, stdout) == length ? 0 : 3;
}

int main(int argc, char **argv)
{
	uint32_t request;
	int fd;

	if (argc == 3 && !strcmp(argv[1], "--describe"))
		return describe(argv[2]);
	if (argc != 4 || strcmp(argv[1], "--serve"))
		return 2;
	behaviour = strrchr(argv[2], '/') + 1;
	setlinebuf(stdout);
	if (is("crash-at-start"))
		raise(SIGSEGV);
	if (is("quit-at-start")) {
		fprintf(stderr, "executor: no such target\n");
		return 3;
	}
	if (is("sleep-at-start"))
		pause();
	fd = open(argv[3], O_RDWR | O_CLOEXEC);
	control = mmap(NULL, CF_CONTROL_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (control == MAP_FAILED || control->header.magic != CF_MAGIC ||
	    control->header.layout != CF_LAYOUT || control->header.size != CF_CONTROL_SIZE)
		return 4;
	pin();
	control->mailbox.executor_pid = getpid();
	request = control->mailbox.request;
	__atomic_store_n(&control->mailbox.ready, 1, __ATOMIC_RELEASE);
	for (;;) {
		await_request(request);
		request++;
		run(request);
	}
}
