/* SPDX-License-Identifier: Apache-2.0
 *
 * What the runtime asks of descriptors: the kernel answers, or, to fibers, the model (modelled/). What the
 * model does not know ends the run as one that needs processes.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "calls.h"
#include "modelled/modelled.h"

_Static_assert((int)MODELLED_ACTORS == (int)CF_MAX_ACTORS, "a table for each");

int __real_fcntl(int fd, int command, ...);
int __real_open(const char *path, int flags, ...);
int __real_pipe2(int ends[2], int flags);
int __real_socketpair(int domain, int type, int protocol, int ends[2]);
int __real_eventfd(unsigned value, int flags);
int __real_getsockopt(int fd, int level, int option, void *value, socklen_t *size);

static RT_KEPT struct modelled *model;

static struct descriptors *mine(void)
{
	return modelled_of(model, rt.actor);
}

/* What the kernel has returned. */
static ssize_t told(ssize_t status)
{
	return status < 0 ? -errno : status;
}

/* What the model has returned. */
static ssize_t known(ssize_t status, const char *call)
{
	if (status == -ENOSYS)
		rt_needs_process(call);
	return status;
}

/* The one that is to go with the bytes, -1: none. */
static int descriptor_in(const struct msghdr *message)
{
	const struct cmsghdr *header = CMSG_FIRSTHDR(message);
	int fd;

	if (header == NULL)
		return -1;
	if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS ||
	    header->cmsg_len != CMSG_LEN(sizeof(fd)))
		rt_needs_process("sendmsg with more than bytes and a descriptor");
	memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

ssize_t rt_fd_send(int fd, const struct msghdr *message, int flags)
{
	const struct iovec *iov = message->msg_iov;

	if (!rt.fibers)
		return told(__real_sendmsg(fd, message, flags));
	if (message->msg_name != NULL)
		rt_needs_process("sendmsg with an address");
	return known(modelled_send(mine(), fd, iov->iov_base, iov->iov_len, flags,
				   descriptor_in(message)),
		     "sendmsg");
}

/* There is room: what the runtime receives, it receives with a buffer of its own. */
static void put_descriptor(struct msghdr *message, int fd)
{
	struct cmsghdr *header = CMSG_FIRSTHDR(message);

	if (header == NULL || message->msg_controllen < CMSG_SPACE(sizeof(fd)))
		rt_needs_process("recvmsg without room for a descriptor");
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	message->msg_controllen = CMSG_SPACE(sizeof(fd));
}

ssize_t rt_fd_recv(int fd, struct msghdr *message, int flags)
{
	const struct iovec *iov = message->msg_iov;
	int with = -1;
	ssize_t size;

	if (!rt.fibers)
		return told(__real_recvmsg(fd, message, flags));
	size = known(modelled_recv(mine(), fd, iov->iov_base, iov->iov_len, flags,
				   &message->msg_flags, &with),
		     "recvmsg");
	if (with >= 0)
		put_descriptor(message, with);
	else
		message->msg_controllen = 0;
	return size;
}

ssize_t rt_fd_read(int fd, void *bytes, size_t size)
{
	return rt.fibers ? known(modelled_read(mine(), fd, bytes, size), "read")
			 : told(__real_read(fd, bytes, size));
}

ssize_t rt_fd_write(int fd, const void *bytes, size_t size)
{
	return rt.fibers ? known(modelled_write(mine(), fd, bytes, size), "write")
			 : told(__real_write(fd, bytes, size));
}

int rt_fd_poll(struct pollfd *fds, nfds_t count)
{
	return (int)(rt.fibers ? known(modelled_poll(mine(), fds, count), "poll")
			       : told(__real_poll(fds, count, 0)));
}

int rt_fd_close(int fd)
{
	return (int)(rt.fibers ? known(modelled_close(mine(), fd), "close")
			       : told(__real_close(fd)));
}

int rt_fd_shutdown(int fd, int how)
{
	return (int)(rt.fibers ? known(modelled_shutdown(mine(), fd, how), "shutdown")
			       : told(__real_shutdown(fd, how)));
}

int rt_fd_control(int fd, int command, int argument)
{
	return (int)(rt.fibers ? known(modelled_fcntl(mine(), fd, command, argument), "fcntl")
			       : told(__real_fcntl(fd, command, argument)));
}

int rt_fd_type(int fd)
{
	int type = -1;
	socklen_t size = sizeof(type);

	if (rt.fibers)
		return (int)known(modelled_socket_type(mine(), fd), "getsockopt");
	return __real_getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) < 0 ? -errno : type;
}

int rt_fd_pair(int type, int ends[2])
{
	return (int)(rt.fibers ? known(modelled_connect(mine(), mine(), type, ends), "socketpair")
			       : told(__real_socketpair(AF_UNIX, type, 0, ends)));
}

int rt_fd_pipe(int flags, int ends[2])
{
	return (int)(rt.fibers ? known(modelled_pipe(mine(), flags, ends), "pipe2")
			       : told(__real_pipe2(ends, flags)));
}

int rt_fd_event(unsigned value, int flags)
{
	return (int)(rt.fibers ? known(modelled_eventfd(mine(), value, flags), "eventfd")
			       : told(__real_eventfd(value, flags)));
}

int rt_fd_null(void)
{
	return (int)(rt.fibers ? known(modelled_null(mine()), "open")
			       : told(__real_open("/dev/null", O_RDONLY | O_CLOEXEC)));
}

/* ---- the beginning of a run --------------------------------------------------------------------- */

static void give(unsigned actor, unsigned channel, int fd)
{
	rt_become(actor);
	rt_take_channel(channel, fd);
}

/* As the executor hands them over to processes (executor/children.c). */
static void connect_channel(unsigned number, const struct cf_channel *channel)
{
	int a = rt_actor_of_role(rt.target, rt.shared, channel->a);
	int b = rt_actor_of_role(rt.target, rt.shared, channel->b);
	int ends[2];

	if (a < 0 || b < 0)
		return;
	if (modelled_connect(modelled_of(model, (unsigned)a), modelled_of(model, (unsigned)b),
			     channel->type() | SOCK_CLOEXEC, ends) < 0)
		abort();
	give((unsigned)a, number, ends[0]);
	give((unsigned)b, number, ends[1]);
}

void rt_reset_descriptors(void)
{
	const struct cf_channel *channel = rt.target->channels;

	if (model == NULL)
		model = modelled_open();
	if (model == NULL)
		abort();
	modelled_reset(model);
	for (unsigned i = 0; channel != NULL && i < CF_MAX_ACTORS; i++) {
		rt_become(i);
		rt_forget_channels();
	}
	for (unsigned i = 0; channel != NULL && channel[i].name != NULL; i++)
		connect_channel(i, &channel[i]);
}
