/* SPDX-License-Identifier: Apache-2.0
 *
 * Messages and what frame events do to them.
 *
 * A send gathers its bytes into frames, lets the events of its point change that list, and sends
 * what is left over the real socket. A receive takes one frame from the real socket (or one pushed
 * back earlier), lets the events change it, and delivers it as the kernel would.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls.h"

enum {
	FRAME_BYTES = 4096, /* longest message that frame events handle */
	FRAMES = 4, /* of one send */
	SLOTS = CF_MAX_CHANNELS + 1, /* the last one: a descriptor that is no channel */
	EXTERNAL = CF_MAX_CHANNELS,
	CONTROL_BYTES = 256,
	FILLER = 0xa5, /* of extended frames */
};

struct frame {
	size_t size;
	unsigned char bytes[FRAME_BYTES];
};

/* The frames of one send, in order; changed: by an event. */
struct outgoing {
	unsigned count;
	bool changed[FRAMES];
	struct frame frame[FRAMES];
};

enum kept_for { NOTHING, MERGING, REORDERING };

/* What this actor keeps of the messages on one descriptor. */
struct slot {
	int fd;
	enum kept_for kept_for; /* sent with or after the next one */
	unsigned pushed; /* frames to receive before the socket's own */
	struct frame kept;
	struct frame back[2];
};

static RT_KEPT struct slot slot[SLOTS];
static RT_KEPT struct outgoing out;
static RT_KEPT struct frame in;

void rt_reset_frames(void)
{
	for (unsigned i = 0; i < SLOTS; i++) {
		slot[i].fd = -1;
		slot[i].kept_for = NOTHING;
		slot[i].pushed = 0;
	}
}

static struct slot *slot_of(int fd)
{
	unsigned direction;
	int channel = rt_channel_of(fd, &direction);
	struct slot *found = &slot[channel < 0 ? EXTERNAL : channel];

	if (found->fd != fd) { /* only the slot of undeclared descriptors ever changes */
		found->fd = fd;
		found->kept_for = NOTHING;
		found->pushed = 0;
	}
	return found;
}

bool rt_pushed_back(int fd)
{
	for (unsigned i = 0; i < SLOTS; i++)
		if (slot[i].fd == fd && slot[i].pushed > 0)
			return true;
	return false;
}

/* ---- events on one frame ---------------------------------------------------------------------- */

static bool rewrite(struct frame *frame, const struct cf_event *event)
{
	const struct cf_field *field = rt.target->fields;

	for (uint32_t i = 0; field != NULL && field->name != NULL; i++, field++) {
		if (i != event->arg)
			continue;
		if (field->offset + field->size > frame->size)
			return false;
		if (memcmp(frame->bytes + field->offset, &event->value, field->size) == 0)
			return false;
		memcpy(frame->bytes + field->offset, &event->value, field->size);
		return true;
	}
	return false;
}

static bool extend(struct frame *frame, size_t by)
{
	if (by == 0 || by > FRAME_BYTES - frame->size)
		return false;
	memset(frame->bytes + frame->size, FILLER, by);
	frame->size += by;
	return true;
}

static bool trim(struct frame *frame, size_t to)
{
	if (to >= frame->size)
		return false;
	frame->size = to;
	return true;
}

/* Applies one kind of event, if this point has it; says whether it changed the frame. */
static bool apply(struct rt_deal *deal, enum cf_do op, struct frame *frame)
{
	struct cf_event *event = rt_take(deal, op);
	bool done;

	if (event == NULL)
		return false;
	if (op == CF_DO_REWRITE)
		done = rewrite(frame, event);
	else if (op == CF_DO_EXTEND)
		done = extend(frame, event->arg);
	else
		done = trim(frame, event->arg);
	if (!done)
		rt_moot(event);
	return done;
}

static bool reshape(struct rt_deal *deal, struct frame *frame)
{
	bool changed = apply(deal, CF_DO_REWRITE, frame);

	changed |= apply(deal, CF_DO_TRIM, frame);
	changed |= apply(deal, CF_DO_EXTEND, frame);
	return changed;
}

/* ---- sending ---------------------------------------------------------------------------------- */

static void add(const void *bytes, size_t size, bool changed)
{
	struct frame *frame = &out.frame[out.count];

	if (out.count == FRAMES)
		return;
	memcpy(frame->bytes, bytes, size);
	frame->size = size;
	out.changed[out.count++] = changed;
}

static void insert_first(const void *bytes, size_t size)
{
	if (out.count == FRAMES)
		return;
	memmove(&out.frame[1], &out.frame[0], out.count * sizeof(struct frame));
	memmove(&out.changed[1], &out.changed[0], out.count * sizeof(bool));
	out.count++;
	memcpy(out.frame[0].bytes, bytes, size);
	out.frame[0].size = size;
	out.changed[0] = true;
}

static void split(struct cf_event *event)
{
	struct frame *first = &out.frame[0];
	size_t size = first->size;

	if (event->arg == 0 || event->arg >= size) {
		rt_moot(event);
		return;
	}
	first->size = event->arg;
	out.changed[0] = true;
	add(first->bytes + event->arg, size - event->arg, true);
}

/* Keeps the frame for the next send; without one it is sent when the actor waits or ends. */
static void keep(struct slot *s, enum kept_for what)
{
	s->kept = out.frame[0];
	s->kept_for = what;
	out.count = 0;
}

static void add_kept(struct slot *s)
{
	enum kept_for what = s->kept_for;
	struct frame *first = &out.frame[0];

	s->kept_for = NOTHING;
	if (what == REORDERING) {
		add(s->kept.bytes, s->kept.size, true);
	} else if (what == MERGING && s->kept.size + first->size <= FRAME_BYTES) {
		memmove(first->bytes + s->kept.size, first->bytes, first->size);
		memcpy(first->bytes, s->kept.bytes, s->kept.size);
		first->size += s->kept.size;
		out.changed[0] = true;
	}
}

static void rearrange(struct slot *s, struct rt_deal *deal, bool stream)
{
	bool had_kept = s->kept_for != NOTHING;
	struct cf_event *event;

	out.changed[0] |= reshape(deal, &out.frame[0]);
	if (had_kept)
		add_kept(s);
	if ((event = rt_take(deal, CF_DO_SPLIT)) != NULL)
		split(event);
	if (rt_take(deal, CF_DO_DUPLICATE) != NULL)
		add(out.frame[0].bytes, out.frame[0].size, true);
	if ((event = rt_take(deal, CF_DO_EMPTY)) != NULL) {
		if (stream)
			rt_moot(event); /* a stream has no empty messages */
		else
			insert_first("", 0);
	}
	if (rt_take(deal, CF_DO_DROP) != NULL) {
		out.count = 0;
		return;
	}
	if ((event = rt_take(deal, CF_DO_MERGE)) != NULL && !had_kept && out.count == 1)
		keep(s, MERGING);
	else if (event != NULL)
		rt_moot(event);
	if ((event = rt_take(deal, CF_DO_REORDER)) != NULL && !had_kept && out.count == 1)
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
		ssize_t sent = __real_sendmsg(fd, &message, flags | MSG_DONTWAIT);

		if (sent >= 0 && (size_t)sent >= iov.iov_len)
			return 0;
		if (sent >= 0) {
			iov.iov_base = (char *)iov.iov_base + sent;
			iov.iov_len -= (size_t)sent;
			continue;
		}
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN)
			return -errno;
		if (!rt_wait_message(fd, POLLOUT, &message, flags))
			return -EAGAIN;
	}
}

void rt_flush_frames(void)
{
	for (unsigned i = 0; i < SLOTS; i++) {
		if (slot[i].fd < 0 || slot[i].kept_for == NOTHING)
			continue;
		slot[i].kept_for = NOTHING;
		/* The peer may be gone: then the message is lost, as it would have been. */
		if (push(slot[i].fd, &slot[i].kept, NULL, MSG_NOSIGNAL) == 0)
			note_sent(slot[i].fd, &slot[i].kept, true, rt.me->site);
	}
}

static bool gather(const struct msghdr *message)
{
	struct frame *frame = &out.frame[0];

	frame->size = 0;
	for (size_t i = 0; i < message->msg_iovlen; i++) {
		const struct iovec *iov = &message->msg_iov[i];

		if (iov->iov_len > FRAME_BYTES - frame->size)
			return false;
		rt_announce((uintptr_t)iov->iov_base, iov->iov_len);
		memcpy(frame->bytes + frame->size, iov->iov_base, iov->iov_len);
		frame->size += iov->iov_len;
	}
	out.count = 1;
	out.changed[0] = false;
	return true;
}

/* A descriptor that the receiver did not ask for, beside the first frame. */
static void attach_stray(struct msghdr *message, char *control, int *stray)
{
	struct cmsghdr *header;

	*stray = open("/dev/null", O_RDONLY | O_CLOEXEC);
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
	size = stream ? rt_short(&deal, out.frame[0].size) : out.frame[0].size;
	out.changed[0] = size < out.frame[0].size;
	out.frame[0].size = size;
	if ((event = rt_take(&deal, CF_DO_STRAY_FD)) != NULL) {
		if (first.msg_controllen == 0)
			attach_stray(&first, control, &stray);
		else
			rt_moot(event);
	}
	rearrange(slot_of(fd), &deal, stream);
	if (out.count == 0)
		rt_step(CF_OP_SEND, CF_STEP_EVENT, site, 0, UINT64_MAX, 0, 0);
	for (unsigned i = 0; i < out.count && status == 0; i++) {
		if (i > 0 && stream)
			rt_yield(); /* so that the receiver sees the first part alone */
		status = push(fd, &out.frame[i], i == 0 ? &first : NULL, flags);
		if (status == 0)
			note_sent(fd, &out.frame[i], out.changed[i] || stray >= 0, site);
	}
	if (stray >= 0)
		close(stray);
	return rt_result(status < 0 ? status : (ssize_t)size);
}

/* ---- receiving -------------------------------------------------------------------------------- */

/* What came with a frame: descriptors, and whether the kernel had to cut. */
struct extras {
	int flags;
	size_t control_size;
	_Alignas(struct cmsghdr) char control[CONTROL_BYTES];
};

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
	if (channel < 0)
		return;
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
		ssize_t size =
			__real_recvmsg(fd, &message, passed | MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

		if (size >= 0) {
			extras->flags = message.msg_flags;
			extras->control_size = message.msg_controllen;
			frame->size = (size_t)size;
			received(fd, stream);
			return size;
		}
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN)
			return -errno;
		message.msg_controllen = 0;
		if (!rt_wait_message(fd, POLLIN, &message, passed))
			return -EAGAIN;
	}
}

static void drop_descriptors(const struct extras *extras)
{
	struct msghdr message = { .msg_control = (void *)extras->control,
				  .msg_controllen = extras->control_size };

	for (struct cmsghdr *h = CMSG_FIRSTHDR(&message); h != NULL; h = CMSG_NXTHDR(&message, h)) {
		int fds[CONTROL_BYTES / sizeof(int)];
		size_t size = h->cmsg_len - CMSG_LEN(0);

		if (h->cmsg_level != SOL_SOCKET || h->cmsg_type != SCM_RIGHTS)
			continue;
		memcpy(fds, CMSG_DATA(h), size);
		for (size_t i = 0; i < size / sizeof(int); i++)
			close(fds[i]);
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

	if (rt.inside == NULL || rt_is_external(fd) || (fcntl(fd, F_GETFL) & O_NONBLOCK) ||
	    ioctl(fd, FIONREAD, &there) < 0 || there <= 0 || (size_t)there >= want)
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
		pop_back(s, &in);
		return (ssize_t)in.size;
	}
	if (stream && (flags & MSG_WAITALL) && !(flags & (MSG_DONTWAIT | MSG_PEEK)) &&
	    fetch_inside(fd, &in, want, extras) > 0)
		return (ssize_t)in.size;
	return fetch(fd, &in, want, flags, extras, stream);
}

/* True if another frame is there already, taken into `frame`. */
static bool another(int fd, struct frame *frame)
{
	struct extras extras;

	if (fetch(fd, frame, FRAME_BYTES, MSG_DONTWAIT, &extras, false) <= 0)
		return false;
	drop_descriptors(&extras);
	return true;
}

static bool merge_or_reorder(int fd, struct slot *s, struct rt_deal *deal)
{
	struct cf_event *merge = rt_take(deal, CF_DO_MERGE);
	struct cf_event *reorder = rt_take(deal, CF_DO_REORDER);
	static RT_KEPT struct frame next;

	if (merge == NULL && reorder == NULL)
		return false;
	if (s->pushed > 0 || !another(fd, &next)) {
		if (merge != NULL)
			rt_moot(merge);
		if (reorder != NULL)
			rt_moot(reorder);
		return false;
	}
	if (merge != NULL && in.size + next.size <= FRAME_BYTES) {
		memcpy(in.bytes + in.size, next.bytes, next.size);
		in.size += next.size;
	} else {
		push_back(s, &in);
		in = next;
	}
	return true;
}

static bool split_received(struct slot *s, struct rt_deal *deal)
{
	struct cf_event *event = rt_take(deal, CF_DO_SPLIT);
	static RT_KEPT struct frame rest;

	if (event == NULL)
		return false;
	if (event->arg == 0 || event->arg >= in.size || s->pushed == 2) {
		rt_moot(event);
		return false;
	}
	rest.size = in.size - event->arg;
	memcpy(rest.bytes, in.bytes + event->arg, rest.size);
	in.size = event->arg;
	push_back(s, &rest);
	return true;
}

/* Frame events of a receive on a message socket. Returns -errno, or 1 if it changed anything. */
static int distort(int fd, struct slot *s, struct rt_deal *deal, struct extras *extras, int flags)
{
	struct cf_event *event;
	bool changed = false;

	if (rt_take(deal, CF_DO_DROP) != NULL) {
		ssize_t size;

		drop_descriptors(extras);
		size = next_frame(fd, s, extras, FRAME_BYTES, flags, false);
		if (size < 0)
			return (int)size;
		changed = true;
	}
	changed |= merge_or_reorder(fd, s, deal);
	changed |= split_received(s, deal);
	if ((event = rt_take(deal, CF_DO_DUPLICATE)) != NULL) {
		if (in.size > 0)
			push_back(s, &in), changed = true;
		else
			rt_moot(event);
	}
	changed |= reshape(deal, &in);
	if ((event = rt_take(deal, CF_DO_EMPTY)) != NULL) {
		if (in.size > 0) {
			push_back(s, &in);
			in.size = 0;
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

/* Copies the frame into the caller's buffers; returns the bytes that fitted. */
static size_t scatter(struct msghdr *message, const struct frame *frame)
{
	size_t at = 0;

	for (size_t i = 0; i < message->msg_iovlen && at < frame->size; i++) {
		struct iovec *iov = &message->msg_iov[i];
		size_t left = frame->size - at;
		size_t now = left < iov->iov_len ? left : iov->iov_len;

		rt_announce((uintptr_t)iov->iov_base, now);
		memcpy(iov->iov_base, frame->bytes + at, now);
		if (rt_in_segment(iov->iov_base))
			rt_unannounced((uintptr_t)iov->iov_base, now, rt.me->site);
		at += now;
	}
	return at;
}

static void deliver_control(struct msghdr *message, const struct extras *extras)
{
	if (extras->control_size <= message->msg_controllen) {
		if (extras->control_size > 0)
			memcpy(message->msg_control, extras->control, extras->control_size);
		message->msg_controllen = extras->control_size;
		return;
	}
	drop_descriptors(extras); /* as the kernel does when there is no room for them */
	message->msg_flags |= MSG_CTRUNC;
	message->msg_controllen = 0;
}

static ssize_t deliver(struct msghdr *message, const struct extras *extras, int flags, bool stream)
{
	size_t fitted = scatter(message, &in);

	message->msg_flags = extras->flags & (MSG_EOR | MSG_CMSG_CLOEXEC);
	deliver_control(message, extras);
	if (!stream && (fitted < in.size || extras->flags & MSG_TRUNC)) {
		message->msg_flags |= MSG_TRUNC;
		if (flags & MSG_TRUNC)
			return (ssize_t)in.size;
	}
	return (ssize_t)fitted;
}

static void note_received(int fd, bool changed, uint32_t site)
{
	unsigned direction = 0;
	int channel = rt_channel_of(fd, &direction);
	bool external = channel < 0;

	rt_step(CF_OP_RECV, changed ? CF_STEP_EVENT : 0, site, 0,
		external ? UINT64_MAX : (uint64_t)channel << 1 | !direction, in.size,
		external ? 0 : rt_hash_bytes(in.bytes, in.size));
	rt_feature(7, site, in.size < 16 ? in.size : 16);
}

/* MSG_WAITALL on a stream: goes on until everything is there or the stream ends. */
static int fill_up(int fd, size_t want, int flags, struct extras *extras)
{
	static RT_KEPT struct frame more;

	while (in.size > 0 && in.size < want) {
		ssize_t size = fetch(fd, &more, want - in.size, flags, extras, true);

		if (size <= 0)
			return (int)size;
		memcpy(in.bytes + in.size, more.bytes, more.size);
		in.size += more.size;
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
	s = slot_of(fd);
	if (want > FRAME_BYTES)
		want = FRAME_BYTES;
	if (stream)
		want = shorten(&deal, want, &changed);
	size = next_frame(fd, s, &extras, want, flags, stream);
	if (size >= 0 && stream) {
		changed |= apply(&deal, CF_DO_REWRITE, &in);
		if ((flags & MSG_WAITALL) && !(flags & MSG_PEEK) && !changed)
			size = fill_up(fd, want, flags, &extras) < 0 ? -errno : size;
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
		push_back(s, &in);
	return deliver(message, &extras, flags, stream);
}
