/* SPDX-License-Identifier: Apache-2.0
 * The trace ring, its hash, and the feedback counters. */
#include <string.h>

#include "rt.h"

/* One round of a multiply-and-fold hash (as in wyhash): every bit of the value reaches the sum. */
uint64_t rt_mix(uint64_t hash, uint64_t value)
{
	__uint128_t product =
		(__uint128_t)(hash ^ value ^ 0xa0761d6478bd642full) * 0xe7037ed1a0b428dbull;

	return (uint64_t)product ^ (uint64_t)(product >> 64) ^ (hash << 1 | hash >> 63);
}

uint64_t rt_hash_bytes(const void *bytes, size_t size)
{
	const unsigned char *at = bytes;
	uint64_t hash = size;

	for (; size >= 8; at += 8, size -= 8) {
		uint64_t part;

		memcpy(&part, at, 8);
		hash = rt_mix(hash, part);
	}
	if (size > 0) {
		uint64_t part = 0;

		memcpy(&part, at, size);
		hash = rt_mix(hash, part);
	}
	return hash;
}

void rt_step(enum cf_op op, unsigned flags, uint32_t site, size_t size, uint64_t address,
	     uint64_t value, uint64_t extra)
{
	struct rt_shared *s = rt.shared;
	struct cf_step *step = &rt.control->trace[s->steps++ % CF_TRACE_STEPS];
	uint64_t head;

	step->actor = (uint8_t)rt.actor;
	step->op = (uint8_t)op;
	step->flags = (uint8_t)flags;
	step->size = (uint8_t)size;
	step->point = (uint16_t)(rt.me->points - 1);
	step->site = (uint16_t)site;
	step->address = address;
	step->value = value;
	step->extra = extra;
	memcpy(&head, step, 8);
	s->hash = rt_mix(rt_mix(rt_mix(rt_mix(s->hash, head), address), value), extra);
}

void rt_feature(uint32_t kind, uint64_t a, uint64_t b)
{
	uint8_t *counter;

	if (!(rt.control->plan.flags & CF_PLAN_FEEDBACK))
		return;
	counter = &rt.control->feedback[rt_mix(rt_mix(kind, a), b) % CF_FEEDBACK_SIZE];
	if (*counter < 255)
		++*counter;
}

uint32_t rt_site(const void *return_address)
{
	/* A return address belongs to the line of the call before it. */
	size_t offset = (uintptr_t)return_address - 1 - rt.base;

	rt.pc = return_address;
	return offset < rt.site_table_size ? rt.site_table[offset] : 0;
}
