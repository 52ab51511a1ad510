/* SPDX-License-Identifier: Apache-2.0
 *
 * Pages that nobody may touch: guards within a mapping (Linux 6.13), which are no mappings of their own, and
 * a hole in one.
 */
#include "part.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

enum { PAGE = 4096 };

static uint8_t *guarded;
static int probe[2];

/* Whether the kernel can read it for us. */
static int can_be_read(const uint8_t *at)
{
	char byte;

	if (write(probe[1], at, 1) != 1)
		return 0;
	return read(probe[0], &byte, 1) == 1;
}

static void guard(void)
{
	must(madvise(guarded + PAGE, PAGE, MADV_GUARD_INSTALL) == 0, "MADV_GUARD_INSTALL");
}

void set_guards(void)
{
	must(pipe2(probe, O_CLOEXEC) == 0, "pipe");
	guarded = map(MAP_PRIVATE | MAP_ANONYMOUS, -1);
	fill(guarded, MEMORY, TREE_GUARDS);
	if (minds(TREE_GUARDS_REFUSED))
		guard();
	must(munmap(guarded + 5 * PAGE, PAGE) == 0, "munmap");
	must(madvise(guarded + 7 * PAGE, PAGE, MADV_DONTNEED) == 0, "madvise");
}

int guards_changed(void)
{
	if (spoils(TREE_GUARDS))
		guarded[7 * PAGE] = 1;
	if (!minds(TREE_GUARDS_REFUSED))
		guard();
	if (can_be_read(guarded + 5 * PAGE))
		return differs("there is memory where there was none");
	if (guarded[7 * PAGE] != 0)
		return differs("an untouched page has contents");
	if (!same_bytes(guarded, PAGE, TREE_GUARDS, "memory before a guard"))
		return 1;
	if (can_be_read(guarded + PAGE))
		return differs("the page that nobody may touch can be read");
	return 0;
}
