/* SPDX-License-Identifier: Apache-2.0
 *
 * The reader: it waits until the kernel wakes it, reads all rings, and is done when it has seen as many
 * records as it wants. Whoever waits for a second, which here is when nobody else can do anything more,
 * looks why.
 */
#include <stdio.h>
#include <string.h>

#include "perfring.h"

/* ---- records ------------------------------------------------------------------------------------ */

static unsigned read_one(unsigned i)
{
	struct ring *ring = &rings.ring[i];
	struct record record = { 0 };
	unsigned size;

	copy_out(ring, ring->tail, &record, sizeof(record.header));
	size = size_of(&record.header);
	if (cf_variant() == TAIL_BEFORE_COPY)
		publish_tail(ring, ring->tail + size);
	cf_mark("header read");
	copy_out(ring, ring->tail - (cf_variant() == TAIL_BEFORE_COPY ? size : 0), &record, size);
	if (cf_variant() != TAIL_BEFORE_COPY)
		publish_tail(ring, ring->tail + size);
	return judge(i, &record, size);
}

/* A processor that need not keep loads in order may have the record before the head that announces it. This one is
 * made to, on any machine. */
static unsigned read_ahead(unsigned i)
{
	struct ring *ring = &rings.ring[i];
	unsigned met = 0, size;
	struct record record;

	for (;;) {
		copy_out(ring, ring->tail, &record, sizeof(record));
		cf_mark("record read");
		if (!is_unread(ring))
			return met;
		size = size_of(&record.header);
		publish_tail(ring, ring->tail + size);
		met += judge(i, &record, size);
	}
}

static unsigned read_forward(unsigned i)
{
	struct ring *ring = &rings.ring[i];
	unsigned met = 0;

	if (cf_variant() == HEAD_WITHOUT_ACQUIRE)
		return read_ahead(i);
	for (uint64_t head = head_of(ring); ring->tail != head;)
		met += read_one(i);
	return met;
}

/* 1 + the number of the record that is so far from the head, 0 if it tells of none of ours. Those behind it
 * are older than `before`. */
static unsigned look_at(unsigned i, const struct record *record, unsigned size, unsigned before)
{
	unsigned number;

	if (is_lost(&record->header, size) || !judge_sample(i, record, size))
		return 0;
	number = number_of(i, record) + 1;
	if (number >= before)
		cf_fail(CF_MISREAD_MESSAGE, "perfring.record",
			"ring %u: record %u is said to be older than %u", i, number, before);
	return number;
}

/* From the newest one back to the oldest, whose end is overwritten. The head counts down from 0. Returns
 * what was written up to the newest. */
static unsigned read_backward(unsigned i)
{
	const struct ring *ring = &rings.ring[i];
	uint64_t head = head_of(ring), written = -head, at = 0;
	unsigned newest = 0, number, before = UINT32_MAX, size;
	struct record record = { 0 };

	if (written > RING_SIZE)
		written = RING_SIZE;
	for (; at + sizeof(record.header) <= written; at += size) {
		copy_out(ring, head + at, &record, sizeof(record.header));
		size = size_of(&record.header);
		cf_mark("header read");
		if (at + size > written)
			break;
		copy_out(ring, head + at, &record, size);
		number = look_at(i, &record, size, before);
		if (number == 0)
			continue;
		if (number > newest)
			newest = number;
		before = number;
	}
	return newest;
}

static unsigned read_paused(unsigned i)
{
	unsigned newest;

	if (cf_variant() == OVERWRITE_UNPAUSED)
		return read_backward(i);
	pause_output(i, true);
	newest = read_backward(i);
	pause_output(i, false);
	return newest;
}

/* How many of the records that are wanted have been seen now, of which `met` were before. */
static unsigned read_all(unsigned met)
{
	for (unsigned i = 0; i < rings.count; i++) {
		unsigned seen = overwrites() ? read_paused(i) : read_forward(i);

		if (!overwrites())
			met += seen;
		else if (seen > met)
			met = seen;
	}
	return met;
}

/* ---- in the end --------------------------------------------------------------------------------- */

static uint64_t all_lost(void)
{
	uint64_t lost = 0;

	for (unsigned i = 0; i < rings.count; i++)
		lost += lost_in(i);
	return lost;
}

static bool any_unread(unsigned met)
{
	bool unread = false;

	for (unsigned i = 0; i < rings.count; i++)
		unread |= is_unread(&rings.ring[i]);
	return overwrites() ? met < the_ledger()->sent * events_each() : unread;
}

static _Noreturn void fail_by_rings(void)
{
	char text[128] = "";
	size_t at = 0;

	for (unsigned i = 0; i < rings.count && at < sizeof(text); i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%u in ring %u",
				       i > 0 ? ", " : "", records_of(i) - rings.ring[i].next, i);
	cf_fail(CF_LOST_WAKEUP, "perfring.wait",
		"the reader sleeps, with unread records: %s; each ring wakes it at %d", text,
		cf_param(THRESHOLD));
}

/* A record that was lost is missing in what the kernel counts towards a wake-up. */
static void look_why(unsigned met)
{
	uint64_t lost = all_lost();

	if (lost == 0 && any_unread(met))
		fail_by_rings();
	met = read_all(met);
	if (!overwrites() && met + lost < the_ledger()->sent * events_each())
		cf_fail(CF_LOST_MESSAGE, "perfring.lost",
			"%u of %u records were read, and the kernel knows of %llu lost ones", met,
			the_ledger()->sent * events_each(), (unsigned long long)lost);
}

void read_rings(void)
{
	unsigned wanted = triggers_wanted() * events_each(), met = 0;

	while (met < wanted) {
		if (wait_for_wakeup()) {
			met = read_all(met);
		} else if (the_ledger()->done) {
			look_why(met);
			return;
		}
	}
}
