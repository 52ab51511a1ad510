/* SPDX-License-Identifier: Apache-2.0
 *
 * Process 1 of a ward: starting, reaping and killing. Nothing in here is controlled.
 */
#include "keeper.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "stepper.h"

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

	while ((pid = waitpid(-1, &how, WNOHANG | __WALL)) > 0) {
		if (WIFSTOPPED(how)) {
			stepper_heard(pid, how);
			continue;
		}
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

FILE *keeper_look_up(pid_t pid, const char *name)
{
	char path[48];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return fopen(path, "re");
}

/* What it is, its state, and where in the kernel. */
static void describe(int pid, char *text, size_t size)
{
	char line[128], name[32] = "", state = '?', where[48] = "";
	FILE *file = keeper_look_up(pid, "status");

	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		sscanf(line, "Name: %31s", name);
		sscanf(line, "State: %c", &state);
	}
	if (file != NULL)
		fclose(file);
	file = keeper_look_up(pid, "wchan");
	if (file != NULL) {
		(void)!fgets(where, sizeof(where), file);
		fclose(file);
	}
	snprintf(text, size, "process %d (%s) can't be killed, %c in %s", pid, name, state, where);
}

static int nobody_dies(void)
{
	char text[160] = "somebody in the ward can't be killed";
	DIR *all = opendir("/proc");
	struct dirent *entry;

	while (all != NULL && (entry = readdir(all)) != NULL)
		if (atoi(entry->d_name) > 1) {
			describe(atoi(entry->d_name), text, sizeof(text));
			break;
		}
	if (all != NULL)
		closedir(all);
	return keeper_failed("tree", -EBUSY, text);
}

/* As long as it answers, everybody but us is dead or dying. */
int keeper_clear(void)
{
	long end = keeper_now_ms() + WARD_CLEAR_MS;
	int status;

	while (kill(-1, SIGKILL) == 0 || errno != ESRCH) {
		if (keeper_now_ms() > end)
			return nobody_dies();
		keeper_await_child(1);
		keeper_reap(0, &status);
	}
	keeper_reap(0, &status);
	keeper.root = 0;
	return 0;
}

/* As /proc has it: T, for one, if somebody has stopped it. Z if it is not there any more. */
static char state_of(pid_t pid)
{
	char line[256], *state;
	FILE *file = keeper_look_up(pid, "stat");

	if (file == NULL)
		return 'Z';
	state = fgets(line, sizeof(line), file) != NULL ? strrchr(line, ')') : NULL;
	fclose(file);
	return state != NULL && strlen(state) > 2 ? state[2] : 'Z';
}

int keeper_stands_still(struct standstill *s)
{
	long now = keeper_now_ms();

	if (now - s->looked_at < KEEPER_LOOK_MS)
		return 0;
	s->looked_at = now;
	s->looks = state_of(s->pid) == 'T' ? s->looks + 1 : 0;
	return s->looks >= KEEPER_LOOKS;
}

int keeper_await_state(pid_t pid, const char *states, int patience_ms)
{
	const struct timespec soon = { 0, 200000 };
	long end = keeper_now_ms() + patience_ms;

	while (strchr(states, state_of(pid)) == NULL) {
		if (keeper_now_ms() > end)
			return -ETIMEDOUT;
		nanosleep(&soon, NULL);
	}
	return 0;
}

int keeper_await_stop(pid_t pid)
{
	if (keeper_await_state(pid, "T", WARD_TREE_MS))
		return keeper_failed("stop", -ETIMEDOUT, "a stopped actor is not stopped");
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
