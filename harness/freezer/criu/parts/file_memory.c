/* SPDX-License-Identifier: Apache-2.0
 *
 * Mappings of a file: a private one of which some pages are written to, cut by protections, and a
 * shared one.
 */
#include "part.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGES = 8, PAGE = 4096, PATCHED = 11 };

static uint8_t *own, *common; /* private, and shared with the file */
static int file;

static const struct {
	int page, protection;
	const char *shown; /* in /proc/self/maps */
} cuts[] = {
	{ 1, PROT_READ, "r--p" },
	{ 2, PROT_NONE, "---p" },
	{ 4, PROT_READ | PROT_EXEC, "r-xp" },
	{ 5, PROT_NONE, "---p" },
};

enum { CUTS = sizeof(cuts) / sizeof(cuts[0]) };

void set_file_memory(void)
{
	static uint8_t bytes[PAGES * PAGE];

	file = open(TREE_HOME "/mapped", O_RDWR | O_CREAT | O_TRUNC, 0600);
	must(file >= 0, "open");
	fill(bytes, sizeof(bytes), TREE_FILE_MEMORY);
	must(write(file, bytes, sizeof(bytes)) == sizeof(bytes), "write");
	own = mmap(NULL, sizeof(bytes), PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
	common = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 7 * PAGE);
	must(own != MAP_FAILED && common != MAP_FAILED, "mmap");
	for (unsigned i = 0; i < PAGES; i += 2)
		own[i * PAGE + PATCHED] ^= 0x5a; /* copied */
	for (unsigned i = 0; i < CUTS; i++)
		must(mprotect(own + cuts[i].page * PAGE, PAGE, cuts[i].protection) == 0,
		     "mprotect");
	common[PATCHED] ^= 0x5a;
}

static int cuts_changed(void)
{
	for (unsigned i = 0; i < CUTS; i++) {
		uint8_t *page = own + cuts[i].page * PAGE;
		const char *shown = protection_at(page);

		if (strcmp(shown, cuts[i].shown) != 0)
			return differs("page %d is mapped %s, was %s", cuts[i].page, shown,
				       cuts[i].shown);
		mprotect(page, PAGE, PROT_READ);
	}
	return 0;
}

/* Page 7 was not copied, so what was written through the other mapping is seen in it. */
static int page_changed(unsigned i)
{
	for (unsigned j = 0; j < PAGE; j++) {
		uint8_t want = (uint8_t)number(TREE_FILE_MEMORY, i * PAGE + j);

		if (j == PATCHED && (i % 2 == 0 || i == 7))
			want ^= 0x5a;
		if (own[i * PAGE + j] != want)
			return differs("byte %u of page %u is %02x, was %02x", j, i,
				       own[i * PAGE + j], want);
	}
	return 0;
}

int file_memory_changed(void)
{
	uint8_t seen = 0;

	if (spoils(TREE_FILE_MEMORY))
		madvise(own, PAGE, MADV_DONTNEED); /* the file's page is back */
	if (cuts_changed())
		return 1;
	for (unsigned i = 0; i < PAGES; i++)
		if (page_changed(i))
			return 1;
	common[0] ^= 0xff;
	if (pread(file, &seen, 1, 7 * PAGE) != 1 || seen != common[0])
		return differs("the file and its shared mapping are two");
	return 0;
}
