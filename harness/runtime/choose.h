/* SPDX-License-Identifier: Apache-2.0
 *
 * choose.h - what choose.c, which chooses at a point, and ahead.c, which chooses for those to come, share.
 */
#ifndef CRYOFUZZ_CHOOSE_H
#define CRYOFUZZ_CHOOSE_H

#include "hot.h"

static inline uint32_t below(struct rt_choices *c, uint32_t limit)
{
	uint64_t z = c->random += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return (uint32_t)(((z ^ z >> 31) >> 32) * limit >> 32);
}

static inline uint8_t bit(unsigned actor)
{
	return (uint8_t)(1u << actor);
}

#endif
