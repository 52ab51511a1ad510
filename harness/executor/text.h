/* SPDX-License-Identifier: Apache-2.0
 *
 * text.h - small files of the kernel's, which give all that they have at once.
 */
#ifndef CRYOFUZZ_TEXT_H
#define CRYOFUZZ_TEXT_H

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* A file below that folder as a string, cut if it has no room. Its size, or -errno and an empty string. */
static inline ssize_t text_of(int folder, const char *path, char *text, size_t size)
{
	int fd = openat(folder, path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, text, size - 1);

	if (got < 0)
		got = -errno;
	if (fd >= 0)
		close(fd);
	text[got > 0 ? got : 0] = '\0';
	return got;
}

#endif
