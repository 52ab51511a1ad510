/* SPDX-License-Identifier: Apache-2.0
 *
 * Descriptors that tell of themselves by a signal (O_ASYNC, F_SETSIG, F_SETOWN).
 */
#include "part.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int ends[2], pipe_ends[2];

static int telling(void)
{
	return SIGRTMIN + 12;
}

static void make_tell(int fd)
{
	const struct f_owner_ex owner = { F_OWNER_PID, getpid() };

	must(fcntl(fd, F_SETOWN_EX, &owner) == 0 && fcntl(fd, F_SETSIG, telling()) == 0 &&
		     fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_ASYNC) == 0,
	     "F_SETOWN");
}

void set_async(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, telling());
	must(sigprocmask(SIG_BLOCK, &set, NULL) == 0, "sigprocmask");
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 && pipe(pipe_ends) == 0, "pipe");
	make_tell(ends[1]);
	make_tell(pipe_ends[0]);
}

static int tells(int fd, const char *what)
{
	const struct timespec none = { 0, 0 };
	struct f_owner_ex owner = { 0 };
	siginfo_t info = { 0 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, telling());
	fcntl(fd, F_GETOWN_EX, &owner);
	if (owner.type != F_OWNER_PID || owner.pid != getpid())
		return !differs("the %s's owner is %d, was %d", what, owner.pid, getpid());
	if (fcntl(fd, F_GETSIG) != telling())
		return !differs("the %s's signal is %d, was %d", what, fcntl(fd, F_GETSIG),
				telling());
	if ((fcntl(fd, F_GETFL) & O_ASYNC) == 0)
		return !differs("the %s has lost its O_ASYNC", what);
	if (sigtimedwait(&set, &info, &none) != telling() || info.si_fd != fd)
		return !differs("the %s does not tell that it can be read", what);
	return 1;
}

int async_changed(void)
{
	if (spoils(TREE_ASYNC))
		fcntl(pipe_ends[0], F_SETFL, fcntl(pipe_ends[0], F_GETFL) & ~O_ASYNC);
	(void)!write(ends[0], "x", 1);
	if (!tells(ends[1], "socket"))
		return 1;
	(void)!write(pipe_ends[1], "x", 1);
	return !tells(pipe_ends[0], "pipe");
}
