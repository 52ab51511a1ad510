/* SPDX-License-Identifier: Apache-2.0
 *
 * Messages, sent and received: whole, in time, and from one who is there.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "truth.h"

int transmit(struct session *s, uint32_t cmd, uint32_t ack, int32_t err)
{
	struct message m = { .cmd = cmd, .ack = ack, .err = err };
	size_t sent = 0;

	do {
		ssize_t n = send(s->fd, (char *)&m + sent, sizeof(m) - sent, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n < 0 && cf_variant() == EINTR_LOSES_MESSAGE)
			break;
		sent += n > 0 ? (size_t)n : 0;
	} while (sent < sizeof(m) && !(sent && cf_variant() == SHORT_WRITE_IS_WHOLE));
	judge_sent(sent);
	return 0;
}

/* Returns the poll events, or -errno. */
static int await_input(struct session *s)
{
	struct pollfd p[] = { { .fd = s->fd, .events = POLLIN | POLLRDHUP },
			      { .fd = s->cancel, .events = POLLIN } };
	int n;

	if (cf_variant() == LOST_SIGNAL && is_cancelled())
		return -ECANCELED;
	do
		n = poll(p, s->cancel < 0 || cf_variant() == LOST_SIGNAL ? 1 : 2,
			 cf_variant() == WAITS_FOREVER ? -1 : TIMEOUT_MS);
	while (n < 0 && errno == EINTR && cf_variant() != EINTR_IS_ERROR);
	if (n < 0 && errno == EINTR)
		judge_peer_left(s->side);
	if (n < 0)
		return -errno;
	if (p[1].revents)
		return -ECANCELED;
	if (s->side == CLIENT)
		judge_waited();
	return n ? p[0].revents : -ETIMEDOUT;
}

/* Says whether any descriptors came. */
static bool close_strays(struct session *s, struct msghdr *h)
{
	struct ledger *ledger = the_ledger();
	struct cmsghdr *c;
	bool any = h->msg_flags & MSG_CTRUNC;

	for (c = CMSG_FIRSTHDR(h); c; c = CMSG_NXTHDR(h, c)) {
		size_t i, n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		const int *fds = (const int *)(const void *)CMSG_DATA(c);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (i = 0; i < n; i++) {
			if (ledger->strays[s->side] < MAX_STRAYS)
				ledger->stray[s->side][ledger->strays[s->side]++] = fds[i];
			if (cf_variant() != KEEPS_STRAY_FD)
				close(fds[i]);
			any = true;
		}
	}
	return any && cf_variant() != KEEPS_STRAY_FD;
}

/* One read. Returns its length, or -errno; end of connection is -ECONNRESET. */
static ssize_t receive_part(struct session *s, void *to, size_t size, int *flags)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(4 * sizeof(int))];
	struct iovec iov = { .iov_base = to, .iov_len = size };
	struct msghdr h = { .msg_iov = &iov,
			    .msg_iovlen = 1,
			    .msg_control = control,
			    .msg_controllen = sizeof(control) };
	int events = await_input(s);
	ssize_t n;

	if (events < 0)
		return events;
	n = recvmsg(s->fd, &h, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (n < 0)
		return -errno;
	*flags |= h.msg_flags;
	if (close_strays(s, &h))
		return -EPROTO;
	if (!n && (events & (POLLHUP | POLLRDHUP) || cf_variant() == EMPTY_IS_EOF)) {
		judge_peer_left(s->side);
		return -ECONNRESET;
	}
	return n ? n : -EPROTO;
}

static bool is_complete(struct session *s, size_t length, int flags)
{
	if (flags & MSG_TRUNC && cf_variant() != IGNORES_OVER_LONG)
		return false;
	if (cf_variant() == TRUSTS_SHORT_READS)
		return true;
	return length == sizeof(struct message) || (s->lenient && length >= OLD_LENGTH);
}

int receive(struct session *s, struct message *m)
{
	size_t have = 0;
	int flags = 0;

	memset(m, 0, sizeof(*m));
	do {
		ssize_t n = receive_part(s, (char *)m + have, sizeof(*m) - have, &flags);

		if (n == -EAGAIN)
			continue;
		if (n < 0)
			return (int)n;
		have += (size_t)n;
		if (is_complete(s, have, flags)) {
			judge_accepted(have, flags);
			return 0;
		}
	} while (cf_param(STREAM) || !have);
	return -EPROTO;
}

void leave(struct session *s)
{
	cf_state(STATE_OVER | s->failed);
	judge_strays(s->side);
	the_ledger()->left[s->side] = true;
	shutdown(s->fd, SHUT_RDWR);
	close(s->fd);
}
