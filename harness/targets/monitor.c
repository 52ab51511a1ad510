/* SPDX-License-Identifier: Apache-2.0
 *
 * monitor - what textbooks build of mutexes and conditions: a bounded buffer, dining philosophers, readers
 * and writers.
 *
 * Oracle: nothing is taken from an empty buffer or put into a full one; all meals are eaten; nothing that
 * was counted is lost; nobody waits for ever.
 *
 * buffer                  looks again after each wait; a condition for each side
 * buffer-if               does not look again: somebody else may have been there first
 * buffer-one-condition    one condition for both sides, and one is woken: it may be the wrong one
 * philosophers            the fork with the lower number first
 * philosophers-left-first each the left one first: all can have one (deadlock)
 * readers-writers         who reads and then writes locks to write
 * readers-writers-upgrade reads, lets go, locks again to write what it has read
 */
#include <pthread.h>

#include "cryofuzz.h"

enum { WORKERS, ROUNDS };

enum {
	BUFFER,
	PHILOSOPHERS,
	READERS_WRITERS,
	BUFFER_IF,
	BUFFER_ONE_CONDITION,
	PHILOSOPHERS_LEFT_FIRST,
	READERS_WRITERS_UPGRADE,
};

enum { MOST = 4, ROOM = 1 };

struct shared {
	pthread_mutex_t mutex;
	pthread_cond_t filled, emptied;
	pthread_mutex_t fork[MOST];
	pthread_rwlock_t rwlock;
	_Alignas(8) uint64_t count; /* in the buffer; or of whoever reads and writes */
	_Alignas(8) uint64_t meals[MOST];
};

static struct shared *the(void)
{
	return cf_shared();
}

/* ---- bounded buffer: the first half puts one in, as many of the others take one out ---- */

static pthread_cond_t *emptied(void)
{
	return cf_variant() == BUFFER_ONE_CONDITION ? &the()->filled : &the()->emptied;
}

static void await(pthread_cond_t *cond, uint64_t unwanted)
{
	struct shared *s = the();

	if (cf_variant() == BUFFER_IF) {
		if (s->count == unwanted)
			pthread_cond_wait(cond, &s->mutex);
		return;
	}
	while (s->count == unwanted)
		pthread_cond_wait(cond, &s->mutex);
}

static void put(void)
{
	struct shared *s = the();

	pthread_mutex_lock(&s->mutex);
	await(emptied(), ROOM);
	if (s->count >= ROOM)
		cf_fail(CF_INVARIANT, "monitor.buffer", "put into a full buffer");
	s->count++;
	pthread_cond_signal(&s->filled);
	pthread_mutex_unlock(&s->mutex);
}

static void take(void)
{
	struct shared *s = the();

	pthread_mutex_lock(&s->mutex);
	await(&s->filled, 0);
	if (s->count == 0)
		cf_fail(CF_INVARIANT, "monitor.buffer", "taken from an empty buffer");
	s->count--;
	pthread_cond_signal(emptied());
	pthread_mutex_unlock(&s->mutex);
}

static void use_buffer(unsigned index)
{
	unsigned half = (unsigned)cf_param(WORKERS) / 2;

	if (index < half)
		put();
	else if (index < 2 * half)
		take();
}

/* ---- dining philosophers ---- */

static void dine(unsigned index)
{
	struct shared *s = the();
	unsigned left = index, right = (index + 1) % (unsigned)cf_param(WORKERS), other;

	if (cf_variant() == PHILOSOPHERS && right < left) {
		other = left;
		left = right;
		right = other;
	}
	pthread_mutex_lock(&s->fork[left]);
	pthread_mutex_lock(&s->fork[right]);
	s->meals[index]++;
	pthread_mutex_unlock(&s->fork[right]);
	pthread_mutex_unlock(&s->fork[left]);
}

/* ---- readers and writers ---- */

static uint64_t look(void)
{
	uint64_t count;

	pthread_rwlock_rdlock(&the()->rwlock);
	count = the()->count;
	pthread_rwlock_unlock(&the()->rwlock);
	return count;
}

static void count_up(unsigned index)
{
	uint64_t seen = look();

	(void)index;
	pthread_rwlock_wrlock(&the()->rwlock);
	if (cf_variant() == READERS_WRITERS)
		seen = the()->count;
	the()->count = seen + 1;
	pthread_rwlock_unlock(&the()->rwlock);
}

/* ---- whoever does it ---- */

static const struct {
	void (*act)(unsigned index);
	int once; /* whatever the rounds */
} plays[] = {
	[BUFFER] = { use_buffer, 1 },
	[PHILOSOPHERS] = { dine },
	[READERS_WRITERS] = { count_up },
	[BUFFER_IF] = { use_buffer, 1 },
	[BUFFER_ONE_CONDITION] = { use_buffer, 1 },
	[PHILOSOPHERS_LEFT_FIRST] = { dine },
	[READERS_WRITERS_UPGRADE] = { count_up },
};

static void worker(unsigned index)
{
	int i, rounds = plays[cf_variant()].once ? 1 : cf_param(ROUNDS);

	for (i = 0; i < rounds; i++)
		plays[cf_variant()].act(index);
}

static void check(void)
{
	struct shared *s = the();
	uint64_t counted = s->count, rounds = (uint64_t)cf_param(ROUNDS);
	int i;

	for (i = 0; i < MOST; i++)
		counted += s->meals[i];
	if (plays[cf_variant()].once && counted != 0)
		cf_fail(CF_INVARIANT, "monitor.buffer", "%llu left in the buffer",
			(unsigned long long)counted);
	if (!plays[cf_variant()].once && counted != rounds * (uint64_t)cf_param(WORKERS))
		cf_fail(CF_INVARIANT, "monitor.count", "counted %llu", (unsigned long long)counted);
}

static const struct cf_role roles[] = {
	{ "worker", "workers", worker },
	{ 0 },
};

static const struct cf_param_spec params[] = {
	[WORKERS] = { "workers", 2, MOST, MOST, "actors" },
	[ROUNDS] = { "rounds", 1, 4, 1, "times that each dines or counts" },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	[BUFFER] = { "buffer", "bounded buffer", CF_SC, NULL },
	[PHILOSOPHERS] = { "philosophers", "dining philosophers, forks in order", CF_SC, NULL },
	[READERS_WRITERS] = { "readers-writers", "who writes locks to write", CF_SC, NULL },
	[BUFFER_IF] = { "buffer-if", "does not look again after a wait", CF_SC,
			"invariant in monitor.buffer" },
	[BUFFER_ONE_CONDITION] = { "buffer-one-condition", "wakes one of either side", CF_SC,
				   "deadlock in monitor.worker" },
	[PHILOSOPHERS_LEFT_FIRST] = { "philosophers-left-first", "each the left fork first", CF_SC,
				      "deadlock in monitor.worker" },
	[READERS_WRITERS_UPGRADE] = { "readers-writers-upgrade",
				      "writes what it has read before it had the lock", CF_SC,
				      "invariant in monitor.count" },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "monitor",
	.summary = "mutexes and conditions of the textbooks: buffer, philosophers, readers and "
		   "writers",
	.shared_size = sizeof(struct shared),
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
	.check = check,
};
