/* SPDX-License-Identifier: Apache-2.0
 *
 * An image file of CRIU, taken apart and put together again (criu.org/Images):
 *
 *	magic           4 bytes, or 8: a common one first
 *	record …        u32 length, little endian, and so many bytes: a protobuf message
 *	raw bytes       after some records, as many as the record says
 *
 * or raw bytes alone (pages). The kind of a file is its name without numbers and without ".img":
 * "fdinfo-2.img" is an fdinfo. What can't be taken apart is left in one piece, as raw bytes at the
 * end: this is fed with damaged files too, and never reads beyond them.
 */
#ifndef CRYOFUZZ_IMAGE_H
#define CRYOFUZZ_IMAGE_H

#include <stddef.h>
#include <stdint.h>

enum { IMAGE_RECORDS = 512, IMAGE_KIND = 16, IMAGE_PREFIX = 4 };

struct image_record {
	uint32_t at; /* of its length */
	uint32_t size; /* of the message */
	uint32_t raw; /* bytes that follow on it */
};

struct image {
	char kind[IMAGE_KIND];
	uint8_t *bytes;
	size_t size, room; /* room: of bytes */
	size_t header; /* bytes of magic, 0: all of it is raw */
	size_t tail; /* where the bytes begin that are in no record */
	unsigned records;
	struct image_record record[IMAGE_RECORDS];
};

/* A field of a message. Its value is a number, or `size` bytes at `at`. */
struct image_field {
	uint32_t tag; /* where it begins, in the file */
	uint32_t number;
	uint32_t wire;
	uint32_t at, size; /* of the value as it is written */
	uint64_t value; /* if its wire type is IMAGE_VARINT */
};

enum image_wire { IMAGE_VARINT, IMAGE_64BIT, IMAGE_BYTES, IMAGE_32BIT = 5 };

/* The kinds that trees have, in the order of names. */
extern const char *const image_kinds[];
enum { IMAGE_KINDS = 23 };

/* "ipcns-shm-10.img" -> "ipcns-shm"; cut to the room there is. */
void image_kind_of(const char *name, char kind[IMAGE_KIND]);
/* bytes are the caller's, and may be changed and grown up to room. */
void image_parse(struct image *i, const char *name, uint8_t *bytes, size_t size, size_t room);
/* The fields of the message in [at, end) of the file, at most `most`; how many, or -1 if these bytes
 * are no message. */
int image_fields(const struct image *i, size_t at, size_t end, struct image_field *fields,
		 int most);
/* A number as it is written; returns how many of the 10 bytes. */
unsigned image_put_varint(uint8_t bytes[10], uint64_t value);
/* Puts `size` bytes in the place of `old`; 0, or -ENOSPC. Nothing else is adapted. */
int image_splice(struct image *i, size_t at, size_t old, const void *bytes, size_t size);

#endif
