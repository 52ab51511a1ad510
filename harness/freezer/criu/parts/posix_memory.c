/* SPDX-License-Identifier: Apache-2.0
 *
 * POSIX shared memory: an object with a name, and one that lives by its mapping alone.
 */
#include "part.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

static uint8_t *named, *nameless;

static uint8_t *open_object(const char *name)
{
	int fd = shm_open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
	uint8_t *bytes;

	must(fd >= 0 && ftruncate(fd, MEMORY) == 0, "shm_open");
	bytes = map(MAP_SHARED, fd);
	close(fd);
	fill(bytes, MEMORY, TREE_POSIX_MEMORY);
	return bytes;
}

void set_posix_memory(void)
{
	named = open_object(own_name("/named"));
	nameless = open_object(own_name("/nameless"));
	must(shm_unlink(own_name("/nameless")) == 0, "shm_unlink");
}

int posix_memory_changed(void)
{
	uint8_t seen = 0;
	int fd;

	if (spoils(TREE_POSIX_MEMORY))
		nameless[number(TREE_POSIX_MEMORY, 0) % MEMORY] ^= 1;
	if (!same_bytes(named, MEMORY, TREE_POSIX_MEMORY, "POSIX shared memory") ||
	    !same_bytes(nameless, MEMORY, TREE_POSIX_MEMORY, "unlinked POSIX shared memory"))
		return 1;
	/* What is mapped must be the object that has the name. */
	named[7] ^= 0xff;
	fd = shm_open(own_name("/named"), O_RDONLY, 0);
	if (pread(fd, &seen, 1, 7) != 1 || seen != named[7])
		return differs("the object and its mapping are two");
	close(fd);
	return shm_open(own_name("/nameless"), O_RDONLY, 0) >= 0
		       ? differs("an unlinked object has its name again")
		       : 0;
}
