/* SPDX-License-Identifier: Apache-2.0
 *
 * Descriptors that stand for processes.
 */
#include "part.h"

#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int self_fd, child_fd, dead_fd;
static pid_t child, dead;
static uint32_t *go;

static int follow(pid_t pid)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	must(fd >= 0, "pidfd_open");
	return fd;
}

void set_followed(void)
{
	go = (uint32_t *)map(MAP_SHARED | MAP_ANONYMOUS, -1);
	child = fork();
	if (child == 0) {
		await_order(go);
		_exit(6);
	}
	dead = fork();
	if (dead == 0)
		_exit(7);
	must(child > 0 && dead > 0, "fork");
	must(waitid(P_PID, (id_t)dead, &(siginfo_t){ 0 }, WEXITED | WNOWAIT) == 0, "waitid");
	self_fd = follow(getpid());
	child_fd = follow(child);
	dead_fd = follow(dead);
}

static int has_ended(int fd)
{
	struct pollfd one = { .fd = fd, .events = POLLIN };

	return poll(&one, 1, 0) == 1;
}

int followed_changed(void)
{
	siginfo_t info = { 0 };

	if (spoils(TREE_FOLLOWED))
		dup2(self_fd, dead_fd);
	if (has_ended(self_fd) || has_ended(child_fd))
		return differs("a descriptor says that a living process has ended");
	if (!has_ended(dead_fd))
		return differs("a descriptor does not say any more that its process is dead");
	if (syscall(SYS_pidfd_send_signal, self_fd, 0, NULL, 0) != 0)
		return differs("we can't signal ourselves by descriptor");
	order(go);
	if (waitid(P_PIDFD, (id_t)child_fd, &info, WEXITED) != 0 || info.si_pid != child ||
	    info.si_status != 6)
		return differs("the descriptor is of %d, was of %d", info.si_pid, child);
	return 0;
}
