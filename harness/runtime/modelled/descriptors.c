/* SPDX-License-Identifier: Apache-2.0
 * Tables of descriptors, and what all kinds of them have in common. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "inside.h"

/* ---- limits are the kernel's ------------------------------------------------------------------ */

static uint32_t ask_buffer(void)
{
	uint32_t buffer = 0;
	socklen_t size = sizeof(buffer);
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return 0;
	if (getsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &buffer, &size) < 0)
		buffer = 0;
	close(ends[0]);
	close(ends[1]);
	return buffer;
}

/* Whether who leaves an empty message unread has left nothing unread. */
static bool ask_close(void)
{
	int ends[2], error = 0;
	socklen_t size = sizeof(error);

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return false;
	if (send(ends[0], "", 0, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		error = errno;
	close(ends[1]);
	if (error == 0)
		getsockopt(ends[0], SOL_SOCKET, SO_ERROR, &error, &size);
	close(ends[0]);
	return error == 0;
}

static uint32_t ask_pages(void)
{
	int ends[2], size;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return 0;
	size = fcntl(ends[0], F_GETPIPE_SZ);
	close(ends[0]);
	close(ends[1]);
	return size > 0 && size / PAGE_BYTES <= PAGES && getpagesize() == PAGE_BYTES
		       ? (uint32_t)size / PAGE_BYTES
		       : 0;
}

struct modelled *modelled_open(void)
{
	struct modelled *m = mmap(NULL, sizeof(*m), PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (m == MAP_FAILED)
		return NULL;
	m->buffer = ask_buffer();
	m->skips_empty = ask_close();
	m->pages = ask_pages();
	for (unsigned i = 0; i < MODELLED_ACTORS; i++)
		m->of[i].all = m;
	return m;
}

struct descriptors *modelled_of(struct modelled *m, unsigned actor)
{
	return &m->of[actor];
}

void modelled_reset(struct modelled *m)
{
	if (!m->used)
		return;
	m->used = false;
	m->sockets = m->pipes = m->eventfds = 0;
	for (unsigned i = 0; i < MODELLED_ACTORS; i++) {
		for (unsigned fd = 0; fd < m->of[i].most; fd++)
			m->of[i].fd[fd].kind = CLOSED;
		m->of[i].most = 0;
	}
}

/* ---- tables ------------------------------------------------------------------------------------ */

struct descriptor *modelled_descriptor(struct descriptors *of, int fd, int *error)
{
	*error = fd >= 0 && (fd < MODELLED_FIRST_FD || fd >= MODELLED_FIRST_FD + MODELLED_FDS)
			 ? -ENOSYS
			 : -EBADF;
	if (fd < MODELLED_FIRST_FD || fd >= MODELLED_FIRST_FD + MODELLED_FDS ||
	    of->fd[fd - MODELLED_FIRST_FD].kind == CLOSED)
		return NULL;
	return &of->fd[fd - MODELLED_FIRST_FD];
}

int modelled_install(struct descriptors *of, const struct descriptor *like)
{
	unsigned i = 0;

	while (i < MODELLED_FDS && of->fd[i].kind != CLOSED)
		i++;
	if (i == MODELLED_FDS)
		return -ENOSYS;
	of->fd[i] = *like;
	of->all->used = true;
	if (of->most <= i)
		of->most = i + 1;
	return MODELLED_FIRST_FD + (int)i;
}

int modelled_null(struct descriptors *of)
{
	/* The kernel's own O_LARGEFILE, which libc has as 0. */
	return modelled_install(of, &(struct descriptor){ .kind = NULL_DEVICE,
							  .status = O_RDONLY | 0100000,
							  .cloexec = FD_CLOEXEC });
}

int modelled_close(struct descriptors *of, int fd)
{
	int error;
	struct descriptor *d = modelled_descriptor(of, fd, &error);

	if (d == NULL)
		return error;
	if (d->kind == SOCKET)
		socket_close(of->all, d->socket);
	else if (d->kind == READ_END || d->kind == WRITE_END)
		pipe_close(d);
	d->kind = CLOSED;
	return 0;
}

int modelled_fcntl(struct descriptors *of, int fd, int command, int argument)
{
	int error;
	struct descriptor *d = modelled_descriptor(of, fd, &error);

	if (d == NULL)
		return error;
	if (d->kind == NULL_DEVICE && command == F_SETFL)
		return -ENOSYS;
	switch (command) {
	case F_GETFD:
		return d->cloexec;
	case F_SETFD:
		d->cloexec = argument & FD_CLOEXEC;
		return 0;
	case F_GETFL:
		return d->status;
	case F_SETFL:
		if (argument & ~(O_ACCMODE | O_NONBLOCK))
			return -ENOSYS;
		d->status = (d->status & ~O_NONBLOCK) | (argument & O_NONBLOCK);
		return 0;
	default:
		return -ENOSYS;
	}
}

static short events_of(const struct modelled *m, const struct descriptor *d)
{
	if (d->kind == SOCKET)
		return socket_events(m, d->socket);
	if (d->kind == NULL_DEVICE)
		return POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;
	return d->kind == EVENTFD ? eventfd_events(d->eventfd) : pipe_events(m, d);
}

int modelled_poll(struct descriptors *of, struct pollfd *fds, nfds_t count)
{
	int ready = 0, error;

	for (nfds_t i = 0; i < count; i++) {
		const struct descriptor *d = modelled_descriptor(of, fds[i].fd, &error);

		fds[i].revents = 0;
		if (fds[i].fd < 0)
			continue;
		if (d == NULL && error == -ENOSYS)
			return error;
		fds[i].revents =
			d == NULL ? POLLNVAL
				  : events_of(of->all, d) & (fds[i].events | POLLERR | POLLHUP);
		ready += fds[i].revents != 0;
	}
	return ready;
}
