/* SPDX-License-Identifier: Apache-2.0
 *
 * The kinds of damage, and one of them done to a file in a folder.
 */
#include "damages.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LARGEST = 8 << 20, SPARE = 4096 };

uint64_t damage_mix(uint64_t a)
{
	a = (a ^ a >> 30) * 0xbf58476d1ce4e5b9ull;
	a = (a ^ a >> 27) * 0x94d049bb133111ebull;
	return a ^ a >> 31;
}

const struct image_record *damage_record(const struct image *i, const struct damage *d)
{
	return i->records ? &i->record[d->at % i->records] : NULL;
}

void damage_flip(struct image *i, size_t from, size_t size, unsigned at, char *text, size_t room)
{
	size_t bit = damage_mix(at + 1) % (size * 8);

	if (size * 8 <= 1024)
		bit = at % (size * 8);
	i->bytes[from + bit / 8] ^= (uint8_t)(1u << bit % 8);
	snprintf(text, room, "bit %zu of byte %zu is another one", bit % 8, from + bit / 8);
}

static damage_by *const kinds[DAMAGE_KINDS] = {
	[DAMAGE_MAGIC] = damage_magic,
	[DAMAGE_NO_MAGIC] = damage_no_magic,
	[DAMAGE_CUT_AFTER] = damage_cut_after,
	[DAMAGE_CUT_INSIDE] = damage_cut_inside,
	[DAMAGE_EMPTY] = damage_empty,
	[DAMAGE_REMOVED] = damage_removed,
	[DAMAGE_GARBAGE] = damage_garbage,
	[DAMAGE_LENGTH] = damage_length,
	[DAMAGE_WIRE] = damage_wire,
	[DAMAGE_TWICE] = damage_twice,
	[DAMAGE_SWAPPED] = damage_swapped,
	[DAMAGE_DANGLING] = damage_dangling,
	[DAMAGE_NUMBER] = damage_number,
	[DAMAGE_BIT] = damage_bit,
	[DAMAGE_RAW] = damage_raw,
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

static int damage_file(const char *path, const char *name, const struct damage *d,
		       struct damage_done *done)
{
	static struct image image;
	char file[512];
	uint8_t *bytes = NULL;
	size_t room = 0;
	int status = 0;
	ssize_t size;

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

int damage_folder(const char *path, const struct damage *d, struct damage_done *done)
{
	struct dirent **all;
	int count, status = 0;

	memset(done, 0, sizeof(*done));
	wanted_kind = image_kinds[d->image % IMAGE_KINDS];
	count = scandir(path, &all, is_wanted, alphasort);
	if (count < 0)
		return -errno;
	for (int k = 0; k < count; k++) {
		if (!status && (d->which == DAMAGE_EACH || k == d->which % count))
			status = damage_file(path, all[k]->d_name, d, done);
		free(all[k]);
	}
	free(all);
	return status;
}
