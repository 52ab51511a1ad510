/* SPDX-License-Identifier: Apache-2.0
 *
 * The caller's end of a talk, which must not be seen by the runtime (raw calls).
 */
#include "talk_orders.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../victim/raw.h"
#include "cage.h"
#include "keeper.h"

/* Looks in a row, this far apart, without anybody having run. */
enum { STILL_LOOKS = 12, LOOK_EVERY_MS = 100 };

static int tell(struct talk *t, const struct talk_order *order)
{
	return ward_tell(&t->cage, order, sizeof(*order), WARD_ANSWER_MS);
}

static void hang_up(struct talk *t)
{
	if (t->fd >= 0)
		raw1(SYS_close, t->fd);
	t->fd = -1;
}

/* ---- the beginning ---------------------------------------------------------------------------- */

/* A cage is kept for as long as it can be trusted. */
static int ready_cage(struct talk *t, const struct talk_place *place)
{
	if (!t->trusted || !ward_lives(&t->cage))
		cage_close(&t->cage);
	t->trusted = 0;
	if (t->cage.pid > 0)
		return 0;
	return talk_open_cage(&t->cage, place->fork_it, ward_criu(place->criu), place->tree);
}

/* The ward's child is process 1, whose descriptor is fetched. */
static int fetch_socket(const struct ward *w)
{
	char path[64], text[16] = "";
	int fd, process, own;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", w->pid, w->pid);
	fd = (int)raw4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return fd;
	raw3(SYS_read, fd, text, sizeof(text) - 1);
	raw1(SYS_close, fd);
	process = (int)raw2(SYS_pidfd_open, atoi(text), 0);
	if (process < 0)
		return process;
	own = (int)raw3(SYS_pidfd_getfd, process, TALK_SOCKET_FD, 0);
	raw1(SYS_close, process);
	return own;
}

int talk_begin(struct talk *t, const struct talk_place *place, enum talk_with with,
	       enum talk_about about)
{
	struct talk_order order = { .kind = TALK_BEGIN, .with = with, .about = about };
	int status;

	hang_up(t);
	status = ready_cage(t, place);
	snprintf(t->text, sizeof(t->text), "there can be no cage");
	if (status)
		return status;
	status = tell(t, &order);
	snprintf(t->text, sizeof(t->text), "%.12s: %.140s", t->cage.stage, t->cage.detail);
	if (status)
		return status;
	sscanf(t->cage.stage, "%u %u %u", &t->pid, &t->tree, &t->version);
	t->folder = TALK_FOLDER_FD;
	t->fd = fetch_socket(&t->cage);
	if (t->fd < 0)
		return t->fd;
	order.kind = TALK_TAKEN;
	return tell(t, &order);
}

/* ---- meanwhile -------------------------------------------------------------------------------- */

static int64_t now_ms(void)
{
	int64_t now[2];

	raw2(SYS_clock_gettime, 1, now);
	return now[0] * 1000 + now[1] / 1000000;
}

/* Nobody in the cage will ever run again, unless something comes over the socket. To be asked every few
 * milliseconds. */
static int is_still(struct talk *t, int64_t *next, unsigned *still)
{
	const struct talk_order order = { .kind = TALK_LOOK };

	if (now_ms() < *next)
		return 0;
	*next = now_ms() + LOOK_EVERY_MS;
	if (tell(t, &order))
		return 1;
	*still = t->cage.changed ? *still + 1 : 0;
	snprintf(t->text, sizeof(t->text), "%s", t->cage.detail);
	return *still >= STILL_LOOKS;
}

int talk_await(struct talk *t)
{
	struct {
		int fd;
		short events, revents;
	} one = { t->fd, 1, 0 };
	int64_t next = now_ms() + LOOK_EVERY_MS;
	unsigned still = 0;

	while (raw3(SYS_poll, &one, 1, 4) == 0)
		if (is_still(t, &next, &still))
			return 0;
	return 1;
}

int talk_spoil(struct talk *t, enum talk_slip slip)
{
	const struct talk_order order = { .kind = TALK_SPOIL, .slip = slip };

	return slip == TALK_CAREFUL ? 0 : tell(t, &order);
}

/* ---- the end ---------------------------------------------------------------------------------- */

int talk_end(struct talk *t, struct talk_end *e)
{
	const struct talk_order order = { .kind = TALK_END };
	union talk_answer answer;
	int status;

	hang_up(t);
	status = tell(t, &order);
	answer.word = t->cage.changed;
	*e = (struct talk_end){
		.signal = answer.signal,
		.hung = answer.hung,
		.bug = answer.bug,
		.left = answer.left,
		.tree = answer.tree,
		.log = answer.log,
		.code = answer.code,
	};
	if (e->signal)
		snprintf(e->text, sizeof(e->text), "signal %u: %.140s", e->signal, t->cage.detail);
	else
		snprintf(e->text, sizeof(e->text), "%s", t->cage.detail);
	t->trusted = !status && !e->hung && !e->left;
	return status;
}

enum talk_fault talk_fault(const struct talk_end *e)
{
	if (e->signal)
		return TALK_DIES;
	if (e->bug)
		return TALK_HAS_BUG;
	if (e->hung)
		return TALK_HANGS;
	return e->left ? TALK_LEAVES : TALK_WELL;
}

static void image_path(const struct talk *t, const char *name, char path[128])
{
	snprintf(path, 128, "/proc/%d/root" WARD_IMAGES "/%s", t->cage.pid, name);
}

long talk_read_image(const struct talk *t, const char *name, uint8_t *bytes, size_t room)
{
	char path[128];
	long fd, size;

	image_path(t, name, path);
	fd = raw4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return fd;
	size = raw3(SYS_read, fd, bytes, room);
	raw1(SYS_close, fd);
	return size;
}

void talk_cut_image(const struct talk *t, const char *name, size_t size)
{
	char path[128];

	image_path(t, name, path);
	raw2(SYS_truncate, path, size);
}
