/* SPDX-License-Identifier: Apache-2.0
 *
 * The call in which it is dumped.
 */
#include "part.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *place_found;
static int fifo;
static pid_t waited_for;

static void end_of_call(int right, const char *what)
{
	static char text[96];

	if (right)
		return;
	snprintf(text, sizeof(text), "%s ended with: %s", what, strerror(errno));
	place_found = text;
}

static void read_fifo(void)
{
	char byte;

	end_of_call(read(fifo, &byte, 1) == 1, "read");
}

/* CRIU documents that a timed wait may end with EINTR: only a strict tree minds. */
static void poll_fifo(void)
{
	struct pollfd one = { .fd = fifo, .events = POLLIN };
	int ready;

	do
		ready = poll(&one, 1, 1000000);
	while (ready < 0 && errno == EINTR && !minds(TREE_TIMED_ENDS));
	end_of_call(ready == 1, "poll");
}

static void suspend(void)
{
	sigset_t set;

	sigfillset(&set);
	sigdelset(&set, SIGUSR1);
	sigsuspend(&set);
	end_of_call(errno == EINTR && told_to_go(), "sigsuspend");
}

static void wait_child(void)
{
	int status = 0;

	end_of_call(waitpid(waited_for, &status, 0) == waited_for && WEXITSTATUS(status) == 9,
		    "wait4");
}

void set_place(void)
{
	fifo = open(TREE_FIFO, O_RDWR | O_CLOEXEC);
	must(fifo >= 0, "fifo");
	if (board->setting.place == TREE_SUSPENDS) {
		sigset_t set;

		sigemptyset(&set);
		sigaddset(&set, SIGUSR1);
		must(sigprocmask(SIG_BLOCK, &set, NULL) == 0, "sigprocmask");
		must(signal(SIGUSR1, handle) != SIG_ERR, "signal");
	}
	if (board->setting.place == TREE_WAITS && (waited_for = fork()) == 0) {
		while (!told_to_go())
			futex_wait(&board->go, 0);
		_exit(9);
	}
}

void sit(void)
{
	if (spoils(TREE_PLACE))
		(void)!write(fifo, "", 1); /* for which nobody has asked yet */
	switch ((enum tree_place)board->setting.place) {
	case TREE_READS:
		read_fifo();
		break;
	case TREE_SPINS:
		while (!told_to_go())
			__asm__ volatile("pause");
		break;
	case TREE_FUTEX:
		errno = 0;
		while (!told_to_go() && errno == 0)
			futex_wait(&board->go, 0);
		end_of_call(told_to_go(), "futex");
		break;
	case TREE_SUSPENDS:
		suspend();
		break;
	case TREE_WAITS:
		wait_child();
		break;
	case TREE_POLLS:
		poll_fifo();
		break;
	}
}

int place_changed(void)
{
	if (place_found == NULL && !told_to_go())
		place_found = "the wait ended before it was told to";
	return place_found ? differs("%s", place_found) : 0;
}
