/* SPDX-License-Identifier: Apache-2.0 */
#include "damage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIELDS = 512, DEPTH = 4, LARGEST = 8 << 20, SPARE = 4096 };

static uint64_t mix(uint64_t a)
{
	a = (a ^ a >> 30) * 0xbf58476d1ce4e5b9ull;
	a = (a ^ a >> 27) * 0x94d049bb133111ebull;
	return a ^ a >> 31;
}

static size_t payload_of(const struct image_record *r)
{
	return r->at + IMAGE_PREFIX;
}

static size_t end_of(const struct image_record *r)
{
	return payload_of(r) + r->size + r->raw;
}

static const struct image_record *record_for(const struct image *i, const struct damage *d)
{
	return i->records ? &i->record[d->at % i->records] : NULL;
}

static void flip(struct image *i, size_t from, size_t size, unsigned at, char *text, size_t room)
{
	size_t bit = mix(at + 1) % (size * 8);

	if (size * 8 <= 1024)
		bit = at % (size * 8);
	i->bytes[from + bit / 8] ^= (uint8_t)(1u << bit % 8);
	snprintf(text, room, "bit %zu of byte %zu is another one", bit % 8, from + bit / 8);
}

/* ---- magic and ends ----------------------------------------------------------------------------- */

static int magic(struct image *i, const struct damage *d, char *text, size_t room)
{
	if (!i->header)
		return 0;
	flip(i, 0, i->header, d->at, text, room);
	return 1;
}

static int no_magic(struct image *i, const struct damage *d, char *text, size_t room)
{
	(void)d;
	snprintf(text, room, "its first 4 bytes are missing");
	return i->header && image_splice(i, 0, 4, NULL, 0) == 0;
}

static int cut_after(struct image *i, const struct damage *d, char *text, size_t room)
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

static int cut_inside(struct image *i, const struct damage *d, char *text, size_t room)
{
	size_t at = i->size > 65536 ? mix(d->at + 1) % i->size : d->at % (i->size ? i->size : 1);

	while (at < i->size && is_boundary(i, at))
		at++;
	if (at >= i->size)
		return 0;
	snprintf(text, room, "it ends at byte %zu of %zu", at, i->size);
	i->size = at;
	return 1;
}

static int empty(struct image *i, const struct damage *d, char *text, size_t room)
{
	(void)d;
	snprintf(text, room, "it is empty");
	if (!i->size)
		return 0;
	i->size = 0;
	return 1;
}

static int removed(struct image *i, const struct damage *d, char *text, size_t room)
{
	(void)i;
	(void)d;
	snprintf(text, room, "it is not there");
	return 1;
}

static int garbage(struct image *i, const struct damage *d, char *text, size_t room)
{
	uint8_t more[64];
	size_t size = 1 + d->at % sizeof(more);

	for (size_t k = 0; k < size; k++)
		more[k] = d->value & 1 ? (uint8_t)mix(d->at * 64u + k) : 0;
	snprintf(text, room, "%zu bytes of %s follow on its end", size,
		 d->value & 1 ? "garbage" : "nothing");
	return image_splice(i, i->size, 0, more, size) == 0;
}

/* ---- records ------------------------------------------------------------------------------------ */

static int length(struct image *i, const struct damage *d, char *text, size_t room)
{
	const struct image_record *r = record_for(i, d);
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

static int twice(struct image *i, const struct damage *d, char *text, size_t room)
{
	const struct image_record *r = record_for(i, d);

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

static int swapped(struct image *i, const struct damage *d, char *text, size_t room)
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

/* ---- fields ------------------------------------------------------------------------------------- */

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

static int wire(struct image *i, const struct damage *d, char *text, size_t room)
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

static int dangling(struct image *i, const struct damage *d, char *text, size_t room)
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
static int number(struct image *i, const struct damage *d, char *text, size_t room)
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

static int bit(struct image *i, const struct damage *d, char *text, size_t room)
{
	const struct image_record *r;
	struct image_field f;

	if (!choose_field(i, d, 1, any, &f, &r) || f.size == 0)
		return 0;
	flip(i, f.at, f.size, (unsigned)mix(d->at * 8u + d->value), text, room);
	return 1;
}

static int raw(struct image *i, const struct damage *d, char *text, size_t room)
{
	const struct image_record *r = record_for(i, d);
	size_t from = i->tail, size = i->size - i->tail;

	if (r != NULL && r->raw) {
		from = payload_of(r) + r->size;
		size = r->raw;
	}
	if (!size)
		return 0;
	flip(i, from, size, d->at * 8u + d->value, text, room);
	return 1;
}

static int (*const kinds[DAMAGE_KINDS])(struct image *, const struct damage *, char *, size_t) = {
	[DAMAGE_MAGIC] = magic,
	[DAMAGE_NO_MAGIC] = no_magic,
	[DAMAGE_CUT_AFTER] = cut_after,
	[DAMAGE_CUT_INSIDE] = cut_inside,
	[DAMAGE_EMPTY] = empty,
	[DAMAGE_REMOVED] = removed,
	[DAMAGE_GARBAGE] = garbage,
	[DAMAGE_LENGTH] = length,
	[DAMAGE_WIRE] = wire,
	[DAMAGE_TWICE] = twice,
	[DAMAGE_SWAPPED] = swapped,
	[DAMAGE_DANGLING] = dangling,
	[DAMAGE_NUMBER] = number,
	[DAMAGE_BIT] = bit,
	[DAMAGE_RAW] = raw,
};

int damage_image(struct image *i, const struct damage *d, char *text, size_t size)
{
	text[0] = '\0';
	if (d->kind < DAMAGE_KINDS && kinds[d->kind] != NULL && d->value < DAMAGE_VALUES &&
	    kinds[d->kind](i, d, text, size))
		return 1;
	text[0] = '\0';
	return 0;
}

/* ---- the folder --------------------------------------------------------------------------------- */

static const char *wanted_kind;

static int is_wanted(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);
	char kind[IMAGE_KIND];

	if (length < 5 || strcmp(entry->d_name + length - 4, ".img") != 0)
		return 0;
	image_kind_of(entry->d_name, kind);
	return strcmp(kind, wanted_kind) == 0;
}

/* -ENOENT if there is none of that kind. */
static int choose_file(const char *path, const struct damage *d, char name[256])
{
	struct dirent **all;
	int count;

	wanted_kind = image_kinds[d->image % IMAGE_KINDS];
	count = scandir(path, &all, is_wanted, alphasort);
	if (count < 0)
		return -errno;
	if (count)
		snprintf(name, 256, "%s", all[d->which % count]->d_name);
	for (int k = 0; k < count; k++)
		free(all[k]);
	free(all);
	return count ? 0 : -ENOENT;
}

static ssize_t read_file(const char *path, uint8_t **bytes, size_t *room)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat facts;
	ssize_t size;

	if (fd < 0 || fstat(fd, &facts) < 0)
		return -errno;
	if (facts.st_size > LARGEST) {
		close(fd);
		return -EFBIG;
	}
	*room = 2 * (size_t)facts.st_size + SPARE;
	*bytes = malloc(*room);
	size = *bytes != NULL ? read(fd, *bytes, (size_t)facts.st_size) : -1;
	close(fd);
	return size;
}

static int write_file(const char *path, const uint8_t *bytes, size_t size)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC), status = 0;

	if (fd < 0)
		return -errno;
	if (size && write(fd, bytes, size) != (ssize_t)size)
		status = -EIO;
	close(fd);
	return status;
}

int damage_folder(const char *path, const struct damage *d, struct damage_done *done)
{
	static struct image image;
	char name[256], file[512];
	uint8_t *bytes = NULL;
	size_t room = 0;
	int status = choose_file(path, d, name);
	ssize_t size;

	memset(done, 0, sizeof(*done));
	if (status)
		return status == -ENOENT ? 0 : status;
	snprintf(file, sizeof(file), "%s/%s", path, name);
	size = read_file(file, &bytes, &room);
	if (size < 0) {
		free(bytes);
		return (int)size;
	}
	image_parse(&image, name, bytes, (size_t)size, room);
	memcpy(done->kind, image.kind, sizeof(done->kind));
	if (damage_image(&image, d, done->text, sizeof(done->text)))
		status = d->kind == DAMAGE_REMOVED ? (unlink(file) < 0 ? -errno : 0)
						   : write_file(file, image.bytes, image.size);
	free(bytes);
	return status;
}
