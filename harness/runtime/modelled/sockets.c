/* SPDX-License-Identifier: Apache-2.0
 *
 * Connected AF_UNIX sockets. Messages under way are charged to their sender's buffer until they are read;
 * what one takes there depends on how the kernel allocates, so it is asked once for each size.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "inside.h"

enum { BOTH = NO_RECEIVE | NO_SEND };

static struct socket *socket_of(struct descriptors *of, int fd, int *error)
{
	struct descriptor *d = modelled_descriptor(of, fd, error);

	if (d != NULL && d->kind == SOCKET)
		return d->socket;
	if (d != NULL)
		*error = -ENOTSOCK;
	return NULL;
}

/* ---- pairs ------------------------------------------------------------------------------------- */

static struct socket *new_socket(struct modelled *m, int type)
{
	struct socket *s = &m->socket[m->sockets++];

	memset(s, 0, offsetof(struct socket, message));
	s->type = type;
	return s;
}

int modelled_connect(struct descriptors *a, struct descriptors *b, int type, int ends[2])
{
	const int flags = SOCK_CLOEXEC | SOCK_NONBLOCK;
	struct modelled *m = a->all;
	struct descriptor d = { .kind = SOCKET,
				.status = O_RDWR | (type & SOCK_NONBLOCK ? O_NONBLOCK : 0),
				.cloexec = type & SOCK_CLOEXEC ? FD_CLOEXEC : 0 };
	struct socket *first, *second;

	type &= ~flags;
	if (m->sockets + 2 > SOCKETS ||
	    (type != SOCK_STREAM && type != SOCK_DGRAM && type != SOCK_SEQPACKET))
		return -ENOSYS;
	first = new_socket(m, type);
	second = new_socket(m, type);
	first->peer = second;
	second->peer = first;
	d.socket = first;
	ends[0] = modelled_install(a, &d);
	d.socket = second;
	ends[1] = modelled_install(b, &d);
	return ends[0] < 0 || ends[1] < 0 ? -ENOSYS : 0;
}

int modelled_socket_type(struct descriptors *of, int fd)
{
	int error;
	const struct socket *s = socket_of(of, fd, &error);

	return s == NULL ? error : s->type;
}

/* ---- queues ------------------------------------------------------------------------------------ */

static struct message *front(struct socket *s)
{
	return &s->message[s->first];
}

/* The sender may have it in its buffer again. */
static void pop(struct socket *s)
{
	if (s->peer != NULL)
		s->peer->charged -= front(s)->cost;
	s->first = s->count == 1 ? 0 : (s->first + 1) % MESSAGES;
	s->count--;
}

/* 0 if it can't be told. */
static uint32_t ask_cost(int type, size_t size)
{
	static const unsigned char bytes[MODELLED_LONGEST];
	int ends[2], cost = 0;

	if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) < 0)
		return 0;
	if (send(ends[0], bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL) != (ssize_t)size ||
	    ioctl(ends[0], SIOCOUTQ, &cost) < 0)
		cost = 0;
	close(ends[0]);
	close(ends[1]);
	return (uint32_t)cost;
}

static ssize_t push(struct modelled *m, struct socket *s, const void *bytes, size_t size,
		    bool carries)
{
	uint32_t *cost = &m->cost[s->type == SOCK_STREAM][size];
	struct socket *to = s->peer;
	struct message *message;

	if (*cost == 0)
		*cost = ask_cost(s->type, size);
	if (*cost == 0 || to->count == MESSAGES)
		return -ENOSYS;
	message = &to->message[(to->first + to->count++) % MESSAGES];
	message->size = (uint32_t)size;
	message->taken = 0;
	message->cost = *cost;
	message->carries = carries;
	memcpy(message->bytes, bytes, size);
	s->charged += *cost;
	return (ssize_t)size;
}

/* ---- sending ----------------------------------------------------------------------------------- */

static int take_error(struct socket *s)
{
	int error = s->error;

	s->error = 0;
	return -error;
}

/* Its buffer, before the other end is looked at. */
static int room_for(const struct modelled *m, struct socket *s)
{
	int error = take_error(s);

	if (error < 0)
		return error;
	if (s->shut & NO_SEND)
		return -EPIPE;
	return s->charged >= m->buffer ? -EAGAIN : 0;
}

/* A datagram socket whose peer is gone learns that when it sends, and forgets what it has received. */
static int lose_peer(struct socket *s)
{
	if (s->type == SOCK_SEQPACKET)
		return -EPIPE;
	while (s->count > 0)
		pop(s);
	s->peer = NULL;
	return -ECONNREFUSED;
}

static ssize_t send_packet(struct modelled *m, struct socket *s, const void *bytes, size_t size,
			   bool carries)
{
	int error;

	if (s->type == SOCK_SEQPACKET && (error = take_error(s)) < 0)
		return error;
	if (s->peer == NULL) /* newer kernels look at the buffer first */
		return s->error == 0 && s->shut == 0 && s->charged == 0 ? -ENOTCONN : -ENOSYS;
	error = room_for(m, s);
	if (error < 0)
		return error;
	if (s->peer->closed)
		return lose_peer(s);
	if (s->peer->shut & NO_RECEIVE)
		return -EPIPE;
	return push(m, s, bytes, size, carries);
}

/* With EPIPE comes a signal, unless it is asked not to. */
static ssize_t broken_pipe(int flags)
{
	return flags & MSG_NOSIGNAL ? -EPIPE : -ENOSYS;
}

static ssize_t send_part(struct modelled *m, struct socket *s, const void *bytes, size_t size,
			 int flags, bool carries)
{
	int error;

	if (s->shut & NO_SEND)
		return broken_pipe(flags);
	if (size == 0)
		return 0;
	error = room_for(m, s);
	if (error < 0)
		return error;
	if (s->peer->closed || (s->peer->shut & NO_RECEIVE))
		return broken_pipe(flags);
	return push(m, s, bytes, size, carries);
}

ssize_t modelled_send(struct descriptors *of, int fd, const void *bytes, size_t size, int flags,
		      int with)
{
	int error;
	struct socket *s = socket_of(of, fd, &error);
	const struct descriptor *d = modelled_descriptor(of, with, &(int){ 0 });

	if (s == NULL)
		return error;
	if (with >= 0 && (d == NULL || d->kind != NULL_DEVICE))
		return -ENOSYS;
	if (size > MODELLED_LONGEST || of->all->buffer == 0 ||
	    (flags & ~(MSG_DONTWAIT | MSG_NOSIGNAL)))
		return -ENOSYS;
	return s->type == SOCK_STREAM ? send_part(of->all, s, bytes, size, flags, with >= 0)
				      : send_packet(of->all, s, bytes, size, with >= 0);
}

/* ---- receiving --------------------------------------------------------------------------------- */

/* The descriptor that a message carries is the receiver's from now on. */
static int unpack(struct descriptors *of, struct message *message, int flags)
{
	struct descriptor d = { .kind = NULL_DEVICE,
				.status = O_RDONLY | 0100000,
				.cloexec = flags & MSG_CMSG_CLOEXEC ? FD_CLOEXEC : 0 };

	if (flags & MSG_PEEK)
		return -ENOSYS;
	message->carries = false;
	return modelled_install(of, &d);
}

static ssize_t recv_packet(struct descriptors *of, struct socket *s, void *bytes, size_t size,
			   int flags, int *got, int *with)
{
	struct message *message = front(s);
	size_t whole = message->size, fits = size < whole ? size : whole;
	int error = take_error(s);

	if (error < 0)
		return error;
	if (s->count == 0)
		return s->type == SOCK_SEQPACKET && (s->shut & NO_RECEIVE) ? 0 : -EAGAIN;
	if (message->carries && (*with = unpack(of, message, flags)) < 0)
		return -ENOSYS;
	memcpy(bytes, message->bytes, fits);
	if (fits < whole)
		*got |= MSG_TRUNC;
	if (!(flags & MSG_PEEK))
		pop(s);
	return (ssize_t)(flags & MSG_TRUNC ? whole : fits);
}

static ssize_t nothing_to_receive(struct socket *s)
{
	int error = take_error(s);

	if (error < 0)
		return error;
	return s->shut & NO_RECEIVE ? 0 : -EAGAIN;
}

/* Up to the end of a part that carries a descriptor: that is *last then, else NULL. */
static size_t look(struct socket *s, unsigned char *bytes, size_t size, struct message **last)
{
	size_t done = 0;

	*last = NULL;
	for (uint32_t i = 0; i < s->count && done < size && *last == NULL; i++) {
		struct message *part = &s->message[(s->first + i) % MESSAGES];
		size_t left = part->size - part->taken;
		size_t now = left < size - done ? left : size - done;

		memcpy(bytes + done, part->bytes + part->taken, now);
		done += now;
		if (part->carries)
			*last = part;
	}
	return done;
}

static void take(struct socket *s, size_t size)
{
	while (size > 0) {
		struct message *part = front(s);
		size_t left = part->size - part->taken;

		if (left > size) {
			part->taken += (uint32_t)size;
			return;
		}
		size -= left;
		pop(s);
	}
}

/* Linux looks on after it has got all it wanted, and gives the descriptor of what is far behind. */
static bool looks_too_far(const struct socket *s, int flags)
{
	bool any = false;

	for (uint32_t i = 0; i < s->count && (flags & MSG_PEEK); i++)
		any |= s->message[(s->first + i) % MESSAGES].carries;
	return any;
}

static ssize_t recv_parts(struct descriptors *of, struct socket *s, void *bytes, size_t size,
			  int flags, int *with)
{
	struct message *last;
	size_t done;

	if (s->count == 0)
		return nothing_to_receive(s);
	if (looks_too_far(s, flags) || (size == 0 && front(s)->carries))
		return -ENOSYS;
	done = look(s, bytes, size, &last);
	if (last != NULL && (*with = unpack(of, last, flags)) < 0)
		return -ENOSYS;
	if (!(flags & MSG_PEEK))
		take(s, done);
	return (ssize_t)done;
}

ssize_t modelled_recv(struct descriptors *of, int fd, void *bytes, size_t size, int flags, int *got,
		      int *with)
{
	const int known = MSG_DONTWAIT | MSG_PEEK | MSG_TRUNC | MSG_CMSG_CLOEXEC;
	int error;
	struct socket *s = socket_of(of, fd, &error);

	*got = flags & MSG_CMSG_CLOEXEC;
	*with = -1;
	if (s == NULL)
		return error;
	if (flags & ~known || (s->type == SOCK_STREAM && (flags & MSG_TRUNC)))
		return -ENOSYS;
	return s->type == SOCK_STREAM ? recv_parts(of, s, bytes, size, flags, with)
				      : recv_packet(of, s, bytes, size, flags, got, with);
}

/* ---- the end ----------------------------------------------------------------------------------- */

/* Since Linux 6.10 an empty message in front is taken for an urgent byte that has been read already. */
static bool has_unread(const struct modelled *m, const struct socket *s)
{
	return s->count > (m->skips_empty && s->count > 0 && s->message[s->first].size == 0);
}

void socket_close(const struct modelled *m, struct socket *s)
{
	s->closed = true;
	if (s->peer != NULL && s->type != SOCK_DGRAM) {
		s->peer->shut = BOTH;
		if (has_unread(m, s))
			s->peer->error = ECONNRESET;
	}
	while (s->count > 0)
		pop(s);
}

int modelled_shutdown(struct descriptors *of, int fd, int how)
{
	int error;
	struct socket *s = socket_of(of, fd, &error);

	if (s == NULL)
		return error;
	if (how < SHUT_RD || how > SHUT_RDWR)
		return -EINVAL;
	how++; /* NO_RECEIVE, NO_SEND or both */
	s->shut |= (unsigned)how;
	if (s->peer != NULL && s->type != SOCK_DGRAM)
		s->peer->shut |=
			(how & NO_RECEIVE ? NO_SEND : 0u) | (how & NO_SEND ? NO_RECEIVE : 0u);
	return 0;
}

short socket_events(const struct modelled *m, const struct socket *s)
{
	short events = 0;

	if (s->error != 0)
		events |= POLLERR;
	if (s->shut & NO_RECEIVE)
		events |= POLLRDHUP | POLLIN | POLLRDNORM;
	if (s->shut == BOTH)
		events |= POLLHUP;
	if (s->count > 0)
		events |= POLLIN | POLLRDNORM;
	/* The kernel's count begins with 1. */
	if ((s->charged + 1) * 4 <= m->buffer)
		events |= POLLOUT | POLLWRNORM | POLLWRBAND;
	return events;
}
