/* SPDX-License-Identifier: Apache-2.0
 * queue_truth.h - what has really become of the pointers, outside of every memory model: facts for the fault
 * tree of that day. */
#ifndef CRYOFUZZ_QUEUE_TRUTH_H
#define CRYOFUZZ_QUEUE_TRUTH_H

#include "cryofuzz.h"

enum { TRUTH_ITEMS = 64 };

struct truth {
	unsigned put, taken; /* so many */
	const void *in[TRUTH_ITEMS]; /* in the order in which they were put in */
	const void *out; /* what the reader took last */
	unsigned char made[TRUTH_ITEMS], freed[TRUTH_ITEMS];
};

static inline struct truth *truth(void)
{
	return (struct truth *)cf_ledger();
}

/* Each of these gives the id of the item. */
static inline unsigned truth_made(const void *item, unsigned id)
{
	if (!item)
		cf_fact("X1");
	truth()->made[id % TRUTH_ITEMS] = 1;
	return id;
}

static inline unsigned truth_put(const void *item, unsigned id)
{
	if (!truth()->made[id % TRUTH_ITEMS])
		cf_fact("X4");
	truth()->in[truth()->put++ % TRUTH_ITEMS] = item;
	return id;
}

/* Gives the item. `first` to `end`, of that size each, are all there are. */
static inline void *truth_taken(void *item, const void *first, const void *end, size_t size)
{
	size_t offset = (size_t)((const char *)item - (const char *)first);

	if (item && (item < first || item >= end || offset % size))
		cf_fact("X2");
	if (item != truth()->in[truth()->taken++ % TRUTH_ITEMS])
		cf_fact("X5");
	truth()->out = item;
	return item;
}

static inline unsigned truth_freed(unsigned id)
{
	if (truth()->freed[id % TRUTH_ITEMS])
		cf_fact("X3");
	truth()->freed[id % TRUTH_ITEMS] = 1;
	return id;
}

/* Whether what the reader found there is `right`, and if not, whether it looked in the right place. */
static inline int truth_reached(const void *item, int right)
{
	if (!right && item == truth()->in[(truth()->taken - 1) % TRUTH_ITEMS])
		cf_fact("Y1");
	return right;
}

/* By the reader, who has had it in hand meanwhile. */
static inline unsigned truth_used(const void *item, unsigned id)
{
	if (item != truth()->out)
		cf_fact("X6");
	return truth_freed(id);
}

static inline int truth_rejected(int err)
{
	if (err)
		cf_fact("rejected");
	return err;
}

#endif
