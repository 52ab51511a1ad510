/* SPDX-License-Identifier: Apache-2.0
 *
 * Memory that is private, shared and behind a descriptor.
 */
#include "part.h"

#include <sys/mman.h>
#include <unistd.h>

static uint8_t *private_bytes, *shared_bytes, *hidden_bytes;
static int memory_fd;

void set_memory(void)
{
	private_bytes = map(MAP_PRIVATE | MAP_ANONYMOUS, -1);
	shared_bytes = map(MAP_SHARED | MAP_ANONYMOUS, -1);
	memory_fd = memfd_create("tree", 0);
	must(memory_fd >= 0 && ftruncate(memory_fd, MEMORY) == 0, "memfd");
	hidden_bytes = map(MAP_SHARED, memory_fd);
	fill(private_bytes, MEMORY, TREE_MEMORY);
	fill(shared_bytes, MEMORY, TREE_MEMORY);
	fill(hidden_bytes, MEMORY, TREE_MEMORY);
	must(lseek(memory_fd, 4711, SEEK_SET) == 4711, "lseek");
	must(mprotect(private_bytes, MEMORY, PROT_READ) == 0, "mprotect");
}

int memory_changed(void)
{
	uint8_t seen = 0;

	if (spoils(TREE_MEMORY))
		shared_bytes[number(TREE_MEMORY, 0) % MEMORY] ^= 1;
	if (!same_bytes(private_bytes, MEMORY, TREE_MEMORY, "private memory") ||
	    !same_bytes(shared_bytes, MEMORY, TREE_MEMORY, "shared memory") ||
	    !same_bytes(hidden_bytes, MEMORY, TREE_MEMORY, "memfd"))
		return 1;
	if (lseek(memory_fd, 0, SEEK_CUR) != 4711)
		return differs("the memfd's offset is %ld, was 4711",
			       (long)lseek(memory_fd, 0, SEEK_CUR));
	/* Both are views of one object, and must be so again. */
	hidden_bytes[7] ^= 0xff;
	if (pread(memory_fd, &seen, 1, 7) != 1 || seen != hidden_bytes[7])
		return differs("the memfd and its mapping are two objects");
	return 0;
}
