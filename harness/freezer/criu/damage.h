/* SPDX-License-Identifier: Apache-2.0
 *
 * Damage to one image file (image.h) in a folder of images. By the rule: what breaks the structure
 * must be refused, what changes the contents need only do no harm, since images have no checksums.
 */
#ifndef CRYOFUZZ_DAMAGE_H
#define CRYOFUZZ_DAMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "image.h"

enum damage_kind {
	DAMAGE_NONE,
	/* structure */
	DAMAGE_MAGIC, /* a bit of it is another one */
	DAMAGE_NO_MAGIC, /* the file begins 4 bytes later */
	DAMAGE_CUT_AFTER, /* the file ends after a record, or after its magic */
	DAMAGE_CUT_INSIDE, /* the file ends anywhere else */
	DAMAGE_EMPTY,
	DAMAGE_REMOVED,
	DAMAGE_GARBAGE, /* there are more bytes behind its end */
	DAMAGE_LENGTH, /* of a record */
	DAMAGE_WIRE, /* the type of a field */
	DAMAGE_TWICE, /* a record is there twice */
	DAMAGE_SWAPPED, /* a record and the next one */
	DAMAGE_DANGLING, /* an id that refers to another record or file */
	/* contents */
	DAMAGE_NUMBER, /* a number in a message is another one */
	DAMAGE_BIT, /* of a message */
	DAMAGE_RAW, /* a bit of what is in no message */
	DAMAGE_KINDS,
};

enum { DAMAGE_VALUES = 8, DAMAGE_EACH = 8 };

struct damage {
	uint8_t kind; /* enum damage_kind */
	uint8_t value; /* which other length, type or number; below DAMAGE_VALUES */
	uint8_t image; /* one of image_kinds */
	uint8_t which; /* of several of that kind, in the order of names; DAMAGE_EACH: each of them */
	uint16_t at; /* where in it; any number */
};

static inline int damage_is_structural(unsigned kind)
{
	return kind > DAMAGE_NONE && kind < DAMAGE_NUMBER;
}

struct damage_done {
	char kind[IMAGE_KIND]; /* of the image, "" if there is none */
	char text[96]; /* what was done, "" if there was nothing to damage */
};

/* Damages the folder. 0, or -errno if a file can't be read or written. */
int damage_folder(const char *path, const struct damage *d, struct damage_done *done);
/* The same to one file in memory; 1 if it is another one now. A removed one is left as it is. */
int damage_image(struct image *i, const struct damage *d, char *text, size_t size);

#endif
