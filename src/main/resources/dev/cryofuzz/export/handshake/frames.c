/* ---- what happened to messages -------------------------------------------------------------------
 *
 * Messages go through real sockets. What the failing run did to one of them, cut it, sent it twice
 * and so on, is done again here, on its way into the socket or out of it.
 */

enum { RUN_FRAME = 4096, RUN_FRAMES = 4, RUN_FILLER = 0xa5 };

struct run_frame {
	size_t size;
	unsigned char bytes[RUN_FRAME];
};

/* Of the only connection that damage is done to at a time. */
static struct run_frame run_kept; /* sent before or behind the next one */
static int run_kept_fd = -1, run_kept_is_merged;
static struct run_frame run_back[RUN_FRAMES]; /* received again, the last one first */
static int run_back_fd = -1;
static unsigned run_backs;
static unsigned run_sends, run_receives; /* calls of this actor so far */

/* Of a call, which has no place in the segment. */
RUN_BARE static const struct run_step *run_call(enum run_op op)
{
	return run_turn(op, run_segment);
}

/* The next thing that happens at this call, NULL if nothing else does. */
RUN_BARE static const struct run_damage *run_damage(enum run_op op, unsigned call,
						    const struct run_damage *before)
{
	const struct run_damage *d = before ? before + 1 : run_now->damage;

	for (; d->what != RUN_WHOLE; d++)
		if ((int)d->actor == run_me && d->op == op && d->call == call)
			return d;
	return NULL;
}

RUN_BARE static void run_append(struct run_frame *f, const void *bytes, size_t size)
{
	if (size > RUN_FRAME - f->size)
		size = RUN_FRAME - f->size;
	memcpy(f->bytes + f->size, bytes, size);
	f->size += size;
}

RUN_BARE static void run_gather(struct run_frame *f, const struct msghdr *h)
{
	f->size = 0;
	for (size_t i = 0; i < h->msg_iovlen; i++)
		run_append(f, h->msg_iov[i].iov_base, h->msg_iov[i].iov_len);
}

/* What changes a single frame. */
RUN_BARE static void run_change(struct run_frame *f, const struct run_damage *d)
{
	if (d->what == RUN_TRIM && d->number < f->size)
		f->size = d->number;
	if (d->what == RUN_REWRITE && d->number + d->size <= f->size)
		memcpy(f->bytes + d->number, &d->value, d->size);
	if (d->what == RUN_EXTEND && d->number <= RUN_FRAME - f->size) {
		memset(f->bytes + f->size, RUN_FILLER, d->number);
		f->size += d->number;
	}
}

/* ---- on their way in ---------------------------------------------------------------------------- */

struct run_sending {
	struct run_frame frame[RUN_FRAMES];
	unsigned frames;
	int kept, stray;
};

RUN_BARE static void run_add(struct run_sending *out, const void *bytes, size_t size)
{
	out->frame[out->frames].size = 0;
	run_append(&out->frame[out->frames++], bytes, size);
}

RUN_BARE static void run_rearrange(struct run_sending *out, const struct run_damage *d)
{
	struct run_frame *first = &out->frame[0];

	if (d->what == RUN_SPLIT && d->number < first->size) {
		run_add(out, first->bytes + d->number, first->size - d->number);
		first->size = d->number;
	} else if (d->what == RUN_DUPLICATE) {
		run_add(out, first->bytes, first->size);
	} else if (d->what == RUN_EMPTY) {
		run_add(out, first->bytes, first->size);
		first->size = 0;
	} else if (d->what == RUN_DROP) {
		out->frames = 0;
	} else if (d->what == RUN_MERGE || d->what == RUN_REORDER) {
		out->kept = 1 + (d->what == RUN_MERGE);
	} else if (d->what == RUN_STRAY_FD) {
		out->stray = open("/dev/null", O_RDONLY | O_CLOEXEC);
	}
}

/* What was kept of the message before this one comes before or behind it. */
RUN_BARE static void run_join(struct run_sending *out)
{
	struct run_frame last = out->frame[0];

	if (run_kept_is_merged) {
		out->frame[0] = run_kept;
		run_append(&out->frame[0], last.bytes, last.size);
	} else {
		run_add(out, run_kept.bytes, run_kept.size);
	}
	run_kept_fd = -1;
}

RUN_BARE static ssize_t run_push(int fd, const struct run_frame *f, int stray, int flags)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec iov = { (void *)f->bytes, f->size };
	struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (stray >= 0) {
		h.msg_control = control;
		h.msg_controllen = sizeof(control);
		CMSG_FIRSTHDR(&h)->cmsg_level = SOL_SOCKET;
		CMSG_FIRSTHDR(&h)->cmsg_type = SCM_RIGHTS;
		CMSG_FIRSTHDR(&h)->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(CMSG_FIRSTHDR(&h)), &stray, sizeof(int));
	}
	return RUN_REAL(sendmsg)(fd, &h, flags);
}

/* A message that was kept back goes when its sender waits or ends, and no other has come. */
RUN_BARE static void run_flush(void)
{
	if (run_kept_fd >= 0)
		run_push(run_kept_fd, &run_kept, -1, MSG_NOSIGNAL);
	run_kept_fd = -1;
}

RUN_BARE static int run_flushes(unsigned at, enum run_op op)
{
	if (run_kept_fd < 0 || op == RUN_SEND || at == run_now->steps ||
	    run_now->step[at].op != RUN_SEND)
		return 0;
	run_flush();
	run_go_on_at(at + 1);
	return 1;
}

/* Each frame is a step of its own, and so is the call that sends none. */
RUN_BARE static ssize_t run_send_frames(int fd, const struct run_sending *out, int flags,
					const struct run_step *s)
{
	ssize_t sent = 0;

	for (unsigned i = 0; i < out->frames && sent >= 0; i++) {
		if (i > 0)
			s = run_call(RUN_SEND);
		sent = run_push(fd, &out->frame[i], i ? -1 : out->stray, flags);
		run_done(s);
	}
	if (!out->frames)
		run_done(s);
	return sent;
}

RUN_BARE static ssize_t run_send_damaged(int fd, const struct msghdr *h, int flags, unsigned call,
					 const struct run_step *s)
{
	const struct run_damage *d = run_damage(RUN_SEND, call, NULL);
	struct run_sending out = { .frames = 1, .stray = -1 };
	ssize_t size, sent;

	run_gather(&out.frame[0], h);
	for (; d && d->what == RUN_SHORT; d = run_damage(RUN_SEND, call, d))
		out.frame[0].size = d->number;
	size = (ssize_t)out.frame[0].size;
	for (; d && d->what <= RUN_LAST_CHANGE; d = run_damage(RUN_SEND, call, d))
		run_change(&out.frame[0], d);
	if (run_kept_fd == fd)
		run_join(&out);
	for (; d; d = run_damage(RUN_SEND, call, d))
		run_rearrange(&out, d);
	if (out.kept && out.frames) {
		run_kept = out.frame[0];
		run_kept_fd = fd;
		run_kept_is_merged = out.kept > 1;
		out.frames = 0;
	}
	sent = run_send_frames(fd, &out, flags, s);
	if (out.stray >= 0)
		syscall(SYS_close, out.stray);
	return sent < 0 ? sent : size;
}

/* ---- on their way out --------------------------------------------------------------------------- */

struct run_received {
	struct run_frame frame;
	struct msghdr with; /* flags, and what came beside the bytes */
	_Alignas(struct cmsghdr) char control[256];
};

RUN_BARE static void run_put_back(int fd, const struct run_frame *f)
{
	if (run_backs == RUN_FRAMES)
		return;
	run_back_fd = fd;
	run_back[run_backs++] = *f;
}

RUN_BARE static int run_is_back(int fd)
{
	return run_backs && run_back_fd == fd;
}

RUN_BARE static ssize_t run_fetch(int fd, struct run_received *in, size_t most, int flags)
{
	struct iovec iov = { in->frame.bytes, most };
	ssize_t size;

	in->with = (struct msghdr){ .msg_iov = &iov,
				    .msg_iovlen = 1,
				    .msg_control = in->control,
				    .msg_controllen = sizeof(in->control) };
	if (run_is_back(fd)) {
		in->with.msg_controllen = 0;
		in->frame = run_back[--run_backs];
		return (ssize_t)in->frame.size;
	}
	size = RUN_REAL(recvmsg)(fd, &in->with, flags);
	in->frame.size = size < 0 ? 0 : (size_t)size;
	return size;
}

/* With the one that comes next, if there is one. */
RUN_BARE static void run_mix(int fd, struct run_received *in, int merges)
{
	struct run_received next;

	if (run_fetch(fd, &next, RUN_FRAME, MSG_DONTWAIT) < 0)
		return;
	if (merges) {
		run_append(&in->frame, next.frame.bytes, next.frame.size);
		return;
	}
	run_put_back(fd, &in->frame);
	in->frame = next.frame;
}

RUN_BARE static void run_distort(int fd, struct run_received *in, const struct run_damage *d)
{
	struct run_frame rest = { .size = 0 };

	if (d->what == RUN_DROP)
		run_fetch(fd, in, RUN_FRAME, 0);
	else if (d->what == RUN_MERGE || d->what == RUN_REORDER)
		run_mix(fd, in, d->what == RUN_MERGE);
	else if (d->what == RUN_DUPLICATE || d->what == RUN_EMPTY)
		run_put_back(fd, &in->frame);
	if (d->what == RUN_EMPTY)
		in->frame.size = 0;
	if (d->what == RUN_SPLIT && d->number < in->frame.size) {
		run_append(&rest, in->frame.bytes + d->number, in->frame.size - d->number);
		in->frame.size = d->number;
		run_put_back(fd, &rest);
	}
	run_change(&in->frame, d);
}

RUN_BARE static void run_deliver_beside(struct msghdr *h, const struct run_received *in)
{
	if (in->with.msg_controllen > h->msg_controllen) {
		h->msg_flags |= MSG_CTRUNC;
		h->msg_controllen = 0;
		return;
	}
	if (in->with.msg_controllen)
		memcpy(h->msg_control, in->control, in->with.msg_controllen);
	h->msg_controllen = in->with.msg_controllen;
}

/* As the kernel does: what there is no room for is cut off. */
RUN_BARE static ssize_t run_deliver(struct msghdr *h, const struct run_received *in, int flags)
{
	size_t at = 0, now;

	for (size_t i = 0; i < h->msg_iovlen && at < in->frame.size; i++, at += now) {
		now = in->frame.size - at;
		if (now > h->msg_iov[i].iov_len)
			now = h->msg_iov[i].iov_len;
		memcpy(h->msg_iov[i].iov_base, in->frame.bytes + at, now);
	}
	h->msg_flags = in->with.msg_flags & (MSG_EOR | MSG_CMSG_CLOEXEC | MSG_TRUNC);
	run_deliver_beside(h, in);
	if (at < in->frame.size)
		h->msg_flags |= MSG_TRUNC;
	return (ssize_t)(flags & MSG_TRUNC ? in->frame.size : at);
}

/* A stream gives less than is there, or other bytes. */
RUN_BARE static size_t run_room(int fd, const struct msghdr *h, unsigned call)
{
	int type = SOCK_STREAM;
	socklen_t length = sizeof(type);
	size_t room = 0;

	getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length);
	if (type != SOCK_STREAM)
		return RUN_FRAME;
	for (size_t i = 0; i < h->msg_iovlen; i++)
		room += h->msg_iov[i].iov_len;
	for (const struct run_damage *d = NULL; (d = run_damage(RUN_RECV, call, d));)
		if (d->what != RUN_REWRITE && d->number && d->number < room)
			room = d->number;
	return room < RUN_FRAME ? room : RUN_FRAME;
}

RUN_BARE static ssize_t run_receive_damaged(int fd, struct msghdr *h, int flags, unsigned call)
{
	size_t most = run_room(fd, h, call);
	struct run_received in;
	ssize_t size = run_fetch(fd, &in, most, flags & ~(MSG_PEEK | MSG_TRUNC));

	if (size < 0)
		return size;
	for (const struct run_damage *d = NULL; (d = run_damage(RUN_RECV, call, d));)
		if (most == RUN_FRAME || d->what == RUN_REWRITE)
			run_distort(fd, &in, d);
	return run_deliver(h, &in, flags);
}
