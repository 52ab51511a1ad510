/* SPDX-License-Identifier: Apache-2.0
 * The actors' processes: forked once, kept from run to run, replaced when they can't be. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroup.h"
#include "executor.h"

enum { INBOX = 3, FIRST_OWN_FD = 4, END_MS = 100 };

static _Noreturn void become_actor(struct executor *ex, unsigned index, int inbox, pid_t parent,
				   uint32_t go)
{
	struct rt_self *self = ex->loaded.ops->self;

	/* Whoever kills the executor, even with SIGKILL, must leave nobody behind. In a ward its
	 * process 1 sees to that, and a restored process would die of the signal. */
	if (!ex->staged && prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		_exit(1);
	if (getppid() != parent)
		_exit(1);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGPROF, SIG_DFL); /* the watch over fibers */
	if (inbox != INBOX && dup3(inbox, INBOX, O_CLOEXEC) < 0)
		_exit(1);
	syscall(SYS_close_range, FIRST_OWN_FD, ~0u, 0);
	dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
	syscall(SYS_close_range, FIRST_OWN_FD, ~0u, 0);
	self->inbox = INBOX;
	self->first_fd = FIRST_OWN_FD;
	self->go = go;
	ex->loaded.ops->actor_main(index);
	_exit(1);
}

static int spawn(struct executor *ex, unsigned index)
{
	struct child *child = &ex->child[index];
	/* Read before the fork: the run may have begun before the child gets to look. */
	uint32_t go = ex->shared->actor[index].go;
	pid_t parent = getpid();
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	child->pid = fork();
	if (child->pid == 0)
		become_actor(ex, index, ends[1], parent, go);
	close(ends[1]);
	child->inbox = ends[0];
	ex->shared->actor[index].pid = (uint32_t)child->pid;
	return child->pid < 0 ? -errno : 0;
}

/* At once, unless it is frozen by a cgroup, whose owner and keeper may have died both. */
static void await_end(pid_t pid)
{
	struct pollfd end = { .fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN };

	while (waitpid(pid, NULL, WNOHANG) == 0)
		if (poll(&end, 1, END_MS) == 0)
			cgroup_clean();
	close(end.fd);
}

void ex_kill_child(struct executor *ex, unsigned index)
{
	struct child *child = &ex->child[index];

	if (child->pid <= 0)
		return;
	kill(child->pid, SIGKILL);
	await_end(child->pid);
	close(child->inbox);
	child->pid = 0;
}

void ex_kill_children(struct executor *ex)
{
	for (unsigned i = 0; i < CF_MAX_ACTORS; i++)
		ex_kill_child(ex, i);
}

/* Between runs an actor can only be killed from outside: its slot is empty again. */
static void forget_dead(struct executor *ex)
{
	for (unsigned i = 0; i < CF_MAX_ACTORS; i++) {
		if (ex->child[i].pid > 0 && waitpid(ex->child[i].pid, NULL, WNOHANG) > 0) {
			close(ex->child[i].inbox);
			ex->child[i].pid = 0;
		}
	}
}

void ex_replace_doomed(struct executor *ex)
{
	if (ex_child_died())
		forget_dead(ex);
	for (unsigned i = 0; i < CF_MAX_ACTORS; i++) {
		if (!ex->shared->actor[i].doomed)
			continue;
		ex->shared->actor[i].doomed = 0;
		ex_kill_child(ex, i);
	}
}

int ex_need_children(struct executor *ex, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		int status = ex->child[i].pid > 0 ? 0 : spawn(ex, i);

		if (status < 0)
			return status;
	}
	return 0;
}

/* ---- channels -------------------------------------------------------------------------------- */

struct parcel {
	struct rt_handed handed;
	int fd[CF_MAX_CHANNELS];
};

static void put_in(struct parcel *parcel, unsigned channel, int fd)
{
	parcel->handed.channel[parcel->handed.count] = channel;
	parcel->fd[parcel->handed.count++] = fd;
}

static int send_parcel(int inbox, struct parcel *parcel)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(parcel->fd))] = { 0 };
	size_t size = parcel->handed.count * sizeof(int);
	struct iovec iov = { &parcel->handed, sizeof(parcel->handed) };
	struct msghdr message = { .msg_iov = &iov,
				  .msg_iovlen = 1,
				  .msg_control = size > 0 ? control : NULL,
				  .msg_controllen = size > 0 ? CMSG_SPACE(size) : 0 };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	if (header != NULL) {
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(size);
		memcpy(CMSG_DATA(header), parcel->fd, size);
	}
	if (sendmsg(inbox, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		return -errno;
	return 0;
}

/* Opens the channels of a run and hands their ends to the actors; keeps none. */
int ex_hand_channels(struct executor *ex)
{
	const struct cf_target *target = ex->loaded.target;
	const struct cf_channel *channel = target->channels;
	struct parcel parcel[CF_MAX_ACTORS] = { 0 };
	int status = 0;

	for (unsigned i = 0; channel != NULL && channel[i].name != NULL; i++) {
		int a = rt_actor_of_role(target, ex->shared, channel[i].a);
		int b = rt_actor_of_role(target, ex->shared, channel[i].b), ends[2];

		if (a < 0 || b < 0)
			continue;
		if (socketpair(AF_UNIX, channel[i].type() | SOCK_CLOEXEC, 0, ends) < 0)
			return -errno;
		put_in(&parcel[a], i, ends[0]);
		put_in(&parcel[b], i, ends[1]);
	}
	for (unsigned i = 0; i < ex->shared->actors; i++) {
		if (parcel[i].handed.count == 0 && !ex->staged)
			continue;
		parcel[i].handed.run = ex->shared->run;
		if (status == 0)
			status = send_parcel(ex->child[i].inbox, &parcel[i]);
		for (unsigned j = 0; j < parcel[i].handed.count; j++)
			close(parcel[i].fd[j]);
	}
	return status;
}
