/* SPDX-License-Identifier: Apache-2.0
 *
 * A dump and a restore, in each of the ways.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "deadline.h"
#include "run.h"

#define IMAGES WARD_IMAGES
#define PRE "pre" /* folder of a pre-dump, below that of the images */

enum { FIRST_PORT = 27301 };

static void empty_folder(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	if (folder == NULL)
		return;
	while ((entry = readdir(folder)) != NULL)
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(folder), entry->d_name, 0);
	closedir(folder);
}

static void cut_image(void)
{
	if (truncate(IMAGES "/files.img", 20) < 0)
		keeper_failed("dump", -errno, "no image of files");
}

static void change_byte(const char *name)
{
	char path[300], byte;
	int fd;

	snprintf(path, sizeof(path), IMAGES "/%s", name);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (pread(fd, &byte, 1, 5000) == 1) {
		byte ^= 1;
		(void)!pwrite(fd, &byte, 1, 5000);
	}
	close(fd);
}

/* In the shared memory, which is known by its size: the names have numbers. */
static void change_page(void)
{
	DIR *folder = opendir(IMAGES);
	struct dirent *entry;
	struct stat now;

	while (folder != NULL && (entry = readdir(folder)) != NULL)
		if (strncmp(entry->d_name, "pages-", 6) == 0 &&
		    fstatat(dirfd(folder), entry->d_name, &now, 0) == 0 && now.st_size == 65536)
			change_byte(entry->d_name);
	if (folder != NULL)
		closedir(folder);
}

/* A dumped tree has been killed; what is restored in its place must not meet it. */
static int await_end(void)
{
	struct deadline deadline = deadline_in(WARD_TREE_MS);
	int status;

	for (keeper_reap(0, &status); keeper.root != 0; keeper_reap(0, &status)) {
		if (deadline_is_over(&deadline))
			return keeper_failed("dump", -EEXIST,
					     "the tree still runs after it was dumped");
		keeper_await_child(KEEPER_LOOK_MS);
	}
	return 0;
}

/* ---- a second criu ------------------------------------------------------------------------------- */

/* Several trees have one network. */
static void add_port(struct run *run)
{
	static char port[8];

	snprintf(port, sizeof(port), "%u", FIRST_PORT + keeper.berth);
	run_add(run, "--port");
	run_add(run, port);
}

/* It goes to the background when it is ready. */
static int start_second(const char *command)
{
	struct run run;

	unlink(IMAGES "/second.pid");
	run_begin(&run, "second", command, "second.log");
	run_add(&run, "-d");
	run_add(&run, "--pidfile");
	run_add(&run, "second.pid");
	if (command[0] == 'p') {
		run_add(&run, "--address");
		run_add(&run, "127.0.0.1");
		add_port(&run);
	}
	return run_criu(&run);
}

static pid_t second(void)
{
	FILE *file = fopen(IMAGES "/second.pid", "re");
	char text[16] = "";

	if (file == NULL)
		return 0;
	(void)!fgets(text, sizeof(text), file);
	fclose(file);
	return (pid_t)atoi(text);
}

/* By itself, once it has done its work. */
static int await_second(const char *stage)
{
	struct deadline deadline = deadline_in(WARD_TREE_MS);
	pid_t pid = second();
	int status;

	for (keeper_reap(0, &status); pid > 0 && kill(pid, 0) == 0; keeper_reap(0, &status)) {
		if (deadline_is_over(&deadline))
			return keeper_failed(stage, -ETIME, "the second criu does not end");
		keeper_await_child(KEEPER_LOOK_MS);
	}
	return 0;
}

static void end_second(void)
{
	pid_t pid = second();

	if (pid > 0)
		kill(pid, SIGKILL);
}

/* ---- dump ----------------------------------------------------------------------------------------- */

static void begin_dump(struct run *run, const char *command, char root[16])
{
	snprintf(root, 16, "%d", keeper.root);
	run_begin(run, "dump", command, "dump.log");
	run_add(run, "-t");
	run_add(run, root);
	run_add(run, "--file-locks");
}

static int pre_dump(void)
{
	static char *check[] = { "", "check", "--feature", "mem_dirty_track", NULL };
	struct run run = { .stage = "check", .log = "check.log" };
	char root[16];

	for (int i = 0; i < 4; i++)
		run_add(&run, i ? check[i] : keeper.criu);
	if (run_criu(&run))
		return keeper_failed("dump", -EOPNOTSUPP,
				     "criu check --feature mem_dirty_track: this kernel does not "
				     "track which memory is written to");
	begin_dump(&run, "pre-dump", root);
	run.arguments[3] = IMAGES "/" PRE;
	return mkdir(IMAGES "/" PRE, 0700) < 0 && errno != EEXIST ? -errno : run_criu(&run);
}

static int prepare_dump(enum ward_way way)
{
	switch (way) {
	case WARD_BY_PAGE_SERVER:
		return start_second("page-server");
	case WARD_PRE_DUMPED:
		return pre_dump();
	default:
		return 0;
	}
}

static void add_way(struct run *run, enum ward_way way)
{
	if (way == WARD_BY_PAGE_SERVER) {
		run_add(run, "--page-server");
		run_add(run, "--address");
		run_add(run, "127.0.0.1");
		add_port(run);
	}
	if (way == WARD_PRE_DUMPED) {
		run_add(run, "--track-mem");
		run_add(run, "--prev-images-dir");
		run_add(run, PRE);
	}
}

static int finish_dump(const struct ward_how *how)
{
	int status = 0;

	if (access(IMAGES "/inventory.img", R_OK) < 0)
		status = keeper_failed("dump", -ENOENT,
				       "criu says that all is well, but there is no image");
	if (!status && how->way == WARD_BY_PAGE_SERVER)
		status = await_second("dump");
	if (!status && !how->leave_running)
		status = await_end();
	if (!status && how->slip == WARD_IMAGE_CUT)
		cut_image();
	if (!status && how->slip == WARD_PAGE_CHANGED && how->way == WARD_BY_PAGE_SERVER)
		change_page();
	return status;
}

static void fail_dump(enum ward_slip slip)
{
	end_second();
	if (slip == WARD_STOPS_AFTER) {
		kill(keeper.root, SIGSTOP);
		keeper_await_stop(keeper.root);
	}
	if (slip == WARD_KILLS_AFTER)
		kill(keeper.root, SIGKILL);
}

int keeper_dump_how(const struct ward_how *how)
{
	struct run run;
	char root[16];
	int status;

	status = how->way == WARD_LAZILY ? await_second("dump") : 0; /* of the round before */
	if (status)
		return status;
	empty_folder(IMAGES);
	keeper.dumped = keeper.root;
	status = prepare_dump(how->way);
	if (status)
		return status;
	begin_dump(&run, "dump", root);
	add_way(&run, how->way);
	if (how->leave_running)
		run_add(&run, "-R");
	run.stopped = how->slip == WARD_CRIU_STOPPED;
	run.hurt = how->hurt;
	run_log_to(&run, &how->log);
	status = run_criu(&run);
	if (status)
		fail_dump(how->slip);
	return status ? status : finish_dump(how);
}

int keeper_dump(int leave_running, enum ward_slip slip)
{
	const struct ward_how how = { .leave_running = (uint32_t)leave_running, .slip = slip };

	return keeper_dump_how(&how);
}

/* ---- restore -------------------------------------------------------------------------------------- */

static void fail_restore(enum ward_slip slip)
{
	keeper.root = 0;
	end_second();
	if (slip == WARD_STAYS_AFTER && fork() == 0)
		for (;;)
			pause();
}

/* criu has ended, so the restored tree is a child of ours again, with the pid that it had. */
int keeper_restore_how(const struct ward_how *how)
{
	struct run run;
	int status = how->way == WARD_LAZILY ? start_second("lazy-pages") : 0;

	if (status)
		return status;
	if (how->slip == WARD_SECOND_KILLED && second() > 0)
		kill(second(), SIGKILL);
	keeper.root = keeper.dumped;
	run_begin(&run, "restore", "restore", "restore.log");
	run_add(&run, "-d");
	run_add(&run, "--file-locks");
	if (how->way == WARD_LAZILY)
		run_add(&run, "--lazy-pages");
	run.hurt = how->hurt;
	run_log_to(&run, &how->log);
	status = run_criu(&run);
	if (status)
		fail_restore(how->slip);
	if (!status && how->slip == WARD_LEFT_STOPPED)
		kill(keeper.root, SIGSTOP);
	if (!status &&
	    (how->slip == WARD_TREE_KILLED || (how->slip == WARD_NEIGHBOUR_KILLED && keeper.berth)))
		kill(keeper.root, SIGKILL);
	return status;
}

int keeper_restore(enum ward_slip slip)
{
	const struct ward_how how = { .slip = slip };

	return keeper_restore_how(&how);
}
