/* SPDX-License-Identifier: Apache-2.0
 *
 * Doors through which messages go.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../victim/patience.h"
#include "../victim/raw.h"
#include "stranger.h"
#include "wire.h"

/* Larger than a message of 12 bytes with whatever an event appends to it. */
enum { WIRE_BUFFER = 256, WIRE_CONTROL = 256 };
/* So often its time may pass before one that was told to sleep is awake: the machine may be busy. */
enum { TURNS = 100 };
/* Planted: what is left of later messages. */
enum { FIRST_MESSAGES = 3, CUT = 8 };

static struct patience waiting; /* in a recv that waits */

/* A frame as it came, before libcompel gets what fits. */
struct arrival {
	uint8_t frame[WIRE_BUFFER];
	_Alignas(struct cmsghdr) char control[WIRE_CONTROL];
	struct iovec part;
	struct msghdr message;
};

/* Who sleeps for a time goes on by itself: that is no standstill. */
static int sleeps_for_a_time(void)
{
	char words[64];

	patience_describe(wire_rules.pid, words, sizeof(words));
	return strstr(words, "nanosleep") != NULL;
}

static int is_readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct patience patience;
	int slice;

	for (int turn = 0; wire.sleeps && turn < TURNS; turn++) {
		if (raw3(SYS_poll, &p, 1, wire.sleeps))
			return 1;
		if (!sleeps_for_a_time())
			break;
	}
	/* the parasite has one thread: what others of its victim do is no answer */
	patience = patience_for_thread(wire_rules.pid);
	while ((slice = patience_slice(&patience)))
		if (raw3(SYS_poll, &p, 1, slice))
			return 1;
	return 0;
}

/* ---- connections -------------------------------------------------------------------------- */

static int peer_of(int fd)
{
	struct ucred who = { 0 };
	socklen_t size = sizeof(who);

	getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size);
	return who.pid;
}

static int accept_in_time(int fd, struct sockaddr *name, socklen_t *size)
{
	if (!is_readable(fd))
		return wire_give_up("compel.accept");
	return accept(fd, name, size);
}

/* The name of the socket can be seen by everybody in its network namespace. From now on each message
 * says who sent it. */
int door_accept(int fd, struct sockaddr *name, socklen_t *size)
{
	static const int yes = 1;
	int control, turns_away = wire_rules.turns_away;

	if (wire_fails(WIRE_accept))
		return -1;
	for (;;) {
		control = accept_in_time(fd, name, size);
		if (control < 0)
			return -1;
		wire.peer = peer_of(control);
		if (!turns_away && (wire.peer == wire_rules.pid || wire_rules.takes_anyone))
			break;
		turns_away = 0;
		raw1(SYS_close, control);
	}
	setsockopt(control, SOL_SOCKET, SO_PASSCRED, &yes, sizeof(yes));
	stranger_connects_meanwhile();
	return control;
}

/* ---- sending ------------------------------------------------------------------------------ */

ssize_t door_send(int fd, const void *data, size_t size, int flags)
{
	if (wire_fails(WIRE_send))
		return -1;
	stranger_speaks(fd, data, size);
	return send(fd, data, size, flags);
}

ssize_t door_sendmsg(int fd, const struct msghdr *message, int flags)
{
	return wire_fails(WIRE_sendmsg) ? -1 : sendmsg(fd, message, flags);
}

/* ---- receiving ---------------------------------------------------------------------------- */

static ssize_t receive(int fd, struct arrival *a, int flags)
{
	a->part = (struct iovec){ a->frame, sizeof(a->frame) };
	a->message = (struct msghdr){ .msg_iov = &a->part,
				      .msg_iovlen = 1,
				      .msg_control = a->control,
				      .msg_controllen = sizeof(a->control) };
	return recvmsg(fd, &a->message, flags);
}

/* A message may be lost in recv itself, or held by it although the socket is empty: both are events.
 * So whatever the socket says, recv has the last word. */
static ssize_t receive_in_time(int fd, struct arrival *a)
{
	int readable;

	do {
		ssize_t n;

		readable = is_readable(fd);
		n = receive(fd, a, MSG_DONTWAIT);
		if (n >= 0 || errno != EAGAIN)
			return n;
	} while (readable);
	return wire_give_up("compel.recv");
}

/* MSG_WAITALL, which libcompel passes, does not join the frames of its socket. */
static ssize_t receive_next(int fd, struct arrival *a, int flags)
{
	stranger_answers();
	if (!wire_rules.recv_waits)
		return receive_in_time(fd, a);
	if (wire.sleeps)
		is_readable(fd);
	waiting = patience_for_thread(wire_rules.pid);
	return receive(fd, a, flags & ~MSG_WAITALL);
}

int wire_is_hopeless(char *text, unsigned size)
{
	char other[sizeof(wire.other)];

	if (patience_slice(&waiting))
		return 0;
	patience_describe(wire_rules.pid, other, sizeof(other));
	stacks_take(&wire.stacks, wire_rules.pid, wire_rules.parasite);
	snprintf(text, size, "the other side %s", other);
	return 1;
}

/* The pid of the sender, 0 if the kernel did not say: then it was an event that made the message. */
static int sender_of(struct arrival *a)
{
	struct ucred who = { 0 };

	for (struct cmsghdr *h = CMSG_FIRSTHDR(&a->message); h; h = CMSG_NXTHDR(&a->message, h))
		if (h->cmsg_level == SOL_SOCKET && h->cmsg_type == SCM_CREDENTIALS)
			memcpy(&who, CMSG_DATA(h), sizeof(who));
	return who.pid;
}

static void record(struct arrival *a, ssize_t length)
{
	size_t size = sizeof(wire.last);

	wire.received++;
	wire.length = length;
	memset(&wire.last, 0, size);
	memcpy(&wire.last, a->frame, (size_t)length < size ? (size_t)length : size);
}

static ssize_t receive_whole(int fd, struct arrival *a, size_t room, int flags)
{
	ssize_t n;

	do {
		n = receive_next(fd, a, flags);
		if (n < 0)
			return n;
		wire.sender = sender_of(a);
	} while (wire.sender && wire.sender != wire.peer && !wire_rules.hears_anyone);
	record(a, n);
	if (wire_rules.ack_cut && wire.received > FIRST_MESSAGES)
		return CUT;
	if ((size_t)n > room && !wire_rules.recv_cuts) {
		errno = EMSGSIZE;
		return -1;
	}
	return (size_t)n < room ? n : (ssize_t)room;
}

ssize_t door_recv(int fd, void *data, size_t size, int flags)
{
	struct arrival a;
	ssize_t n = wire_fails(WIRE_recv) ? -1 : receive_whole(fd, &a, size, flags);

	if (n > 0)
		memcpy(data, a.frame, (size_t)n);
	return n;
}

/* Descriptors only: libcompel has no room for who sent them. */
static void pass_descriptors(struct arrival *a, struct msghdr *to)
{
	size_t room = to->msg_controllen;

	to->msg_controllen = 0;
	for (struct cmsghdr *h = CMSG_FIRSTHDR(&a->message); h; h = CMSG_NXTHDR(&a->message, h)) {
		if (h->cmsg_level != SOL_SOCKET || h->cmsg_type != SCM_RIGHTS || h->cmsg_len > room)
			continue;
		memcpy(to->msg_control, h, h->cmsg_len);
		to->msg_controllen = h->cmsg_len;
	}
}

ssize_t door_recvmsg(int fd, struct msghdr *message, int flags)
{
	size_t room = message->msg_iovlen ? message->msg_iov[0].iov_len : 0;
	struct arrival a;
	ssize_t n = wire_fails(WIRE_recvmsg) ? -1 : receive_whole(fd, &a, room, flags);

	if (n < 0)
		return n;
	if (n > 0)
		memcpy(message->msg_iov[0].iov_base, a.frame, (size_t)n);
	message->msg_flags = a.message.msg_flags & ~MSG_CTRUNC;
	pass_descriptors(&a, message);
	return n;
}
