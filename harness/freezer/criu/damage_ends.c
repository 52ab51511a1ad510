/* SPDX-License-Identifier: Apache-2.0
 *
 * Damage to the magic of an image and to where it ends.
 */
#include "damages.h"

#include <stdio.h>

int damage_magic(struct image *i, const struct damage *d, char *text, size_t room)
{
	if (!i->header)
		return 0;
	damage_flip(i, 0, i->header, d->at, text, room);
	return 1;
}

int damage_no_magic(struct image *i, const struct damage *d, char *text, size_t room)
{
	(void)d;
	snprintf(text, room, "its first 4 bytes are missing");
	return i->header && image_splice(i, 0, 4, NULL, 0) == 0;
}

int damage_cut_after(struct image *i, const struct damage *d, char *text, size_t room)
{
	unsigned kept = i->records ? d->at % i->records : 0;

	if (!i->records)
		return 0;
	i->size = i->record[kept].at;
	snprintf(text, room, "it ends after %u of %u records, at byte %zu", kept, i->records,
		 i->size);
	return 1;
}

static int is_boundary(const struct image *i, size_t at)
{
	if (at == 0 || at == i->size || at == i->tail)
		return 1;
	for (unsigned k = 0; k < i->records; k++)
		if (at == i->record[k].at)
			return 1;
	return 0;
}

int damage_cut_inside(struct image *i, const struct damage *d, char *text, size_t room)
{
	size_t at =
		i->size > 65536 ? damage_mix(d->at + 1) % i->size : d->at % (i->size ? i->size : 1);

	while (at < i->size && is_boundary(i, at))
		at++;
	if (at >= i->size)
		return 0;
	snprintf(text, room, "it ends at byte %zu of %zu", at, i->size);
	i->size = at;
	return 1;
}

int damage_empty(struct image *i, const struct damage *d, char *text, size_t room)
{
	(void)d;
	snprintf(text, room, "it is empty");
	if (!i->size)
		return 0;
	i->size = 0;
	return 1;
}

int damage_removed(struct image *i, const struct damage *d, char *text, size_t room)
{
	(void)i;
	(void)d;
	snprintf(text, room, "it is not there");
	return 1;
}

int damage_garbage(struct image *i, const struct damage *d, char *text, size_t room)
{
	uint8_t more[64];
	size_t size = 1 + d->at % sizeof(more);

	for (size_t k = 0; k < size; k++)
		more[k] = d->value & 1 ? (uint8_t)damage_mix(d->at * 64u + k) : 0;
	snprintf(text, room, "%zu bytes of %s follow on its end", size,
		 d->value & 1 ? "garbage" : "nothing");
	return image_splice(i, i->size, 0, more, size) == 0;
}
