/* SPDX-License-Identifier: Apache-2.0
 *
 * asks - a role makes one call after its first point: the variant says which. Some fibers can have,
 * for others the run has to be made again with processes.
 */
#include <linux/futex.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "cryofuzz.h"

static volatile uint64_t *word(void)
{
	return cf_shared();
}

static void ask_nothing(void)
{
}

static void ask_yield(void)
{
	sched_yield();
}

static void ask_sleep(void)
{
	usleep(1000);
}

static void ask_time(void)
{
	word()[1] = (uint64_t)time(NULL);
}

static void ask_random(void)
{
	getrandom((void *)(word() + 1), 8, 0);
}

static void ask_pid(void)
{
	word()[1] = (uint64_t)getpid();
}

static void ask_copy(void)
{
	memcpy((void *)(word() + 1), "sixteen bytes long", 16);
}

static void ask_futex(void)
{
	const struct timespec most = { .tv_sec = 1 };

	syscall(SYS_futex, word() + 1, FUTEX_WAIT, 0, &most, NULL, 0);
	syscall(SYS_futex, word() + 1, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void ask_state(void)
{
	cf_state(1);
	cf_mark("mark");
}

static void ask_memory(void)
{
	free(malloc(10));
}

static void ask_call(void)
{
	syscall(SYS_getppid);
}

static void ask_poll(void)
{
	poll(NULL, 0, 1);
}

static void ask_handler(void)
{
	signal(SIGUSR1, SIG_IGN);
}

static void ask_write(void)
{
	if (write(-1, "x", 1) >= 0)
		abort();
}

static void ask_process(void)
{
	word()[1] = (uint64_t)cf_fresh_process() & 0;
}

/* The first ones fibers can have. */
static const struct ask {
	const char *name;
	void (*ask)(void);
} asks[] = {
	{ "nothing", ask_nothing }, { "yield", ask_yield },     { "sleep", ask_sleep },
	{ "time", ask_time },       { "random", ask_random },   { "pid", ask_pid },
	{ "copy", ask_copy },       { "futex", ask_futex },     { "state", ask_state },
	{ "poll", ask_poll },       { "write", ask_write },     { "memory", ask_memory },
	{ "call", ask_call },       { "handler", ask_handler }, { "process", ask_process },
};

static void play(unsigned index)
{
	word()[0] += 1;
	if (index == 0)
		asks[cf_variant()].ask();
	word()[0] += 1;
}

static const struct cf_role roles[] = {
	{ "player", "players", play },
	{ 0 },
};

static const struct cf_param_spec params[] = {
	{ "players", 1, 3, 2, "actors" },
	{ 0 },
};

#define VARIANT(name)                                \
	{                                            \
		name, "makes this call", CF_SC, NULL \
	}
static const struct cf_variant_spec variants[] = {
	VARIANT("nothing"), VARIANT("yield"),   VARIANT("sleep"),   VARIANT("time"),
	VARIANT("random"),  VARIANT("pid"),     VARIANT("copy"),    VARIANT("futex"),
	VARIANT("state"),   VARIANT("poll"),    VARIANT("write"),   VARIANT("memory"),
	VARIANT("call"),    VARIANT("handler"), VARIANT("process"), { 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "asks",
	.summary = "makes one call",
	.shared_size = 4 * sizeof(uint64_t),
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
};
