/* SPDX-License-Identifier: Apache-2.0
 *
 * bench-executor - how many runs a second the executor does by itself, without Java:
 *
 *	bench-executor [-c CARRIER] [-n RUNS] [-i POINT] [-s STRATEGY] [-r] EXECUTOR TARGET.so SECONDS
 *		VARIANT MEMORY [PARAM…]
 *
 * VARIANT is an index, MEMORY a number of enum cf_memory, CARRIER one of enum cf_carrier, PARAM the
 * values in the order in which the target declares them. Prints "runs-per-second points actors
 * runs-per-second-of-the-executor's-processor-time runs-per-second-of-everybody's". It and the executor
 * share one processor, as worker and executor do in a campaign. With -n it asks for so many runs at
 * once, so that what is measured is the carrier. With -i the first actor is frozen, infected with one
 * command and cured at this point of its own, in each run. With -s the RUNS of a request are a burst by
 * this one of enum cf_strategy. With -r each run looks for data races.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
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

enum { BUDGET = 20000, WARM_UP_RUNS = 1000, SLICE_NS = 20000000, SLICES = 500 };

static struct cf_control *control;
static pid_t executor;

static void die(const char *what)
{
	fprintf(stderr, "bench-executor: %s: %s\n", what, strerror(errno));
	if (executor > 0)
		kill(executor, SIGKILL);
	exit(3);
}

static double seconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Waits until the word has the value, at most for ten seconds. */
static void await(uint32_t *word, uint32_t value)
{
	const struct timespec slice = { .tv_nsec = SLICE_NS };
	uint32_t seen;
	int i;

	for (i = 0; i < SLICES; i++) {
		seen = __atomic_load_n(word, __ATOMIC_ACQUIRE);
		if (seen == value)
			return;
		if (syscall(SYS_futex, word, FUTEX_WAIT, seen, &slice, NULL, 0) &&
		    errno == ETIMEDOUT && waitpid(executor, NULL, WNOHANG) == executor)
			break;
		if (errno == EAGAIN || errno == EINTR)
			errno = 0;
	}
	if (__atomic_load_n(word, __ATOMIC_ACQUIRE) != value)
		die("no answer from the executor");
}

static void start(const char *program, const char *target, int cpu)
{
	char path[64];
	int lifeline[2], fd = memfd_create("cryofuzz-control", 0);

	if (fd < 0 || ftruncate(fd, CF_CONTROL_SIZE) || pipe2(lifeline, O_CLOEXEC))
		die("control block");
	control = mmap(NULL, CF_CONTROL_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (control == MAP_FAILED)
		die("mmap");
	control->header = (struct cf_header){ CF_MAGIC, CF_LAYOUT, CF_CONTROL_SIZE, { 0 } };
	control->mailbox.cpu = (uint32_t)cpu;
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", getpid(), fd);
	executor = fork();
	if (executor < 0)
		die("fork");
	if (!executor) {
		dup2(lifeline[0], STDIN_FILENO);
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execl(program, program, "--serve", target, path, (char *)NULL);
		_exit(127);
	}
	await(&control->mailbox.ready, 1);
}

static void run(void) /* RUNS of them */
{
	uint32_t number = control->mailbox.request + 1;

	control->mailbox.kind = control->mailbox.strategy ? CF_EXPLORE : CF_RUN;
	control->mailbox.seed = number;
	__atomic_store_n(&control->mailbox.request, number, __ATOMIC_RELEASE);
	syscall(SYS_futex, &control->mailbox.request, FUTEX_WAKE, 1, NULL, NULL, 0);
	await(&control->mailbox.reply, number);
	if (control->result.outcome == CF_PASSED)
		return;
	fprintf(stderr, "bench-executor: outcome %u: %s\n", control->result.outcome,
		control->result.detail);
	kill(executor, SIGKILL);
	exit(1);
}

static void infect_at(uint32_t point)
{
	control->plan.event[0] = (struct cf_event){ .op = CF_DO_INFECT, .point = point, .arg = 1 };
	control->plan.events = 1;
}

/* A freeze that does not take place would be a fast one. */
static void check_fired(void)
{
	if (control->plan.events == 0 || control->result.fired[0].fate == CF_FIRED)
		return;
	fprintf(stderr, "bench-executor: nothing can be infected at this point\n");
	kill(executor, SIGKILL);
	exit(1);
}

/* Of processor time. */
static double busy_seconds(pid_t pid)
{
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock))
		die("clock");
	return seconds(clock);
}

/* Executor, actors and ourselves. */
static double everybody(void)
{
	double sum = busy_seconds(executor) + seconds(CLOCK_PROCESS_CPUTIME_ID);

	for (unsigned i = 0; i < control->result.actors; i++)
		if (control->result.actor_result[i].pid != 0)
			sum += busy_seconds((pid_t)control->result.actor_result[i].pid);
	return sum;
}

static void measure(double period)
{
	double begun, now, busy, all;
	unsigned long runs = 0, at_once = control->mailbox.repeat;
	unsigned long i;

	for (i = 0; i < WARM_UP_RUNS; i += at_once)
		run();
	busy = busy_seconds(executor);
	all = everybody();
	begun = now = seconds(CLOCK_MONOTONIC);
	while (now - begun < period) {
		for (i = 0; i < 100; i += at_once, runs += at_once)
			run();
		now = seconds(CLOCK_MONOTONIC);
	}
	check_fired();
	busy = busy_seconds(executor) - busy;
	all = everybody() - all;
	printf("%.0f %u %u %.0f %.0f\n", (double)runs / (now - begun), control->result.points,
	       control->result.actors, (double)runs / busy, (double)runs / all);
}

int main(int argc, char **argv)
{
	cpu_set_t cpus;
	int i, option, cpu = sched_getcpu(), point = -1, carrier = CF_CARRIER_ANY, at_once = 1;
	int strategy = CF_STRATEGY_NONE;
	uint32_t flags = CF_PLAN_FEEDBACK;

	while ((option = getopt(argc, argv, "+c:n:i:s:r")) != -1) {
		if (option == 'c')
			carrier = atoi(optarg);
		if (option == 'n')
			at_once = atoi(optarg);
		if (option == 'i')
			point = atoi(optarg);
		if (option == 's')
			strategy = atoi(optarg);
		if (option == 'r')
			flags |= CF_PLAN_RACES;
	}
	argv += optind - 1;
	argc -= optind - 1;
	if (argc < 6 || argc > 6 + CF_MAX_PARAMS || at_once < 1) {
		fprintf(stderr, "usage: bench-executor [-c CARRIER] [-n RUNS] [-i POINT] [-s "
				"STRATEGY] [-r] "
				"EXECUTOR SO SECONDS VARIANT MEMORY [PARAM…]\n");
		return 2;
	}
	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		die("sched_setaffinity");
	start(argv[1], argv[2], cpu);
	control->plan.variant = (uint32_t)atoi(argv[4]);
	control->plan.memory = (uint32_t)atoi(argv[5]);
	control->plan.flags = flags;
	control->plan.budget = BUDGET;
	control->plan.carrier = (uint32_t)carrier;
	control->mailbox.repeat = control->mailbox.budget = (uint32_t)at_once;
	control->mailbox.strategy = (uint16_t)strategy;
	for (i = 6; i < argc; i++)
		control->plan.params[i - 6] = atoi(argv[i]);
	if (point >= 0)
		infect_at((uint32_t)point);
	measure(atof(argv[3]));
	kill(executor, SIGKILL);
	return 0;
}
