/* SPDX-License-Identifier: Apache-2.0
 *
 * The images that the server has stored, compared with what was sent.
 */
#include "pages.h"

#include <stdio.h>

#include "../../freezer/criu/image.h"

static void check_pages(uint64_t image)
{
	static uint8_t stored[(MOST_PAGES + 1) * PAGE];
	unsigned pages = (unsigned)(cf_param(PAGES) * cf_param(RUNS));
	char name[40];
	long size;

	snprintf(name, sizeof(name), "pages-%llu.img", (unsigned long long)image);
	if (is(PAGES_CUT) && are_many_pages())
		talk_cut_image(&talk, name, PAGE); /* planted */
	size = talk_read_image(&talk, name, stored, sizeof(stored));
	if (size != (long)pages * PAGE)
		cf_fail(CF_LOST_MESSAGE, "pages.stored", "%ld bytes of pages are stored, were %u",
			size, pages * PAGE);
	for (unsigned i = 0; i < pages * PAGE; i++)
		if (stored[i] != byte_of(i / PAGE, i % PAGE))
			cf_fail(CF_SAVED_DATA_MODIFIED, "pages.stored",
				"byte %u of page %u is %02x, was %02x", i % PAGE, i / PAGE,
				stored[i], byte_of(i / PAGE, i % PAGE));
}

/* The first field of a record: the image of pages in the first one, the address of a run then. */
static uint64_t first_number(const struct image *map, unsigned which)
{
	const struct image_record *r = &map->record[which];
	size_t at = r->at + IMAGE_PREFIX;
	struct image_field fields[4];
	int count = image_fields(map, at, at + r->size, fields, 4);

	if (count < 1 || fields[0].number != 1)
		cf_fail(CF_SAVED_DATA_MODIFIED, "pages.map", "record %u is none of a map", which);
	return fields[0].value;
}

static uint64_t check_map(void)
{
	static uint8_t bytes[4096];
	static struct image map;
	long size = talk_read_image(&talk, "pagemap-77.img", bytes, sizeof(bytes));
	unsigned runs = (unsigned)cf_param(RUNS);

	if (size <= 0)
		cf_fail(CF_LOST_MESSAGE, "pages.map", "there is no map of pages: %ld", size);
	image_parse(&map, "pagemap-77.img", bytes, (size_t)size, sizeof(bytes));
	if (map.records != 1 + runs)
		cf_fail(CF_LOST_MESSAGE, "pages.map", "%u records, for %u runs of pages",
			map.records, runs);
	for (unsigned i = 0; i < runs; i++)
		if (first_number(&map, 1 + i) != address_of(i))
			cf_fail(CF_SAVED_DATA_MODIFIED, "pages.map",
				"run %u is at 0x%llx, was at 0x%llx", i,
				(unsigned long long)first_number(&map, 1 + i),
				(unsigned long long)address_of(i));
	return first_number(&map, 0);
}

void check_stored(void)
{
	check_pages(check_map());
}
