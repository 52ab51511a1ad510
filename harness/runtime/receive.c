/* SPDX-License-Identifier: Apache-2.0
 *
 * A receive takes one frame from the real socket (or one pushed back earlier), lets the events change it,
 * and delivers it as the kernel would.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "frames.h"

static struct frame *in(void)
{
	return &rt.own->desk->in;
}

static void push_back(struct slot *s, const struct frame *frame)
{
	if (s->pushed == 2)
		return;
	memmove(&s->back[1], &s->back[0], s->pushed * sizeof(struct frame));
	s->back[0] = *frame;
	s->pushed++;
}

static void pop_back(struct slot *s, struct frame *frame)
{
	*frame = s->back[0];
	s->pushed--;
	memmove(&s->back[0], &s->back[1], s->pushed * sizeof(struct frame));
}

static void received(int fd, bool stream)
{
	unsigned direction;
	int channel = rt_channel_of(fd, &direction);
	struct rt_pipe *pipe;
	uint32_t which;

	rt_channel_changed();
	if (channel < 0) {
		rt_acquire_from_anybody();
		return;
	}
	pipe = &rt.shared->pipe[channel][!direction];
	if (pipe->sent == 0)
		return;
	/* Bytes of a stream carry no message number: the last one sent is the safe choice. */
	which = stream || pipe->received >= pipe->sent ? pipe->sent - 1 : pipe->received;
	pipe->received++;
	rt_acquire_clock(pipe->clock[which % 64]);
}

/* The next frame from the socket, at most `want` bytes; its size or -errno. */
static ssize_t fetch(int fd, struct frame *frame, size_t want, int flags, struct extras *extras,
		     bool stream)
{
	struct iovec iov = { frame->bytes, want < FRAME_BYTES ? want : FRAME_BYTES };
	const int passed = flags & ~(MSG_PEEK | MSG_TRUNC | MSG_WAITALL);

	for (;;) {
		struct msghdr message = { .msg_iov = &iov,
					  .msg_iovlen = 1,
					  .msg_control = extras->control,
					  .msg_controllen = sizeof(extras->control) };
		ssize_t size = rt_fd_recv(fd, &message, passed | MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

		if (size >= 0) {
			extras->flags = message.msg_flags;
			extras->control_size = message.msg_controllen;
			frame->size = (size_t)size;
			received(fd, stream);
			return size;
		}
		if (size == -EINTR)
			continue;
		if (size != -EAGAIN)
			return size;
		message.msg_controllen = 0;
		if (!rt_wait_message(fd, POLLIN, &message, passed))
			return -EAGAIN;
	}
}

/* Of MSG_WAITALL on a stream, if the actor is to be frozen while it waits with a part there: it makes the
 * call, which gets that part. How many bytes, 0: nothing of it. */
static ssize_t fetch_inside(int fd, struct frame *frame, size_t want, struct extras *extras)
{
	struct iovec iov = { frame->bytes, want };
	struct msghdr message = { .msg_iov = &iov,
				  .msg_iovlen = 1,
				  .msg_control = extras->control,
				  .msg_controllen = sizeof(extras->control) };
	int there = 0;

	if (rt.inside == NULL || rt_is_external(fd) ||
	    (rt_fd_control(fd, F_GETFL, 0) & O_NONBLOCK) || ioctl(fd, FIONREAD, &there) < 0 ||
	    there <= 0 || (size_t)there >= want)
		return 0;
	if (!rt_freeze_inside_part(SYS_recvmsg, (uint64_t)fd, (uintptr_t)&message,
				   MSG_WAITALL | MSG_CMSG_CLOEXEC, there))
		return 0;
	extras->flags = message.msg_flags;
	extras->control_size = message.msg_controllen;
	frame->size = (size_t)there;
	received(fd, true);
	return there;
}

static ssize_t next_frame(int fd, struct slot *s, struct extras *extras, size_t want, int flags,
			  bool stream)
{
	extras->flags = 0;
	extras->control_size = 0;
	if (s->pushed > 0) {
		pop_back(s, in());
		return (ssize_t)in()->size;
	}
	if (stream && (flags & MSG_WAITALL) && !(flags & (MSG_DONTWAIT | MSG_PEEK)) &&
	    fetch_inside(fd, in(), want, extras) > 0)
		return (ssize_t)in()->size;
	return fetch(fd, in(), want, flags, extras, stream);
}

/* True if another frame is there already, taken into `frame`. */
static bool another(int fd, struct frame *frame)
{
	struct extras extras;

	if (fetch(fd, frame, FRAME_BYTES, MSG_DONTWAIT, &extras, false) <= 0)
		return false;
	rt_drop_descriptors(&extras);
	return true;
}

static bool merge_or_reorder(int fd, struct slot *s, struct rt_deal *deal)
{
	struct cf_event *merge = rt_take(deal, CF_DO_MERGE);
	struct cf_event *reorder = rt_take(deal, CF_DO_REORDER);
	struct frame *next = &rt.own->desk->next;

	if (merge == NULL && reorder == NULL)
		return false;
	if (s->pushed > 0 || !another(fd, next)) {
		if (merge != NULL)
			rt_moot(merge);
		if (reorder != NULL)
			rt_moot(reorder);
		return false;
	}
	if (merge != NULL && in()->size + next->size <= FRAME_BYTES) {
		memcpy(in()->bytes + in()->size, next->bytes, next->size);
		in()->size += next->size;
	} else {
		push_back(s, in());
		*in() = *next;
	}
	return true;
}

static bool split_received(struct slot *s, struct rt_deal *deal)
{
	struct cf_event *event = rt_take(deal, CF_DO_SPLIT);
	struct frame *rest = &rt.own->desk->rest;

	if (event == NULL)
		return false;
	if (event->arg == 0 || event->arg >= in()->size || s->pushed == 2) {
		rt_moot(event);
		return false;
	}
	rest->size = in()->size - event->arg;
	memcpy(rest->bytes, in()->bytes + event->arg, rest->size);
	in()->size = event->arg;
	push_back(s, rest);
	return true;
}

/* Frame events of a receive on a message socket. Returns -errno, or 1 if it changed anything. */
static int distort(int fd, struct slot *s, struct rt_deal *deal, struct extras *extras, int flags)
{
	struct cf_event *event;
	bool changed = false;

	if (rt_take(deal, CF_DO_DROP) != NULL) {
		ssize_t size;

		rt_drop_descriptors(extras);
		size = next_frame(fd, s, extras, FRAME_BYTES, flags, false);
		if (size < 0)
			return (int)size;
		changed = true;
	}
	changed |= merge_or_reorder(fd, s, deal);
	changed |= split_received(s, deal);
	if ((event = rt_take(deal, CF_DO_DUPLICATE)) != NULL) {
		if (in()->size > 0)
			push_back(s, in()), changed = true;
		else
			rt_moot(event);
	}
	changed |= rt_reshape(deal, in());
	if ((event = rt_take(deal, CF_DO_EMPTY)) != NULL) {
		if (in()->size > 0) {
			push_back(s, in());
			in()->size = 0;
			changed = true;
		} else {
			rt_moot(event);
		}
	}
	if ((event = rt_take(deal, CF_DO_STRAY_FD)) != NULL)
		rt_moot(event); /* only a sender can add one */
	return changed;
}

/* A stream gives short reads (trim, split and short) and other bytes (rewrite), nothing else. */
static size_t shorten(struct rt_deal *deal, size_t want, bool *changed)
{
	static const enum cf_do ops[] = { CF_DO_TRIM, CF_DO_SPLIT, CF_DO_SHORT };
	static const enum cf_do senders[] = { CF_DO_EXTEND,    CF_DO_MERGE,   CF_DO_EMPTY,
					      CF_DO_DUPLICATE, CF_DO_REORDER, CF_DO_DROP,
					      CF_DO_STRAY_FD };
	struct cf_event *event;

	for (unsigned i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		if ((event = rt_take(deal, ops[i])) == NULL)
			continue;
		if (event->arg > 0 && event->arg < want) {
			want = event->arg;
			*changed = true;
		} else {
			rt_moot(event);
		}
	}
	for (unsigned i = 0; i < sizeof(senders) / sizeof(senders[0]); i++)
		if ((event = rt_take(deal, senders[i])) != NULL)
			rt_moot(event);
	return want;
}

static size_t room_of(const struct msghdr *message)
{
	size_t room = 0;

	for (size_t i = 0; i < message->msg_iovlen; i++)
		room += message->msg_iov[i].iov_len;
	return room;
}

static void note_received(int fd, bool changed, uint32_t site)
{
	unsigned direction = 0;
	int channel = rt_channel_of(fd, &direction);
	bool external = channel < 0;

	rt_step(CF_OP_RECV, changed ? CF_STEP_EVENT : 0, site, 0,
		external ? UINT64_MAX : (uint64_t)channel << 1 | !direction, in()->size,
		external ? 0 : rt_hash_bytes(in()->bytes, in()->size));
	rt_feature(7, site, in()->size < 16 ? in()->size : 16);
}

/* MSG_WAITALL on a stream: goes on until everything is there or the stream ends. */
static int fill_up(int fd, size_t want, int flags, struct extras *extras)
{
	struct frame *more = &rt.own->desk->more;

	while (in()->size > 0 && in()->size < want) {
		ssize_t size = fetch(fd, more, want - in()->size, flags, extras, true);

		if (size <= 0)
			return (int)size;
		memcpy(in()->bytes + in()->size, more->bytes, more->size);
		in()->size += more->size;
	}
	return 0;
}

ssize_t rt_recv(int fd, struct msghdr *message, int flags, uint32_t site)
{
	bool stream = rt_is_stream(fd), changed = false;
	size_t want = stream ? room_of(message) : FRAME_BYTES;
	struct slot *s;
	struct extras extras;
	struct rt_deal deal;
	ssize_t size;

	rt_call(site, &deal);
	size = rt_fail(&deal, RT_RECEIVES, fd, flags);
	if (size < 0)
		return rt_result(size);
	s = rt_slot_of(fd);
	if (want > FRAME_BYTES)
		want = FRAME_BYTES;
	if (stream)
		want = shorten(&deal, want, &changed);
	size = next_frame(fd, s, &extras, want, flags, stream);
	if (size >= 0 && stream) {
		changed |= rt_apply(&deal, CF_DO_REWRITE, in());
		if ((flags & MSG_WAITALL) && !(flags & MSG_PEEK) && !changed) {
			int status = fill_up(fd, want, flags, &extras);

			size = status < 0 ? status : size;
		}
	} else if (size >= 0) {
		int status = distort(fd, s, &deal, &extras, flags);

		if (status < 0)
			return rt_result(status);
		changed = status;
	}
	if (size < 0)
		return rt_result(size);
	note_received(fd, changed, site);
	if (flags & MSG_PEEK)
		push_back(s, in());
	return rt_deliver(message, in(), &extras, flags, stream);
}
