/* SPDX-License-Identifier: Apache-2.0
 *
 * The other threads of a victim: only one is infected, but all are stopped, since they share what is
 * changed meanwhile. New ones may appear until all are.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>

#include "../victim/raw.h"
#include "inject.h"

#define EVENT_OF(status) ((status) >> 16)

/* One that has ended while the threads were listed: the kernel ends its list there, so that others which were made
 * later may not be in it. */
enum { ENDED = 1, LISTS = 1000 /* at most: one that another tracer does not reap stays */ };

static int knows(const struct inject *in, int tid)
{
	for (unsigned i = 0; i < in->threads; i++)
		if (in->thread[i] == tid)
			return 1;
	return tid == in->pid;
}

static int await_stop(int tid, int *status)
{
	struct patience patience = patience_for(tid);
	int slice;
	long ret;

	while (!(ret = raw4(SYS_wait4, tid, status, WNOHANG | __WALL, 0)) &&
	       (slice = patience_slice(&patience)))
		raw3(SYS_poll, 0, 0, slice);
	return ret > 0 ? 0 : ret ? (int)ret : -ETIMEDOUT;
}

/* Signals that are on their way are delivered first. */
static int stop_thread(int tid)
{
	int status = 0, ret = (int)raw4(SYS_ptrace, PTRACE_INTERRUPT, tid, 0, 0);

	while (!ret) {
		ret = await_stop(tid, &status);
		if (ret || !WIFSTOPPED(status))
			return ret ? ret : -ESRCH;
		if (EVENT_OF(status) == PTRACE_EVENT_STOP)
			return 0;
		ret = (int)raw4(SYS_ptrace, PTRACE_CONT, tid, 0, WSTOPSIG(status));
	}
	return ret;
}

/* Its end is for us to hear: the kernel keeps it until then. */
static int await_end(int tid)
{
	int status = 0, ret;

	do
		ret = await_stop(tid, &status);
	while (!ret && WIFSTOPPED(status));
	return ret == -ECHILD ? 0 : ret;
}

/* One that is just ending is nobody's concern, whether that has begun before or after it was seized. */
static int seize_thread(struct inject *in, int tid)
{
	int ret;

	if (in->threads == INJECT_THREADS)
		return -E2BIG;
	ret = (int)raw4(SYS_ptrace, PTRACE_SEIZE, tid, 0, 0);
	if (ret == -ESRCH || ret == -EPERM)
		return ENDED;
	if (ret)
		return ret;
	in->thread[in->threads++] = tid;
	ret = stop_thread(tid);
	if (ret != -ESRCH)
		return ret;
	in->threads--;
	ret = await_end(tid);
	return ret ? ret : ENDED;
}

/* ENDED if one has, or -errno. */
static int seize_listed(struct inject *in, const char *names, long size)
{
	int ret = 0, ended = 0;

	for (long at = 0; ret >= 0 && at < size;) {
		const struct dirent64 *entry = (const void *)(names + at);

		at += entry->d_reclen;
		if (entry->d_name[0] != '.' && !knows(in, atoi(entry->d_name)))
			ret = seize_thread(in, atoi(entry->d_name));
		ended |= ret == ENDED;
	}
	return ret < 0 ? ret : ended;
}

/* Not 0 if others may be there that it does not know yet; or -errno. */
static int seize_new(struct inject *in)
{
	char path[40], names[2048] __attribute__((aligned(8)));
	unsigned known = in->threads;
	long tasks, n;
	int ret = 0, ended = 0;

	snprintf(path, sizeof(path), "/proc/%d/task", in->pid);
	tasks = raw4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (tasks < 0)
		return (int)tasks;
	while (ret >= 0 && (n = raw3(SYS_getdents64, tasks, names, sizeof(names))) > 0) {
		ret = seize_listed(in, names, n);
		ended |= ret;
	}
	raw1(SYS_close, tasks);
	return ret < 0 ? ret : in->threads > known || ended;
}

int inject_has_threads(const struct inject *in)
{
	enum { OF_EVERY_FOLDER = 2 }; /* links, and one for each task: had faster than their list */
	struct stat tasks = { .st_nlink = 0 };
	char path[40];

	snprintf(path, sizeof(path), "/proc/%d/task", in->pid);
	raw2(SYS_stat, path, &tasks);
	return tasks.st_nlink != OF_EVERY_FOLDER + 1;
}

int inject_seize_threads(struct inject *in)
{
	int found = inject_has_threads(in);

	for (int i = 0; found > 0 && i < LISTS; i++) {
		found = seize_new(in);
		if (found > 0 && in->slip == INJECT_LISTS_ONCE)
			return 0;
		if (found > 0)
			raw1(SYS_sched_yield, 0);
	}
	return found < 0 ? found : 0;
}

static void lose_register(int tid)
{
	struct user_regs_struct regs;

	raw4(SYS_ptrace, PTRACE_GETREGS, tid, 0, &regs);
	regs.r12 = ~regs.r12;
	raw4(SYS_ptrace, PTRACE_SETREGS, tid, 0, &regs);
}

void inject_let_threads_go(struct inject *in)
{
	if (in->threads && in->slip == INJECT_THREAD_REGISTER_LOST)
		lose_register(in->thread[0]);
	while (in->threads > (in->slip == INJECT_THREAD_LEFT_STOPPED))
		raw4(SYS_ptrace, PTRACE_DETACH, in->thread[--in->threads], 0, 0);
}

void inject_forget_threads(struct inject *in)
{
	while (in->threads)
		raw4(SYS_ptrace, PTRACE_DETACH, in->thread[--in->threads], 0, 0);
}
