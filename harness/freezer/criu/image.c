/* SPDX-License-Identifier: Apache-2.0 */
#include "image.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

const char *const image_kinds[] = {
	"cgroup",     "core",        "fdinfo",    "fifo-data",     "files",     "fs",
	"ghost-file", "ids",         "inventory", "ipcns-sem",     "ipcns-shm", "ipcns-var",
	"memfd",      "mm",          "pagemap",   "pagemap-shmem", "pages",     "pipes-data",
	"pstree",     "remap-fpath", "seccomp",   "sk-queues",     "timens",
};

_Static_assert(sizeof(image_kinds) / sizeof(image_kinds[0]) == IMAGE_KINDS, "kinds");

/* The first word of a file with two magics. */
enum { COMMON_MAGIC = 0x54564319, SERVICE_MAGIC = 0x55105940 };

static uint32_t word_at(const uint8_t *bytes)
{
	uint32_t word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

void image_kind_of(const char *name, char kind[IMAGE_KIND])
{
	size_t length = strlen(name);

	if (length > 4 && strcmp(name + length - 4, ".img") == 0)
		length -= 4;
	while (length > 1 && (isdigit((unsigned char)name[length - 1]) || name[length - 1] == '-'))
		length--;
	if (length >= IMAGE_KIND)
		length = IMAGE_KIND - 1;
	memcpy(kind, name, length);
	kind[length] = '\0';
}

/* ---- messages --------------------------------------------------------------------------------- */

/* Where it ends, or 0 if it does not. */
static size_t get_varint(const struct image *i, size_t at, size_t end, uint64_t *value)
{
	*value = 0;
	for (unsigned shift = 0; at < end && shift < 70; shift += 7) {
		uint8_t byte = i->bytes[at++];

		if (shift < 64)
			*value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return at;
	}
	return 0;
}

unsigned image_put_varint(uint8_t bytes[10], uint64_t value)
{
	unsigned size = 0;

	for (; value >= 0x80; value >>= 7)
		bytes[size++] = (uint8_t)(value | 0x80);
	bytes[size++] = (uint8_t)value;
	return size;
}

/* The value begins at f->at; where it ends, or 0. */
static size_t end_of_value(const struct image *i, struct image_field *f, size_t end)
{
	uint64_t length;
	size_t after;

	switch (f->wire) {
	case IMAGE_VARINT:
		return get_varint(i, f->at, end, &f->value);
	case IMAGE_64BIT:
		return end - f->at >= 8 ? f->at + 8 : 0;
	case IMAGE_32BIT:
		return end - f->at >= 4 ? f->at + 4 : 0;
	case IMAGE_BYTES:
		after = get_varint(i, f->at, end, &length);
		if (!after || length > end - after)
			return 0;
		f->at = (uint32_t)after;
		return after + length;
	default:
		return 0;
	}
}

int image_fields(const struct image *i, size_t at, size_t end, struct image_field *fields, int most)
{
	int count = 0;

	while (at < end) {
		struct image_field f = { .tag = (uint32_t)at };
		uint64_t tag;

		at = get_varint(i, at, end, &tag);
		f.number = (uint32_t)(tag >> 3);
		f.wire = tag & 7;
		f.at = (uint32_t)at;
		if (!at || !f.number || !(at = end_of_value(i, &f, end)))
			return -1;
		f.size = (uint32_t)at - f.at;
		if (count < most)
			fields[count++] = f;
	}
	return count;
}

/* ---- files ------------------------------------------------------------------------------------ */

/* How many raw bytes follow on a record: the number in one of its fields, times a size; rounded up. */
static const struct {
	const char *kind;
	uint32_t field, times, rounded;
} raw_after[] = {
	{ "pipes-data", 2, 1, 1 },
	{ "fifo-data", 2, 1, 1 },
	{ "sk-queues", 2, 1, 1 },
	{ "ipcns-sem", 2, 2, 8 },
};

static uint32_t raw_size(const struct image *i, const struct image_record *r)
{
	struct image_field fields[16];
	size_t at = r->at + IMAGE_PREFIX;
	int count = image_fields(i, at, at + r->size, fields, 16);

	for (unsigned k = 0; k < sizeof(raw_after) / sizeof(raw_after[0]); k++) {
		if (strcmp(i->kind, raw_after[k].kind) != 0)
			continue;
		for (int f = 0; f < count; f++)
			if (fields[f].number == raw_after[k].field &&
			    fields[f].wire == IMAGE_VARINT && fields[f].value < i->size) {
				uint32_t size = (uint32_t)fields[f].value * raw_after[k].times;
				uint32_t rounded = raw_after[k].rounded;

				return (size + rounded - 1) / rounded * rounded;
			}
	}
	return 0;
}

static int take_record(struct image *i)
{
	struct image_record *r = &i->record[i->records];
	size_t left = i->size - i->tail;

	if (left < IMAGE_PREFIX || i->records == IMAGE_RECORDS)
		return 0;
	r->at = (uint32_t)i->tail;
	r->size = word_at(i->bytes + i->tail);
	left -= IMAGE_PREFIX;
	if (r->size > left ||
	    image_fields(i, r->at + IMAGE_PREFIX, r->at + IMAGE_PREFIX + r->size, NULL, 0) < 0)
		return 0;
	left -= r->size;
	r->raw = raw_size(i, r);
	if (r->raw > left)
		return 0;
	i->tail += IMAGE_PREFIX + r->size + r->raw;
	i->records++;
	return 1;
}

static int is_raw(const struct image *i)
{
	return strcmp(i->kind, "pages") == 0 || i->size < 4;
}

void image_parse(struct image *i, const char *name, uint8_t *bytes, size_t size, size_t room)
{
	image_kind_of(name, i->kind);
	i->bytes = bytes;
	i->size = size;
	i->room = room;
	i->records = 0;
	i->header = 0;
	i->tail = 0;
	if (is_raw(i))
		return;
	i->header = 4;
	if (size >= 8 && (word_at(bytes) == COMMON_MAGIC || word_at(bytes) == SERVICE_MAGIC))
		i->header = 8;
	i->tail = i->header;
	while (take_record(i))
		;
}

int image_splice(struct image *i, size_t at, size_t old, const void *bytes, size_t size)
{
	if (i->size - old + size > i->room)
		return -ENOSPC;
	memmove(i->bytes + at + size, i->bytes + at + old, i->size - at - old);
	if (size)
		memcpy(i->bytes + at, bytes, size);
	i->size = i->size - old + size;
	return 0;
}
