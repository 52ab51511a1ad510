/* SPDX-License-Identifier: Apache-2.0
 *
 * How a frame, and what came with it, is given to the caller of a receive.
 */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frames.h"

void rt_drop_descriptors(const struct extras *extras)
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
			rt_fd_close(fds[i]);
	}
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
	rt_drop_descriptors(extras); /* as the kernel does when there is no room for them */
	message->msg_flags |= MSG_CTRUNC;
	message->msg_controllen = 0;
}

ssize_t rt_deliver(struct msghdr *message, const struct frame *frame, const struct extras *extras,
		   int flags, bool stream)
{
	size_t fitted = scatter(message, frame);

	message->msg_flags = extras->flags & (MSG_EOR | MSG_CMSG_CLOEXEC);
	deliver_control(message, extras);
	if (!stream && (fitted < frame->size || extras->flags & MSG_TRUNC)) {
		message->msg_flags |= MSG_TRUNC;
		if (flags & MSG_TRUNC)
			return (ssize_t)frame->size;
	}
	return (ssize_t)fitted;
}
