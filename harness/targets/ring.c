/* SPDX-License-Identifier: Apache-2.0
 *
 * ring - perf's ring buffer in our own shared memory: records of variable size, a head that only
 * the producer advances (data_head: store release, load acquire) and a tail that only the consumer
 * advances (data_tail), both counting on for ever, a record split in two at the wrap. Unlike the
 * kernel, which counts a lost record, this producer waits for room. Units are 8-byte words. With
 * the default parameters the third record is the one that wraps.
 *
 * Oracle: a record is its header (sequence, length), payload and checksum; what the consumer
 * copied must be exactly the record that is next, word by word. At the end nothing is missing.
 *
 * ordered               the protocol as documented
 * head-without-release  the head may become visible before the words it announces
 * head-without-acquire  the words may be read before the head that announces them
 * tail-before-copy      the consumer gives the space back first, and copies what replaced it
 * split-at-wrap         the producer publishes each part of a wrapped record on its own, so the
 *                       consumer meets a header whose record isn't there yet
 * tail-without-release  the space may be given back before the last word is copied: only where a store
 *                       overtakes an earlier load
 */
#include <stdatomic.h>

#include "cryofuzz.h"

enum { RECORDS, ORDER };

enum {
	ORDERED,
	HEAD_WITHOUT_RELEASE,
	HEAD_WITHOUT_ACQUIRE,
	TAIL_BEFORE_COPY,
	SPLIT_AT_WRAP,
	TAIL_WITHOUT_RELEASE,
};

enum { MAX_ORDER = 5, MIN_RECORD = 3, MAX_RECORD = 5 };

struct ring {
	_Atomic uint64_t head;
	_Atomic uint64_t tail;
	uint64_t data[1 << MAX_ORDER];
};

struct ledger {
	unsigned sent, got;
};

static struct ring *the_ring(void)
{
	return cf_shared();
}

static unsigned ring_size(void)
{
	return 1u << cf_param(ORDER);
}

static uint64_t *at(struct ring *r, uint64_t position)
{
	return &r->data[position & (ring_size() - 1)];
}

/* ---- records ---- */

static unsigned length_of(unsigned seq)
{
	return MIN_RECORD + seq % (MAX_RECORD - MIN_RECORD + 1);
}

/* Sequence and length are told apart from each other and from zeroed memory by the mark. */
static unsigned compose(uint64_t *record, unsigned seq)
{
	unsigned i, n = length_of(seq);
	uint64_t sum;

	record[0] = sum = 0x7265000000000000ull | (uint64_t)seq << 16 | n;
	for (i = 1; i < n - 1; i++)
		sum += record[i] = (uint64_t)(seq + 1) << 32 | i;
	record[n - 1] = ~sum;
	return n;
}

/* A header that isn't there yet must not lead out of the record's array. */
static unsigned length_in(uint64_t header)
{
	unsigned n = header & 0xffff;

	return n < MIN_RECORD ? MIN_RECORD : n > MAX_RECORD ? MAX_RECORD : n;
}

static void judge(const uint64_t *record, unsigned n, unsigned seq)
{
	uint64_t expected[MAX_RECORD];
	unsigned i, words = compose(expected, seq);

	if (n != words)
		cf_fail(CF_MISREAD_MESSAGE, "ring.get", "record %u has %u of %u words", seq, n,
			words);
	for (i = 0; i < n; i++)
		if (record[i] != expected[i])
			cf_fail(CF_MISREAD_MESSAGE, "ring.get", "word %u of record %u is %#llx", i,
				seq, (unsigned long long)record[i]);
}

/* ---- producer ---- */

static void publish_head(struct ring *r, uint64_t head)
{
	if (cf_variant() == HEAD_WITHOUT_RELEASE)
		atomic_store_explicit(&r->head, head, memory_order_relaxed);
	else
		atomic_store_explicit(&r->head, head, memory_order_release);
}

static void put(struct ring *r, const uint64_t *record, unsigned n)
{
	uint64_t head = atomic_load_explicit(&r->head, memory_order_relaxed);
	unsigned i;

	while (head + n - atomic_load_explicit(&r->tail, memory_order_acquire) > ring_size())
		;
	for (i = 0; i < n; i++) {
		if (i && at(r, head + i) == r->data && cf_variant() == SPLIT_AT_WRAP)
			publish_head(r, head + i);
		*at(r, head + i) = record[i];
	}
	publish_head(r, head + n);
}

static void producer(unsigned index)
{
	struct ledger *ledger = cf_ledger();
	uint64_t record[MAX_RECORD];
	unsigned n;

	(void)index;
	while (ledger->sent < (unsigned)cf_param(RECORDS)) {
		n = compose(record, ledger->sent++);
		put(the_ring(), record, n);
	}
}

/* ---- consumer ---- */

static uint64_t see_head(struct ring *r)
{
	if (cf_variant() == HEAD_WITHOUT_ACQUIRE)
		return atomic_load_explicit(&r->head, memory_order_relaxed);
	return atomic_load_explicit(&r->head, memory_order_acquire);
}

static void publish_tail(struct ring *r, uint64_t tail)
{
	if (cf_variant() == TAIL_WITHOUT_RELEASE)
		atomic_store_explicit(&r->tail, tail, memory_order_relaxed);
	else
		atomic_store_explicit(&r->tail, tail, memory_order_release);
}

static unsigned get(struct ring *r, uint64_t *record)
{
	uint64_t tail = atomic_load_explicit(&r->tail, memory_order_relaxed);
	unsigned i, n;

	while (see_head(r) == tail)
		;
	n = length_in(*at(r, tail));
	if (cf_variant() == TAIL_BEFORE_COPY)
		publish_tail(r, tail + n);
	for (i = 0; i < n; i++)
		record[i] = *at(r, tail + i);
	if (cf_variant() != TAIL_BEFORE_COPY)
		publish_tail(r, tail + n);
	return n;
}

static void consumer(unsigned index)
{
	struct ledger *ledger = cf_ledger();
	uint64_t record[MAX_RECORD];
	unsigned n;

	(void)index;
	while (ledger->got < (unsigned)cf_param(RECORDS)) {
		n = get(the_ring(), record);
		judge(record, n, ledger->got++);
	}
}

static const struct cf_role roles[] = {
	{ "consumer", NULL, consumer },
	{ "producer", NULL, producer },
	{ 0 },
};

static const struct cf_param_spec params[] = {
	[RECORDS] = { "records", 1, 16, 3, "records that are sent" },
	[ORDER] = { "order", 3, MAX_ORDER, 3, "binary logarithm of the ring's size in words" },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	[ORDERED] = { "ordered", "head and tail by release and acquire", CF_SC, NULL },
	[HEAD_WITHOUT_RELEASE] = { "head-without-release", "the head is stored relaxed", CF_WEAK,
				   "misread-message in ring.get" },
	[HEAD_WITHOUT_ACQUIRE] = { "head-without-acquire", "the head is loaded relaxed", CF_WEAK,
				   "misread-message in ring.get" },
	[TAIL_BEFORE_COPY] = { "tail-before-copy", "the space is given back before the copy", CF_SC,
			       "misread-message in ring.get" },
	[SPLIT_AT_WRAP] = { "split-at-wrap", "the first part is published on its own", CF_SC,
			    "misread-message in ring.get" },
	[TAIL_WITHOUT_RELEASE] = { "tail-without-release", "the tail is stored relaxed",
				   CF_WEAK_EARLY, "misread-message in ring.get" },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "ring",
	.summary = "ring buffer of variable-size records, head and tail as perf has them",
	.shared_size = sizeof(struct ring),
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
};
