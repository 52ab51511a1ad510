/* SPDX-License-Identifier: Apache-2.0
 *
 * The caller's end must not be seen by the runtime (raw calls), as in ward.c.
 */
#include "cage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "../victim/raw.h"
#include "keeper.h"

#define GROUPS "/sys/fs/cgroup"
#define GROUP_NAME "cryofuzz-cage-"

enum { MEMORY_MIB = 1024, PROCESSES = 128 };

/* The hierarchies of control groups, version 1 and 2. Those that are not there don't count. */
static const struct {
	const char *folder, *file;
	unsigned long long limit;
} limits[] = {
	{ GROUPS "/memory", "memory.limit_in_bytes", (unsigned long long)MEMORY_MIB << 20 },
	{ GROUPS "/pids", "pids.max", PROCESSES },
	{ GROUPS, "memory.max", (unsigned long long)MEMORY_MIB << 20 },
	{ GROUPS, "pids.max", PROCESSES },
};

enum { LIMITS = sizeof(limits) / sizeof(limits[0]) };

static int joined; /* one of them at least */
static int last_pid = -1; /* the file that says which pid was given last */

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), status;

	if (fd < 0)
		return -errno;
	status = (int)raw3(SYS_write, fd, text, strlen(text));
	raw1(SYS_close, fd);
	return status < 0 ? status : 0;
}

/* ---- control groups: the caller's end ----------------------------------------------------------- */

static void group_path(char path[192], unsigned i, long owner, const char *file)
{
	snprintf(path, 192, "%s/" GROUP_NAME "%ld/%s", limits[i].folder, owner, file);
}

static void remove_group(unsigned i, long owner)
{
	char path[192];

	group_path(path, i, owner, "");
	rmdir(path);
}

/* Of callers that were killed: the kernel keeps an empty group. */
static void remove_groups_of_dead(unsigned i)
{
	DIR *folder = opendir(limits[i].folder);
	struct dirent *entry;

	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		long owner;

		if (sscanf(entry->d_name, GROUP_NAME "%ld", &owner) == 1 &&
		    kill((pid_t)owner, 0) < 0 && errno == ESRCH)
			remove_group(i, owner);
	}
	if (folder != NULL)
		closedir(folder);
}

static void make_groups(void)
{
	char path[192], text[32];

	for (unsigned i = 0; i < LIMITS; i++) {
		remove_groups_of_dead(i);
		group_path(path, i, getpid(), "");
		if (mkdir(path, 0700) < 0 && errno != EEXIST)
			continue;
		group_path(path, i, getpid(), limits[i].file);
		snprintf(text, sizeof(text), "%llu", limits[i].limit);
		if (write_text(path, text) < 0)
			remove_group(i, getpid());
	}
}

static long owner;

int cage_open(struct ward *w, int (*fork_it)(void), const struct ward_duties *duties,
	      const char *criu)
{
	make_groups();
	owner = getpid();
	return ward_open(w, fork_it, duties, criu);
}

/* Its processes are dead or dying; a group can be removed once the last one is gone. */
void cage_close(struct ward *w)
{
	const struct timespec soon = { 0, 1000000 };
	char path[192];

	ward_close(w);
	for (unsigned i = 0; i < LIMITS; i++) {
		group_path(path, i, getpid(), "");
		for (int tries = 0; tries < 200 && rmdir(path) < 0 && errno == EBUSY; tries++)
			raw2(SYS_nanosleep, &soon, 0);
	}
}

/* ---- process 1 ------------------------------------------------------------------------------- */

/* 0: whoever writes it. */
static void join_groups(void)
{
	char path[192];

	for (unsigned i = 0; i < LIMITS; i++) {
		group_path(path, i, owner, "cgroup.procs");
		joined += write_text(path, "0") == 0;
	}
}

/* Where there are no control groups to be had. Address space can't be bounded: trees map tebibytes. */
static int bound_without_groups(void)
{
	const struct rlimit memory = { (rlim_t)MEMORY_MIB << 20, (rlim_t)MEMORY_MIB << 20 };

	if (setrlimit(RLIMIT_DATA, &memory) < 0)
		return -errno;
	return write_text("/proc/sys/kernel/pid_max", "2000"); /* of this namespace only */
}

static int set_read_only(const char *path, unsigned flags, int read_only)
{
	struct mount_attr attr = { 0 };

	if (read_only)
		attr.attr_set = MOUNT_ATTR_RDONLY;
	else
		attr.attr_clr = MOUNT_ATTR_RDONLY;
	return mount_setattr(AT_FDCWD, path, flags, &attr, sizeof(attr)) < 0 ? -errno : 0;
}

static int make_devices(void)
{
	static const struct {
		const char *path;
		unsigned major, minor;
	} devices[] = {
		{ "/dev/null", 1, 3 },   { "/dev/zero", 1, 5 },    { "/dev/full", 1, 7 },
		{ "/dev/random", 1, 8 }, { "/dev/urandom", 1, 9 }, { "/dev/net/tun", 10, 200 },
	};
	mode_t mask = umask(0);
	int status = mount("cage", "/dev", "tmpfs", 0, "mode=755") < 0 ? -errno : 0;

	/* criu asks of the kernel whether it could make a tunnel and a terminal. */
	if (!status && (mkdir("/dev/shm", 01777) < 0 || mkdir("/dev/net", 0755) < 0 ||
			mkdir("/dev/pts", 0755) < 0 ||
			mount("cage", "/dev/pts", "devpts", 0, "newinstance") < 0))
		status = -errno;

	for (unsigned i = 0; !status && i < sizeof(devices) / sizeof(devices[0]); i++)
		if (mknod(devices[i].path, S_IFCHR | 0666,
			  makedev(devices[i].major, devices[i].minor)) < 0)
			status = -errno;
	umask(mask);
	return status;
}

/* What a program needs lies beside it: so all below its first folder in /tmp is kept in sight. */
struct kept {
	char path[64];
	int tree; /* -1: the program lies elsewhere, or in what is kept already */
};

static int keep(struct kept *k, const char *program)
{
	const char *name = program + sizeof("/tmp/") - 1;

	k->tree = -1;
	if (strncmp(program, "/tmp/", sizeof("/tmp/") - 1) != 0)
		return 0;
	snprintf(k->path, sizeof(k->path), "/tmp/%.*s", (int)strcspn(name, "/"), name);
	k->tree = open_tree(AT_FDCWD, k->path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
	return k->tree < 0 ? -errno : 0;
}

static int put_back(const struct kept *k)
{
	int status = 0;

	if (k->tree < 0)
		return 0;
	/* the other program may lie in the same folder */
	if (mkdir(k->path, 0755) == 0)
		status = move_mount(k->tree, "", AT_FDCWD, k->path, MOVE_MOUNT_F_EMPTY_PATH);
	else if (errno != EEXIST)
		status = -1;
	status = status < 0 ? -errno : 0;
	raw1(SYS_close, k->tree);
	return status;
}

static int make_tmp(const char *program)
{
	struct kept kept[2];
	int status = keep(&kept[0], program);

	if (!status)
		status = keep(&kept[1], keeper.criu);
	if (!status && mount("cage", "/tmp", "tmpfs", 0, "mode=1777") < 0)
		status = -errno;
	for (unsigned i = 0; !status && i < 2; i++)
		status = put_back(&kept[i]);
	return status;
}

static int make_read_only(void)
{
	static const char *const own[] = { "/run", "/dev", "/proc", "/tmp" };
	static const char *const hidden[] = { "/proc/sys", "/proc/sysrq-trigger" };
	int status = set_read_only("/", AT_RECURSIVE, 1);

	for (unsigned i = 0; !status && i < sizeof(own) / sizeof(own[0]); i++)
		status = set_read_only(own[i], 0, 0);
	last_pid = open("/proc/sys/kernel/ns_last_pid", O_WRONLY | O_CLOEXEC);
	if (!status && last_pid < 0)
		status = -errno;
	for (unsigned i = 0; !status && i < sizeof(hidden) / sizeof(hidden[0]); i++) {
		if (mount(hidden[i], hidden[i], NULL, MS_BIND, NULL) == 0)
			status = set_read_only(hidden[i], 0, 1);
		else if (errno != ENOENT)
			status = -errno;
	}
	return status;
}

/* Whoever is started as root from now on lacks them. CAP_SYS_TIME criu needs for a namespace of times;
 * it never sets the clock. */
static int drop_rights(void)
{
	static const int dropped[] = { CAP_SYS_MODULE, CAP_SYS_BOOT, CAP_SYS_RAWIO, CAP_MKNOD,
				       CAP_SYSLOG };

	for (unsigned i = 0; i < sizeof(dropped) / sizeof(dropped[0]); i++)
		if (prctl(PR_CAPBSET_DROP, dropped[i]) < 0)
			return -errno;
	return 0;
}

int cage_shut(const char *program)
{
	int status;

	if (chdir("/") < 0)
		return -errno;

	join_groups();
	status = joined ? 0 : bound_without_groups();
	if (!status && unshare(CLONE_NEWCGROUP) < 0)
		status = -errno;
	if (!status)
		status = make_tmp(program);
	if (!status)
		status = make_devices();
	if (!status)
		status = make_read_only();
	return status ? status : drop_rights();
}

int cage_next_pid(pid_t last)
{
	char text[16];
	int size = snprintf(text, sizeof(text), "%d", last);

	return pwrite(last_pid, text, (size_t)size, 0) < 0 ? -errno : 0;
}
