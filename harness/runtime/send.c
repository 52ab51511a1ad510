/* SPDX-License-Identifier: Apache-2.0
 *
 * A send gathers its bytes into frames, lets the events of its point change that list, and sends what is
 * left over the real socket.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frames.h"

static struct outgoing *out(void)
{
	return &rt.own->desk->out;
}

static void add(const void *bytes, size_t size, bool changed)
{
	struct frame *frame = &out()->frame[out()->count];

	if (out()->count == FRAMES)
		return;
	memcpy(frame->bytes, bytes, size);
	frame->size = size;
	out()->changed[out()->count++] = changed;
}

static void insert_first(const void *bytes, size_t size)
{
	if (out()->count == FRAMES)
		return;
	memmove(&out()->frame[1], &out()->frame[0], out()->count * sizeof(struct frame));
	memmove(&out()->changed[1], &out()->changed[0], out()->count * sizeof(bool));
	out()->count++;
	memcpy(out()->frame[0].bytes, bytes, size);
	out()->frame[0].size = size;
	out()->changed[0] = true;
}

static void split(struct cf_event *event)
{
	struct frame *first = &out()->frame[0];
	size_t size = first->size;

	if (event->arg == 0 || event->arg >= size) {
		rt_moot(event);
		return;
	}
	first->size = event->arg;
	out()->changed[0] = true;
	add(first->bytes + event->arg, size - event->arg, true);
}

/* Keeps the frame for the next send; without one it is sent when the actor waits or ends. */
static void keep(struct slot *s, enum kept_for what)
{
	s->kept = out()->frame[0];
	s->kept_for = what;
	out()->count = 0;
}

static void add_kept(struct slot *s)
{
	enum kept_for what = s->kept_for;
	struct frame *first = &out()->frame[0];

	s->kept_for = NOTHING;
	if (what == REORDERING) {
		add(s->kept.bytes, s->kept.size, true);
	} else if (what == MERGING && s->kept.size + first->size <= FRAME_BYTES) {
		memmove(first->bytes + s->kept.size, first->bytes, first->size);
		memcpy(first->bytes, s->kept.bytes, s->kept.size);
		first->size += s->kept.size;
		out()->changed[0] = true;
	}
}

static void rearrange(struct slot *s, struct rt_deal *deal, bool stream)
{
	bool had_kept = s->kept_for != NOTHING;
	struct cf_event *event;

	out()->changed[0] |= rt_reshape(deal, &out()->frame[0]);
	if (had_kept)
		add_kept(s);
	if ((event = rt_take(deal, CF_DO_SPLIT)) != NULL)
		split(event);
	if (rt_take(deal, CF_DO_DUPLICATE) != NULL)
		add(out()->frame[0].bytes, out()->frame[0].size, true);
	if ((event = rt_take(deal, CF_DO_EMPTY)) != NULL) {
		if (stream)
			rt_moot(event); /* a stream has no empty messages */
		else
			insert_first("", 0);
	}
	if (rt_take(deal, CF_DO_DROP) != NULL) {
		out()->count = 0;
		return;
	}
	if ((event = rt_take(deal, CF_DO_MERGE)) != NULL && !had_kept && out()->count == 1)
		keep(s, MERGING);
	else if (event != NULL)
		rt_moot(event);
	if ((event = rt_take(deal, CF_DO_REORDER)) != NULL && !had_kept && out()->count == 1)
		keep(s, REORDERING);
	else if (event != NULL)
		rt_moot(event);
}

static void note_sent(int fd, const struct frame *frame, bool changed, uint32_t site)
{
	unsigned direction = 0;
	int channel = rt_channel_of(fd, &direction);
	uint64_t hash = 0;

	if (channel >= 0) {
		struct rt_pipe *pipe = &rt.shared->pipe[channel][direction];

		pipe->clock[pipe->sent++ % 64] = rt.shared->now;
		hash = rt_hash_bytes(frame->bytes, frame->size);
	} else if (rt.own->on_sent != NULL) {
		rt.own->on_sent(frame->bytes, frame->size);
	}
	rt_channel_changed();
	rt_step(CF_OP_SEND, changed ? CF_STEP_EVENT : 0, site, 0,
		channel < 0 ? UINT64_MAX : (uint64_t)channel << 1 | direction, frame->size, hash);
}

/* Sends one frame whole; 0 or -errno. */
static int push(int fd, struct frame *frame, const struct msghdr *like, int flags)
{
	struct iovec iov = { frame->bytes, frame->size };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (like != NULL) {
		message.msg_name = like->msg_name;
		message.msg_namelen = like->msg_namelen;
		message.msg_control = like->msg_control;
		message.msg_controllen = like->msg_controllen;
	}
	for (;;) {
		ssize_t sent = rt_fd_send(fd, &message, flags | MSG_DONTWAIT);

		if (sent >= 0 && (size_t)sent >= iov.iov_len)
			return 0;
		if (sent >= 0) {
			iov.iov_base = (char *)iov.iov_base + sent;
			iov.iov_len -= (size_t)sent;
			continue;
		}
		if (sent == -EINTR)
			continue;
		if (sent != -EAGAIN)
			return (int)sent;
		if (!rt_wait_message(fd, POLLOUT, &message, flags))
			return -EAGAIN;
	}
}

void rt_flush_frames(void)
{
	struct desk *desk = rt.own->desk;

	for (unsigned i = 0; i < SLOTS && !desk->clear; i++) {
		struct slot *s = &desk->slot[i];

		if (s->fd < 0 || s->kept_for == NOTHING)
			continue;
		s->kept_for = NOTHING;
		/* The peer may be gone: then the message is lost, as it would have been. */
		if (push(s->fd, &s->kept, NULL, MSG_NOSIGNAL) == 0)
			note_sent(s->fd, &s->kept, true, rt.me->site);
	}
}

static bool gather(const struct msghdr *message)
{
	struct frame *frame = &out()->frame[0];

	frame->size = 0;
	for (size_t i = 0; i < message->msg_iovlen; i++) {
		const struct iovec *iov = &message->msg_iov[i];

		if (iov->iov_len > FRAME_BYTES - frame->size)
			return false;
		rt_announce((uintptr_t)iov->iov_base, iov->iov_len);
		memcpy(frame->bytes + frame->size, iov->iov_base, iov->iov_len);
		frame->size += iov->iov_len;
	}
	out()->count = 1;
	out()->changed[0] = false;
	return true;
}

/* A descriptor that the receiver did not ask for, beside the first frame. */
static void attach_stray(struct msghdr *message, char *control, int *stray)
{
	struct cmsghdr *header;

	*stray = rt_fd_null();
	message->msg_control = control;
	message->msg_controllen = CMSG_SPACE(sizeof(int));
	header = CMSG_FIRSTHDR(message);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), stray, sizeof(int));
}

ssize_t rt_send(int fd, const struct msghdr *message, int flags, uint32_t site)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct msghdr first = *message;
	bool stream = rt_is_stream(fd);
	struct cf_event *event;
	struct rt_deal deal;
	int stray = -1, status = 0;
	size_t size;

	rt_call(site, &deal);
	status = rt_fail(&deal, RT_SENDS, fd, flags);
	if (status < 0)
		return rt_result(status);
	if (!gather(message))
		return rt_result(-EMSGSIZE);
	size = stream ? rt_short(&deal, out()->frame[0].size) : out()->frame[0].size;
	out()->changed[0] = size < out()->frame[0].size;
	out()->frame[0].size = size;
	if ((event = rt_take(&deal, CF_DO_STRAY_FD)) != NULL) {
		if (first.msg_controllen == 0)
			attach_stray(&first, control, &stray);
		else
			rt_moot(event);
	}
	rearrange(rt_slot_of(fd), &deal, stream);
	if (out()->count == 0)
		rt_step(CF_OP_SEND, CF_STEP_EVENT, site, 0, UINT64_MAX, 0, 0);
	for (unsigned i = 0; i < out()->count && status == 0; i++) {
		if (i > 0 && stream)
			rt_yield(); /* so that the receiver sees the first part alone */
		status = push(fd, &out()->frame[i], i == 0 ? &first : NULL, flags);
		if (status == 0)
			note_sent(fd, &out()->frame[i], out()->changed[i] || stray >= 0, site);
	}
	if (stray >= 0)
		rt_fd_close(stray);
	return rt_result(status < 0 ? status : (ssize_t)size);
}
