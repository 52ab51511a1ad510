/* SPDX-License-Identifier: Apache-2.0
 *
 * Deleted files: a sparse one with owner, mode and times; one that never had a name; one opened twice; and how
 * far a folder has been read.
 */
#include "part.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#define ATTRIBUTE "trusted.cryofuzz"

enum { LENGTH = 300000, HOLE = 100000 };

static int sparse, again, nameless, folder;
static int seen_before, in_all;

static int read_some(int fd, size_t size)
{
	char entries[4096];
	long got = syscall(SYS_getdents64, fd, entries, size);
	int count = 0;

	for (long at = 0; at < got; count++)
		at += ((struct dirent64 *)(void *)(entries + at))->d_reclen;
	return count;
}

static void set_folder(void)
{
	char path[64];

	mkdir(TREE_HOME "/many", 0700);
	for (int i = 0; i < 20; i++) {
		snprintf(path, sizeof(path), TREE_HOME "/many/%d", i);
		close(open(path, O_CREAT | O_RDWR, 0600));
	}
	folder = open(TREE_HOME "/many", O_RDONLY | O_DIRECTORY);
	must(folder >= 0, "folder");
	seen_before = read_some(folder, 150);
	in_all = 22;
}

void set_ghosts(void)
{
	const struct timespec times[2] = { { 1000000, 5 }, { 2000000, 6 } };

	sparse = open(TREE_HOME "/sparse", O_RDWR | O_CREAT | O_TRUNC, 0600);
	must(sparse >= 0 && pwrite(sparse, "head", 4, 0) == 4 &&
		     pwrite(sparse, "tail", 4, HOLE) == 4 && ftruncate(sparse, LENGTH) == 0,
	     "sparse");
	must(fchown(sparse, 12, 34) == 0 && fchmod(sparse, 04751) == 0 &&
		     futimens(sparse, times) == 0,
	     "fchown");
	if (minds(TREE_ATTRIBUTE_LOST))
		must(fsetxattr(sparse, ATTRIBUTE, "of old", 6, 0) == 0, "fsetxattr");
	again = open(TREE_HOME "/sparse", O_RDONLY);
	must(again >= 0 && unlink(TREE_HOME "/sparse") == 0, "unlink");
	nameless = open(TREE_HOME, O_RDWR | O_TMPFILE, 0640);
	must(nameless >= 0 && write(nameless, "none", 4) == 4, "O_TMPFILE");
	set_folder();
}

static int sparse_file_changed(void)
{
	struct stat now = { 0 }, twin = { 0 };
	char bytes[4] = "";

	if (fstat(sparse, &now) < 0 || now.st_size != LENGTH || now.st_blocks > 64)
		return differs("the deleted sparse file has %ld bytes, %ld blocks",
			       (long)now.st_size, (long)now.st_blocks);
	if (now.st_uid != 12 || now.st_gid != 34 || (now.st_mode & 07777) != 04751)
		return differs("the deleted file is of %u:%u, mode 0%o", now.st_uid, now.st_gid,
			       now.st_mode & 07777);
	if (pread(sparse, bytes, 4, HOLE) != 4 || bytes[0] != 't')
		return differs("the deleted file's contents have changed");
	if (now.st_mtim.tv_sec != 2000000)
		return differs("the deleted file's time is %ld, was 2000000",
			       (long)now.st_mtim.tv_sec);
	if (minds(TREE_ATTRIBUTE_LOST) && fgetxattr(sparse, ATTRIBUTE, bytes, 0) != 6)
		return differs("the deleted file has lost its attribute");
	fstat(again, &twin);
	return twin.st_ino == now.st_ino ? 0 : differs("the deleted file is two");
}

int ghosts_changed(void)
{
	struct stat now = { 0 };

	if (spoils(TREE_GHOSTS))
		fchmod(sparse, 0600);
	if (sparse_file_changed())
		return 1;
	if (fstat(nameless, &now) < 0 || now.st_size != 4 || now.st_nlink != 0)
		return differs("the file without a name has %ld bytes, %ld links",
			       (long)now.st_size, (long)now.st_nlink);
	if (seen_before + read_some(folder, 4096) != in_all)
		return differs("the folder is not read on where it was left");
	return 0;
}
