/* SPDX-License-Identifier: Apache-2.0
 *
 * misuse - what pthread says of a mutex that one has already, or has not, that is destroyed, whose owner
 * has died, and so on: an errno where POSIX has one. The other variants do what it leaves undefined.
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

#include "cryofuzz.h"

struct shared {
	pthread_mutex_t mutex, other, recursive, checking, robust;
	/* Machines have mutexes of other sizes; what is said has the offsets of these. */
	_Alignas(256) pthread_cond_t cond;
	_Alignas(64) pthread_rwlock_t rwlock;
	_Alignas(64) pthread_rwlock_t for_writers;
	pthread_barrier_t barrier, unmade;
	pthread_spinlock_t spin;
	sem_t sem;
	_Alignas(8) uint64_t ready;
};

static pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER; /* not in the segment */

static struct shared *the(void)
{
	return cf_shared();
}

static void expect(int status, int wanted, const char *what)
{
	if (status != wanted)
		cf_fail(CF_INVARIANT, "misuse.status", "%s: %d, not %d", what, status, wanted);
}

static struct timespec soon(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	now.tv_sec++;
	return now;
}

static void nothing(void)
{
}

/* ---- what POSIX says ---- */

static void relock(void)
{
	struct shared *s = the();
	struct timespec later = soon(), before = { .tv_sec = 1 }, none = { .tv_nsec = -1 };

	expect(pthread_mutex_lock(&s->recursive), 0, "lock");
	expect(pthread_mutex_lock(&s->recursive), 0, "lock again");
	expect(pthread_mutex_trylock(&s->recursive), 0, "try again");
	for (int i = 0; i < 3; i++)
		expect(pthread_mutex_unlock(&s->recursive), 0, "unlock");
	expect(pthread_mutex_unlock(&s->recursive), EPERM, "unlock too often");
	expect(pthread_mutex_lock(&s->checking), 0, "lock");
	expect(pthread_mutex_lock(&s->checking), EDEADLK, "lock again");
	expect(pthread_mutex_trylock(&s->checking), EBUSY, "try again");
	expect(pthread_mutex_unlock(&s->checking), 0, "unlock");
	expect(pthread_mutex_unlock(&s->checking), EPERM, "unlock again");
	expect(pthread_mutex_lock(&s->mutex), 0, "lock");
	expect(pthread_mutex_trylock(&s->mutex), EBUSY, "try again");
	expect(pthread_mutex_timedlock(&s->mutex, &none), EINVAL, "for no time");
	expect(pthread_mutex_timedlock(&s->mutex, &before), ETIMEDOUT, "in 1970");
	expect(pthread_mutex_timedlock(&s->mutex, &later), ETIMEDOUT, "for a second");
	expect(pthread_mutex_unlock(&s->mutex), 0, "unlock");
	expect(pthread_mutex_lock(&own), 0, "lock one's own");
	expect(pthread_mutex_trylock(&own), EBUSY, "try one's own");
	expect(pthread_mutex_unlock(&own), 0, "unlock one's own");
}

static void time_out(void)
{
	struct shared *s = the();
	struct timespec until = soon(), now;
	int value;

	pthread_mutex_lock(&s->mutex);
	expect(pthread_cond_timedwait(&s->cond, &s->mutex, &until), ETIMEDOUT, "timedwait");
	expect(pthread_mutex_trylock(&s->mutex), EBUSY, "it has the mutex again");
	clock_gettime(CLOCK_REALTIME, &now);
	expect(now.tv_sec >= until.tv_sec, 1, "time has passed");
	until = soon();
	expect(sem_timedwait(&s->sem, &until), 0, "sem_timedwait");
	expect(sem_timedwait(&s->sem, &until), -1, "sem_timedwait");
	expect(errno, ETIMEDOUT, "sem_timedwait");
	expect(sem_trywait(&s->sem), -1, "sem_trywait");
	expect(errno, EAGAIN, "sem_trywait");
	sem_post(&s->sem);
	sem_getvalue(&s->sem, &value);
	expect(value, 1, "sem_getvalue");
	expect(pthread_rwlock_wrlock(&s->rwlock), 0, "wrlock");
	expect(pthread_rwlock_rdlock(&s->rwlock), EDEADLK, "rdlock");
	expect(pthread_rwlock_trywrlock(&s->rwlock), EBUSY, "trywrlock");
	expect(pthread_rwlock_unlock(&s->rwlock), 0, "unlock");
	expect(pthread_rwlock_rdlock(&s->rwlock), 0, "rdlock");
	expect(pthread_rwlock_tryrdlock(&s->rwlock), 0, "tryrdlock");
	until = soon();
	expect(pthread_rwlock_timedwrlock(&s->rwlock, &until), ETIMEDOUT, "timedwrlock");
	expect(pthread_barrier_init(&s->unmade, NULL, 0), EINVAL, "a barrier for nobody");
}

static void left_dies(void)
{
	pthread_mutex_lock(&the()->robust);
}

static void right_mends(void)
{
	pthread_mutex_t *m = &the()->robust;

	expect(pthread_mutex_lock(m), EOWNERDEAD, "its owner has died");
	expect(pthread_mutex_consistent(m), 0, "mend");
	expect(pthread_mutex_consistent(m), EINVAL, "mend again");
	expect(pthread_mutex_unlock(m), 0, "unlock");
	expect(pthread_mutex_unlock(m), EPERM, "unlock again");
	expect(pthread_mutex_lock(m), 0, "lock");
}

static void right_gives_up(void)
{
	pthread_mutex_t *m = &the()->robust;

	expect(pthread_mutex_lock(m), EOWNERDEAD, "its owner has died");
	expect(pthread_mutex_unlock(m), 0, "unlock");
	expect(pthread_mutex_lock(m), ENOTRECOVERABLE, "lost");
	expect(pthread_mutex_trylock(m), ENOTRECOVERABLE, "lost");
}

/* ---- loops that wait ---- */

static void poll_flag(void)
{
	uint64_t ready = 0;

	while (!ready) {
		pthread_mutex_lock(&the()->mutex);
		ready = the()->ready;
		pthread_mutex_unlock(&the()->mutex);
	}
}

static void set_flag(void)
{
	pthread_mutex_lock(&the()->mutex);
	the()->ready = 1;
	pthread_mutex_unlock(&the()->mutex);
}

static void poll_others(void)
{
	struct shared *s = the();
	int value = 0;

	while (sem_trywait(&s->sem) == 0)
		;
	while (sem_trywait(&s->sem) != 0)
		;
	while (value == 0)
		sem_getvalue(&s->sem, &value);
	while (pthread_spin_trylock(&s->spin) != 0)
		;
	while (pthread_rwlock_tryrdlock(&s->rwlock) != 0)
		;
}

static void let_go(void)
{
	struct shared *s = the();

	pthread_spin_lock(&s->spin);
	pthread_rwlock_wrlock(&s->rwlock);
	sem_post(&s->sem);
	sem_post(&s->sem);
	pthread_spin_unlock(&s->spin);
	pthread_rwlock_unlock(&s->rwlock);
}

/* ---- deadlocks ---- */

static void lock_twice(void)
{
	pthread_mutex_lock(&the()->mutex);
	pthread_mutex_lock(&the()->mutex);
}

static void lock_own_twice(void)
{
	pthread_mutex_lock(&own);
	pthread_mutex_lock(&own);
}

static void lock_and_end(void)
{
	pthread_mutex_lock(&the()->mutex);
}

static void upgrade(void)
{
	pthread_rwlock_rdlock(&the()->rwlock);
	pthread_rwlock_wrlock(&the()->rwlock);
}

static void wait_alone(void)
{
	pthread_barrier_wait(&the()->barrier);
}

static void wait_unheard(void)
{
	pthread_mutex_lock(&the()->mutex);
	pthread_cond_wait(&the()->cond, &the()->mutex);
}

static void drain(void)
{
	sem_wait(&the()->sem);
	sem_wait(&the()->sem);
}

/* Left reads until right wants to write, and then again. */
static void read_twice(void)
{
	pthread_rwlock_rdlock(&the()->for_writers);
	pthread_mutex_lock(&the()->mutex);
	while (!the()->ready)
		pthread_cond_wait(&the()->cond, &the()->mutex);
	pthread_rwlock_rdlock(&the()->for_writers);
}

static void write_once(void)
{
	set_flag();
	pthread_cond_signal(&the()->cond);
	pthread_rwlock_wrlock(&the()->for_writers);
}

/* ---- what POSIX leaves undefined ---- */

static void unlock_free(void)
{
	pthread_mutex_unlock(&the()->mutex);
}

static void destroy_locked(void)
{
	pthread_mutex_lock(&the()->mutex);
	pthread_mutex_destroy(&the()->mutex);
}

static void init_locked(void)
{
	pthread_mutex_lock(&the()->mutex);
	pthread_mutex_init(&the()->mutex, NULL);
}

static void lock_destroyed(void)
{
	pthread_mutex_destroy(&the()->mutex);
	pthread_mutex_lock(&the()->mutex);
}

static void wait_unlocked(void)
{
	pthread_cond_wait(&the()->cond, &the()->mutex);
}

static void wait_with_other(void)
{
	pthread_mutex_lock(&the()->other);
	pthread_cond_wait(&the()->cond, &the()->other);
}

static void destroy_condition(void)
{
	pthread_cond_destroy(&the()->cond);
}

static void signal_destroyed(void)
{
	pthread_cond_destroy(&the()->cond);
	pthread_cond_signal(&the()->cond);
}

static void unlock_rwlock(void)
{
	pthread_rwlock_unlock(&the()->rwlock);
}

static void destroy_rwlock(void)
{
	pthread_rwlock_rdlock(&the()->rwlock);
	pthread_rwlock_destroy(&the()->rwlock);
}

static void wait_unmade(void)
{
	pthread_barrier_wait(&the()->unmade);
}

static void destroy_barrier(void)
{
	pthread_barrier_destroy(&the()->barrier);
}

static void destroy_semaphore(void)
{
	sem_destroy(&the()->sem);
}

static void spin_twice(void)
{
	pthread_spin_lock(&the()->spin);
	pthread_spin_lock(&the()->spin);
}

static void unlock_spin(void)
{
	pthread_spin_unlock(&the()->spin);
}

/* Left plays the one, right the other. */
/* clang-format off */
#define ACTS(ACT) \
	ACT("relock", relock, nothing) \
	ACT("time-out", time_out, nothing) \
	ACT("mends", left_dies, right_mends) \
	ACT("gives-up", left_dies, right_gives_up) \
	ACT("polls", poll_flag, set_flag) \
	ACT("polls-others", poll_others, let_go) \
	ACT("polls-for-ever", poll_flag, poll_flag) \
	ACT("locks-twice", lock_twice, nothing) \
	ACT("locks-own-twice", lock_own_twice, nothing) \
	ACT("ends-locked", lock_and_end, set_flag) \
	ACT("upgrades", upgrade, nothing) \
	ACT("waits-alone", wait_alone, nothing) \
	ACT("waits-unheard", wait_unheard, nothing) \
	ACT("drains", drain, nothing) \
	ACT("reads-twice", read_twice, write_once) \
	ACT("unlocks-free", unlock_free, nothing) \
	ACT("destroys-locked", destroy_locked, nothing) \
	ACT("inits-locked", init_locked, nothing) \
	ACT("locks-destroyed", lock_destroyed, nothing) \
	ACT("waits-unlocked", wait_unlocked, nothing) \
	ACT("waits-with-other", wait_unheard, wait_with_other) \
	ACT("destroys-condition", wait_unheard, destroy_condition) \
	ACT("signals-destroyed", signal_destroyed, nothing) \
	ACT("unlocks-rwlock", unlock_rwlock, nothing) \
	ACT("destroys-rwlock", destroy_rwlock, nothing) \
	ACT("waits-unmade", wait_unmade, nothing) \
	ACT("destroys-barrier", wait_alone, destroy_barrier) \
	ACT("destroys-semaphore", drain, destroy_semaphore) \
	ACT("spins-twice", spin_twice, nothing) \
	ACT("unlocks-spin", unlock_spin, nothing)
/* clang-format on */

#define PLAYS(name, left, right) { left, right },
static const struct {
	void (*left)(void);
	void (*right)(void);
} acts[] = { ACTS(PLAYS) };

static void play_left(unsigned index)
{
	(void)index;
	acts[cf_variant()].left();
}

static void play_right(unsigned index)
{
	(void)index;
	acts[cf_variant()].right();
}

static void init_mutex(pthread_mutex_t *mutex, int type, int robust)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, type);
	pthread_mutexattr_setrobust(&attributes, robust);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(mutex, &attributes);
}

static void init(void)
{
	struct shared *s = the();
	pthread_rwlockattr_t attributes;

	init_mutex(&s->recursive, PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_STALLED);
	init_mutex(&s->checking, PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_STALLED);
	init_mutex(&s->robust, PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ROBUST);
	pthread_rwlockattr_init(&attributes);
	pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(&s->for_writers, &attributes);
	pthread_barrier_init(&s->barrier, NULL, 2);
	sem_init(&s->sem, 1, 1);
}

static const struct cf_role roles[] = {
	{ "left", NULL, play_left },
	{ "right", NULL, play_right },
	{ 0 },
};

#define VARIES(name, left, right) { name, #left " and " #right, CF_SC, NULL },
static const struct cf_variant_spec variants[] = { ACTS(VARIES){ 0 } };

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "misuse",
	.summary = "what pthread says of misuse",
	.shared_size = sizeof(struct shared),
	.flags = CF_FIBERS,
	.roles = roles,
	.variants = variants,
	.init = init,
};
