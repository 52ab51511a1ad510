/* SPDX-License-Identifier: Apache-2.0
 *
 * A client of the real criu's RPC (criu.org/RPC): `criu swrk` takes requests and gives responses, each
 * a protobuf message in one frame of a SEQPACKET socket. It sits in a cage (freezer/criu/talk.h), with
 * a tree beside it that it is asked to dump, or the images of one to restore. Frame events apply where
 * the client sends and receives; params damage one request by its structure.
 *
 * The rule: whatever it is sent, criu answers with a response or by its end, in bounded time, and not
 * by a signal; it takes nothing for a request that is no protobuf message; and the tree is unharmed,
 * unless criu says that it has dumped it, or has restored it. If frames are whole and nothing is
 * damaged, it must do what it is asked to.
 *
 * By design, and so no finding: a swrk whose request was lost on its way waits for the next one. So a
 * client whose frames were damaged, and who gets no answer, closes; then criu must end. Unknown fields
 * are passed over, as protobuf has it.
 */
#define _GNU_SOURCE
#include <cryofuzz.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "../../freezer/criu/cage.h"
#include "../../freezer/criu/damage.h"
#include "../../freezer/criu/talk.h"
#include "../../freezer/criu/tree_orders.h"
#include "../../freezer/victim/raw.h"

#ifndef CRIU_PROGRAM
#error "CRIU_PROGRAM and CRIU_TREE are set by criu-rpc.mk"
#endif

enum { REQUEST, BEFORE, NOTIFY, DAMAGE, AT, VALUE };

/* What is asked for, in the param request. */
enum asked { VERSION, FEATURES, CHECK, DUMP, RESTORE, CPU_INFO };

enum variant {
	REAL,
	NO_OPTIONS,
	ANY_RESPONSE,
	NO_RESPONSE_AWAITED,
	CRIU_KILLED,
	CRIU_STOPPED,
	LEFT_OVER,
	TREE_STOPPED,
	TREE_SPOILT,
};

/* Numbers of the protocol. */
enum {
	TYPE_DUMP = 1,
	TYPE_RESTORE = 2,
	TYPE_CHECK = 3,
	TYPE_NOTIFY = 6,
	TYPE_CPUINFO_DUMP = 7,
	TYPE_FEATURES = 9,
	TYPE_VERSION = 10,
};

enum { LONGEST = 512, RESPONSES = 64 };

static struct ward cage = WARD_NONE;
static struct talk talk;
static int trusted;
static int damaged; /* a request was, by the params */
static int no_message; /* and is no protobuf message any more */

static int is(enum variant v)
{
	return cf_variant() == v;
}

/* ---- messages ----------------------------------------------------------------------------------- */

struct message {
	size_t size;
	uint8_t bytes[LONGEST];
};

static void put_number(struct message *m, unsigned field, uint64_t value)
{
	m->bytes[m->size++] = (uint8_t)(field << 3 | IMAGE_VARINT);
	m->size += image_put_varint(m->bytes + m->size, value);
}

static void put_tag(struct message *m, unsigned field, unsigned wire)
{
	m->size += image_put_varint(m->bytes + m->size, (uint64_t)field << 3 | wire);
}

static void put_bytes(struct message *m, unsigned field, const void *bytes, size_t size)
{
	put_tag(m, field, IMAGE_BYTES);
	m->size += image_put_varint(m->bytes + m->size, size);
	memcpy(m->bytes + m->size, bytes, size);
	m->size += size;
}

/* Where to, whom, and how. */
static void put_options(struct message *m, int asked)
{
	struct message options = { 0 };

	put_number(&options, 1, talk.folder);
	if (asked == DUMP) {
		put_number(&options, 2, talk.tree);
		put_number(&options, 3, 1); /* leave it running */
	}
	put_bytes(&options, 10, "talk.log", 8);
	if (cf_param(NOTIFY))
		put_number(&options, 12, 1);
	put_bytes(m, 2, options.bytes, options.size);
}

static unsigned type_of(int asked)
{
	static const uint8_t types[] = {
		[VERSION] = TYPE_VERSION, [FEATURES] = TYPE_FEATURES,
		[CHECK] = TYPE_CHECK,     [DUMP] = TYPE_DUMP,
		[RESTORE] = TYPE_RESTORE, [CPU_INFO] = TYPE_CPUINFO_DUMP,
	};

	return types[asked];
}

static void make_request(struct message *m, int asked, int keep_open)
{
	static const uint8_t features[] = { 0x08, 1, 0x10, 1 };

	m->size = 0;
	put_number(m, 1, type_of(asked));
	if ((asked == DUMP || asked == RESTORE || asked == CPU_INFO) &&
	    !(is(NO_OPTIONS) && cf_damaged_frames()))
		put_options(m, asked);
	if (keep_open)
		put_number(m, 4, 1);
	if (asked == FEATURES)
		put_bytes(m, 5, features, sizeof(features));
}

/* As an image of one record, whose length is not sent. */
static void damage_request(struct message *m)
{
	const struct damage how = { .kind = (uint8_t)cf_param(DAMAGE),
				    .value = (uint8_t)cf_param(VALUE),
				    .at = (uint16_t)cf_param(AT) };
	static struct image image;
	static uint8_t bytes[2 * LONGEST];
	char text[96];

	if (how.kind == DAMAGE_NONE || how.kind == DAMAGE_LENGTH || how.kind == DAMAGE_REMOVED)
		return;
	memset(&image, 0, sizeof(image));
	strcpy(image.kind, "request");
	memcpy(bytes + IMAGE_PREFIX, m->bytes, m->size);
	image.bytes = bytes;
	image.size = image.tail = IMAGE_PREFIX + m->size;
	image.room = LONGEST;
	image.records = 1;
	image.record[0] = (struct image_record){ .size = (uint32_t)m->size };
	if (!damage_image(&image, &how, text, sizeof(text)) || image.size < IMAGE_PREFIX)
		return;
	m->size = image.size - IMAGE_PREFIX;
	memcpy(m->bytes, bytes + IMAGE_PREFIX, m->size);
	damaged = 1;
	no_message = image_fields(&image, IMAGE_PREFIX, image.size, NULL, 0) < 0;
}

/* ---- the talk ----------------------------------------------------------------------------------- */

struct response {
	int there; /* a whole message */
	unsigned type, success;
};

static int is_hopeless(char *text, unsigned size)
{
	if (!talk_is_still(&cage, &talk))
		return 0;
	snprintf(text, size, "%.90s", talk.text);
	return 1;
}

/* Like poll, but as long as there is hope. */
static int comes(int fd)
{
	struct pollfd_raw {
		int fd;
		short events, revents;
	} one = { fd, 1, 0 };
	char text[96];

	while (raw3(SYS_poll, &one, 1, 4) == 0)
		if (is_hopeless(text, sizeof(text)))
			return 0;
	return 1;
}

static void send_message(const struct message *m)
{
	ssize_t sent = send(talk.fd, m->bytes, m->size, MSG_NOSIGNAL);

	(void)sent; /* criu may have left, which the next receive sees */
}

static int is_disturbed(void)
{
	return damaged || cf_damaged_frames();
}

static struct response receive_response(void)
{
	struct response r = { 0, 0, 0 };
	struct image_field fields[16];
	struct message m;
	ssize_t size;
	int count;

	/* A frame that an event pushed back only recv knows of. Without one each response is one point. */
	size = cf_damaged_frames() ? recv(talk.fd, m.bytes, sizeof(m.bytes), MSG_DONTWAIT) : -1;
	if (size < 0 && !comes(talk.fd)) {
		if (!is_disturbed())
			cf_fail(CF_HANG, "rpc.criu", "criu does not answer: %s", talk.text);
		return r;
	}
	if (size < 0)
		size = recv(talk.fd, m.bytes, sizeof(m.bytes), MSG_DONTWAIT);
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
	put_number(&m, 3, 1);
	send_message(&m);
}

/* The response to a request, past the notifications before it. */
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
static int succeeded(const struct response *r, unsigned type)
{
	return r->there && r->type == type && (r->success == 1 || type == TYPE_CHECK);
}

static struct response ask(int asked, int keep_open, int damage)
{
	struct message m;

	make_request(&m, asked, keep_open);
	if (damage)
		damage_request(&m);
	send_message(&m);
	return await_response(type_of(asked));
}

/* ---- the verdict ------------------------------------------------------------------------------ */

static void judge_tree(const struct talk_end *end, int done)
{
	int asked = cf_param(REQUEST);

	if (end->tree == TALK_TREE_CHANGED)
		cf_fail(CF_SAVED_DATA_MODIFIED, "rpc.tree", "the tree is not as it was: %s",
			end->text);
	if (end->tree == TALK_TREE_STILL)
		cf_fail(CF_HANG, "rpc.tree", "the tree does not go on: %s", end->text);
	/* A damaged request may have been one to kill it. */
	if (asked == DUMP && end->tree == TALK_TREE_GONE && !(done && is_disturbed()))
		cf_fail(CF_CRASH, "rpc.tree", "the tree is gone after %s dump",
			done ? "a" : "a refused");
	if (asked == RESTORE && done && end->tree == TALK_TREE_GONE)
		cf_fail(CF_BAD_ACCEPT, "rpc.response", "a restore succeeds, but there is no tree");
}

/* Known of CRIU: it looks for the options of a dump, say, without looking whether there are any. It has
 * not opened its log then, whose name is one. */
static int is_without_options(const struct talk_end *end)
{
	return is_disturbed() && end->signal == SIGSEGV && !end->log;
}

static void judge(const struct talk_end *end, const struct response *r, int done, int forgiving)
{
	if (end->signal && !(forgiving && is_without_options(end)))
		cf_fail(CF_CRASH, "rpc.criu", "criu dies of signal %d: %s", end->signal, end->text);
	if (end->bug)
		cf_fail(CF_CRASH, "rpc.worker", "criu has a bug: %s", end->text);
	if (end->hung)
		cf_fail(CF_HANG, "rpc.criu", "criu goes on after its client has closed: %s",
			end->text);
	if (end->left)
		cf_fail(CF_LEAK, "rpc.end", "somebody is left: %s", end->text);
	judge_tree(end, done);
	if (no_message && done && !cf_damaged_frames())
		cf_fail(CF_BAD_ACCEPT, "rpc.request", "what is no message is taken for a request");
	if (!done && !is_disturbed())
		cf_fail(CF_INVARIANT, "rpc.request",
			"refused, though all is well: response of type %u, success %u: %s", r->type,
			r->success, end->text);
}

/* ---- one talk ----------------------------------------------------------------------------------- */

static void ready_cage(void)
{
	int ret;

	if (talk.fd > 0)
		raw1(SYS_close, talk.fd);
	talk.fd = -1;
	if (!trusted)
		cage_close(&cage);
	trusted = 0;
	if (cage.pid > 0)
		return;
	ret = cage_open_for_talks(&cage, cf_fork_uncontrolled, ward_criu(CRIU_PROGRAM), CRIU_TREE);
	if (ret)
		cf_fail(CF_INVARIANT, "rpc.cage", "there can be no cage: error %d", ret);
}

static enum talk_about about(void)
{
	static const uint8_t table[] = {
		[VERSION] = TALK_ALONE, [FEATURES] = TALK_ALONE, [CHECK] = TALK_ALONE,
		[DUMP] = TALK_TREE,     [RESTORE] = TALK_IMAGES, [CPU_INFO] = TALK_ALONE,
	};

	return table[cf_param(REQUEST)];
}

static enum talk_slip slip(void)
{
	static const uint8_t slips[] = {
		[CRIU_KILLED] = TALK_KILLED,      [CRIU_STOPPED] = TALK_STOPPED,
		[LEFT_OVER] = TALK_LEFT_OVER,     [TREE_STOPPED] = TALK_TREE_STOPPED,
		[TREE_SPOILT] = TALK_TREE_SPOILT,
	};

	return slips[cf_variant()];
}

static int images_are_there(void)
{
	uint8_t byte;

	return talk_read_image(&cage, "inventory.img", &byte, 1) == 1;
}

/* Planted bugs that only a damaged frame brings out: nobody tests that path. */
static void slip_if_damaged(void)
{
	if (slip() != TALK_CAREFUL && cf_damaged_frames())
		talk_spoil(&cage, slip());
}

static void client(unsigned index)
{
	int asked = cf_param(REQUEST), done;
	struct response r;
	struct talk_end end;

	(void)index;
	cf_external_begin();
	damaged = no_message = 0;
	ready_cage();
	if (talk_begin(&cage, TALK_SWRK, about(), &talk))
		cf_fail(CF_INVARIANT, "rpc.cage", "nobody to talk to: %s", talk.text);
	for (int i = 0; i < cf_param(BEFORE); i++)
		r = ask(i & 1 ? FEATURES : VERSION, 1, 0);
	if (is(CRIU_KILLED) || is(CRIU_STOPPED))
		slip_if_damaged();
	if (is(NO_RESPONSE_AWAITED) && cf_damaged_frames())
		r = (struct response){ 1, type_of(asked), 1 };
	else
		r = ask(asked, 0, 1);
	done = succeeded(&r, type_of(asked));
	if (done && asked == DUMP && !images_are_there())
		cf_fail(CF_BAD_ACCEPT, "rpc.response", "a dump succeeds, but there are no images");
	cf_state((unsigned)(done << 8 | (int)r.type << 1 | r.there));
	raw1(SYS_close, talk.fd);
	talk.fd = -1;
	if (!is(CRIU_KILLED) && !is(CRIU_STOPPED))
		slip_if_damaged();
	if (talk_end(&cage, &end))
		cf_fail(CF_INVARIANT, "rpc.cage", "%s", end.text);
	trusted = !end.hung && !end.left;
	judge(&end, &r, done, !is(NO_OPTIONS));
}

/* ---- description ------------------------------------------------------------------------------ */

static const char *unsupported(void)
{
	return ward_unsupported_for_trees(ward_criu(CRIU_PROGRAM), CRIU_TREE);
}

static const struct cf_role roles[] = {
	{ "client", NULL, client },
	{ NULL, NULL, NULL },
};

static const struct cf_param_spec params[] = {
	[REQUEST] = { "request", 0, 5, DUMP,
		      "0: version, 1: features, 2: check, 3: dump of a tree that runs on, 4: "
		      "restore "
		      "of one, 5: what the processor can" },
	[BEFORE] = { "before", 0, 2, 1, "other requests on the same socket before it" },
	[NOTIFY] = { "notify", 0, 1, 0, "1: criu tells how far a dump or restore is" },
	[DAMAGE] = { "damage", 0, DAMAGE_KINDS - 1, 0,
		     "of the request, 4: its end is missing, 5: it is empty, 7: more at the end, "
		     "9: "
		     "a wire type, 10: twice in one; 13: a number, 14: a bit" },
	[AT] = { "at", 0, 255, 0, "where in the request" },
	[VALUE] = { "value", 0, DAMAGE_VALUES - 1, 0, "which other value" },
	{ NULL, 0, 0, 0, NULL },
};

static const struct cf_variant_spec variants[] = {
	[REAL] = { .name = "real", .what = "criu swrk as it is", .memory = CF_SC },
	[NO_OPTIONS] = { "no-options",
			 "criu dies of a request without options: sent after a damaged frame",
			 CF_SC, "crash in rpc.criu", NULL },
	[ANY_RESPONSE] = { "any-response", "any response is taken for the one that is awaited",
			   CF_SC, "bad-accept in rpc.response", NULL },
	[NO_RESPONSE_AWAITED] = { "no-response-awaited",
				  "after a damaged frame success is taken for granted", CF_SC,
				  "bad-accept in rpc.response", NULL },
	[CRIU_KILLED] = { "criu-killed", "criu aborts after a damaged frame", CF_SC,
			  "crash in rpc.criu", NULL },
	[CRIU_STOPPED] = { "criu-stopped", "criu is stopped after a damaged frame", CF_SC,
			   "hang in rpc.criu", NULL },
	[LEFT_OVER] = { "left-over", "a process is not cleaned up after a damaged frame", CF_SC,
			"leak in rpc.end", NULL },
	[TREE_STOPPED] = { "tree-stopped", "a tree does not go on after a damaged frame", CF_SC,
			   "hang in rpc.tree", NULL },
	[TREE_SPOILT] = { "tree-spoilt", "a damaged frame changes a byte of the tree", CF_SC,
			  "saved-data-modified in rpc.tree", NULL },
	{ NULL, NULL, CF_SC, NULL, NULL },
};

/* Of a request of version or features, and where options begin in one that has some. */
static const struct cf_field fields[] = {
	{ "tag", 0, 1 },     { "type", 1, 1 },       { "second-tag", 2, 1 },
	{ "length", 3, 1 },  { "option-tag", 4, 1 }, { "folder", 5, 1 },
	{ "pid-tag", 6, 1 }, { "pid", 7, 1 },        { NULL, 0, 0 },
};

static const struct cf_channel channels[] = { { NULL, NULL, NULL, NULL } };

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "criu-rpc",
	.summary = "a client talks to the real criu swrk, in a cage",
	.flags = CF_KEEPS_DATA | CF_EXTERNAL_CALLS,
	.roles = roles,
	.params = params,
	.variants = variants,
	.fields = fields,
	.channels = channels,
	.unsupported = unsupported,
};
