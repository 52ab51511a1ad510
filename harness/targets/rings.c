/* SPDX-License-Identifier: Apache-2.0
 *
 * rings - the rest of what a reader of perf's rings can do wrong, in our own shared memory: a ring for each
 * producer, which counts by itself how many records wake the reader, and lost records, which the next
 * record tells. Units are 8-byte words; two records fit into a ring, the third is split at its end.
 *
 * Oracle: what was copied must be the next record of its ring, or the one after as many as were told lost;
 * and when nobody can do anything more, no ring may hold records that the reader was not woken for.
 *
 * flushed              whoever has written its last record wakes the reader, however many there are
 * per-ring             it does not: records in several rings add up to no wake-up
 * split-read-as-whole  a record that wraps is read on behind the ring's end
 * lost-not-counted     how many were lost before a record is not looked at
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "cryofuzz.h"

enum { PRODUCERS, RECORDS, THRESHOLD };
enum { FLUSHED, PER_RING, SPLIT_READ_AS_WHOLE, LOST_NOT_COUNTED };
enum { MAX_PRODUCERS = 3, SIZE = 8, RECORD = 3, PATIENCE_S = 1 };

struct ring {
	_Atomic uint64_t head, tail;
	_Atomic uint64_t lost; /* of all; those at the end no record tells */
	_Atomic uint32_t done;
	uint64_t data[SIZE];
	uint64_t behind[RECORD]; /* never written */
};

struct shared {
	_Atomic uint32_t wakeups; /* futex */
	struct ring ring[MAX_PRODUCERS];
};

static struct shared *the(void)
{
	return cf_shared();
}

/* Sequence, how many were lost just before, and a check over both. */
static void compose(uint64_t record[RECORD], uint64_t seq, uint64_t lost)
{
	record[0] = 0x7267000000000000ull | seq;
	record[1] = lost;
	record[2] = ~(record[0] + lost);
}

/* ---- producers ---------------------------------------------------------------------------------- */

static void wake(void)
{
	atomic_fetch_add_explicit(&the()->wakeups, 1, memory_order_release);
	syscall(SYS_futex, &the()->wakeups, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static int put(struct ring *r, uint64_t seq, uint64_t lost)
{
	uint64_t head = atomic_load_explicit(&r->head, memory_order_relaxed), record[RECORD];

	if (head + RECORD - atomic_load_explicit(&r->tail, memory_order_acquire) > SIZE)
		return 0;
	compose(record, seq, lost);
	for (unsigned i = 0; i < RECORD; i++)
		r->data[(head + i) % SIZE] = record[i];
	atomic_store_explicit(&r->head, head + RECORD, memory_order_release);
	return 1;
}

static void producer(unsigned index)
{
	struct ring *r = &the()->ring[index];
	unsigned pending = 0;
	uint64_t lost = 0;

	for (int seq = 0; seq < cf_param(RECORDS); seq++) {
		if (!put(r, (uint64_t)seq, lost)) {
			lost++;
			atomic_fetch_add_explicit(&r->lost, 1, memory_order_release);
			continue;
		}
		lost = 0;
		if (++pending >= (unsigned)cf_param(THRESHOLD)) {
			wake();
			pending = 0;
		}
	}
	atomic_store_explicit(&r->done, 1, memory_order_release);
	if (cf_variant() != PER_RING)
		wake();
}

/* ---- reader ------------------------------------------------------------------------------------- */

/* Of one ring. */
struct account {
	uint64_t next; /* sequence of the record that is to come */
	uint64_t read;
};

static void judge(unsigned ring, const uint64_t record[RECORD], struct account *a)
{
	uint64_t expected[RECORD], told = cf_variant() == LOST_NOT_COUNTED ? 0 : record[1];
	uint64_t seq = record[0] & 0xffff;

	compose(expected, seq, record[1]);
	for (unsigned i = 0; i < RECORD; i++)
		if (record[i] != expected[i])
			cf_fail(CF_MISREAD_MESSAGE, "rings.record", "word %u of ring %u is %#llx",
				i, ring, (unsigned long long)record[i]);
	if (seq != a->next + told)
		cf_fail(CF_LOST_MESSAGE, "rings.lost",
			"ring %u: record %llu comes instead of %llu, and %llu were told lost", ring,
			(unsigned long long)seq, (unsigned long long)a->next,
			(unsigned long long)told);
	a->next = seq + 1;
	a->read++;
}

static void read_ring(unsigned ring, struct account *a)
{
	struct ring *r = &the()->ring[ring];
	uint64_t tail = atomic_load_explicit(&r->tail, memory_order_relaxed);

	while (atomic_load_explicit(&r->head, memory_order_acquire) != tail) {
		uint64_t record[RECORD];
		unsigned at = tail % SIZE;

		for (unsigned i = 0; i < RECORD; i++)
			record[i] = r->data[cf_variant() == SPLIT_READ_AS_WHOLE ? at + i
										: (at + i) % SIZE];
		tail += RECORD;
		atomic_store_explicit(&r->tail, tail, memory_order_release);
		judge(ring, record, a);
	}
}

/* Whether that was all: each record read, or lost. */
static int is_over(unsigned ring, const struct account *a)
{
	struct ring *r = &the()->ring[ring];

	return a->read + atomic_load_explicit(&r->lost, memory_order_acquire) ==
	       (uint64_t)cf_param(RECORDS);
}

/* False if the reader was not woken, and nobody is left who could do it. */
static int sleep_until_woken(uint32_t seen)
{
	const struct timespec patience = { PATIENCE_S, 0 };

	if (syscall(SYS_futex, &the()->wakeups, FUTEX_WAIT, seen, &patience, NULL, 0) == 0 ||
	    errno != ETIMEDOUT)
		return 1;
	for (int i = 0; i < cf_param(PRODUCERS); i++)
		if (!atomic_load_explicit(&the()->ring[i].done, memory_order_acquire))
			return 1;
	return 0;
}

static _Noreturn void tell_unread(void)
{
	char text[96] = "";
	size_t at = 0;

	for (unsigned i = 0; i < (unsigned)cf_param(PRODUCERS) && at < sizeof(text); i++) {
		struct ring *r = &the()->ring[i];

		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%llu in ring %u",
				       i > 0 ? ", " : "",
				       (unsigned long long)((r->head - r->tail) / RECORD), i);
	}
	cf_fail(CF_LOST_WAKEUP, "rings.wait",
		"the reader sleeps, with unread records: %s; each ring wakes it at %d", text,
		cf_param(THRESHOLD));
}

static void reader(unsigned index)
{
	struct account accounts[MAX_PRODUCERS] = { 0 };
	uint32_t seen;
	int over;

	(void)index;
	for (;;) {
		seen = atomic_load_explicit(&the()->wakeups, memory_order_acquire);
		over = 1;
		for (unsigned i = 0; i < (unsigned)cf_param(PRODUCERS); i++) {
			read_ring(i, &accounts[i]);
			over &= is_over(i, &accounts[i]);
		}
		if (over)
			return;
		if (!sleep_until_woken(seen))
			tell_unread();
	}
}

static const struct cf_role roles[] = {
	{ "reader", NULL, reader },
	{ "producer", "producers", producer },
	{ 0 },
};

static const struct cf_param_spec params[] = {
	[PRODUCERS] = { "producers", 1, MAX_PRODUCERS, 2, "each with a ring of its own" },
	[RECORDS] = { "records", 1, 6, 2, "that each writes" },
	[THRESHOLD] = { "threshold", 1, 3, 1, "records in a ring that wake the reader" },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	[FLUSHED] = { "flushed", "whoever is done wakes the reader", CF_SC, NULL },
	[PER_RING] = { "per-ring", "records in several rings add up to no wake-up", CF_SC,
		       "lost-wakeup in rings.wait" },
	[SPLIT_READ_AS_WHOLE] = { "split-read-as-whole",
				  "a record that wraps is read on behind the ring's end", CF_SC,
				  "misread-message in rings.record" },
	[LOST_NOT_COUNTED] = { "lost-not-counted", "what tells of lost records is not looked at",
			       CF_SC, "lost-message in rings.lost" },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "rings",
	.summary = "ring buffers of several producers, each with its own count towards a wake-up",
	.shared_size = sizeof(struct shared),
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
};
