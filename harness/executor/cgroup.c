/* SPDX-License-Identifier: Apache-2.0
 *
 * A freezer cgroup of our own, of either version. It is locked for as long as its owner lives; one
 * that nobody has locked was left by an owner who was killed, and is thawed and removed by the next
 * one. Until then its keeper does that: a process that outlives the owner for no more than that, as
 * what is frozen under version 1 can't even be killed.
 */
#include "cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PREFIX "cryofuzz-stop-"

enum { CHANGE_MS = 4000, PATH = 512 };

/* The two versions say the same in different files. */
static const struct version {
	const char *type; /* of the file system */
	const char *option; /* that it is mounted with, or "" */
	const char *control, *freeze, *thaw;
	const char *state, *frozen, *thawed; /* a part of what is read there */
} versions[] = {
	{ "cgroup", "freezer", "freezer.state", "FROZEN", "THAWED", "freezer.state", "FROZEN",
	  "THAWED" },
	{ "cgroup2", "", "cgroup.freeze", "1", "0", "cgroup.events", "frozen 1", "frozen 0" },
};

struct place {
	const struct version *version;
	char root[PATH / 2];
};

/* ---- files ------------------------------------------------------------------------------------ */

static int write_text(const char *folder, const char *name, const char *text)
{
	char path[PATH];
	int fd, ret;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = write(fd, text, strlen(text)) < 0 ? -errno : 0;
	close(fd);
	return ret;
}

static ssize_t read_text(const char *folder, const char *name, char *text, size_t size)
{
	char path[PATH];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = read(fd, text, size - 1);
	text[n > 0 ? n : 0] = '\0';
	close(fd);
	return n;
}

/* ---- where ------------------------------------------------------------------------------------ */

static bool has_option(const char *options, const char *wanted)
{
	size_t length = strlen(wanted);

	for (const char *at = options; length > 0 && at != NULL; at = strchr(at, ',')) {
		at += *at == ',';
		if (strncmp(at, wanted, length) == 0 && strchr(", \n", at[length]) != NULL)
			return true;
	}
	return length == 0;
}

static int find_version(const struct version *version, struct place *place)
{
	char line[1024], root[PATH / 2], type[32], options[256];
	FILE *mounts = fopen("/proc/self/mounts", "re");
	int ret = -ENOENT;

	if (mounts == NULL)
		return -errno;
	while (ret != 0 && fgets(line, sizeof(line), mounts) != NULL)
		if (sscanf(line, "%*s %255s %31s %255s", root, type, options) == 3 &&
		    strcmp(type, version->type) == 0 && has_option(options, version->option)) {
			place->version = version;
			snprintf(place->root, sizeof(place->root), "%s", root);
			ret = 0;
		}
	fclose(mounts);
	return ret;
}

/* ---- changes ---------------------------------------------------------------------------------- */

static int await_state(const struct version *version, const char *folder, const char *wanted)
{
	const struct timespec soon = { .tv_nsec = 50000 };
	struct timespec now, began;
	char text[256];

	clock_gettime(CLOCK_MONOTONIC, &began);
	do {
		ssize_t n = read_text(folder, version->state, text, sizeof(text));

		if (n < 0)
			return (int)n;
		if (strstr(text, wanted) != NULL)
			return 0;
		nanosleep(&soon, NULL);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while ((now.tv_sec - began.tv_sec) * 1000 + (now.tv_nsec - began.tv_nsec) / 1000000 <
		 CHANGE_MS);
	return -ETIMEDOUT;
}

static int change(const struct version *version, const char *folder, bool freeze)
{
	int ret = write_text(folder, version->control, freeze ? version->freeze : version->thaw);

	return ret ? ret : await_state(version, folder, freeze ? version->frozen : version->thawed);
}

/* Whoever is in it goes on outside. */
static void move_out(const char *folder, const char *root)
{
	char text[4096], *at = text, *end;

	if (read_text(folder, "cgroup.procs", text, sizeof(text)) <= 0)
		return;
	for (; (end = strchr(at, '\n')) != NULL; at = end + 1) {
		*end = '\0';
		write_text(root, "cgroup.procs", at);
	}
}

/* One that is empty but for the dead may be busy for a moment. */
static void dissolve(const struct place *place, const char *folder)
{
	const struct timespec soon = { .tv_nsec = 1000000 };

	change(place->version, folder, false);
	for (int i = 0; i < CHANGE_MS && rmdir(folder) < 0 && errno == EBUSY; i++) {
		move_out(folder, place->root);
		nanosleep(&soon, NULL);
	}
}

/* ---- those that were left --------------------------------------------------------------------- */

static void dissolve_left(const struct place *place)
{
	DIR *root = opendir(place->root);
	struct dirent *entry;

	while (root != NULL && (entry = readdir(root)) != NULL) {
		char folder[PATH];
		int fd;

		if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) != 0)
			continue;
		snprintf(folder, sizeof(folder), "%s/%.200s", place->root, entry->d_name);
		fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			dissolve(place, folder);
		close(fd);
	}
	if (root != NULL)
		closedir(root);
}

/* ---- its keeper ------------------------------------------------------------------------------- */

static _Noreturn void keep(const struct place *place, const char *folder, int owner, int lock)
{
	sigset_t all;
	char byte;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	setsid(); /* Ctrl-C is for the others */
	prctl(PR_SET_NAME, "cgroup-keeper");
	dup3(owner, STDIN_FILENO, 0);
	dup3(lock, STDOUT_FILENO, 0);
	syscall(SYS_close_range, STDERR_FILENO, ~0u, 0);
	while (read(STDIN_FILENO, &byte, 1) < 0 && errno == EINTR)
		;
	dissolve(place, folder);
	_exit(0);
}

static int start_keeper(struct cgroup *c, const struct place *place)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	c->keeper = fork();
	if (c->keeper == 0) {
		close(ends[1]);
		keep(place, c->folder, ends[0], c->lock);
	}
	close(ends[0]);
	c->lifeline = ends[1];
	return c->keeper < 0 ? -errno : 0;
}

/* ---- all of it -------------------------------------------------------------------------------- */

static int make_in(struct cgroup *c, const struct place *place)
{
	char path[PATH];

	snprintf(c->folder, sizeof(c->folder), "%.200s/" PREFIX "%d-%lx", place->root, getpid(),
		 (unsigned long)time(NULL));
	if (mkdir(c->folder, 0755) < 0)
		return -errno;
	c->lock = open(c->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (c->lock < 0 || flock(c->lock, LOCK_EX | LOCK_NB) < 0)
		return -errno;
	snprintf(path, sizeof(path), "%s/%s", c->folder, place->version->control);
	if (access(path, W_OK) < 0)
		return -errno;
	c->version = place->version;
	return start_keeper(c, place);
}

int cgroup_make(struct cgroup *c)
{
	struct place place;
	int ret = -ENOENT;

	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]) && ret != 0; i++) {
		ret = find_version(&versions[i], &place);
		if (ret != 0)
			continue;
		dissolve_left(&place);
		ret = make_in(c, &place);
		if (ret != 0)
			cgroup_drop(c);
	}
	return ret;
}

int cgroup_put(struct cgroup *c, pid_t pid)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", pid);
	return write_text(c->folder, "cgroup.procs", text);
}

int cgroup_freeze(struct cgroup *c)
{
	return change(c->version, c->folder, true);
}

int cgroup_thaw(struct cgroup *c)
{
	return change(c->version, c->folder, false);
}

bool cgroup_is_frozen(const struct cgroup *c)
{
	char text[256];

	return read_text(c->folder, c->version->state, text, sizeof(text)) > 0 &&
	       strstr(text, c->version->frozen) != NULL;
}

bool cgroup_is_kept(const struct cgroup *c)
{
	siginfo_t end = { .si_pid = 0 };

	return waitid(P_PID, (id_t)c->keeper, &end, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       end.si_pid == 0;
}

void cgroup_drop(struct cgroup *c)
{
	if (c->lifeline > 0)
		close(c->lifeline);
	if (c->keeper > 0)
		while (waitpid(c->keeper, NULL, 0) < 0 && errno == EINTR)
			;
	if (c->folder[0] != '\0')
		rmdir(c->folder); /* in vain, if the keeper could not empty it: it is cleaned up later */
	if (c->lock > 0)
		close(c->lock);
	*c = (struct cgroup){ 0 };
}

void cgroup_clean(void)
{
	struct place place;

	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
		if (find_version(&versions[i], &place) == 0)
			dissolve_left(&place);
}
