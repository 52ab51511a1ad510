/* SPDX-License-Identifier: Apache-2.0
 *
 * Whoever is killed in the middle, nobody is left: the executor at any moment, or anyone below it: an
 * actor, its freezer, a victim, the driver of an injector. Looked at from outside: this check is the
 * reaper of all its descendants (a subreaper), so whoever is left is a child of its in the end. After
 * deaths below the executor the very next run is as good as any other.
 *
 *	reaping [rounds]    of each kind
 */
#include <errno.h>
#include <sys/prctl.h>

#include "../targets/inject/disturb.h"
#include "../targets/inject/params.h"
#include "drive.h"

enum { FAMILY = 64, KILLS = 3, MOMENT_US = 4000 /* about a run */, GRACE_S = 20 };

struct family {
	pid_t pid[FAMILY];
	unsigned count;
};

/* ---- who is there ----------------------------------------------------------------------------- */

static void add_children(struct family *f, pid_t parent)
{
	char path[64];
	FILE *file;
	int child;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", parent, parent);
	file = fopen(path, "re");
	if (file == NULL)
		return; /* it has ended meanwhile */
	while (f->count < FAMILY && fscanf(file, "%d", &child) == 1)
		f->pid[f->count++] = child;
	fclose(file);
}

static struct family family_of(pid_t head)
{
	struct family f = { .count = 0 };

	add_children(&f, head);
	for (unsigned i = 0; i < f.count; i++)
		add_children(&f, f.pid[i]);
	return f;
}

/* The state of a process and who traces it, or 0 if it is gone. */
static char state_of(pid_t pid, int *tracer)
{
	char path[64], line[256], state = 0;
	FILE *file;

	*tracer = 0;
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		sscanf(line, "State: %c", &state);
		sscanf(line, "TracerPid: %d", tracer);
	}
	if (file != NULL)
		fclose(file);
	return state;
}

/* Between two runs: someone who is stopped, traced or dead. 0: nobody. */
static pid_t disturbed(pid_t head, char *state)
{
	struct family f = family_of(head);

	for (unsigned i = 0; i < f.count; i++) {
		int tracer;

		*state = state_of(f.pid[i], &tracer);
		if (tracer != 0)
			*state = 't';
		if (*state != 0 && strchr("tTZ", *state) != NULL)
			return f.pid[i];
	}
	return 0;
}

/* Reaps all that come to us until there is none, or one that does not end: that one, or 0. */
static pid_t left_behind(void)
{
	for (int i = 0; i < GRACE_S * 1000; i++) {
		pid_t pid = waitpid(-1, NULL, WNOHANG | __WALL);

		if (pid < 0)
			return errno == ECHILD ? 0 : -1;
		if (pid == 0)
			usleep(1000);
	}
	return family_of(getpid()).pid[0];
}

static void check_nobody(const char *after)
{
	pid_t left = left_behind();
	int tracer;

	CHECK(left == 0, "%s: process %d is left, state %c", after, left, state_of(left, &tracer));
}

/* ---- what is killed --------------------------------------------------------------------------- */

struct subject {
	const char *target;
	int params[16];
	unsigned event, arg; /* of actor 0: freezes it at a point */
	unsigned moments; /* as long as others, or so many times */
};

static const struct subject subjects[] = {
	{ "targets/inject", { [COMMANDS] = 2, [SEED] = 1 }, 0, 0, 1 },
	{ "targets/inject",
	  { [COMMANDS] = 2,
	    [PLACE] = VICTIM_SPINS,
	    [STOPPED] = 1,
	    [SEED] = 1,
	    [DISTURBS] = DISTURBS_DIES,
	    [WHEN] = DISTURBS_WITH_PARASITE },
	  0,
	  0,
	  1 },
	{ "targets/queue", { 1, 2, 3 }, CF_DO_INFECT, 1, 1 },
	{ "test-targets/blocks", { 0 }, CF_DO_INFECT, 1, 1 },
	{ "targets/queue", { 1, 2, 3 }, CF_DO_STOP, CF_STOP_SIGNAL, 1 },
	{ "targets/queue", { 1, 2, 3 }, CF_DO_STOP, CF_STOP_CGROUP, 1 },
	{ "test-targets/blocks", { 0 }, CF_DO_INFECT, 1 | CF_INSIDE << 8, 1 },
#ifndef __SANITIZE_ADDRESS__ /* as in checkpoints.c */
	{ "targets/queue", { 1, 2, 3 }, CF_DO_CHECKPOINT, 0, 30 },
#endif
};
enum { SUBJECTS = sizeof(subjects) / sizeof(subjects[0]) };

static struct drive open_subject(const struct subject *s, unsigned point)
{
	struct drive d = drive_open(s->target);

	memcpy(d.control->plan.params, s->params, sizeof(s->params));
	if (s->event)
		drive_event(&d, 0, point, (enum cf_do)s->event, s->arg);
	return d;
}

static void ask(struct drive *d)
{
	struct cf_mailbox *mailbox = &d->control->mailbox;

	mailbox->kind = CF_RUN;
	__atomic_store_n(&mailbox->request, mailbox->request + 1, __ATOMIC_RELEASE);
	drive_futex(&mailbox->request, FUTEX_WAKE, 1, NULL);
}

static useconds_t moment(const struct subject *s)
{
	return (useconds_t)(rand() % (int)(MOMENT_US * s->moments));
}

static void kill_executor(const struct subject *s, unsigned round)
{
	struct drive d = open_subject(s, round % 3);

	ask(&d);
	usleep(moment(s));
	kill(d.executor, SIGKILL);
	close(d.lifeline);
	check_nobody(s->target);
	munmap(d.control, CF_CONTROL_SIZE);
}

/* A zombie is its parent's affair. */
static void await_death(pid_t pid)
{
	int tracer;

	for (int i = 0; i < GRACE_S * 1000; i++) {
		char state = state_of(pid, &tracer);

		if (state == 0 || state == 'Z')
			return;
		usleep(1000);
	}
	CHECK(0, "process %d can't be killed, state %c", pid, state_of(pid, &tracer));
}

/* Ends once all that it has killed have ended. */
static pid_t kill_some_soon(const struct subject *s, pid_t head)
{
	pid_t killer = fork(), killed[KILLS];
	unsigned count = 0;

	if (killer != 0)
		return killer;
	srand((unsigned)getpid());
	for (unsigned i = 0; i < KILLS; i++) {
		usleep(moment(s));
		struct family f = family_of(head);

		if (f.count == 0)
			continue;
		killed[count] = f.pid[(unsigned)rand() % f.count];
		kill(killed[count++], SIGKILL);
	}
	for (unsigned i = 0; i < count; i++)
		await_death(killed[i]);
	_exit(0);
}

/* The executor says what came of it, whatever that is; and the next run is good again. */
static void kill_below(const struct subject *s, unsigned round)
{
	struct drive d = open_subject(s, round % 3);
	const struct cf_result *r;
	pid_t left, killer = kill_some_soon(s, d.executor);
	char state = 0;
	int status;

	do
		drive_run(&d, CF_RUN);
	while (waitpid(killer, &status, WNOHANG) == 0);
	CHECK(status == 0, "the killer: status %#x", status);
	r = drive_run(&d, CF_RUN);
	/* only root may checkpoint */
	CHECK(r->outcome == CF_PASSED || r->outcome == CF_UNSUPPORTED,
	      "%s, the run after: outcome %u %s: %s", s->target, r->outcome, r->site, r->detail);
	left = disturbed(d.executor, &state);
	CHECK(left == 0, "%s: process %d is left in state %c", s->target, left, state);
	drive_close(&d);
	check_nobody(s->target);
}

/* ---- the check itself ------------------------------------------------------------------------- */

/* A process that outlives its parent, stopped, is seen. */
static void check_itself(void)
{
	pid_t parent = fork(), left;
	char state;

	if (parent == 0) {
		pid_t child = fork();

		if (child == 0)
			for (;;)
				raise(SIGSTOP);
		waitpid(child, NULL, WUNTRACED);
		_exit(0);
	}
	CHECK(waitpid(parent, NULL, 0) == parent, "set-up");
	left = disturbed(getpid(), &state);
	CHECK(left > 0 && state == 'T', "one that is left stopped is not seen");
	kill(left, SIGKILL);
	check_nobody("the check itself");
}

int main(int argc, char **argv)
{
	unsigned rounds = argc > 1 ? (unsigned)atoi(argv[1]) : 5;

	CHECK(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0, "set-up");
	check_itself();
	for (unsigned i = 0; i < rounds * SUBJECTS; i++) {
		kill_executor(&subjects[i % SUBJECTS], i);
		kill_below(&subjects[i % SUBJECTS], i);
	}
	printf("reaping: nobody is left after %u deaths of the executor, and more below it\n",
	       rounds * SUBJECTS);
	return 0;
}
