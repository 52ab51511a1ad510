/* SPDX-License-Identifier: Apache-2.0
 *
 * A deputy is a fork of process 1, and an heir of his: whoever is restored in the background becomes
 * his child. Whoever clears the ward kills him, too.
 */
#include "beside.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "keeper.h"
#include "tree.h"

/* A deputy does what process 1 does at the same time, so he is not long behind. */
enum { BEHIND_MS = WARD_CRIU_MS / 2 };

static int ends[WARD_BESIDE];
static unsigned deputies;

/* ---- a deputy ----------------------------------------------------------------------------------- */

static int take_place(const struct ward_duties *duties)
{
	int status;

	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0 || unshare(CLONE_NEWNS) < 0 ||
	    mount("ward", WARD_IMAGES, "tmpfs", 0, "mode=700") < 0 ||
	    mount("ward", TREE_HOME, "tmpfs", 0, "mode=700") < 0)
		return -errno;
	status = ward_own_terminals();
	return status ? status : duties->move_in();
}

static _Noreturn void deputize(int fd, unsigned berth, const struct ward_duties *duties)
{
	char order[WARD_ORDER] __attribute__((aligned(8)));
	ssize_t size;
	int status;

	keeper = (struct keeper){ .criu = keeper.criu, .berth = berth };
	deputies = 0;
	status = take_place(duties);
	while ((size = recv(fd, order, sizeof(order), 0)) > 0) {
		memset(&keeper.answer, 0, sizeof(keeper.answer));
		if (status)
			keeper_failed("tree", status, "a second one can't have folders");
		else
			duties->obey(order, (size_t)size);
		if (send(fd, &keeper.answer, sizeof(keeper.answer), MSG_NOSIGNAL) < 0)
			break;
	}
	_exit(0);
}

/* ---- process 1 ---------------------------------------------------------------------------------- */

static int start_one(const struct ward_duties *duties)
{
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	pid = fork();
	if (pid == 0) {
		close(pair[0]);
		deputize(pair[1], deputies + 1, duties);
	}
	close(pair[1]);
	if (pid < 0)
		close(pair[0]);
	else
		ends[deputies++] = pair[0];
	return pid < 0 ? -errno : 0;
}

int beside_start(unsigned count, const struct ward_duties *duties)
{
	int status = 0;

	beside_end();
	for (unsigned i = 0; !status && i < count && i < WARD_BESIDE; i++)
		status = start_one(duties);
	return status;
}

void beside_end(void)
{
	while (deputies)
		close(ends[--deputies]);
}

void beside_tell(const void *order, size_t size)
{
	for (unsigned i = 0; i < deputies; i++)
		send(ends[i], order, size, MSG_NOSIGNAL);
}

static void hear(int fd, struct ward_answer *answer, long end)
{
	struct pollfd one = { .fd = fd, .events = POLLIN };
	long left = end - keeper_now_ms();

	*answer = (struct ward_answer){ .error = -ETIME, .stage = "tree" };
	if (poll(&one, 1, left > 0 ? (int)left : 0) > 0 &&
	    recv(fd, answer, sizeof(*answer), 0) == (ssize_t)sizeof(*answer))
		return;
	snprintf(answer->detail, sizeof(answer->detail), "who keeps it does not answer");
}

void beside_hear(void)
{
	long end = keeper_now_ms() + BEHIND_MS;
	struct ward_answer *first = &keeper.answer, other;

	for (unsigned i = 0; i < deputies; i++) {
		hear(ends[i], &other, end);
		if (first->error || first->changed || (!other.error && !other.changed))
			continue;
		*first = other;
		snprintf(first->detail, sizeof(first->detail), "beside the first tree: %.130s",
			 other.detail);
	}
}
