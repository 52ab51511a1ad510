/* SPDX-License-Identifier: Apache-2.0
 *
 * Open files that several descriptors and processes have: one offset for all. And descriptors that are no
 * plain files.
 */
#include "part.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int one, twin, apart, renamed, place_only, folder;
static uint32_t *asked;
static pid_t child;

void set_common_files(void)
{
	one = open(TREE_HOME "/common", O_RDWR | O_CREAT | O_TRUNC, 0600);
	must(one >= 0 && write(one, "0123456789", 10) == 10, "open");
	twin = fcntl(one, F_DUPFD_CLOEXEC, 60);
	apart = open(TREE_HOME "/common", O_RDONLY | O_NOFOLLOW | O_NOATIME);
	renamed = open(TREE_HOME "/old", O_RDWR | O_CREAT | O_TRUNC | O_SYNC, 0600);
	must(twin >= 60 && apart >= 0 && renamed >= 0 && write(renamed, "old", 3) == 3, "open");
	must(rename(TREE_HOME "/old", TREE_HOME "/new name") == 0, "rename");
	place_only = open(TREE_HOME, O_PATH | O_DIRECTORY);
	folder = open(TREE_HOME, O_RDONLY | O_DIRECTORY);
	must(place_only >= 0 && folder >= 0, "folder");
	must(lseek(one, 2, SEEK_SET) == 2 && lseek(apart, 7, SEEK_SET) == 7, "lseek");
	asked = (uint32_t *)map(MAP_SHARED | MAP_ANONYMOUS, -1);
	child = fork();
	must(child >= 0, "fork");
	if (child != 0)
		return;
	await_order(asked);
	lseek(one, 3, SEEK_CUR);
	_exit((int)lseek(apart, 0, SEEK_CUR));
}

static int offsets_changed(void)
{
	int status = 0;

	order(asked);
	if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 7)
		return differs("the child's offset is 0x%x, was 7", status);
	if (lseek(one, 0, SEEK_CUR) != 5 || lseek(twin, 0, SEEK_CUR) != 5)
		return differs("the common offset is %ld and %ld, is 5",
			       (long)lseek(one, 0, SEEK_CUR), (long)lseek(twin, 0, SEEK_CUR));
	if (lseek(apart, 0, SEEK_CUR) != 7)
		return differs("the offset apart is %ld, was 7", (long)lseek(apart, 0, SEEK_CUR));
	return 0;
}

int common_files_changed(void)
{
	struct stat now = { 0 };
	char byte;

	if (spoils(TREE_COMMON_FILES)) {
		close(twin);
		dup3(open(TREE_HOME "/common", O_RDWR), twin, O_CLOEXEC);
	}
	if (offsets_changed())
		return 1;
	if ((fcntl(twin, F_GETFD) & FD_CLOEXEC) == 0 || (fcntl(one, F_GETFD) & FD_CLOEXEC) != 0)
		return differs("FD_CLOEXEC has changed");
	if ((fcntl(apart, F_GETFL) & O_NOATIME) == 0 ||
	    (fcntl(renamed, F_GETFL) & O_SYNC) != O_SYNC)
		return differs("O_NOATIME or O_SYNC is gone");
	if (fstat(renamed, &now) < 0 || now.st_nlink != 1 || now.st_size != 3)
		return differs("the renamed file has %ld bytes and %ld links", (long)now.st_size,
			       (long)now.st_nlink);
	if ((fcntl(place_only, F_GETFL) & O_PATH) == 0 || read(place_only, &byte, 1) != -1)
		return differs("a descriptor with O_PATH has lost that");
	return faccessat(folder, "new name", R_OK, 0) ? differs("the folder is another one") : 0;
}
