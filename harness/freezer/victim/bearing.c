/* SPDX-License-Identifier: Apache-2.0
 *
 * The place at which another thread of a victim can't stop, since it waits as in vfork for a third one to end;
 * and that makes a fourth one before it ends, once the second one is seized. Whoever has listed the threads
 * before does not know the fourth one.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <time.h>

#include "codes.h"
#include "raw.h"
#include "threads.h"

enum { STACK = 8192, PATIENT = 10 /* seconds, until somebody comes */, THREADS = 3 };

static struct {
	uint32_t tid; /* 0 once it has ended */
	uint8_t stack[STACK] __attribute__((aligned(16)));
} thread[THREADS];

static uint32_t over; /* the first one goes on */
static uint32_t begun;
static char second[64]; /* its file in /proc */

static long make(unsigned index, uint64_t more, void (*run)(void *))
{
	const uint64_t flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
			       CLONE_SYSVSEM | CLONE_CHILD_CLEARTID;

	thread[index].tid = THREAD_ALIVE;
	return thread_clone(flags | more, thread[index].stack + STACK, &thread[index].tid, run,
			    NULL);
}

static _Noreturn void end(void)
{
	for (;;)
		raw1(SYS_exit, 0);
}

/* A number that is not 0 stands behind its name: whoever has seized it has listed the threads before. */
static int is_second_traced(void)
{
	static const char name[] = "\nTracerPid:\t";
	static char text[4096];
	long fd = raw4(SYS_openat, AT_FDCWD, second, O_RDONLY | O_CLOEXEC, 0), n;
	const char *at;

	n = fd < 0 ? fd : raw3(SYS_read, fd, text, sizeof(text) - 1);
	raw1(SYS_close, fd);
	text[n > 0 ? n : 0] = 0;
	at = strstr(text, name);
	return at && at[sizeof(name) - 1] != '0';
}

static void be_fourth(void *unused)
{
	const struct timespec moment = { .tv_nsec = 1000000 };

	(void)unused;
	while (!__atomic_load_n(&over, __ATOMIC_ACQUIRE))
		raw4(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &moment, 0);
	end();
}

static void be_third(void *unused)
{
	const struct timespec moment = { .tv_nsec = 1000000 };
	const int64_t last = place_now() + PATIENT * 1000000000ll;

	(void)unused;
	__atomic_store_n(&begun, 1, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&over, __ATOMIC_ACQUIRE) && !is_second_traced() &&
	       place_now() < last)
		raw4(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &moment, 0);
	make(2, 0, be_fourth);
	end();
}

/* Where it is in /proc, which may be that of another pid namespace. */
static void find_second(void)
{
	static const char folder[] = "/proc/", file[] = "/status";
	const size_t at = sizeof(folder) - 1;
	long n = raw4(SYS_readlinkat, AT_FDCWD, "/proc/thread-self", second + at,
		      sizeof(second) - at - sizeof(file));

	memcpy(second, folder, at);
	memcpy(second + at + (n > 0 ? n : 0), file, sizeof(file));
}

static void be_second(void *unused)
{
	(void)unused;
	find_second();
	make(1, CLONE_VFORK, be_third);
	end();
}

int bearing_prepare(void)
{
	long ret;

	over = begun = 0;
	thread[1].tid = thread[2].tid = THREAD_ALIVE;
	ret = make(0, 0, be_second);
	while (ret > 0 && !__atomic_load_n(&begun, __ATOMIC_ACQUIRE))
		raw1(SYS_sched_yield, 0);
	return ret < 0 ? (int)ret : 0;
}

/* One that was never made has ended. */
const char *bearing_check(void)
{
	__atomic_store_n(&over, 1, __ATOMIC_RELEASE);
	for (unsigned i = 0; i < THREADS; i++)
		if (place_await_word(&thread[i].tid, THREAD_ALIVE, 0))
			return "one of its threads does not go on";
	return NULL;
}
