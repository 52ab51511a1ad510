/* SPDX-License-Identifier: Apache-2.0
 *
 * damages.h - what each kind of damage does to an image, for damage.c alone. `d` says where in it and
 * what instead. 1 if it is another image now, with words; else 0.
 */
#ifndef CRYOFUZZ_DAMAGES_H
#define CRYOFUZZ_DAMAGES_H

#include "damage.h"

typedef int damage_by(struct image *i, const struct damage *d, char *text, size_t room);

/* damage_ends.c: magic and ends */
damage_by damage_magic, damage_no_magic, damage_cut_after, damage_cut_inside, damage_empty,
	damage_removed, damage_garbage;
/* damage_records.c: records, and what is in none */
damage_by damage_length, damage_twice, damage_swapped, damage_raw;
/* damage_fields.c: fields of messages */
damage_by damage_wire, damage_dangling, damage_number, damage_bit;

/* damage.c: for all of them */
uint64_t damage_mix(uint64_t a);
/* A bit of so many bytes is another one. */
void damage_flip(struct image *i, size_t from, size_t size, unsigned at, char *text, size_t room);
/* The record that `at` means; NULL: there is none. */
const struct image_record *damage_record(const struct image *i, const struct damage *d);

static inline size_t payload_of(const struct image_record *r)
{
	return r->at + IMAGE_PREFIX;
}

#endif
