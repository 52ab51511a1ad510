/* SPDX-License-Identifier: Apache-2.0
 *
 * Victims that are seized anywhere while they fork, vfork, make threads, execute themselves anew or
 * exit: the injector infects and cures them, or says that the victim has ended; they and their children
 * go on, and nobody is left traced or stopped.
 *
 *   inject_busy [rounds]     default 15, of each kind
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../freezer/inject/inject.h"

enum { BOARD_FD = 100, STATUS = 7, EXITS_AFTER = 40, GRACE_MS = 20000 };

/* Seen by all, also by what the victim has become. */
struct board {
	volatile uint32_t turns; /* of the victim's loop */
	volatile uint32_t wrong; /* a child did not end as it should */
};

static struct board *board;
static struct inject in = INJECT_NONE;

static int complain(const char *kind, const char *what, int code)
{
	fprintf(stderr, "inject_busy: %s: %s: %d\n", kind, what, code);
	return 1;
}

/* ---- victims ---------------------------------------------------------------------------------- */

static void reap(pid_t child)
{
	int status = 0;

	board->wrong |= waitpid(child, &status, 0) != child || !WIFEXITED(status) ||
			WEXITSTATUS(status) != STATUS;
}

static void forks(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(STATUS);
	reap(child);
}

static void vforks(void)
{
	pid_t child = vfork();

	if (child == 0)
		_exit(STATUS);
	reap(child);
}

static void *end_at_once(void *argument)
{
	return argument;
}

static void makes_threads(void)
{
	pthread_t thread;
	void *result = NULL;

	board->wrong |= pthread_create(&thread, NULL, end_at_once, board) != 0;
	board->wrong |= pthread_join(thread, &result) != 0 || result != board;
}

static void executes(void)
{
	execl("/proc/self/exe", "inject_busy", "again", NULL);
	board->wrong = 1;
}

static void exits(void)
{
	if (board->turns % EXITS_AFTER == EXITS_AFTER - 1)
		_exit(STATUS);
	usleep(20);
}

static const struct {
	const char *name;
	void (*turn)(void);
	int ends;
} kinds[] = {
	{ "forks", forks, 0 },       { "vforks", vforks, 0 }, { "makes threads", makes_threads, 0 },
	{ "executes", executes, 0 }, { "exits", exits, 1 },
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static _Noreturn void live(void (*turn)(void))
{
	for (;;) {
		board->turns++;
		turn();
	}
}

static int open_board(int make)
{
	if (make && (dup2(memfd_create("board", 0), BOARD_FD) < 0 ||
		     ftruncate(BOARD_FD, sizeof(*board)) < 0))
		return -errno;
	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED, BOARD_FD, 0);
	return board == MAP_FAILED ? -errno : 0;
}

/* ---- the injector ----------------------------------------------------------------------------- */

static void step(const char *name, unsigned state)
{
	(void)name;
	(void)state;
}

static const struct inject_port port = { .step = step, .send = send, .recv = recv };

/* 0, or -ESRCH if the victim has ended meanwhile. */
static int freeze(pid_t victim)
{
	int ret = inject_stop(&in, victim, &port, INJECT_CAREFUL), back;

	if (ret)
		return ret;
	ret = inject_infect(&in);
	if (!ret)
		ret = inject_command(&in, INJECT_CHURN, 1);
	back = inject_cure(&in);
	if (!back)
		back = inject_resume(&in);
	return ret ? ret : back;
}

/* ---- what must hold afterwards ------------------------------------------------------------------ */

/* It waits for others, too, who may have to wait for a processor: its sleep says nothing. */
static int goes_on(void)
{
	uint32_t turns = board->turns;

	for (int i = 0; i < GRACE_MS && board->turns < turns + 3; i++)
		usleep(1000);
	return board->turns >= turns + 3;
}

static int is_traced(pid_t victim)
{
	char path[64], line[256];
	int tracer = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", victim);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		sscanf(line, "TracerPid: %d", &tracer);
	if (file)
		fclose(file);
	return tracer != 0;
}

static int check_end(const char *kind, pid_t victim)
{
	int status = in.status;

	if (!in.gone && waitpid(victim, &status, 0) != victim)
		return complain(kind, "it is not there", errno);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != STATUS)
		return complain(kind, "ended with another status", status);
	return 0;
}

static int check_life(const char *kind, pid_t victim)
{
	int failed = 0;

	if (is_traced(victim))
		failed = complain(kind, "still traced", victim);
	else if (!goes_on())
		failed = complain(kind, "does not go on, state", patience_state(victim));
	else if (board->wrong)
		failed = complain(kind, "a child did not end as it should", 0);
	kill(victim, SIGKILL);
	waitpid(victim, NULL, __WALL);
	return failed;
}

static int meet(unsigned kind)
{
	pid_t victim;
	int ret;

	board->turns = board->wrong = 0;
	victim = fork();
	if (victim == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		live(kinds[kind].turn);
	}
	usleep((useconds_t)(rand() % 3000));
	ret = freeze(victim);
	inject_drop(&in);
	if (ret && !(kinds[kind].ends && ret == -ESRCH && !in.hung))
		return complain(kinds[kind].name, in.stage, ret);
	return kinds[kind].ends ? check_end(kinds[kind].name, victim)
				: check_life(kinds[kind].name, victim);
}

int main(int argc, char **argv)
{
	int again = argc > 1 && !strcmp(argv[1], "again");
	unsigned rounds = argc > 1 && !again ? (unsigned)atoi(argv[1]) : 15;

	if (open_board(!again))
		return complain("set-up", "no board", errno);
	if (again)
		live(executes);
	for (unsigned i = 0; i < rounds * KINDS; i++)
		if (meet(i % KINDS))
			return 1;
	printf("inject_busy: %u victims that fork, vfork, make threads, execute or exit\n",
	       rounds * KINDS);
	return 0;
}
