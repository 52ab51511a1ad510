/* SPDX-License-Identifier: Apache-2.0 */
#include "holds.h"

#include <fcntl.h>
#include <stdint.h>

#include "../../freezer/victim/raw.h"

struct entry {
	uint64_t inode;
	int64_t offset;
	uint16_t length;
	uint8_t type;
	char name[];
};

/* Our own one is open at each look. */
static int count_files(void)
{
	char buffer[2048] __attribute__((aligned(8)));
	long fd = raw4(SYS_openat, AT_FDCWD, "/proc/self/fd", O_DIRECTORY | O_CLOEXEC, 0), n;
	int count = 0;

	while (fd >= 0 && (n = raw3(SYS_getdents64, fd, buffer, sizeof(buffer))) > 0)
		for (long at = 0; at < n; at += ((struct entry *)(void *)(buffer + at))->length)
			count++;
	if (fd >= 0)
		raw1(SYS_close, fd);
	return count;
}

static int count_mappings(void)
{
	char buffer[4096];
	long fd = raw4(SYS_openat, AT_FDCWD, "/proc/self/maps", O_RDONLY | O_CLOEXEC, 0), n;
	int lines = 0;

	while (fd >= 0 && (n = raw3(SYS_read, fd, buffer, sizeof(buffer))) > 0)
		for (long i = 0; i < n; i++)
			lines += buffer[i] == '\n';
	if (fd >= 0)
		raw1(SYS_close, fd);
	return lines;
}

struct holds holds_now(void)
{
	return (struct holds){ .files = count_files(), .mappings = count_mappings() };
}
