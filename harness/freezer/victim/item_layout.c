/* SPDX-License-Identifier: Apache-2.0
 *
 * Where a victim's mappings are and of what kind. Injectors look for a place for their code in the list
 * of mappings, most of them for the first one that is executable; this is about what they find there.
 * The list itself is compared from outside, with the flags of the pages at state_pages.
 */
#include "layout.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>

#include "raw.h"
#include "state.h"

enum {
	PAGE = 4096,
	LOWEST = 0x10000,
	DEPTH = 16,
	NAME = 240,
};

static void *map(uint64_t address, int protection, int flags, long fd)
{
	long at = raw6(SYS_mmap, address, PAGE, protection, flags | MAP_FIXED_NOREPLACE, fd, 0);

	state_must("mmap", at);
	return (void *)at;
}

/* Full of the same byte, so that code there would not run. */
static void fill(uint64_t address, uint64_t seed)
{
	for (uint64_t i = 0; i < PAGE / 8; i++)
		((volatile uint64_t *)address)[i] = (seed + i) * 0x9e3779b97f4a7c15ull;
}

static long page_in_memory(uint64_t seed)
{
	static const char name[] = "layout";
	long fd = state_must("memfd_create", raw2(SYS_memfd_create, name, 0));

	state_must("ftruncate", raw2(SYS_ftruncate, fd, PAGE));
	for (uint64_t word = seed, i = 0; i < PAGE / 8; i++, word++)
		raw4(SYS_pwrite64, fd, &word, 8, 8 * i);
	return fd;
}

static void map_executable(uint64_t seed)
{
	map(LOWEST, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	fill(LOWEST, seed);
	state_must("mprotect", raw3(SYS_mprotect, LOWEST, PAGE, PROT_READ | PROT_EXEC));
}

static void map_shared_executable(uint64_t seed)
{
	long fd = page_in_memory(seed);

	map(LOWEST, PROT_READ | PROT_EXEC, MAP_SHARED, fd);
	raw1(SYS_close, fd);
}

/* One that a reader may take for a line of the list, whose permissions have an x. Below a folder of our
 * own in a mount namespace of our own; it vanishes with us. */
static void map_long_path(uint64_t seed)
{
	static char name[NAME + 1];
	long fd;

	for (unsigned i = 0; i < NAME; i++)
		name[i] = (char)('x' + (seed + i) % 3);
	state_must("a mount namespace", raw1(SYS_unshare, CLONE_NEWNS));
	state_must("a mount", raw5(SYS_mount, 0, "/", 0, MS_REC | MS_PRIVATE, 0));
	state_must("a mount", raw5(SYS_mount, "none", "/tmp", "tmpfs", 0, 0));
	state_must("chdir", raw1(SYS_chdir, "/tmp"));
	for (unsigned i = 0; i < DEPTH; i++) {
		state_must("mkdir", raw2(SYS_mkdir, name, 0700));
		state_must("chdir", raw1(SYS_chdir, name));
	}
	fd = state_must("open", raw3(SYS_open, name, O_CREAT | O_RDWR, 0600));
	state_must("ftruncate", raw2(SYS_ftruncate, fd, PAGE));
	map(LOWEST, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
	raw1(SYS_close, fd);
	state_must("chdir", raw1(SYS_chdir, "/"));
}

static void map_pages(uint64_t seed)
{
	static const int advice[] = { 0, MADV_DONTFORK, MADV_WIPEONFORK, 0, 0 };

	for (uint64_t i = 0; i < STATE_PAGES; i++) {
		uint64_t at = STATE_PAGE(i);
		int kind = i == STATE_SHARED ? MAP_SHARED : MAP_PRIVATE;

		map(at, PROT_READ | PROT_WRITE, kind | MAP_ANONYMOUS, -1);
		fill(at, seed + i);
		if (advice[i])
			state_must("madvise", raw3(SYS_madvise, at, PAGE, advice[i]));
	}
	state_must("mlock", raw2(SYS_mlock, STATE_PAGE(STATE_LOCKED), PAGE));
}

static void set(unsigned wish, uint64_t seed)
{
	if (wish == STATE_LAYOUT_EXECUTABLE)
		map_executable(seed);
	if (wish == STATE_LAYOUT_SHARED_EXECUTABLE)
		map_shared_executable(seed);
	if (wish == STATE_LAYOUT_LONG_PATH)
		map_long_path(seed);
	if (wish == STATE_LAYOUT_PAGES)
		map_pages(seed);
}

static void look(struct state_view *view, unsigned wish)
{
	static const char *const items[] = { "memory", "memory", "memory", "memory",
					     "shared-memory" };

	if (wish != STATE_LAYOUT_PAGES)
		state_see(view, wish == STATE_LAYOUT_SHARED_EXECUTABLE ? "shared-memory" : "memory",
			  "the hash of the lowest page", state_hash((void *)LOWEST, PAGE));
	for (uint64_t i = 0; wish == STATE_LAYOUT_PAGES && i < STATE_PAGES; i++)
		state_see(view, items[i], "the hash of a page",
			  state_hash((void *)STATE_PAGE(i), PAGE));
}

const struct state_ops state_layout = { .set = set, .look = look };
