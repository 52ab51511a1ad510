/* SPDX-License-Identifier: Apache-2.0
 *
 * A record against the truth: the kernel wrote it whole, for the trigger that is next in its ring, unless
 * a record before it has told that some were lost.
 */
#include <string.h>

#include "perfring.h"

unsigned size_of(const struct perf_event_header *header)
{
	return header->size < sizeof(*header) || header->size > RECORD_SIZE ? TORN : header->size;
}

/* PERF_RECORD_LOST. */
struct lost {
	struct perf_event_header header;
	uint64_t id, lost;
};

static uint64_t word_at(const struct record *r, unsigned at)
{
	uint64_t word;

	memcpy(&word, (const uint8_t *)r + at, sizeof(word));
	return word;
}

static unsigned which_event(unsigned ring, const struct record *r)
{
	return r->id == rings.ring[ring].id[FIRST] ? FIRST : SECOND;
}

static const struct layout *layout_of(unsigned ring, const struct record *r)
{
	return &the_source()->layout[which_event(ring, r)];
}

static uint64_t trigger_of(unsigned ring, const struct record *r)
{
	return (word_at(r, layout_of(ring, r)->number) - the_ledger()->first) / the_ledger()->step;
}

/* Else some other page was missing while the producer touched its own: rare, and no harm. */
static bool is_ours(unsigned ring, const struct record *r)
{
	return trigger_of(ring, r) < MAX_TRIGGERS;
}

static uint64_t stack_size(unsigned ring, const struct record *r)
{
	return word_at(r, layout_of(ring, r)->stack);
}

static uint64_t stack_there(const struct record *r)
{
	return word_at(r, RECORD_SIZE - sizeof(uint64_t));
}

static bool is_whole(unsigned ring, const struct record *r, unsigned size)
{
	const struct ring *of = &rings.ring[ring];
	unsigned stack = stack_bytes(layout_of(ring, r));

	return size == RECORD_SIZE && r->header.type == PERF_RECORD_SAMPLE &&
	       (r->id == of->id[FIRST] || r->id == of->id[SECOND]) &&
	       (uint32_t)word_at(r, layout_of(ring, r)->cpu) == cf_processor(ring) &&
	       stack_size(ring, r) == stack && stack_there(r) == stack;
}

bool judge_sample(unsigned ring, const struct record *r, unsigned size)
{
	if (!is_whole(ring, r, size))
		cf_fail(CF_MISREAD_MESSAGE, "perfring.record",
			"what was read of ring %u is no record of %u bytes: type %u, size %u, "
			"stack of "
			"%llu and %llu bytes",
			ring, RECORD_SIZE, r->header.type, r->header.size,
			(unsigned long long)stack_size(ring, r),
			(unsigned long long)stack_there(r));
	return is_ours(ring, r);
}

unsigned records_of(unsigned ring)
{
	const struct ledger *ledger = the_ledger();
	unsigned count = 0;

	for (unsigned i = 0; i < ledger->sent; i++)
		count += ledger->ring_of[i] == ring;
	return count * events_each();
}

unsigned number_of(unsigned ring, const struct record *r)
{
	return (unsigned)trigger_of(ring, r) * events_each() + which_event(ring, r);
}

/* Among the records that the kernel was to write to this ring, from 0. */
static unsigned place_of(unsigned ring, const struct record *r)
{
	const struct ledger *ledger = the_ledger();
	unsigned place = 0;

	for (unsigned i = 0; i < trigger_of(ring, r); i++)
		place += ledger->ring_of[i] == ring;
	return place * events_each() + which_event(ring, r);
}

bool is_lost(const struct perf_event_header *header, unsigned size)
{
	return header->type == PERF_RECORD_LOST && size == sizeof(struct lost);
}

static void count_lost(struct ring *ring, const struct lost *record)
{
	if (cf_variant() != LOST_NOT_COUNTED)
		ring->told += record->lost;
}

bool judge(unsigned ring, const void *record, unsigned size)
{
	struct ring *of = &rings.ring[ring];
	unsigned place;

	if (is_lost(record, size)) {
		count_lost(of, record);
		return false;
	}
	if (!judge_sample(ring, record, size))
		return false;
	place = place_of(ring, record);
	if (place < of->next)
		cf_fail(CF_MISREAD_MESSAGE, "perfring.record", "record %u of ring %u came twice",
			place, ring);
	if (place - of->next > of->told)
		cf_fail(CF_LOST_MESSAGE, "perfring.lost",
			"%u records are missing in ring %u before its record %u, and %llu were "
			"told",
			place - of->next, ring, place, (unsigned long long)of->told);
	of->next = place + 1;
	of->told = 0;
	return true;
}
