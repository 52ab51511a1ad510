/* SPDX-License-Identifier: Apache-2.0
 *
 * edges - pairs of accesses that only a fork, a wait or a freeze keeps in order, one pair each variant, and
 * the same without it.
 */
#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cryofuzz.h"

enum { PATIENCE_MS = 2000 };

struct shared {
	_Alignas(8) uint64_t data;
	_Alignas(8) atomic_uint flag;
};

static uint64_t sink;

static struct shared *the(void)
{
	return cf_shared();
}

static void put(void)
{
	the()->data = 1;
}

static void get(void)
{
	sink += the()->data;
}

static void raise_flag(void)
{
	atomic_store_explicit(&the()->flag, 1, memory_order_release);
}

static void await_flag(void)
{
	const struct timespec soon = { .tv_nsec = 1000000 };

	for (int ms = 0; ms < PATIENCE_MS; ms++) {
		if (atomic_load_explicit(&the()->flag, memory_order_acquire))
			return;
		nanosleep(&soon, NULL);
	}
	_exit(1);
}

/* A child without hooks, that does one thing. */
static void fork_one(void (*task)(void))
{
	if (cf_fork_uncontrolled() != 0)
		return;
	task();
	_exit(0);
}

static void reap_one(void)
{
	int status = 0;

	if (wait(&status) < 0 || status != 0)
		cf_fail(CF_INVARIANT, "edges.child", "status %#x", (unsigned)status);
}

static void put_fork(void)
{
	put();
	fork_one(raise_flag);
	reap_one();
}

static void fork_put(void)
{
	fork_one(raise_flag);
	reap_one();
	put();
}

static void get_flagged(void)
{
	if (atomic_load_explicit(&the()->flag, memory_order_acquire))
		get();
}

static void put_flag(void)
{
	put();
	raise_flag();
}

static void wait_get(void)
{
	fork_one(await_flag);
	reap_one();
	get();
}

static void get_wait(void)
{
	fork_one(await_flag);
	get();
	reap_one();
}

static void put_mark(void)
{
	put();
	cf_mark("between");
}

/* Three points; the store of the flag is the third. */
static void put_mark_flag(void)
{
	put();
	cf_mark("between");
	atomic_store_explicit(&the()->flag, 1, memory_order_relaxed);
}

/* Three points, too; the load of the data is the third. */
static void flag_mark_get(void)
{
	unsigned flag = atomic_load_explicit(&the()->flag, memory_order_relaxed);

	cf_mark("between");
	if (flag && !atomic_load_explicit((_Atomic uint64_t *)&the()->data, memory_order_relaxed))
		cf_fail(CF_STALE_READ, "edges.data", "the flag is there, the data are not");
}

static void (*const functions[][2])(void) = {
	{ put_fork, get_flagged }, { fork_put, get_flagged }, { put_flag, wait_get },
	{ put_flag, get_wait },    { put_mark, get },         { put_mark_flag, flag_mark_get },
};

static void first(unsigned index)
{
	(void)index;
	functions[cf_variant()][0]();
}

static void second(unsigned index)
{
	(void)index;
	functions[cf_variant()][1]();
}

static const struct cf_role roles[] = {
	{ "first", NULL, first },
	{ "second", NULL, second },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	{ "put-fork", "the child is told after the data are there" },
	{ "fork-put", "before" },
	{ "wait-get", "the child has seen that they are there, and has ended" },
	{ "get-wait", "nobody has waited for it" },
	{ "mark", "a point lies between" },
	{ "messages", "a flag without barriers, points between" },
	{ 0 },
};

static const struct cf_word words[] = {
	{ "data", offsetof(struct shared, data), sizeof(uint64_t), 0 },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "edges",
	.summary = "pairs of accesses around forks, waits and freezes",
	.shared_size = sizeof(struct shared),
	.roles = roles,
	.variants = variants,
	.words = words,
};
