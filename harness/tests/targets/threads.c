/* SPDX-License-Identifier: Apache-2.0
 *
 * threads - one creates others, tells each what to do, waits for them and sums up what they say. The
 * variants but the first do one thing otherwise.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <threads.h>

#include "cryofuzz.h"

enum {
	JOINED,
	NOT_JOINED,
	DEADLOCK,
	TOO_MANY,
	ON_STACK,
	IN_STATICS,
	STATICS_CHANGED,
	JOINED_TWICE,
	DETACHED,
	NOT_CREATED,
	KEYS,
	CANCELLED,
	OF_C11,
	TOLD_LATE,
};

enum { THREADS = 3 };

struct task {
	_Alignas(8) uint64_t number, hint;
	pthread_t self;
};

struct shared {
	pthread_mutex_t mutex;
	pthread_t thread[THREADS];
	struct task task[THREADS];
	_Alignas(8) uint64_t sum;
};

static uint64_t counter;
static __thread uint64_t own;

static struct shared *the(void)
{
	return cf_shared();
}

static void expect(uint64_t value, uint64_t wanted, const char *what)
{
	if (value != wanted)
		cf_fail(CF_INVARIANT, "threads.sum", "%s: %llu, not %llu", what,
			(unsigned long long)value, (unsigned long long)wanted);
}

static void *work(void *argument)
{
	struct task *task = argument;

	expect(own++, 0, "a thread-local variable");
	if (cf_variant() == STATICS_CHANGED)
		counter++;
	own += task->hint;
	task->self = pthread_self();
	pthread_mutex_lock(&the()->mutex);
	the()->sum += task->number;
	pthread_mutex_unlock(&the()->mutex);
	if (task->number == 2)
		pthread_exit((void *)(uintptr_t)(task->number * 10));
	return (void *)(uintptr_t)(task->number * 10);
}

static void create(unsigned i)
{
	struct shared *s = the();
	uint64_t on_stack = 0;

	s->task[i % THREADS].number = i + 1;
	expect((uint64_t)pthread_create(&s->thread[i % THREADS], NULL, work,
					cf_variant() == ON_STACK     ? (void *)&on_stack
					: cf_variant() == IN_STATICS ? (void *)&counter
								     : &s->task[i % THREADS]),
	       0, "create");
}

static void join(unsigned i)
{
	struct shared *s = the();
	void *result = NULL;

	expect((uint64_t)pthread_join(s->thread[i], &result), 0, "join");
	expect((uintptr_t)result, 10 * (i + 1), "what it returned");
	expect(pthread_equal(s->task[i].self, s->thread[i]) != 0, 1, "who it was");
}

static void play(unsigned index)
{
	struct shared *s = the();
	unsigned i, count = cf_variant() == TOO_MANY ? THREADS + 1 : THREADS;
	pthread_key_t key;

	(void)index;
	if (cf_variant() == NOT_CREATED)
		return;
	if (cf_variant() == KEYS)
		pthread_key_create(&key, NULL);
	expect((uint64_t)pthread_join(pthread_self(), NULL) != 0, 1, "join oneself");
	for (i = 0; i < count; i++)
		create(i);
	if (cf_variant() == TOLD_LATE)
		s->task[0].hint = 1;
	if (cf_variant() == DEADLOCK)
		pthread_mutex_lock(&s->mutex);
	if (cf_variant() == CANCELLED)
		pthread_cancel(s->thread[0]);
	if (cf_variant() == OF_C11)
		tss_create(&(tss_t){ 0 }, NULL);
	if (cf_variant() == DETACHED)
		expect((uint64_t)pthread_detach(s->thread[0]), 0, "detach");
	for (i = 0; i < THREADS && cf_variant() != NOT_JOINED; i++)
		join(i);
	if (cf_variant() == JOINED_TWICE)
		pthread_join(s->thread[1], NULL);
	if (cf_variant() == NOT_JOINED)
		pthread_mutex_lock(&s->mutex);
	expect(s->sum, 6, "the sum");
}

static const struct cf_role roles[] = {
	{ "main", NULL, play },
	{ "thread", "threads", cf_thread },
	{ 0 },
};

static const struct cf_param_spec params[] = {
	{ "threads", THREADS, THREADS, THREADS, "threads" },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	[JOINED] = { "joined", "waits for all" },
	[NOT_JOINED] = { "not-joined", "does not wait" },
	[DEADLOCK] = { "deadlock", "waits with what they need" },
	[TOO_MANY] = { "too-many", "one more than there can be" },
	[ON_STACK] = { "on-stack", "what they are told lies on a stack" },
	[IN_STATICS] = { "in-statics", "what they are told is static data" },
	[STATICS_CHANGED] = { "statics-changed", "they count in static data" },
	[JOINED_TWICE] = { "joined-twice", "waits for one again" },
	[DETACHED] = { "detached", "waits for a detached one" },
	[NOT_CREATED] = { "not-created", "does nothing" },
	[KEYS] = { "keys", "makes a key" },
	[CANCELLED] = { "cancelled", "cancels one" },
	[OF_C11] = { "of-c11", "makes a key as C11 does" },
	[TOLD_LATE] = { "told-late", "tells one what to do when it may have begun" },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "threads",
	.summary = "one creates others and waits for them",
	.shared_size = sizeof(struct shared),
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
};
