/* SPDX-License-Identifier: Apache-2.0
 *
 * Sends requests and takes what comes.
 */
#include "rpc.h"

#include <errno.h>
#include <sys/socket.h>

#include "../../freezer/criu/image.h"

enum { RESPONSES = 64 };

static void send_message(const struct message *m)
{
	ssize_t sent = send(talk.fd, m->bytes, m->size, MSG_NOSIGNAL);

	(void)sent; /* criu may have left, which the next receive sees */
}

int is_disturbed(void)
{
	return is_damaged() || cf_damaged_frames();
}

/* One who leaves without having read all that was sent to him: the kernel tells that first, and once,
 * though what he has sent is still there. */
static ssize_t receive(struct message *m)
{
	ssize_t size = recv(talk.fd, m->bytes, sizeof(m->bytes), MSG_DONTWAIT);

	if (size < 0 && errno == ECONNRESET)
		size = recv(talk.fd, m->bytes, sizeof(m->bytes), MSG_DONTWAIT);
	return size;
}

static struct response receive_response(void)
{
	struct response r = { 0, 0, 0 };
	struct image_field fields[16];
	struct message m;
	ssize_t size;
	int count;

	/* A frame that an event pushed back only recv knows of. Without one each response is one point. */
	size = cf_damaged_frames() ? receive(&m) : -1;
	if (size < 0 && !talk_await(&talk)) {
		if (!is_disturbed())
			cf_fail(CF_HANG, "rpc.criu", "criu does not answer: %s", talk.text);
		return r;
	}
	if (size < 0)
		size = receive(&m);
	if (size <= 0)
		return r;
	const struct image whole = { .bytes = m.bytes, .size = (size_t)size };

	count = image_fields(&whole, 0, (size_t)size, fields, 16);
	for (int i = 0; i < count; i++) {
		if (fields[i].wire != IMAGE_VARINT)
			continue;
		if (fields[i].number == 1)
			r.type = (unsigned)fields[i].value;
		if (fields[i].number == 2)
			r.success = (unsigned)fields[i].value;
	}
	r.there = count >= 0 && r.type;
	return r;
}

static void acknowledge(void)
{
	struct message m = { 0 };

	put_number(&m, 1, TYPE_NOTIFY);
	put_number(&m, 3, !is(NOTICE_DENIED));
	send_message(&m);
}

static struct response await_response(unsigned type)
{
	struct response r = { 0, 0, 0 };

	for (int i = 0; i < RESPONSES; i++) {
		r = receive_response();
		if (!r.there || r.type != TYPE_NOTIFY)
			break;
		acknowledge();
	}
	if (is(ANY_RESPONSE) && r.there && r.type != type)
		r.type = type; /* planted: whatever comes is the answer */
	return r;
}

/* In a cage the answer to a check is no: the file of the last pid can't be written. */
int succeeded(const struct response *r, unsigned type)
{
	return r->there && r->type == type && (r->success == 1 || type == TYPE_CHECK);
}

struct response ask(int asked, int keep_open, int damage)
{
	struct message m;

	make_request(&m, asked, keep_open);
	if (damage)
		damage_request(&m);
	send_message(&m);
	return await_response(type_of(asked));
}
