/* SPDX-License-Identifier: Apache-2.0
 *
 * Messages: what is kept of them from one call to the next, and what events do to a single one.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "frames.h"

enum {
	EXTERNAL = CF_MAX_CHANNELS,
	FILLER = 0xa5, /* of extended frames */
};

static RT_KEPT struct desk of_process;

void rt_take_desk(void)
{
	rt.own->desk = &of_process;
}

void rt_give_desks(void)
{
	struct desk *desk = mmap(NULL, CF_MAX_ACTORS * sizeof(*desk), PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (desk == MAP_FAILED)
		abort();
	for (unsigned i = 0; i < CF_MAX_ACTORS; i++) {
		rt_become(i);
		rt.own->desk = &desk[i];
	}
}

void rt_reset_frames(void)
{
	struct desk *desk = rt.own->desk;

	if (desk->clear)
		return;
	for (unsigned i = 0; i < SLOTS; i++) {
		desk->slot[i].fd = -1;
		desk->slot[i].kept_for = NOTHING;
		desk->slot[i].pushed = 0;
	}
	desk->clear = true;
}

struct slot *rt_slot_of(int fd)
{
	unsigned direction;
	int channel = rt_channel_of(fd, &direction);
	struct slot *found = &rt.own->desk->slot[channel < 0 ? EXTERNAL : channel];

	rt.own->desk->clear = false;
	if (found->fd != fd) { /* only the slot of undeclared descriptors ever changes */
		found->fd = fd;
		found->kept_for = NOTHING;
		found->pushed = 0;
	}
	return found;
}

bool rt_pushed_back(int fd)
{
	const struct desk *desk = rt.own->desk;

	for (unsigned i = 0; i < SLOTS && !desk->clear; i++)
		if (desk->slot[i].fd == fd && desk->slot[i].pushed > 0)
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

bool rt_apply(struct rt_deal *deal, enum cf_do op, struct frame *frame)
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

bool rt_reshape(struct rt_deal *deal, struct frame *frame)
{
	bool changed = rt_apply(deal, CF_DO_REWRITE, frame);

	changed |= rt_apply(deal, CF_DO_TRIM, frame);
	changed |= rt_apply(deal, CF_DO_EXTEND, frame);
	return changed;
}
