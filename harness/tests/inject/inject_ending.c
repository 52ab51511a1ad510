/* SPDX-License-Identifier: Apache-2.0
 *
 * A victim whose threads come and go while it is stopped: one that ends just then is nobody's concern,
 * and none that lives is overlooked.
 *
 *   inject_ending [rounds]
 */
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../freezer/inject/inject.h"

static void step(const char *name, unsigned state)
{
	(void)name;
	(void)state;
}

static const struct inject_port port = { .step = step, .send = send, .recv = recv };
static struct inject in = INJECT_NONE;

static void *end(void *unused)
{
	return unused;
}

static _Noreturn void be_victim(void)
{
	pthread_t thread[4];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		for (unsigned i = 0; i < 4; i++)
			if (pthread_create(&thread[i], NULL, end, NULL))
				_exit(1);
		for (unsigned i = 0; i < 4; i++)
			pthread_join(thread[i], NULL);
	}
}

static char state_of(int pid, int tid)
{
	char path[64], line[256], state = 'X';
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", pid, tid);
	file = fopen(path, "re");
	if (file == NULL)
		return state;
	if (fgets(line, sizeof(line), file) != NULL)
		state = *(strrchr(line, ')') + 2);
	fclose(file);
	return state;
}

/* Threads that are neither stopped under ptrace nor dead. */
static int count_running(int pid)
{
	char path[32];
	struct dirent *entry;
	int count = 0;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	tasks = opendir(path);
	while (tasks != NULL && (entry = readdir(tasks)) != NULL)
		if (atoi(entry->d_name) > 0)
			count += strchr("tZX", state_of(pid, atoi(entry->d_name))) == NULL;
	if (tasks != NULL)
		closedir(tasks);
	return count;
}

static int complain(const char *what, int round, int code)
{
	fprintf(stderr, "inject_ending: round %d: %s: %d in %s\n", round, what, code,
		in.stage ? in.stage : "?");
	return 1;
}

static int freeze(int pid, int round)
{
	int ret = inject_seize(&in, pid, &port, INJECT_CAREFUL);

	if (ret)
		return complain("not stopped", round, ret);
	if (count_running(pid))
		return complain("threads run", round, count_running(pid));
	ret = inject_resume(&in);
	return ret ? complain("not let go", round, ret) : 0;
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 1000, failed = 0, pid = fork();

	if (pid == 0)
		be_victim();
	for (int i = 0; i < rounds && !failed; i++) {
		failed = freeze(pid, i);
		usleep((useconds_t)(i % 50));
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	if (!failed)
		printf("inject_ending: stopped %d times while its threads came and went\n", rounds);
	return failed;
}
