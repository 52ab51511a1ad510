/* SPDX-License-Identifier: Apache-2.0
 *
 * c11 - an ordinary program with the threads of C11: a thread puts a number into a slot, main takes it out
 * and adds up. The variants do one thing otherwise.
 */
#include <threads.h>
#include <time.h>

#include "cryofuzz.h"

enum { WORKS, UNLOCKED_LOOK, UNLOCKED_ADD, RECURSIVE, TIMED };

enum { NUMBERS = 2, RESULT = 7 };

struct shared {
	mtx_t mutex;
	cnd_t full, empty;
	once_flag once;
	thrd_t thread;
	_Alignas(8) uint64_t slot; /* 0: it is empty */
	_Alignas(8) uint64_t sum, begun;
};

static struct shared *the(void)
{
	return cf_shared();
}

static void expect(uint64_t value, uint64_t wanted, const char *what)
{
	if (value != wanted)
		cf_fail(CF_INVARIANT, "c11.sum", "%s: %llu, not %llu", what,
			(unsigned long long)value, (unsigned long long)wanted);
}

static void begin_once(void)
{
	the()->begun++;
}

static void put(uint64_t number)
{
	struct shared *s = the();

	mtx_lock(&s->mutex);
	while (s->slot != 0)
		cnd_wait(&s->empty, &s->mutex);
	s->slot = number;
	cnd_signal(&s->full);
	mtx_unlock(&s->mutex);
}

/* Whether there is one may have changed by the time that it waits. */
static void await_full(struct shared *s)
{
	if (cf_variant() != UNLOCKED_LOOK) {
		mtx_lock(&s->mutex);
		while (s->slot == 0)
			cnd_wait(&s->full, &s->mutex);
		return;
	}
	if (*(volatile uint64_t *)&s->slot == 0) {
		mtx_lock(&s->mutex);
		cnd_wait(&s->full, &s->mutex);
	} else {
		mtx_lock(&s->mutex);
	}
}

static uint64_t take(void)
{
	struct shared *s = the();
	uint64_t number;

	await_full(s);
	number = s->slot;
	s->slot = 0;
	cnd_signal(&s->empty);
	mtx_unlock(&s->mutex);
	return number;
}

static void add(uint64_t number)
{
	struct shared *s = the();

	if (cf_variant() != UNLOCKED_ADD)
		mtx_lock(&s->mutex);
	s->sum += number;
	if (cf_variant() != UNLOCKED_ADD)
		mtx_unlock(&s->mutex);
}

static int work(void *argument)
{
	struct shared *s = argument;

	call_once(&s->once, begin_once);
	expect(thrd_equal(thrd_current(), s->thread) != 0, 1, "who it is");
	for (unsigned i = 1; i <= NUMBERS; i++) {
		add(10);
		put(i);
	}
	if (cf_variant() == RECURSIVE)
		thrd_exit(RESULT);
	return RESULT;
}

static void check_timed(struct shared *s)
{
	struct timespec until;

	timespec_get(&until, TIME_UTC);
	mtx_lock(&s->mutex);
	expect((uint64_t)cnd_timedwait(&s->full, &s->mutex, &until), thrd_timedout, "timedwait");
	mtx_unlock(&s->mutex);
	thrd_yield();
	expect((uint64_t)thrd_sleep(&(struct timespec){ .tv_nsec = 1000 }, NULL), 0, "sleep");
}

static void check_recursive(struct shared *s)
{
	expect((uint64_t)mtx_init(&s->mutex, mtx_plain | mtx_recursive), thrd_success, "init");
	mtx_lock(&s->mutex);
	expect((uint64_t)mtx_trylock(&s->mutex), thrd_success, "trylock");
	mtx_unlock(&s->mutex);
	mtx_unlock(&s->mutex);
	cnd_init(&s->empty);
	cnd_destroy(&s->empty);
	cnd_init(&s->empty);
}

static void play(unsigned index)
{
	struct shared *s = the();
	int result = 0;

	(void)index;
	if (cf_variant() == TIMED)
		check_timed(s);
	if (cf_variant() == RECURSIVE)
		check_recursive(s);
	expect((uint64_t)thrd_create(&s->thread, work, s), thrd_success, "create");
	call_once(&s->once, begin_once);
	for (unsigned i = 1; i <= NUMBERS; i++)
		add(take());
	expect((uint64_t)thrd_join(s->thread, &result), thrd_success, "join");
	expect((uint64_t)result, RESULT, "what it returned");
	expect(s->sum, NUMBERS * 10 + NUMBERS * (NUMBERS + 1) / 2, "the sum");
	expect(s->begun, 1, "begun");
	cnd_destroy(&s->empty);
	mtx_destroy(&s->mutex);
}

static const struct cf_role roles[] = {
	{ "main", NULL, play },
	{ "thread", "threads", cf_thread },
	{ 0 },
};

static const struct cf_param_spec params[] = { { "threads", 1, 1, 1, "threads" }, { 0 } };

static const struct cf_variant_spec variants[] = {
	[WORKS] = { "works", "as it should be" },
	[UNLOCKED_LOOK] = { "unlocked-look", "looks before it has the mutex, then waits", CF_SC,
			    "deadlock in c11.main" },
	[UNLOCKED_ADD] = { "unlocked-add", "adds without the mutex", CF_SC,
			   "invariant in c11.sum" },
	[RECURSIVE] = { "recursive", "has the mutex twice" },
	[TIMED] = { "timed", "waits for so long, sleeps and yields" },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "c11",
	.summary = "threads of C11",
	.shared_size = sizeof(struct shared),
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
};
