/* SPDX-License-Identifier: Apache-2.0
 *
 * Damage to the fields of the messages in an image.
 */
#include "damages.h"

#include <stdio.h>
#include <string.h>

enum { FIELDS = 512, DEPTH = 4 };

/* All fields of a message and of those in it, as far as these can be told from strings. */
static int all_fields(const struct image *i, size_t at, size_t end, struct image_field *fields,
		      int most, int depth)
{
	int count = image_fields(i, at, end, fields, most);

	for (int k = 0, top = count; k < top && depth < DEPTH; k++) {
		int more;

		if (fields[k].wire != IMAGE_BYTES || count == most)
			continue;
		more = all_fields(i, fields[k].at, fields[k].at + fields[k].size, fields + count,
				  most - count, depth + 1);
		count += more > 0 ? more : 0;
	}
	return count;
}

/* Which field of which record `at` means. */
static int choose_field(const struct image *i, const struct damage *d, int deep,
			int (*fits)(const struct image *, const struct image_field *),
			struct image_field *field, const struct image_record **record)
{
	static struct image_field fields[FIELDS];
	unsigned total = 0, wanted = d->at;

	for (int pass = 0; pass < 2; pass++) {
		unsigned seen = 0;

		for (unsigned k = 0; k < i->records; k++) {
			const struct image_record *r = &i->record[k];
			size_t at = payload_of(r);
			int count = deep ? all_fields(i, at, at + r->size, fields, FIELDS, 0)
					 : image_fields(i, at, at + r->size, fields, FIELDS);

			for (int f = 0; f < count; f++) {
				if (!fits(i, &fields[f]))
					continue;
				if (pass && seen == wanted % total) {
					*field = fields[f];
					*record = r;
					return 1;
				}
				seen++;
			}
		}
		total = seen;
		if (!total)
			return 0;
	}
	return 0;
}

static int any(const struct image *i, const struct image_field *f)
{
	(void)i;
	(void)f;
	return 1;
}

static int is_number(const struct image *i, const struct image_field *f)
{
	(void)i;
	return f->wire == IMAGE_VARINT;
}

/* Fields whose number names another record, file or process. */
static int is_reference(const struct image *i, const struct image_field *f)
{
	static const struct {
		const char *kind;
		uint32_t number;
	} references[] = {
		{ "fdinfo", 1 },      { "files", 2 },       { "fs", 1 },
		{ "fs", 2 },          { "mm", 12 },         { "pstree", 1 },
		{ "pstree", 2 },      { "pstree", 3 },      { "pstree", 4 },
		{ "pstree", 5 },      { "pagemap", 1 },     { "pagemap-shmem", 1 },
		{ "sk-queues", 1 },   { "pipes-data", 1 },  { "fifo-data", 1 },
		{ "remap-fpath", 1 }, { "remap-fpath", 2 },
	};

	if (f->wire != IMAGE_VARINT)
		return 0;
	for (unsigned k = 0; k < sizeof(references) / sizeof(references[0]); k++)
		if (f->number == references[k].number && strcmp(i->kind, references[k].kind) == 0)
			return 1;
	return 0;
}

int damage_wire(struct image *i, const struct damage *d, char *text, size_t room)
{
	const struct image_record *r;
	struct image_field f;
	unsigned other;

	if (!choose_field(i, d, 0, any, &f, &r))
		return 0;
	other = (f.wire + 1 + d->value % 7) % 8;
	i->bytes[f.tag] = (uint8_t)((i->bytes[f.tag] & ~7u) | other);
	snprintf(text, room, "field %u at byte %u has wire type %u, had %u", f.number, f.tag, other,
		 f.wire);
	return 1;
}

int damage_dangling(struct image *i, const struct damage *d, char *text, size_t room)
{
	static const uint64_t values[DAMAGE_VALUES] = { 0,      4242,  0x7fffffff, 0xffffffff,
							0x7ffe, 31000, 0x80000000, 250 };
	const struct image_record *r;
	struct image_field f;
	uint8_t written[10];
	unsigned size;
	uint32_t total;

	if (!choose_field(i, d, 0, is_reference, &f, &r) || f.value == values[d->value])
		return 0;
	size = image_put_varint(written, values[d->value]);
	total = r->size - f.size + size;
	snprintf(text, room, "field %u at byte %u names %llu, was %llu", f.number, f.tag,
		 (unsigned long long)values[d->value], (unsigned long long)f.value);
	memcpy(i->bytes + r->at, &total, sizeof(total));
	return image_splice(i, f.at, f.size, written, size) == 0;
}

/* Of the same length as it is written, so that the messages around it need no change. */
int damage_number(struct image *i, const struct damage *d, char *text, size_t room)
{
	const struct image_record *r;
	struct image_field f;
	uint64_t most, value;

	if (!choose_field(i, d, 1, is_number, &f, &r))
		return 0;
	most = f.size < 10 ? (1ull << 7 * f.size) - 1 : UINT64_MAX;
	const uint64_t values[DAMAGE_VALUES] = {
		0,           f.value + 1,      f.value - 1,        most,
		f.value ^ 1, f.value ^ 0x1000, f.value ^ most / 2, f.value * 2,
	};
	value = values[d->value] & most;
	for (unsigned k = 0; k < f.size; k++)
		i->bytes[f.at + k] =
			(uint8_t)((value >> 7 * k & 0x7f) | (k + 1 < f.size ? 0x80 : 0));
	snprintf(text, room, "field %u at byte %u is %llu, was %llu", f.number, f.tag,
		 (unsigned long long)value, (unsigned long long)f.value);
	return value != f.value;
}

int damage_bit(struct image *i, const struct damage *d, char *text, size_t room)
{
	const struct image_record *r;
	struct image_field f;

	if (!choose_field(i, d, 1, any, &f, &r) || f.size == 0)
		return 0;
	damage_flip(i, f.at, f.size, (unsigned)damage_mix(d->at * 8u + d->value), text, room);
	return 1;
}
