/* SPDX-License-Identifier: Apache-2.0
 *
 * Locks on files, of the three kinds. A child asks whether they hold.
 */
#include "part.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

static int whole, own, description;

static int open_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT, 0600);

	must(fd >= 0, path);
	return fd;
}

static const struct flock part_of = {
	.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 5, .l_len = 10
};

void set_locks(void)
{
	struct flock lock = part_of;

	whole = open_file(TREE_HOME "/flocked");
	own = open_file(TREE_HOME "/locked");
	description = open_file(TREE_HOME "/described");
	must(flock(whole, LOCK_SH) == 0 && fcntl(own, F_SETLK, &lock) == 0, "lock");
	lock = part_of;
	must(fcntl(description, F_OFD_SETLK, &lock) == 0, "F_OFD_SETLK");
}

/* Who else holds the bytes that are asked for: 0 nobody. */
static int is_held(const char *path, int64_t start, int command)
{
	struct flock lock = {
		.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = start, .l_len = 1
	};
	int fd = open_file(path), ret = fcntl(fd, command, &lock);

	close(fd);
	return ret == 0 && lock.l_type == F_WRLCK;
}

static int find_out(void)
{
	if (flock(open_file(TREE_HOME "/flocked"), LOCK_EX | LOCK_NB) == 0)
		return 1;
	if (flock(open_file(TREE_HOME "/flocked"), LOCK_SH | LOCK_NB) < 0)
		return 2;
	if (!is_held(TREE_HOME "/locked", 14, F_GETLK) || is_held(TREE_HOME "/locked", 15, F_GETLK))
		return 3;
	if (!is_held(TREE_HOME "/described", 5, F_OFD_GETLK) ||
	    is_held(TREE_HOME "/described", 4, F_OFD_GETLK))
		return 4;
	return 0;
}

int locks_changed(void)
{
	static const char *const found[] = { "", "the flock does not hold",
					     "the shared flock excludes everybody",
					     "the POSIX lock has changed",
					     "the lock of an open file description has changed" };
	int status = 0;
	pid_t pid;

	if (spoils(TREE_LOCKS))
		flock(whole, LOCK_UN);
	pid = fork();
	if (pid == 0)
		_exit(find_out());
	waitpid(pid, &status, 0);
	return status ? differs("%s", found[WEXITSTATUS(status) % 5]) : 0;
}
