/* SPDX-License-Identifier: Apache-2.0
 *
 * Memory behind a descriptor that may not be changed any more, and one that may not be made executable.
 */
#include "part.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8u
#endif

enum { SIZE = 5000, SEALS = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL };

static int sealed_fd, growing_fd, plain_fd;
static int growing_seals;

void set_sealed(void)
{
	static uint8_t bytes[SIZE];

	sealed_fd = memfd_create("sealed", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	growing_fd = memfd_create("growing", MFD_NOEXEC_SEAL);
	plain_fd = memfd_create("plain", 0);
	must(sealed_fd >= 0 && growing_fd >= 0 && plain_fd >= 0, "memfd_create");
	fill(bytes, SIZE, TREE_SEALED);
	must(write(sealed_fd, bytes, SIZE) == SIZE, "write");
	must(fcntl(sealed_fd, F_ADD_SEALS, SEALS) == 0, "F_ADD_SEALS");
	must(fcntl(growing_fd, F_ADD_SEALS, F_SEAL_SHRINK) == 0, "F_ADD_SEALS");
	must(fchmod(plain_fd, 0640) == 0, "fchmod");
	growing_seals = fcntl(growing_fd, F_GET_SEALS);
}

int sealed_changed(void)
{
	static uint8_t bytes[SIZE];
	struct stat now = { 0 };

	if (spoils(TREE_SEALED)) {
		close(sealed_fd);
		sealed_fd = memfd_create("sealed", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	}
	if (fcntl(sealed_fd, F_GET_SEALS) != SEALS)
		return differs("the seals are 0x%x, were 0x%x", fcntl(sealed_fd, F_GET_SEALS),
			       SEALS);
	if (pread(sealed_fd, bytes, SIZE, 0) != SIZE)
		return differs("the sealed memory is shorter");
	if (!same_bytes(bytes, SIZE, TREE_SEALED, "sealed memory"))
		return 1;
	if (fcntl(growing_fd, F_GET_SEALS) != growing_seals)
		return differs("the seals of what may grow are 0x%x, were 0x%x",
			       fcntl(growing_fd, F_GET_SEALS), growing_seals);
	if (fcntl(plain_fd, F_GET_SEALS) != F_SEAL_SEAL)
		return differs("what can't be sealed has seals 0x%x", fcntl(plain_fd, F_GET_SEALS));
	if (fstat(plain_fd, &now) < 0 || (now.st_mode & 0777) != 0640)
		return differs("the mode is 0%o, was 0640", now.st_mode & 0777);
	return (fcntl(sealed_fd, F_GETFD) & FD_CLOEXEC) == 0 ? differs("it has lost its FD_CLOEXEC")
							     : 0;
}
