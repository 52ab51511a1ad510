/* SPDX-License-Identifier: Apache-2.0
 *
 * frames.h - what sending (send.c) and receiving (receive.c) share of messages: frames.c has what is kept
 * of them, and the events that change one.
 */
#ifndef CRYOFUZZ_FRAMES_H
#define CRYOFUZZ_FRAMES_H

#include "calls.h"

enum {
	CONTROL_BYTES = 256, /* of what comes with one */
	FRAME_BYTES = 4096, /* longest message that frame events handle */
	SLOTS = CF_MAX_CHANNELS + 1, /* the last one: a descriptor that is no channel */
	FRAMES = 4, /* of one send */
};

struct frame {
	size_t size;
	unsigned char bytes[FRAME_BYTES];
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

/* What came with a frame: descriptors, and whether the kernel had to cut. */
struct extras {
	int flags;
	size_t control_size;
	_Alignas(struct cmsghdr) char control[CONTROL_BYTES];
};

/* The frames of one send, in order; changed: by an event. */
struct outgoing {
	unsigned count;
	bool changed[FRAMES];
	struct frame frame[FRAMES];
};

/* All that an actor has in hand: it may have to wait with it, while others send and receive. */
struct desk {
	bool clear; /* no slot is in use */
	struct slot slot[SLOTS];
	struct outgoing out; /* send.c */
	struct frame in, next, rest, more; /* receive.c */
};

struct slot *rt_slot_of(int fd);
/* Applies one kind of event, if this point has it; says whether it changed the frame. */
bool rt_apply(struct rt_deal *deal, enum cf_do op, struct frame *frame);
/* All those that change one frame. */
bool rt_reshape(struct rt_deal *deal, struct frame *frame);

/* deliver.c: closes those that came with a frame. */
void rt_drop_descriptors(const struct extras *extras);
/* Gives a frame to the caller of a receive; what that returns. */
ssize_t rt_deliver(struct msghdr *message, const struct frame *frame, const struct extras *extras,
		   int flags, bool stream);

#endif
