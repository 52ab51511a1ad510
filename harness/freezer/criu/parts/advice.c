/* SPDX-License-Identifier: Apache-2.0
 *
 * Mappings of which the kernel was told how they are used, or that are locked.
 */
#include "part.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { WIPED = 0, EACH = 8192, MSEAL = 462 };

static const struct {
	int advice;
	const char *flag; /* in VmFlags */
} advised[] = {
	[WIPED] = { MADV_WIPEONFORK, "wf" },
	{ MADV_DONTFORK, "dc" },
	{ MADV_DONTDUMP, "dd" },
	{ MADV_HUGEPAGE, "hg" },
	{ MADV_NOHUGEPAGE, "nh" },
	{ MADV_MERGEABLE, "mg" },
	{ MADV_SEQUENTIAL, "sr" },
	{ MADV_RANDOM, "rr" },
};

enum { ADVISED = sizeof(advised) / sizeof(advised[0]) };

static uint8_t *mapping[ADVISED], *locked, *stacked, *sealed;

static uint8_t *map_one(int flags)
{
	uint8_t *bytes = mmap(NULL, EACH, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);

	must(bytes != MAP_FAILED, "mmap");
	fill(bytes, EACH, TREE_ADVICE);
	return bytes;
}

void set_advice(void)
{
	for (unsigned i = 0; i < ADVISED; i++) {
		mapping[i] = map_one(0);
		must(madvise(mapping[i], EACH, advised[i].advice) == 0, "madvise");
	}
	locked = map_one(0);
	stacked = map_one(MAP_GROWSDOWN);
	must(mlock(locked, EACH) == 0, "mlock");
	if (minds(TREE_SEAL_FORGOTTEN)) {
		sealed = map_one(0);
		must(syscall(MSEAL, sealed, EACH, 0) == 0, "mseal");
	}
}

/* The flags that the kernel tells of the mapping in which an address lies, or NULL. */
static const char *flags_at(const uint8_t *at)
{
	FILE *file = fopen("/proc/self/smaps", "re");
	static char line[512];
	unsigned long from, to;
	int inside = 0;

	must(file != NULL, "smaps");
	while (fgets(line, sizeof(line), file) != NULL) {
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			inside = from <= (unsigned long)at && (unsigned long)at < to;
		if (inside && strncmp(line, "VmFlags:", 8) == 0)
			break;
	}
	fclose(file);
	return inside ? line + 8 : NULL;
}

static int lacks(const uint8_t *at, const char *flag)
{
	const char *flags = flags_at(at);
	char word[8];

	snprintf(word, sizeof(word), " %s ", flag);
	return flags == NULL || strstr(flags, word) == NULL;
}

int advice_changed(void)
{
	if (spoils(TREE_ADVICE))
		madvise(mapping[WIPED + 1], EACH, MADV_DOFORK);
	if (!minds(TREE_WIPE_FORGOTTEN))
		madvise(mapping[WIPED], EACH, MADV_WIPEONFORK);
	for (unsigned i = 0; i < ADVISED; i++) {
		if (lacks(mapping[i], advised[i].flag))
			return differs("a mapping has lost its flag %s", advised[i].flag);
		if (!same_bytes(mapping[i], EACH, TREE_ADVICE, "an advised mapping"))
			return 1;
	}
	if (lacks(locked, "lo"))
		return differs("locked memory is not locked any more");
	if (lacks(stacked, "gd"))
		return differs("a mapping does not grow down any more");
	if (minds(TREE_SEAL_FORGOTTEN) && munmap(sealed, EACH) == 0)
		return differs("a sealed mapping can be unmapped");
	return !same_bytes(locked, EACH, TREE_ADVICE, "locked memory") ||
	       !same_bytes(stacked, EACH, TREE_ADVICE, "memory that grows down");
}
