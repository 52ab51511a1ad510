/* SPDX-License-Identifier: Apache-2.0
 *
 * Damage to the records of an image, and to what is in none of them.
 */
#include "damages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t end_of(const struct image_record *r)
{
	return payload_of(r) + r->size + r->raw;
}

int damage_length(struct image *i, const struct damage *d, char *text, size_t room)
{
	const struct image_record *r = damage_record(i, d);
	uint32_t value;

	if (r == NULL)
		return 0;
	const uint32_t values[DAMAGE_VALUES] = {
		0,          r->size + 1, r->size - 1, 0xffffffff,
		0x7fffffff, 0x80000000,  r->size * 2, r->size ^ 1u << d->at % 31,
	};
	value = values[d->value];
	snprintf(text, room, "the length of record %d is %u, was %u", d->at % i->records, value,
		 r->size);
	memcpy(i->bytes + r->at, &value, sizeof(value));
	return value != r->size;
}

int damage_twice(struct image *i, const struct damage *d, char *text, size_t room)
{
	const struct image_record *r = damage_record(i, d);

	if (r == NULL)
		return 0;
	size_t size = end_of(r) - r->at;
	uint8_t *copy = malloc(size);

	if (copy == NULL)
		return 0;
	memcpy(copy, i->bytes + r->at, size);
	snprintf(text, room, "record %u is there twice", d->at % i->records);
	int status = image_splice(i, end_of(r), 0, copy, size);

	free(copy);
	return status == 0;
}

int damage_swapped(struct image *i, const struct damage *d, char *text, size_t room)
{
	unsigned first = i->records > 1 ? d->at % (i->records - 1) : 0;
	const struct image_record *a = &i->record[first], *b = a + 1;

	if (i->records < 2)
		return 0;
	size_t first_size = end_of(a) - a->at, size = end_of(b) - a->at;
	uint8_t *copy = malloc(size);

	if (copy == NULL)
		return 0;
	memcpy(copy, i->bytes + b->at, size - first_size);
	memcpy(copy + size - first_size, i->bytes + a->at, first_size);
	int same = memcmp(i->bytes + a->at, copy, size) == 0;

	memcpy(i->bytes + a->at, copy, size);
	free(copy);
	snprintf(text, room, "records %u and %u have changed places", first, first + 1);
	return !same;
}

int damage_raw(struct image *i, const struct damage *d, char *text, size_t room)
{
	const struct image_record *r = damage_record(i, d);
	size_t from = i->tail, size = i->size - i->tail;

	if (r != NULL && r->raw) {
		from = payload_of(r) + r->size;
		size = r->raw;
	}
	if (!size)
		return 0;
	damage_flip(i, from, size, d->at * 8u + d->value, text, room);
	return 1;
}
