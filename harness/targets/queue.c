/* SPDX-License-Identifier: Apache-2.0
 *
 * queue - the message queue of an industrial controller that lost a year-old bet on a weakly
 * ordered CPU (a 4-core Loongson GS464E): writers put a pointer in fifo[next_in] and advance
 * next_in, the reader waits while next_in == next_out, takes fifo[next_out], works and frees. One
 * slot always stays empty. Writers exclude each other with a lock; who finds the queue full frees
 * the item itself. Giving way after each message makes the default run the design load.
 *
 * Oracles: every item's way is tracked outside of the models (made, handed over, taken, freed);
 * the tag in an item's memory belongs to its place in the pool; after the end no item is left.
 *
 * full                 both barriers: the repaired queue
 * no-barrier           the incident: next_in overtakes the pointer on either side, so the reader
 *                      takes what the slot held one lap ago
 * write-barrier-only   the reader's load of the slot may still precede that of next_in
 * read-barrier-only    the writer's next_in may still become visible before the slot
 * double-free-on-full  push() frees what it rejects, and so does its caller
 * lost-on-wrap         after the last slot the reader goes on where the writers are
 * leak-on-full         who finds the queue full forgets to free
 */
#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "queue_truth.h"

enum { WRITERS, MESSAGES, CAPACITY };
enum {
	FULL,
	NO_BARRIER,
	WRITE_BARRIER_ONLY,
	READ_BARRIER_ONLY,
	DOUBLE_FREE_ON_FULL,
	LOST_ON_WRAP,
	LEAK_ON_FULL,
};

enum { MAX_WRITERS = 4, MAX_MESSAGES = 16, MAX_CAPACITY = 8 };

struct item {
	uint64_t tag;
};

/* Each field has an 8-byte word of its own: the models reorder words, not bytes in a word. */
struct queue {
	_Alignas(8) volatile uint32_t next_in;
	_Alignas(8) volatile uint32_t next_out;
	_Alignas(8) atomic_uint lock;
	_Alignas(8) uint32_t sent; /* statistics, under the lock */
	_Alignas(8) atomic_uint busy; /* writers that have something to say yet */
	struct item *volatile fifo[MAX_WRITERS * MAX_CAPACITY + 1];
	struct item pool[MAX_WRITERS * MAX_MESSAGES];
};

static struct queue *the_queue(void)
{
	return cf_shared();
}

/* All writers' messages of one round fit in, so the default run rejects nothing. */
static unsigned slots(void)
{
	return (unsigned)(cf_param(WRITERS) * cf_param(CAPACITY)) + 1;
}

static unsigned id_of(const struct item *item)
{
	return (unsigned)(item - the_queue()->pool);
}

static uint64_t tag_of(unsigned id)
{
	return 0x7461670000000000ull + id;
}

static void write_barrier(void)
{
	if (cf_variant() != NO_BARRIER && cf_variant() != READ_BARRIER_ONLY)
		atomic_thread_fence(memory_order_release);
}

static void read_barrier(void)
{
	if (cf_variant() != NO_BARRIER && cf_variant() != WRITE_BARRIER_ONLY)
		atomic_thread_fence(memory_order_acquire);
}

static void lock(struct queue *q)
{
	while (atomic_exchange_explicit(&q->lock, 1, memory_order_acquire))
		;
}

static void unlock(struct queue *q)
{
	atomic_store_explicit(&q->lock, 0, memory_order_release);
}

static int push(struct queue *q, struct item *item)
{
	int err = -ENOBUFS;
	unsigned in, next;

	lock(q);
	in = q->next_in;
	next = (in + 1) % slots();
	if (next != q->next_out) {
		cf_item_handed(truth_put(item, id_of(item)), "queue.push");
		q->fifo[in] = item;
		write_barrier();
		q->next_in = next;
		q->sent++;
		err = 0;
	} else if (cf_variant() == DOUBLE_FREE_ON_FULL) {
		cf_item_freed(truth_freed(id_of(item)), "queue.push");
	}
	unlock(q);
	return err;
}

static bool is_over(struct queue *q)
{
	/* The second look sees all that was sent before the last writer left. */
	return !atomic_load_explicit(&q->busy, memory_order_acquire) && q->next_in == q->next_out;
}

static unsigned slot_after(struct queue *q, unsigned out)
{
	if (cf_variant() == LOST_ON_WRAP && out + 1 == slots())
		return q->next_in;
	return (out + 1) % slots();
}

/* Returns false when the queue is empty for good. */
static bool pop(struct queue *q, struct item **item)
{
	unsigned out;

	while (q->next_in == q->next_out)
		if (is_over(q))
			return false;
	read_barrier();
	out = q->next_out;
	*item = q->fifo[out];
	write_barrier();
	q->next_out = slot_after(q, out);
	return true;
}

static void judge(const struct item *item)
{
	if (!item)
		cf_fail(CF_STALE_READ, "queue.pop", "the slot was read before it was ever filled");
	cf_item_taken(id_of(item), "queue.pop");
	if (!truth_reached(item, item->tag == tag_of(id_of(item))))
		cf_fail(CF_STALE_READ, "queue.pop", "item %u has the tag %#llx", id_of(item),
			(unsigned long long)item->tag);
}

static void reader(unsigned index)
{
	struct item *item;

	(void)index;
	while (pop(the_queue(), &item)) {
		judge(truth_taken(item, the_queue()->pool, the_queue() + 1, sizeof(*item)));
		cf_item_freed(truth_used(item, id_of(item)), "queue.reader");
	}
}

static void writer(unsigned index)
{
	struct queue *q = the_queue();
	unsigned i, messages = (unsigned)cf_param(MESSAGES);

	for (i = 0; i < messages; i++) {
		struct item *item = &q->pool[index * messages + i];

		cf_item_made(truth_made(item, id_of(item)), "queue.writer");
		item->tag = tag_of(id_of(item));
		if (truth_rejected(push(q, item)) && cf_variant() != LEAK_ON_FULL)
			cf_item_freed(truth_freed(id_of(item)), "queue.writer");
		sched_yield();
	}
	atomic_fetch_sub_explicit(&q->busy, 1, memory_order_release);
}

static void init(void)
{
	struct queue *q = the_queue();

	/* In the middle of its life: the wrap is in reach of three messages. */
	q->next_in = q->next_out = slots() / 2;
	atomic_init(&q->busy, (unsigned)cf_param(WRITERS));
}

static void check(void)
{
	cf_items_check("queue.fifo");
}

static const struct cf_role roles[] = {
	{ "reader", NULL, reader },
	{ "writer", "writers", writer },
	{ 0 },
};

static const struct cf_param_spec params[] = {
	[WRITERS] = { "writers", 1, MAX_WRITERS, 1, "actors that send" },
	[MESSAGES] = { "messages", 1, MAX_MESSAGES, 3, "messages of each writer" },
	[CAPACITY] = { "capacity", 1, MAX_CAPACITY, 2, "messages that fit in, for each writer" },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	[FULL] = { "full", "both barriers", CF_SC, NULL },
	[NO_BARRIER] = { "no-barrier", "no barrier on either side", CF_WEAK,
			 "stale-read in queue.pop" },
	[WRITE_BARRIER_ONLY] = { "write-barrier-only", "the reader has no barrier", CF_WEAK,
				 "stale-read in queue.pop" },
	[READ_BARRIER_ONLY] = { "read-barrier-only", "the writers have no barrier", CF_WEAK,
				"stale-read in queue.pop" },
	[DOUBLE_FREE_ON_FULL] = { "double-free-on-full", "a rejected item is freed twice", CF_SC,
				  "double-free in queue.writer" },
	[LOST_ON_WRAP] = { "lost-on-wrap", "the reader skips what is behind the wrap", CF_SC,
			   "lost-message in queue.fifo" },
	[LEAK_ON_FULL] = { "leak-on-full", "a rejected item is not freed", CF_SC,
			   "leak in queue.fifo" },
	{ 0 },
};

/* The fault tree by which its authors found the cause, and what it has no leaf for: no pointer is wrong, but
 * a weakly ordered CPU may show it before what it leads to. */
static const struct cf_fact_spec facts[] = {
	{ "M1", NULL, "a pointer was misused" },
	{ "X1", "M1", "its memory could not be allocated (it is part of a pool)" },
	{ "X2", "M1", "it was offset" },
	{ "X3", "M1", "it was freed twice" },
	{ "M2", NULL, "a pointer was changed" },
	{ "X4", "M2", "before it was put into the queue" },
	{ "X5", "M2", "inside the queue" },
	{ "X6", "M2", "after it was taken out" },
	{ "M3", NULL, "a pointer was right (this is not in their tree)" },
	{ "Y1", "M3", "what it leads to could not be seen yet" },
	{ "rejected", NULL, "the queue was full", 1 },
	{ 0 },
};

static const struct cf_load_spec loads[] = {
	{ "design load", "writers=3 messages=2 capacity=2", "all of it fits in", NULL },
	{ "limit", "writers=3 messages=3 capacity=1", "what does not fit in is dropped, freed once",
	  "rejected" },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "queue",
	.summary = "queue of pointers between writers and one reader, index by index",
	.shared_size = sizeof(struct queue),
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
	.init = init,
	.check = check,
	.facts = facts,
	.loads = loads,
};
