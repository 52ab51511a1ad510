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

static inline void truth_made(const void *item, unsigned id, const char *site)
{
	if (!item)
		cf_fact("X1");
	truth()->made[id % TRUTH_ITEMS] = 1;
	cf_item_made(id, site);
}

static inline void truth_put(const void *item, unsigned id, const char *site)
{
	if (!truth()->made[id % TRUTH_ITEMS])
		cf_fact("X4");
	truth()->in[truth()->put++ % TRUTH_ITEMS] = item;
	cf_item_handed(id, site);
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

static inline void truth_freed(unsigned id, const char *site)
{
	if (truth()->freed[id % TRUTH_ITEMS])
		cf_fact("X3");
	truth()->freed[id % TRUTH_ITEMS] = 1;
	cf_item_freed(id, site);
}

/* By the reader, who has had it in hand meanwhile. */
static inline void truth_used(const void *item, unsigned id, const char *site)
{
	if (item != truth()->out)
		cf_fact("X6");
	truth_freed(id, site);
}

static inline int truth_rejected(int err)
{
	if (err)
		cf_fact("rejected");
	return err;
}

#endif
