/* SPDX-License-Identifier: Apache-2.0
 * Serving the supervisor's requests from the control block. */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "executor.h"
#include "kernel_log.h"

enum { IDLE_SLICE_MS = 100, ORPHANED_EVERY = 1024 };

bool ex_orphaned(const struct executor *ex)
{
	struct pollfd lifeline = { .fd = STDIN_FILENO, .events = POLLIN };
	char byte;

	return !ex->staged && poll(&lifeline, 1, 0) > 0 && read(STDIN_FILENO, &byte, 1) <= 0;
}

static volatile sig_atomic_t child_died;

/* A child's death must end the wait for the run at once. */
static void on_child(int signo)
{
	(void)signo;
	child_died = 1;
}

static void hear_children(void)
{
	const struct sigaction action = { .sa_handler = on_child };

	sigaction(SIGCHLD, &action, NULL);
}

bool ex_child_died(void)
{
	if (!child_died)
		return false;
	child_died = 0;
	return true;
}

int ex_map_control(struct executor *ex, const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW * (strncmp(path, "/proc/", 6) != 0));
	struct rt_self *self = ex->loaded.ops->self;
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	if (status.st_size != CF_CONTROL_SIZE) {
		fprintf(stderr, "%s: size=%lld, expected %d\n", path, (long long)status.st_size,
			CF_CONTROL_SIZE);
		return -1;
	}
	ex->control = mmap(NULL, CF_CONTROL_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (ex->control == MAP_FAILED) {
		fprintf(stderr, "%s: can't be mapped: %s\n", path, strerror(errno));
		return -1;
	}
	ex->shared = (struct rt_shared *)ex->control->private_area;
	self->control = ex->control;
	self->shared = ex->shared;
	return 0;
}

/* An old size of 0 asks for a second view of a shared mapping. qemu-user doesn't know that: then a file
 * has both views. */
static void *map_second_view(void *segment)
{
	enum { PROTECTION = PROT_READ | PROT_WRITE, FLAGS = MAP_SHARED | MAP_FIXED };
	void *alias = mremap(segment, 0, CF_MAX_SHARED, MREMAP_MAYMOVE | MREMAP_FIXED,
			     (void *)CF_SEGMENT_ALIAS);
	int fd;

	if (alias != MAP_FAILED)
		return alias;
	fd = memfd_create("segment", MFD_CLOEXEC);
	if (fd < 0 || ftruncate(fd, CF_MAX_SHARED) < 0)
		return MAP_FAILED;
	if (mmap(segment, CF_MAX_SHARED, PROTECTION, FLAGS, fd, 0) != MAP_FAILED)
		alias = mmap((void *)CF_SEGMENT_ALIAS, CF_MAX_SHARED, PROTECTION, FLAGS, fd, 0);
	close(fd);
	return alias;
}

static int map_segment(void)
{
	void *segment = mmap((void *)CF_SEGMENT_ADDRESS, CF_MAX_SHARED, PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	if (segment != MAP_FAILED)
		segment = map_second_view(segment);
	if (segment == MAP_FAILED)
		fprintf(stderr, "can't map the shared segment: %s\n", strerror(errno));
	return segment == MAP_FAILED ? -1 : 0;
}

int ex_attach(struct executor *ex, const char *control_path)
{
	struct rt_self *self = ex->loaded.ops->self;

	if (ex_map_control(ex, control_path) < 0 || map_segment() < 0)
		return -1;
	self->base = ex->loaded.base;
	self->site_table = ex->loaded.sites;
	self->covered = ex->loaded.covered;
	self->site_table_size = ex->loaded.site_table_size;
	ex->loaded.ops->attach();
	hear_children();
	return 0;
}

/* Those that this process can be on: whoever has started it may have been pinned himself, so all are tried. */
static void find_processors(struct rt_shared *s)
{
	cpu_set_t before, usable;
	unsigned home = (unsigned)sched_getcpu();

	sched_getaffinity(0, sizeof(before), &before);
	memset(&usable, 0xff, sizeof(usable));
	sched_setaffinity(0, sizeof(usable), &usable);
	sched_getaffinity(0, sizeof(usable), &usable);
	sched_setaffinity(0, sizeof(before), &before);
	s->processors = 0;
	for (unsigned i = 0; i < CPU_SETSIZE && s->processors < CF_MAX_PROCESSORS; i++)
		if (CPU_ISSET((home + i) % CPU_SETSIZE, &usable))
			s->processor[s->processors++] = (home + i) % CPU_SETSIZE;
}

static void pin(const struct executor *ex)
{
	uint32_t cpu = ex->control->mailbox.cpu;
	cpu_set_t set;

	if (cpu == UINT32_MAX && (ex->loaded.target->flags & CF_PER_PROCESSOR))
		cpu = (uint32_t)sched_getcpu();
	if (cpu != UINT32_MAX) {
		CPU_ZERO(&set);
		CPU_SET(cpu, &set);
		sched_setaffinity(0, sizeof(set), &set);
	}
	find_processors(ex->shared);
}

/* Whoever is woken waits until its waker sleeps: a hand-over is then one switch, not two. Actors
 * inherit it. Where it is refused, runs are only slower. */
static void hand_over_without_preemption(void)
{
	const struct sched_param none = { 0 };

	sched_setscheduler(0, SCHED_BATCH, &none);
}

static bool await_request(const struct executor *ex, uint32_t served)
{
	struct cf_mailbox *mailbox = &ex->control->mailbox;
	const struct timespec slice = { .tv_nsec = IDLE_SLICE_MS * 1000000 };

	while (__atomic_load_n(&mailbox->request, __ATOMIC_ACQUIRE) == served) {
		syscall(SYS_futex, &mailbox->request, FUTEX_WAIT, served, &slice, NULL, 0);
		if (__atomic_load_n(&mailbox->request, __ATOMIC_ACQUIRE) == served &&
		    ex_orphaned(ex))
			return false;
	}
	return mailbox->kind != CF_QUIT;
}

static void reply(struct cf_mailbox *mailbox, uint32_t request)
{
	__atomic_store_n(&mailbox->reply, request, __ATOMIC_RELEASE);
	syscall(SYS_futex, &mailbox->reply, FUTEX_WAKE, 1, NULL, NULL, 0);
}

/* The result is that of the last run. */
static void run_repeatedly(struct executor *ex)
{
	struct cf_mailbox *mailbox = &ex->control->mailbox;

	mailbox->runs = 0;
	do {
		ex_begin_listening(ex);
		ex_run(ex, mailbox->kind == CF_FRESH);
		ex_end_listening(ex);
		if (++mailbox->runs % ORPHANED_EVERY == 0 && ex_orphaned(ex))
			return;
	} while (mailbox->runs < mailbox->repeat && ex->control->result.outcome == CF_PASSED);
}

static void run_many(struct executor *ex)
{
	ex_begin_listening(ex);
	switch (ex->control->mailbox.kind) {
	case CF_EXPLORE:
		ex_explore(ex);
		break;
	case CF_COLLECT:
	case CF_COLLECT_ON:
		ex_collect(ex);
		break;
	default:
		ex_run_natively(ex);
	}
	ex_end_listening(ex);
}

static void serve(struct executor *ex)
{
	if (ex->control->mailbox.kind < CF_EXPLORE)
		run_repeatedly(ex);
	else
		run_many(ex);
}

static bool plan_is_sane(struct executor *ex)
{
	const struct cf_plan *plan = &ex->control->plan;

	if (plan->events <= CF_MAX_EVENTS && plan->memory <= CF_WEAK_EARLY)
		return true;
	ex_broken(ex, "events=%u memory=%u in the plan", plan->events, plan->memory);
	return false;
}

int ex_serve(struct loaded *loaded, const char *control_path)
{
	struct executor ex = { .loaded = *loaded };
	struct cf_mailbox *mailbox;
	uint32_t served;

	if (ex_attach(&ex, control_path) < 0)
		return 3;
	mailbox = &ex.control->mailbox;
	ex.control->header = (struct cf_header){ CF_MAGIC, CF_LAYOUT, CF_CONTROL_SIZE, { 0 } };
	pin(&ex);
	hand_over_without_preemption();
	served = mailbox->reply;
	mailbox->executor_pid = (uint32_t)getpid();
	__atomic_store_n(&mailbox->ready, 1, __ATOMIC_RELEASE);
	syscall(SYS_futex, &mailbox->ready, FUTEX_WAKE, 1, NULL, NULL, 0);
	while (await_request(&ex, served)) {
		served = mailbox->request;
		if (plan_is_sane(&ex))
			serve(&ex);
		reply(mailbox, served);
	}
	ex_kill_children(&ex);
	ex_kill_freezer(&ex);
	ex_close_ward();
	return 0;
}
