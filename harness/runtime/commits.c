/* SPDX-License-Identifier: Apache-2.0
 * What reaches memory past the hooks becomes commits of nobody. */
#include "memory.h"

void rt_commit_unseen(uint32_t word, uint32_t site)
{
	uint64_t now = *memory(word), difference = now ^ rt.shared->shadow[word], mask = 0;

	for (unsigned byte = 0; byte < 8; byte++)
		if (difference >> (byte * 8) & 0xff)
			mask |= 0xffull << (byte * 8);
	rt.shared->unseen++;
	commit(word, mask, now, site, true);
	step(CF_OP_UNSEEN, 0, site, 8, (uint64_t)word * 8, now, mask);
}

void rt_unannounced(uintptr_t address, size_t size, uint32_t site)
{
	uint64_t offset = address - CF_SEGMENT_ADDRESS;

	for (size_t done = 0; done < size;) {
		size_t now = within_granule(offset + done, size - done);
		struct span span = span_of(offset + done, now);
		uint64_t value = *memory(span.word);

		if ((value ^ rt.shared->shadow[span.word]) & span.mask) {
			about_to_store(span, true, RT_RELEASES_NOTHING, site);
			put(span, value, site, 0);
		}
		done += now;
	}
}

void rt_unannounced_anywhere(uint32_t site)
{
	for (uint32_t word = 0; word < (rt.target->shared_size + 7) / 8; word++)
		check_unseen(word, site);
}
