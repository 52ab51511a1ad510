/* SPDX-License-Identifier: Apache-2.0
 *
 * Images are taken apart and damaged: a table of files that are known byte by byte, then each of them
 * cut at every place and with every byte changed, under which nothing may be read or written beyond
 * its end (a page that can't be touched follows on it). Then, where root and criu are there, a cage
 * must be shut.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../freezer/criu/cage.h"
#include "../../freezer/criu/damage.h"
#include "../../freezer/criu/image_orders.h"
#include "../../freezer/criu/keeper.h"

enum { ROOM = 4096 };

static int complain(const char *what, const char *name, long number)
{
	fprintf(stderr, "image_check: %s: %s: %ld\n", name, what, number);
	return 1;
}

/* ---- files that are known --------------------------------------------------------------------- */

#define BYTES(text) text, sizeof(text) - 1
#define TWO_MAGICS "\x19\x43\x56\x54\x01\x02\x03\x04"

static const struct {
	const char *name, *kind, *bytes;
	size_t size;
	size_t header, tail;
	unsigned records, raw; /* raw: after the first record */
} files[] = {
	{ "fdinfo-2.img", "fdinfo",
	  BYTES(TWO_MAGICS "\x02\0\0\0\x08\x05\x04\0\0\0\x08\x06\x10\x01"), 8, 22, 2, 0 },
	{ "inventory.img", "inventory", BYTES("\x01\x02\x03\x04\x02\0\0\0\x08\x01"), 4, 10, 1, 0 },
	{ "pages-1.img", "pages", BYTES("anything at all"), 0, 0, 0, 0 },
	{ "pipes-data.img", "pipes-data",
	  BYTES(TWO_MAGICS "\x04\0\0\0\x08\x07\x10\x03"
			   "abc"
			   "\x02\0\0\0\x08\x01"),
	  8, 25, 2, 3 },
	{ "files.img", "files", BYTES(TWO_MAGICS), 8, 8, 0, 0 },
	/* longer than the file; not a message; a length that ends within */
	{ "mm-1.img", "mm", BYTES(TWO_MAGICS "\xff\xff\xff\xff\x08\x01"), 8, 8, 0, 0 },
	{ "fs-1.img", "fs", BYTES(TWO_MAGICS "\x02\0\0\0\x0f\x01"), 8, 8, 0, 0 },
	{ "ids-1.img", "ids", BYTES(TWO_MAGICS "\x02\0\0\0\x08\x01\x02\0"), 8, 14, 1, 0 },
	{ "a-name-that-is-rather-long-1.img", "a-name-that-is-", BYTES(""), 0, 0, 0, 0 },
};

enum { FILES = sizeof(files) / sizeof(files[0]) };

static struct image image;

static int known_files(void)
{
	for (unsigned f = 0; f < FILES; f++) {
		uint8_t bytes[ROOM];

		memcpy(bytes, files[f].bytes, files[f].size);
		image_parse(&image, files[f].name, bytes, files[f].size, ROOM);
		if (strcmp(image.kind, files[f].kind) != 0)
			return complain(image.kind, files[f].name, 0);
		if (image.header != files[f].header || image.tail != files[f].tail)
			return complain("header or tail", files[f].name, (long)image.tail);
		if (image.records != files[f].records)
			return complain("records", files[f].name, image.records);
		if (image.records && image.record[0].raw != files[f].raw)
			return complain("raw bytes", files[f].name, image.record[0].raw);
	}
	return 0;
}

static int numbers(void)
{
	static const uint64_t values[] = { 0, 1, 127, 128, 300, UINT32_MAX, UINT64_MAX };

	for (unsigned i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		uint8_t bytes[16] = { 0x08 };
		struct image_field field;
		unsigned size = image_put_varint(bytes + 1, values[i]);

		image_parse(&image, "pages-1.img", bytes, 1 + size, sizeof(bytes));
		if (image_fields(&image, 0, 1 + size, &field, 1) != 1 || field.number != 1 ||
		    field.wire != IMAGE_VARINT || field.value != values[i] || field.size != size)
			return complain("comes back as another", "number", (long)values[i]);
	}
	return 0;
}

/* ---- files that are not ------------------------------------------------------------------------- */

/* So that the file ends where memory does. */
static uint8_t *before_the_end(size_t size)
{
	static uint8_t *pages;

	if (pages == NULL) {
		pages = mmap(NULL, 2 * ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			     -1, 0);
		if (pages == MAP_FAILED || mprotect(pages + ROOM, ROOM, PROT_NONE) < 0)
			exit(complain("mmap", "pages", errno));
	}
	return pages + ROOM - size;
}

static int damage_all_ways(const char *name, const uint8_t *bytes, size_t size)
{
	char text[96];

	for (unsigned kind = 0; kind < DAMAGE_KINDS; kind++) {
		for (unsigned at = 0; at < 40; at++) {
			const struct damage d = { .kind = (uint8_t)kind,
						  .value = (uint8_t)(at % DAMAGE_VALUES),
						  .at = (uint16_t)at };
			uint8_t *place = before_the_end(size);

			memcpy(place, bytes, size);
			image_parse(&image, name, place, size, size);
			int done = damage_image(&image, &d, text, sizeof(text));

			if (done != (text[0] != '\0') || (kind == DAMAGE_NONE && done))
				return complain(text, name, kind);
			/* Each one that is done leaves another file. */
			if (done && kind != DAMAGE_REMOVED && image.size == size &&
			    memcmp(place, bytes, size) == 0)
				return complain("it is the same", text, kind);
		}
	}
	return 0;
}

static int any_files(void)
{
	uint8_t bytes[ROOM];

	for (unsigned f = 0; f < FILES; f++) {
		for (size_t size = 0; size <= files[f].size; size++) {
			memcpy(bytes, files[f].bytes, size);
			if (damage_all_ways(files[f].name, bytes, size))
				return 1;
			for (unsigned byte = 0; size > 0 && byte < 256; byte += 5) {
				bytes[size - 1] = (uint8_t)byte;
				if (damage_all_ways(files[f].name, bytes, size))
					return 1;
			}
		}
	}
	return 0;
}

/* ---- a cage ------------------------------------------------------------------------------------- */

static const char *program;

/* Answers with the first thing that it could do, and should not. */
static void try_to_get_out(const void *order, size_t size)
{
	static const char *const closed[] = { "/cage-was-here", "/etc/cage-was-here",
					      "/sys/kernel/cage-was-here" };
	int fd;

	(void)order;
	(void)size;
	for (unsigned i = 0; i < sizeof(closed) / sizeof(closed[0]); i++) {
		fd = open(closed[i], O_WRONLY | O_CREAT, 0600);
		if (fd >= 0)
			unlink(closed[i]);
		if (fd >= 0)
			keeper_failed("out", -EPERM, closed[i]);
	}
	fd = open("/proc/sys/kernel/panic", O_WRONLY);
	if (fd >= 0)
		keeper_failed("out", -EPERM, "/proc/sys/kernel/panic");
	if (kill(-1, 0) == 0)
		keeper_failed("out", -EPERM, "others can be killed");
	fd = open("/run/in", O_WRONLY | O_CREAT, 0600);
	if (fd < 0)
		keeper_failed("in", -EPERM, "/run can't be written");
}
static int move_in(void)
{
	return cage_shut(program);
}

static int is_shut(const char *criu)
{
	static const struct ward_duties duties = { .move_in = move_in, .obey = try_to_get_out };
	struct ward cage = WARD_NONE;
	int ret;

	program = CRIU_TREE;
	ret = cage_open(&cage, fork, &duties, criu);
	if (ret)
		return complain("can't be opened", "cage", ret);
	ret = ward_tell(&cage, "", 1, WARD_TREE_MS);
	if (ret)
		complain(cage.detail, cage.stage, ret);
	cage_close(&cage);
	return ret != 0;
}

/* ---- what is restored --------------------------------------------------------------------------- */

static int restores(const char *criu)
{
	static const struct {
		struct damage damage;
		enum image_outcome outcome;
	} cases[] = {
		{ { .kind = DAMAGE_NONE }, IMAGES_SAME },
		{ { .kind = DAMAGE_MAGIC, .image = 1 }, IMAGES_REFUSED },
		{ { .kind = DAMAGE_CUT_INSIDE, .image = 1, .at = 9 }, IMAGES_REFUSED },
		{ { .kind = DAMAGE_NONE }, IMAGES_SAME },
	};
	struct ward cage = WARD_NONE;
	int ret = cage_open_for_images(&cage, fork, criu, CRIU_TREE), failed = 0;

	if (ret)
		return complain("can't be opened", "cage", ret);
	for (unsigned i = 0; !failed && i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct image_case order = { .setting = { .seed = 1 },
						  .damage = cases[i].damage };
		struct image_result result;

		ret = cage_restore(&cage, &order, &result);
		if (ret || result.outcome != cases[i].outcome)
			failed = complain(result.text, "restore", ret ? ret : (int)result.outcome);
	}
	cage_close(&cage);
	return failed;
}

int main(void)
{
	const char *own = getenv("CRYOFUZZ_CRIU"), *criu = own != NULL ? own : CRIU_PROGRAM;
	const char *reason = ward_unsupported(criu);

	if (known_files() || numbers() || any_files())
		return 1;
	if (reason != NULL) {
		printf("image_check: cage skipped: %s\n", reason);
		return 0;
	}
	return is_shut(criu) || restores(criu);
}
