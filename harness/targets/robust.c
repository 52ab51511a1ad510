/* SPDX-License-Identifier: Apache-2.0
 *
 * robust - a pair behind a robust mutex. Whoever has it may be killed in the middle of a change; the next
 * one is told so, mends the pair, says that it is consistent again, and goes on.
 *
 * Oracle: the pair that is found is one, the lock can be had, and nobody waits for ever.
 *
 * mended        as it should be
 * not-mended    says that all is consistent without a look
 * not-declared  mends the pair, but does not say so: nobody ever gets the lock again
 * stalled       an ordinary mutex: it died with its owner
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "cryofuzz.h"

enum { WORKERS, ROUNDS };

enum { MENDED, NOT_MENDED, NOT_DECLARED, STALLED };

struct shared {
	pthread_mutex_t mutex;
	_Alignas(8) uint64_t first;
	_Alignas(8) uint64_t second;
};

static struct shared *the(void)
{
	return cf_shared();
}

static void mend(void)
{
	struct shared *s = the();

	if (cf_variant() != NOT_MENDED)
		s->second = s->first;
	if (cf_variant() != NOT_DECLARED)
		pthread_mutex_consistent(&s->mutex);
}

static void take(void)
{
	int status = pthread_mutex_lock(&the()->mutex);

	if (status == EOWNERDEAD)
		mend();
	else if (status != 0)
		cf_fail(CF_INVARIANT, "robust.lock", "%s", strerror(status));
}

static void change(void)
{
	struct shared *s = the();
	uint64_t first = s->first, second = s->second;

	if (first != second)
		cf_fail(CF_INVARIANT, "robust.section", "the pair is %llu, %llu",
			(unsigned long long)first, (unsigned long long)second);
	s->first = first + 1;
	s->second = first + 1;
}

static void worker(unsigned index)
{
	int i;

	(void)index;
	for (i = 0; i < cf_param(ROUNDS); i++) {
		take();
		change();
		pthread_mutex_unlock(&the()->mutex);
	}
}

static void init(void)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	if (cf_variant() != STALLED)
		pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&the()->mutex, &attributes);
}

static const struct cf_role roles[] = {
	{ "worker", "workers", worker },
	{ 0 },
};

static const struct cf_param_spec params[] = {
	[WORKERS] = { "workers", 2, 4, 2, "actors that compete for the lock" },
	[ROUNDS] = { "rounds", 1, 4, 1, "times that each takes it" },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	[MENDED] = { "mended", "whoever comes next mends what the dead one left", CF_SC, NULL },
	[NOT_MENDED] = { "not-mended", "takes it for consistent", CF_SC,
			 "invariant in robust.section", .faults = 1 },
	[NOT_DECLARED] = { "not-declared", "does not say that it is consistent again", CF_SC,
			   "invariant in robust.lock", .faults = 1 },
	[STALLED] = { "stalled", "the mutex is not robust", CF_SC, "deadlock in robust.worker",
		      .faults = 1 },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "robust",
	.summary = "a robust mutex whose owner may be killed",
	.shared_size = sizeof(struct shared),
	.flags = CF_SURVIVES_FAULTS,
	.roles = roles,
	.params = params,
	.variants = variants,
	.init = init,
};
