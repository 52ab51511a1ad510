/* SPDX-License-Identifier: Apache-2.0
 *
 * locks - each kind of object that pthread has, used as it should be by one variant and not quite by the
 * next one: two actors that change a pair, or wait for each other.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "cryofuzz.h"

enum {
	MUTEX,
	MUTEX_LEFT_OUT,
	SPIN,
	SPIN_LEFT_OUT,
	SEMAPHORE,
	SEMAPHORE_OF_TWO,
	RWLOCK,
	RWLOCK_SHARED,
	TRYLOCK,
	TRYLOCK_IGNORED,
	CONDITION,
	CONDITION_UNLOCKED,
	CONDITION_ONCE,
	BARRIER,
	BARRIER_LEFT_OUT,
	BARRIER_ONCE,
	ONCE,
	ONCE_BY_HAND,
};

enum { ROUNDS = 2 };

struct shared {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	pthread_spinlock_t spin;
	sem_t sem;
	pthread_rwlock_t rwlock;
	pthread_barrier_t barrier;
	pthread_once_t once;
	_Alignas(8) uint64_t first;
	_Alignas(8) uint64_t second;
	_Alignas(8) volatile uint64_t inside[2];
	_Alignas(8) uint64_t slot[2];
	_Alignas(8) atomic_uint made;
};

static struct shared *the(void)
{
	return cf_shared();
}

static void expect(int right, const char *what)
{
	if (!right)
		cf_fail(CF_INVARIANT, "locks.pair", "%s", what);
}

/* ---- a pair that only one may change ---- */

static void change(void)
{
	struct shared *s = the();
	uint64_t first = s->first;

	expect(first == s->second, "the pair is not one");
	s->first = first + 1;
	s->second = first + 1;
}

/* A load before, on which nothing depends. */
static void with_mutex(unsigned index)
{
	volatile uint64_t *inside = the()->inside;
	uint64_t other;

	(void)inside[!index];
	if (index == 0 || cf_variant() == MUTEX)
		pthread_mutex_lock(&the()->mutex);
	inside[index] = 1;
	other = inside[!index];
	change();
	inside[index] = 0;
	if (index == 0 || cf_variant() == MUTEX)
		pthread_mutex_unlock(&the()->mutex);
	expect(other == 0, "somebody else was inside");
}

static void with_spin(unsigned index)
{
	if (index == 0 || cf_variant() == SPIN)
		pthread_spin_lock(&the()->spin);
	change();
	if (index == 0 || cf_variant() == SPIN)
		pthread_spin_unlock(&the()->spin);
}

static void with_semaphore(unsigned index)
{
	(void)index;
	while (sem_wait(&the()->sem) != 0)
		; /* a signal */
	change();
	sem_post(&the()->sem);
}

static void with_rwlock(unsigned index)
{
	if (index == 0 || cf_variant() == RWLOCK_SHARED)
		pthread_rwlock_rdlock(&the()->rwlock);
	else
		pthread_rwlock_wrlock(&the()->rwlock);
	if (index == 0)
		expect(the()->first == the()->second, "the pair is not one");
	else
		change();
	pthread_rwlock_unlock(&the()->rwlock);
}

static void with_trylock(unsigned index)
{
	(void)index;
	while (pthread_mutex_trylock(&the()->mutex) != 0)
		if (cf_variant() == TRYLOCK_IGNORED)
			return change();
	change();
	pthread_mutex_unlock(&the()->mutex);
}

/* ---- one that waits for the other ---- */

static void await_first(void)
{
	struct shared *s = the();

	if (cf_variant() == CONDITION_UNLOCKED) {
		if (s->first == 0) {
			pthread_mutex_lock(&s->mutex);
			pthread_cond_wait(&s->cond, &s->mutex);
			pthread_mutex_unlock(&s->mutex);
		}
		return;
	}
	pthread_mutex_lock(&s->mutex);
	while (s->first == 0) {
		pthread_cond_wait(&s->cond, &s->mutex);
		if (cf_variant() == CONDITION_ONCE)
			break;
	}
	expect(s->first == 1, "it was woken for nothing");
	pthread_mutex_unlock(&s->mutex);
}

static void with_condition(unsigned index)
{
	struct shared *s = the();

	if (index == 0)
		return await_first();
	pthread_mutex_lock(&s->mutex);
	s->first = 1;
	pthread_cond_signal(&s->cond);
	pthread_mutex_unlock(&s->mutex);
}

static void with_barrier(unsigned index)
{
	struct shared *s = the();

	for (uint64_t round = 1; round <= ROUNDS; round++) {
		s->slot[index] = round;
		if (cf_variant() != BARRIER_LEFT_OUT)
			pthread_barrier_wait(&s->barrier);
		if (index == 1 || cf_variant() != BARRIER_ONCE)
			expect(s->slot[!index] == round,
			       "the other one is not there, or not any more");
		if (cf_variant() == BARRIER)
			pthread_barrier_wait(&s->barrier);
	}
}

static void make(void)
{
	change();
}

static void with_once(unsigned index)
{
	struct shared *s = the();

	(void)index;
	if (cf_variant() == ONCE) {
		pthread_once(&s->once, make);
	} else if (!atomic_load(&s->made)) {
		make();
		atomic_store(&s->made, 1);
	}
	expect(s->first == 1 && s->second == 1, "not made once");
}

/* ---- variants ---- */

static const struct {
	void (*play)(unsigned index);
	unsigned rounds;
	uint64_t counted; /* in the end */
} plays[] = {
	[MUTEX] = { with_mutex, ROUNDS, 2 * ROUNDS },
	[MUTEX_LEFT_OUT] = { with_mutex, ROUNDS, 2 * ROUNDS },
	[SPIN] = { with_spin, ROUNDS, 2 * ROUNDS },
	[SPIN_LEFT_OUT] = { with_spin, ROUNDS, 2 * ROUNDS },
	[SEMAPHORE] = { with_semaphore, ROUNDS, 2 * ROUNDS },
	[SEMAPHORE_OF_TWO] = { with_semaphore, ROUNDS, 2 * ROUNDS },
	[RWLOCK] = { with_rwlock, ROUNDS, ROUNDS },
	[RWLOCK_SHARED] = { with_rwlock, ROUNDS, ROUNDS },
	[TRYLOCK] = { with_trylock, ROUNDS, 2 * ROUNDS },
	[TRYLOCK_IGNORED] = { with_trylock, ROUNDS, 2 * ROUNDS },
	[CONDITION] = { with_condition, 1, 1 },
	[CONDITION_UNLOCKED] = { with_condition, 1, 1 },
	[CONDITION_ONCE] = { with_condition, 1, 1 },
	[BARRIER] = { with_barrier, 1, 0 },
	[BARRIER_LEFT_OUT] = { with_barrier, 1, 0 },
	[BARRIER_ONCE] = { with_barrier, 1, 0 },
	[ONCE] = { with_once, 1, 1 },
	[ONCE_BY_HAND] = { with_once, 1, 1 },
};

static void play(unsigned index)
{
	for (unsigned i = 0; i < plays[cf_variant()].rounds; i++)
		plays[cf_variant()].play(index);
}

static void init(void)
{
	struct shared *s = the();

	sem_init(&s->sem, 1, cf_variant() == SEMAPHORE_OF_TWO ? 2 : 1);
	pthread_spin_init(&s->spin, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(&s->barrier, NULL, 2);
}

static void check(void)
{
	int value = -1;

	expect(the()->first == plays[cf_variant()].counted, "not counted");
	sem_getvalue(&the()->sem, &value);
	expect(value == 1 || cf_variant() == SEMAPHORE_OF_TWO, "the semaphore is another one");
}

static const struct cf_role roles[] = {
	{ "worker", "workers", play },
	{ 0 },
};

static const struct cf_param_spec params[] = {
	{ "workers", 2, 2, 2, "actors" },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	[MUTEX] = { "mutex", "both lock" },
	[MUTEX_LEFT_OUT] = { "mutex-left-out", "one does not" },
	[SPIN] = { "spin", "both lock" },
	[SPIN_LEFT_OUT] = { "spin-left-out", "one does not" },
	[SEMAPHORE] = { "semaphore", "one at a time" },
	[SEMAPHORE_OF_TWO] = { "semaphore-of-two", "two at a time" },
	[RWLOCK] = { "rwlock", "who writes locks to write" },
	[RWLOCK_SHARED] = { "rwlock-shared", "who writes locks to read" },
	[TRYLOCK] = { "trylock", "tries until it gets it" },
	[TRYLOCK_IGNORED] = { "trylock-ignored", "goes on without" },
	[CONDITION] = { "condition", "looks with the mutex, and again" },
	[CONDITION_UNLOCKED] = { "condition-unlocked", "looks without" },
	[CONDITION_ONCE] = { "condition-once", "does not look again" },
	[BARRIER] = { "barrier", "both wait" },
	[BARRIER_LEFT_OUT] = { "barrier-left-out", "nobody does" },
	[BARRIER_ONCE] = { "barrier-once", "nobody does after the look of one" },
	[ONCE] = { "once", "made once" },
	[ONCE_BY_HAND] = { "once-by-hand", "looks, then makes" },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "locks",
	.summary = "each kind of lock, used well and not so well",
	.shared_size = sizeof(struct shared),
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
	.init = init,
	.check = check,
};
