/* SPDX-License-Identifier: Apache-2.0
 *
 * The criu program: started, watched, and asked what it complains about.
 */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../home/outlet.h"
#include "deadline.h"
#include "left.h"
#include "stepper.h"

void run_begin(struct run *r, const char *stage, const char *command, const char *log)
{
	*r = (struct run){ .stage = stage, .log = log };
	run_add(r, keeper.criu);
	run_add(r, command);
	run_add(r, "-D");
	run_add(r, WARD_IMAGES);
	run_add(r, "-o");
	run_add(r, log); /* RUN_LOG */
}

void run_add(struct run *r, const char *argument)
{
	if (r->count < RUN_ARGUMENTS)
		r->arguments[r->count++] = (char *)argument;
}

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

static int is_stepped(const struct ward_hurt *hurt)
{
	return hurt->dies_at || hurt->fails_at;
}

/* criu itself has the other end of its pipe: if it dies in the middle, nobody reads any more what a parasite that
 * is left says. */
static int loses_its_reader(const struct run *r)
{
	return r->to.outlet == OUTLET_CLOSED_PIPE ||
	       (r->to.outlet == OUTLET_FULL_PIPE && (r->hurt.fault || is_stepped(&r->hurt)));
}

/* In place of the null device. criu logs to its standard output if the name of the log is "-". */
static void open_outlet(const struct run *r)
{
	const struct ward_log *to = &r->to;
	enum outlet kind = (enum outlet)to->outlet;

	if (to->careful && loses_its_reader(r))
		kind = OUTLET_FILE;
	outlet_stdio(kind);
	if (kind == OUTLET_FULL_PIPE && to->careful)
		fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
}

void run_log_to(struct run *r, const struct ward_log *to)
{
	r->to = *to;
	if (to->outlet || !is_stepped(&r->hurt))
		run_add(r, "-v4");
	if (!to->outlet)
		return;
	if (to->outlet != OUTLET_LAST)
		r->arguments[RUN_LOG] = "-";
}

static pid_t start(const struct run *r)
{
	char fault[16];
	pid_t pid = fork();

	if (pid != 0)
		return pid < 0 ? -errno : pid;
	keeper_detach();
	open_outlet(r);
	snprintf(fault, sizeof(fault), "%u", r->hurt.fault);
	if (r->hurt.fault)
		setenv("CRIU_FAULT", fault, 1);
	if (is_stepped(&r->hurt))
		stepper_offer();
	execv(r->arguments[0], r->arguments);
	_exit(127);
}

/* 0: for nobody. */
static pid_t waits_for(pid_t pid)
{
	unsigned long number = 0, first = 0;
	FILE *file = keeper_look_up(pid, "syscall");

	if (file == NULL)
		return 0;
	if (fscanf(file, "%lu %lx", &number, &first) != 2 || number != SYS_wait4)
		first = 0;
	fclose(file);
	return (pid_t)first > 0 ? (pid_t)first : 0;
}

/* What it complained of, and whom it waits for, may tell why. */
static int never_ends(const struct run *r, const char *log, pid_t pid, int stopped)
{
	char said[96] = "", why[32] = "", detail[160];

	keeper.answer.waits_for = (uint32_t)waits_for(pid);
	if (keeper.answer.waits_for)
		snprintf(why, sizeof(why), ": it waits for %u", keeper.answer.waits_for);
	read_complaint(log, said, sizeof(said));
	snprintf(detail, sizeof(detail), "criu does not end%s%s%s",
		 stopped ? ": it is stopped" : why, said[0] ? "; it said: " : "", said);
	return keeper_failed(r->stage, -ETIME, detail);
}

/* Its exit status, or -ETIME. */
static int await_end(const struct run *r, const char *log, pid_t pid, int *status)
{
	struct deadline deadline = deadline_in(WARD_CRIU_MS);
	long begin = keeper_now_ms();
	struct standstill still = { .pid = pid };
	int ret;

	while (!keeper_reap(pid, status)) {
		if (keeper_stands_still(&still) || left_standing(begin) ||
		    deadline_is_over(&deadline)) {
			ret = never_ends(r, log, pid, still.looks >= KEEPER_LOOKS);
			kill(pid, SIGKILL);
			return ret;
		}
		keeper_await_child(KEEPER_LOOK_MS);
	}
	return 0;
}

/* By a mistake of its own; its faults (CRIU_FAULT) end it by SIGKILL. */
static int crashed(int status)
{
	const int signo = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

	return signo == SIGSEGV || signo == SIGBUS || signo == SIGABRT || signo == SIGILL ||
	       signo == SIGFPE || signo == SIGSYS;
}

static int judge(const struct run *r, const char *log, int status)
{
	char detail[160] = "it says nothing", said[96] = "";

	if (status == 0)
		return 0;
	read_complaint(log, said, sizeof(said));
	if (WIFSIGNALED(status))
		snprintf(detail, sizeof(detail), "criu is ended by signal %d%s%s", WTERMSIG(status),
			 said[0] ? "; it said: " : "", said);
	else if (said[0])
		snprintf(detail, sizeof(detail), "%s", said);
	return keeper_failed(r->stage, crashed(status) ? -EFAULT : -EIO, detail);
}

int run_criu(struct run *r)
{
	char log[64];
	int status = 0, ret;
	pid_t pid;

	snprintf(log, sizeof(log), WARD_IMAGES "/%s", r->log);
	unlink(log);
	pid = start(r);
	if (pid < 0)
		return keeper_failed(r->stage, pid, "criu can't be started");
	if (is_stepped(&r->hurt))
		stepper_begin(pid, &r->hurt, log);
	if (r->stopped)
		kill(pid, SIGSTOP);
	ret = await_end(r, log, pid, &status);
	if (is_stepped(&r->hurt))
		stepper_end();
	return ret ? ret : judge(r, log, status);
}
