/* SPDX-License-Identifier: Apache-2.0
 *
 * Ways to wait for children by signals and descriptors, all of them right, and what is forgotten in each.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reaper.h"

void handle(int signo, void (*handler)(int signo), int flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };

	sigfillset(&action.sa_mask);
	sigaction(signo, &action, NULL);
}

static void set_of_all(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGCHLD);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGALRM);
}

static void block(void)
{
	sigset_t set;

	set_of_all(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

/* As many as have ended: signals that come while one is pending are one signal. */
static void reap_ended(bool one)
{
	int options = cf_variant() == STOP_IS_END ? WNOHANG | WUNTRACED : WNOHANG;
	int status, error = errno;
	pid_t pid;

	while ((pid = waitpid(-1, &status, options)) > 0) {
		account(pid, status);
		if (one)
			break;
	}
	errno = error;
}

/* ---- SIGCHLD's handler reaps ----------------------------------------------------------------------- */

static void on_child(int signo)
{
	(void)signo;
	reap_ended(cf_variant() == MERGED);
}

static void listen_by_handlers(void)
{
	if (cf_variant() != PAUSE)
		block();
	handle(SIGCHLD, on_child, 0);
	handle(SIGINT, on_interrupt, 0);
	handle(SIGALRM, on_alarm, 0);
	alarm(WORK_S);
}

static void reap_by_handler(void)
{
	sigset_t none;

	sigemptyset(&none);
	the_ledger()->for_a_signal = true;
	for (;;) {
		act();
		if (all_counted())
			return;
		if (cf_variant() == PAUSE)
			pause();
		else
			sigsuspend(&none);
	}
}

/* ---- sigwaitinfo ------------------------------------------------------------------------------------- */

static void listen_by_mask(void)
{
	block();
	alarm(WORK_S);
}

static void reap_by_sigwaitinfo(void)
{
	siginfo_t info;
	sigset_t set;

	set_of_all(&set);
	the_ledger()->for_a_signal = true;
	while (!all_counted()) {
		int signo = sigwaitinfo(&set, &info);

		if (signo == SIGCHLD)
			reap_ended(false);
		else if (signo == SIGALRM)
			on_alarm(signo);
		else if (signo > 0)
			on_interrupt(signo);
		act();
	}
}

/* ---- descriptors ------------------------------------------------------------------------------------- */

static void listen_by_descriptor(void)
{
	block();
}

static void open_all(struct pollfd fds[])
{
	const struct ledger *ledger = the_ledger();
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	fds[0] = (struct pollfd){ .fd = signalfd(-1, &set, SFD_CLOEXEC), .events = POLLIN };
	for (unsigned i = 0; i < ledger->born; i++)
		fds[1 + i] = (struct pollfd){
			.fd = (int)syscall(SYS_pidfd_open, ledger->child[i].pid, 0),
			.events = POLLIN,
		};
}

static void reap_ready(struct pollfd fds[])
{
	int options = cf_variant() == PEEKS && asked_to_end ? WEXITED | WNOWAIT : WEXITED;
	const struct ledger *ledger = the_ledger();

	for (unsigned i = 0; i < ledger->born; i++) {
		siginfo_t info = { 0 };

		if (!(fds[1 + i].revents & POLLIN) ||
		    waitid(P_PIDFD, (id_t)fds[1 + i].fd, &info, options) < 0)
			continue;
		account(info.si_pid, info.si_status);
		close(fds[1 + i].fd);
		fds[1 + i].fd = -1;
	}
}

static void reap_by_descriptors(void)
{
	struct pollfd fds[1 + MAX_CHILDREN];
	struct signalfd_siginfo info;
	int ms = WORK_S * 1000;

	open_all(fds);
	while (!all_counted()) {
		int ready = poll(fds, 1 + the_ledger()->born, ms);

		if (ready > 0)
			reap_ready(fds);
		if (ready == 0)
			on_alarm(SIGALRM);
		if (ready > 0 && (fds[0].revents & POLLIN) &&
		    read(fds[0].fd, &info, sizeof(info)) > 0)
			on_interrupt(SIGINT);
		if (asked_to_end)
			ms = GRACE_S * 1000;
		act();
		if (graceless && cf_variant() == GIVES_UP)
			return;
	}
}

/* ---- whichever it is --------------------------------------------------------------------------------- */

static const struct way by_handler = { listen_by_handlers, reap_by_handler };
static const struct way by_sigwaitinfo = { listen_by_mask, reap_by_sigwaitinfo };
static const struct way by_descriptors = { listen_by_descriptor, reap_by_descriptors };

const struct way *the_way(void)
{
	static const struct way *const ways[] = {
		[SIGWAITINFO] = &by_sigwaitinfo,
		[PIDFD] = &by_descriptors,
		[WAIT4] = &by_wait4,
		[PEEKS] = &by_descriptors,
		[GIVES_UP] = &by_descriptors,
		[JUMPS] = &by_wait4,
		[STEALS] = &in_turn,
		[RESTARTS] = &by_wait4,
		[TRACES] = &by_tracing,
		[TIMES_OUT] = &by_wait4,
		[OWN_GROUP] = &by_group,
		[SWALLOWS] = &by_tracing,
		[WRONG_PID] = &by_wait4,
	};

	return ways[cf_variant()] != NULL ? ways[cf_variant()] : &by_handler;
}
