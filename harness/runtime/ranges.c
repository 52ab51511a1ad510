/* SPDX-License-Identifier: Apache-2.0
 * Ranges: copies and fills, whose parts are accesses of their own. */
#include "memory.h"

static uint64_t load_part(const unsigned char *from, size_t size, uint32_t site)
{
	uint64_t value = 0;

	if (rt_in_segment(from))
		return rt_load_part((uintptr_t)from - CF_SEGMENT_ADDRESS, size, PLAIN, 0, site);
	memcpy(&value, from, size);
	return value;
}

static void store_part(unsigned char *to, uint64_t value, size_t size, uint32_t site)
{
	uint64_t offset = (uintptr_t)to - CF_SEGMENT_ADDRESS;
	struct span span = span_of(offset, size);
	struct rt_deal deal;
	uint32_t until;

	if (!rt_in_segment(to)) {
		memcpy(to, &value, size);
		return;
	}
	progress();
	point(site, rt_writes(span.word), &deal);
	until = rt_until_of(&deal, true);
	check_unseen(span.word, site);
	about_to_store(span, true, RT_RELEASES_NOTHING, site);
	put(span, value << span.shift, site, until);
	step(CF_OP_STORE, until ? CF_STEP_HELD | CF_STEP_EVENT : 0, site, size, offset, value,
	     rt.shared->now);
}

/* Bytes that can be moved at once: within one granule of whichever side lies in the segment. */
static size_t chunk(const void *to, const void *from, size_t left)
{
	size_t size = left < 8 ? left : 8;

	if (rt_in_segment(to))
		size = within_granule((uintptr_t)to, size);
	if (from != NULL && rt_in_segment(from))
		size = within_granule((uintptr_t)from, size);
	return size;
}

void rt_copy(void *to, const void *from, size_t size, uint32_t site)
{
	settle();
	for (size_t done = 0; done < size;) {
		unsigned char *target = (unsigned char *)to + done;
		const unsigned char *source = (const unsigned char *)from + done;
		size_t now = chunk(target, source, size - done);

		store_part(target, load_part(source, now, site), now, site);
		done += now;
	}
}

void rt_fill(void *to, int byte, size_t size, uint32_t site)
{
	uint64_t value = 0x0101010101010101ull * (uint8_t)byte;

	settle();
	for (size_t done = 0; done < size;) {
		unsigned char *target = (unsigned char *)to + done;
		size_t now = chunk(target, NULL, size - done);
		uint64_t ones = now == 8 ? ~0ull : (1ull << (now * 8)) - 1;

		store_part(target, value & ones, now, site);
		done += now;
	}
}
