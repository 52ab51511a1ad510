/* SPDX-License-Identifier: Apache-2.0
 * The trace ring, its hash, and the feedback counters. */
#include <string.h>

#include "hot.h"

uint64_t rt_mix(uint64_t hash, uint64_t value)
{
	return mix(hash, value);
}

uint64_t rt_hash_bytes(const void *bytes, size_t size)
{
	const unsigned char *at = bytes;
	uint64_t hash = size;

	for (; size >= 8; at += 8, size -= 8) {
		uint64_t part;

		memcpy(&part, at, 8);
		hash = mix(hash, part);
	}
	if (size > 0) {
		uint64_t part = 0;

		memcpy(&part, at, size);
		hash = mix(hash, part);
	}
	return hash;
}

void rt_step(enum cf_op op, unsigned flags, uint32_t site, size_t size, uint64_t address,
	     uint64_t value, uint64_t extra)
{
	step(op, flags, site, size, address, value, extra);
}

uint64_t rt_word(const char *text)
{
	uint64_t word = 0;

	memcpy(&word, text, strnlen(text, sizeof(word)));
	return word;
}

void rt_call_step(uint32_t site, const char *verb, uint64_t to, int64_t result, unsigned flags)
{
	step(CF_OP_CALL, flags, site, 0, to, (uint64_t)result, rt_word(verb));
}

void rt_feature(uint32_t kind, uint64_t a, uint64_t b)
{
	feature(kind, a, b);
}

/* By its line, the one that lies before that, and how far it is into it: so the same code has the same counter wherever it
 * lies, and other code may change without a seed meaning another campaign. */
void rt_number_code(void)
{
	uint64_t before = 0, line = 0;
	size_t start = 0;

	for (size_t offset = 0; offset < rt.site_table_size; offset++) {
		if (rt.site_table[offset] != line) {
			before = line;
			line = rt.site_table[offset];
			start = offset;
		}
		rt.covered[offset] = (uint16_t)counter_of(5, before << 32 | line, offset - start);
	}
}

void rt_set_running(bool running)
{
	uint32_t flags = running ? rt.control->plan.flags : 0;

	rt.running = running;
	rt.straight = running && !(flags & (CF_PLAN_RACES | CF_PLAN_AUDIT));
	rt.counters = flags & CF_PLAN_FEEDBACK ? rt.control->feedback : NULL;
	rt.notes_paths = flags & RT_PLAN_PATHS;
}

uint32_t rt_site(const void *return_address)
{
	size_t offset = (uintptr_t)return_address - 1 - rt.base;

	rt.pc = return_address;
	return offset < rt.site_table_size ? rt.site_table[offset] : 0;
}
