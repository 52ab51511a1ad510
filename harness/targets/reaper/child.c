/* SPDX-License-Identifier: Apache-2.0
 *
 * The children: real processes, forked by the parent. Each blocks all signals and waits for orders, so that
 * it does nothing but when an actor has told it to, and that actor waits until the kernel has done all that
 * comes of it.
 */
#define _GNU_SOURCE
#include <limits.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "reaper.h"

enum { PATIENCE_S = 3 };

/* ---- in the child --------------------------------------------------------------------------------- */

static void heed(const sigset_t *own)
{
	const struct timespec at_once = { 0 };

	ppoll(NULL, 0, &at_once, own);
}

static void await_order(struct child *c)
{
	unsigned done = atomic_load(&c->done);

	while (atomic_load(&c->orders) == done)
		syscall(SYS_futex, &c->orders, FUTEX_WAIT, done, NULL, NULL, 0);
}

/* Whoever forks with signals blocked hands that on, to the child and to whatever it executes. */
static void begin(unsigned index, sigset_t *own)
{
	sigset_t all, none;

	sigemptyset(&none);
	sigfillset(&all);
	if (index == 0 && cf_param(LEAVES))
		setpgid(0, 0);
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY); /* who traces it is no ancestor */
	if ((int)index == cf_param(CHILDREN) - 1 && cf_param(LAST) == LAST_IGNORES_TERM)
		signal(SIGTERM, SIG_IGN);
	else
		signal(SIGTERM, SIG_DFL);
	if (cf_variant() != INHERITED_MASK)
		sigprocmask(SIG_SETMASK, &none, NULL);
	sigprocmask(SIG_SETMASK, &all, own);
}

/* All of them: a process of the run before may be dying there, and would have the only wake-up. */
static void wake(atomic_uint *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

static void answer(struct child *c, unsigned done)
{
	atomic_store(&c->done, done);
	wake(&c->done);
}

static _Noreturn void live(unsigned index, struct child *c)
{
	sigset_t own;

	begin(index, &own);
	answer(c, 1);
	for (;;) {
		await_order(c);
		heed(&own);
		if ((atomic_load(&c->orders) & 0xff) == END)
			_exit(0);
		answer(c, atomic_load(&c->orders));
	}
}

/* ---- by others ------------------------------------------------------------------------------------- */

static bool is_late(const struct timespec *since)
{
	struct timespec now;

	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
	return now.tv_sec - since->tv_sec > PATIENCE_S;
}

char state_of(pid_t pid)
{
	char path[32], state = 0;
	FILE *stat;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	stat = fopen(path, "re");
	if (stat == NULL)
		return 0;
	if (fscanf(stat, "%*d (%*[^)]) %c", &state) != 1)
		state = 0;
	fclose(stat);
	return state;
}

static bool has_ended(const struct child *c)
{
	char state = state_of(c->pid);

	return state == 'Z' || state == 0;
}

static bool has_stopped(const struct child *c)
{
	return state_of(c->pid) == 'T';
}

static bool goes_on(const struct child *c)
{
	return !has_stopped(c);
}

/* Or it can't before its parent lets it. */
static bool has_obeyed(const struct child *c)
{
	return atomic_load(&c->done) == atomic_load(&c->orders) || has_ended(c) ||
	       (c->held && state_of(c->pid) == 't');
}

static bool waits_for_processor(const struct child *c)
{
	return state_of(c->pid) == 'R';
}

/* For a while: until it has answered, or has ended. */
static void wait_for(const struct child *c, unsigned done, bool ends)
{
	const struct timespec slice = { .tv_nsec = 1000000 };
	struct pollfd end = { .events = POLLIN };

	if (!ends) {
		syscall(SYS_futex, &c->done, FUTEX_WAIT, done, &slice, NULL, 0);
		return;
	}
	end.fd = (int)syscall(SYS_pidfd_open, c->pid, 0);
	syscall(SYS_ppoll, &end, 1, &slice, NULL, 0);
	syscall(SYS_close, end.fd);
}

static void await_child(const struct child *c, bool (*is_so)(const struct child *c))
{
	struct timespec since;
	unsigned done;

	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &since);
	for (;;) {
		/* In this order: whoever is kept from the processor in between has not waited in vain. */
		bool late = is_late(&since);

		done = atomic_load(&c->done);
		if (is_so(c))
			break;
		if (late && !waits_for_processor(c))
			cf_broken("child %d does not do what it was told, it is %c", c->pid,
				  state_of(c->pid));
		wait_for(c, done, is_so == has_ended);
	}
	/* A parent is told under a lock, after its child can be seen to have changed; this call takes the
	 * lock, too, and changes nothing. */
	syscall(SYS_setpgid, 0, getpgid(0));
}

void bear(unsigned index)
{
	struct child *c = &the_ledger()->child[index];
	pid_t pid;

	atomic_store(&c->orders, 1);
	pid = cf_fork_uncontrolled();
	if (pid == 0)
		live(index, c);
	if (pid < 0)
		cf_broken("can't fork");
	c->pid = pid;
	await_child(c, has_obeyed);
	the_ledger()->born = index + 1;
}

/* Whoever is stopped for its tracer, or was killed there, has not answered. */
static void note_heeding(struct child *c)
{
	unsigned order = atomic_load(&c->orders);

	c->heeds = c->told && (order & 0xff) == HEED && atomic_load(&c->done) == order;
}

static void note_end(struct child *c)
{
	c->ended = has_ended(c);
	if (c->ended && c == &the_ledger()->child[1])
		announce(&the()->gone, 1);
}

void order(struct child *c, enum order what)
{
	unsigned number = (atomic_load(&c->orders) >> 8) + 1;

	if (c->ended)
		return;
	atomic_store(&c->orders, number << 8 | what);
	wake(&c->orders);
	await_child(c, what == END && !c->held ? has_ended : has_obeyed);
	note_heeding(c);
	note_end(c);
	cf_obeyed();
}

void settle(struct child *c)
{
	await_child(c, has_obeyed);
	note_heeding(c);
	note_end(c);
}

void stop(struct child *c)
{
	if (c->ended)
		return;
	c->stopped = true;
	kill(c->pid, SIGSTOP);
	await_child(c, has_stopped);
	cf_obeyed();
}

void go_on(struct child *c)
{
	if (c->ended)
		return;
	kill(c->pid, SIGCONT);
	await_child(c, goes_on);
	cf_obeyed();
}

/* Whoever is not stopped by a signal may be a little later, but is told nothing meanwhile. */
void kill_for_good(struct child *c)
{
	if (c->ended)
		return;
	c->killed = c->ended = true;
	kill(c->pid, SIGKILL);
	await_child(c, has_ended);
	note_end(c);
}
