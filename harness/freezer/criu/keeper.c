/* SPDX-License-Identifier: Apache-2.0
 *
 * Process 1 of a ward: reaping, killing, and the real criu. Nothing in here is controlled.
 */
#include "keeper.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define IMAGES WARD_IMAGES

struct keeper keeper;

int keeper_failed(const char *stage, int error, const char *detail)
{
	struct ward_answer *a = &keeper.answer;

	a->error = error;
	snprintf(a->stage, sizeof(a->stage), "%s", stage);
	snprintf(a->detail, sizeof(a->detail), "%s", detail);
	return error;
}

long keeper_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void keeper_await_child(long ms)
{
	const struct timespec slice = { ms / 1000, ms % 1000 * 1000000 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigtimedwait(&set, NULL, &slice);
}

void keeper_hear_children(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

int keeper_reap(pid_t wanted, int *status)
{
	int found = 0, how;
	pid_t pid;

	while ((pid = waitpid(-1, &how, WNOHANG)) > 0) {
		if (pid == keeper.root) {
			keeper.root = 0;
			keeper.root_status = how;
		}
		if (pid == wanted) {
			found = 1;
			*status = how;
		}
	}
	return found;
}

/* As long as it answers, everybody but us is dead or dying. */
int keeper_clear(void)
{
	long end = keeper_now_ms() + WARD_TREE_MS;
	int status;

	while (kill(-1, SIGKILL) == 0 || errno != ESRCH) {
		if (keeper_now_ms() > end)
			return keeper_failed("tree", -EBUSY,
					     "somebody in the ward can't be killed");
		keeper_await_child(1);
		keeper_reap(0, &status);
	}
	keeper_reap(0, &status);
	keeper.root = 0;
	return 0;
}

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

static int is_stopped(pid_t pid)
{
	char path[32], line[256], *state;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (file == NULL)
		return 0;
	state = fgets(line, sizeof(line), file) != NULL ? strrchr(line, ')') : NULL;
	fclose(file);
	return state != NULL && strncmp(state, ") T", 3) == 0;
}

int keeper_stands_still(struct standstill *s)
{
	s->looks = is_stopped(s->pid) ? s->looks + 1 : 0;
	return s->looks >= KEEPER_LOOKS;
}

int keeper_await_stop(pid_t pid)
{
	const struct timespec soon = { 0, 200000 };
	long end = keeper_now_ms() + WARD_TREE_MS;

	while (!is_stopped(pid)) {
		if (keeper_now_ms() > end)
			return keeper_failed("stop", -ETIMEDOUT, "a stopped actor is not stopped");
		nanosleep(&soon, NULL);
	}
	return 0;
}

void keeper_detach(void)
{
	sigset_t none;
	int null;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	null = open("/dev/null", O_RDWR);
	for (int fd = 0; fd < 3; fd++)
		dup2(null, fd);
	syscall(SYS_close_range, 3, ~0u, 0);
}

pid_t keeper_start(char *const argv[])
{
	pid_t pid = fork();

	if (pid != 0)
		return pid < 0 ? -errno : pid;
	keeper_detach();
	execv(argv[0], argv);
	_exit(127);
}

/* ---- criu --------------------------------------------------------------------------------------- */

/* The first complaint in criu's log is the one that others follow from; but it goes on without the
 * right to raise limits. */
static void read_complaint(const char *log, char *text, size_t size)
{
	FILE *file = fopen(log, "re");
	char line[256];

	if (file == NULL)
		return;
	while (fgets(line, sizeof(line), file) != NULL) {
		char *error = strstr(line, "Error (");

		line[strcspn(line, "\n")] = '\0';
		if (error == NULL || strstr(error, "RLIMIT_NOFILE") != NULL)
			continue;
		snprintf(text, size, "%s", error);
		break;
	}
	fclose(file);
}

static int run_criu(const char *stage, char *const argv[], const char *log, int stopped)
{
	char detail[160] = "it says nothing";
	long end = keeper_now_ms() + WARD_CRIU_MS;
	pid_t pid = keeper_start(argv);
	struct standstill still = { .pid = pid };
	int status = 0;

	if (pid < 0)
		return keeper_failed(stage, pid, "criu can't be started");
	if (stopped)
		kill(pid, SIGSTOP);
	while (!keeper_reap(pid, &status)) {
		if (keeper_stands_still(&still) || keeper_now_ms() > end) {
			kill(pid, SIGKILL);
			snprintf(detail, sizeof(detail), "criu does not end%s",
				 still.looks >= KEEPER_LOOKS ? ": it is stopped" : "");
			return keeper_failed(stage, -ETIME, detail);
		}
		keeper_await_child(KEEPER_LOOK_MS);
	}
	if (status == 0)
		return 0;
	read_complaint(log, detail, sizeof(detail));
	return keeper_failed(stage, -EIO, detail);
}

static void cut_image(void)
{
	if (truncate(IMAGES "/files.img", 20) < 0)
		keeper_failed("dump", -errno, "no image of files");
}

/* A dumped tree has been killed; what is restored in its place must not meet it. */
static int await_end(void)
{
	long end = keeper_now_ms() + WARD_TREE_MS;
	int status;

	for (keeper_reap(0, &status); keeper.root != 0; keeper_reap(0, &status)) {
		if (keeper_now_ms() > end)
			return keeper_failed("dump", -EEXIST,
					     "the tree still runs after it was dumped");
		keeper_await_child(KEEPER_LOOK_MS);
	}
	return 0;
}

int keeper_dump(int leave_running, enum ward_slip slip)
{
	char pid[16];
	char *argv[] = { (char *)keeper.criu, "dump",         "-t", pid, "-D", IMAGES, "-o",
			 "dump.log",          "--file-locks", NULL, NULL };
	int status;

	empty_folder(IMAGES);
	keeper.dumped = keeper.root;
	snprintf(pid, sizeof(pid), "%d", keeper.root);
	if (leave_running)
		argv[9] = "-R";
	status = run_criu("dump", argv, IMAGES "/dump.log", slip == WARD_CRIU_STOPPED);
	if (!status && access(IMAGES "/inventory.img", R_OK) < 0)
		status = keeper_failed("dump", -ENOENT,
				       "criu says that all is well, but there is no image");
	if (!status && !leave_running)
		status = await_end();
	if (!status && slip == WARD_IMAGE_CUT)
		cut_image();
	return status;
}

/* criu has ended, so the restored tree is a child of ours again, with the pid that it had. */
int keeper_restore(enum ward_slip slip)
{
	char *argv[] = { (char *)keeper.criu, "restore",      "-d", "-D", IMAGES, "-o",
			 "restore.log",       "--file-locks", NULL };
	int status;

	keeper.root = keeper.dumped;
	status = run_criu("restore", argv, IMAGES "/restore.log", 0);
	if (status)
		keeper.root = 0;
	if (!status && slip == WARD_LEFT_STOPPED)
		kill(keeper.root, SIGSTOP);
	if (!status && slip == WARD_TREE_KILLED)
		kill(keeper.root, SIGKILL);
	return status;
}
