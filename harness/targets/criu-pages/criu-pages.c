/* SPDX-License-Identifier: Apache-2.0
 *
 * A client of the real `criu page-server`: it sends pages as a dump over the network would (a record
 * opens an image, records with pages follow, one closes), in a cage (freezer/criu/talk.h), and reads
 * back what was stored. Records and pages go over a stream: frame events cut and change what is sent,
 * params damage one record by its meaning.
 *
 *	u32 command | flags << 16
 *	u32 pages                                       since 4.2: u32 of nothing, u64 pages
 *	u64 address
 *	u64 type and number of the image                all of it little endian
 *
 * The rule: whatever comes, the server ends in bounded time once the stream does, and not by a signal.
 * If all is whole, it must say that it is done, and the images must have the pages that were sent. A
 * record that can't be (no such command or type of image, more pages than follow) must be refused: by
 * the server's exit code, since the last record alone is answered. Pages for an image that was not
 * opened are no damage: the server opens it then.
 */
#define _GNU_SOURCE
#include <cryofuzz.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "../../freezer/criu/cage.h"
#include "../../freezer/criu/image.h"
#include "../../freezer/criu/talk.h"
#include "../../freezer/criu/tree_orders.h"
#include "../../freezer/victim/raw.h"

#ifndef CRIU_PROGRAM
#error "CRIU_PROGRAM and CRIU_TREE are set by criu-pages.mk"
#endif

enum { PAGES, RUNS, SEED, DAMAGE };

/* What is wrong with the last run of pages, in the param damage. */
enum damage { WHOLE, OTHER_COMMAND, OTHER_TYPE, MISSING_PAGES, MANY_PAGES, NOT_CLOSED };

enum variant { REAL, PAGE_CHANGED, PAGE_LOST, CRIU_KILLED, CRIU_STOPPED, LEFT_OVER, EXIT_IGNORED };

/* Numbers of the protocol. */
enum { ADD_F = 6, OPEN2 = 4, CLOSE = 0x1023, PRESENT = 4, OF_PID = 1 };
enum { PAGE = 4096, IMAGE_OF = 77, FIRST_ADDRESS = 0x10000000, MOST_PAGES = 32 };

struct record {
	uint32_t command, pages;
	uint64_t address, image;
};

/* Since 4.2, so that an image can have more than 8 TiB of them. */
struct wide_record {
	uint32_t command, nothing;
	uint64_t pages, address, image;
};

static struct ward cage = WARD_NONE;
static struct talk talk;
static int trusted;

static int is(enum variant v)
{
	return cf_variant() == v;
}

static int has(enum damage d)
{
	return cf_param(DAMAGE) == (int)d;
}

static int is_disturbed(void)
{
	return !has(WHOLE) || cf_damaged_frames();
}

/* ---- what is sent ------------------------------------------------------------------------------- */

static void send_bytes(const void *bytes, size_t size)
{
	ssize_t sent = send(talk.fd, bytes, size, MSG_NOSIGNAL);

	(void)sent; /* the server may have left, which its exit code says */
}

static void send_record(uint32_t command, uint32_t pages, uint64_t address)
{
	const struct record r = {
		.command = command,
		.pages = pages,
		.address = address,
		.image = (uint64_t)IMAGE_OF << 8 |
			 (has(OTHER_TYPE) && command != CLOSE ? 99 : OF_PID),
	};

	const struct wide_record wide = {
		.command = r.command,
		.pages = r.pages,
		.address = r.address,
		.image = r.image,
	};

	if (talk.version >= 402)
		send_bytes(&wide, sizeof(wide));
	else
		send_bytes(&r, sizeof(r));
}

static uint8_t byte_of(unsigned page, unsigned at)
{
	return (uint8_t)((unsigned)cf_param(SEED) * 31 + page * 7 + at * 13 + at / 256 + 1);
}

static void send_page(unsigned page)
{
	static uint8_t bytes[PAGE];

	for (unsigned at = 0; at < PAGE; at++)
		bytes[at] = byte_of(page, at);
	if (is(PAGE_CHANGED) && page == 2)
		bytes[17] ^= 1; /* planted */
	send_bytes(bytes, PAGE);
}

static uint64_t address_of(unsigned run)
{
	return FIRST_ADDRESS + (uint64_t)run * 64 * PAGE;
}

static void send_run(unsigned run, int last)
{
	uint32_t pages = (uint32_t)cf_param(PAGES), follow = pages;

	if (last && has(MISSING_PAGES))
		follow--;
	if (last && has(MANY_PAGES))
		pages = 0xffffffff;
	if (is(PAGE_LOST) && cf_param(RUNS) * cf_param(PAGES) > 2 && last)
		return; /* planted */
	send_record((last && has(OTHER_COMMAND) ? 55 : ADD_F) | PRESENT << 16, pages,
		    address_of(run));
	for (unsigned i = 0; i < follow; i++)
		send_page(run * (unsigned)cf_param(PAGES) + i);
}

static int is_hopeless(char *text, unsigned size)
{
	if (!talk_is_still(&cage, &talk))
		return 0;
	snprintf(text, size, "%.90s", talk.text);
	return 1;
}

/* A number from the server; 0 if none comes. */
static int receive_number(size_t size, int32_t *number)
{
	struct {
		int fd;
		short events, revents;
	} one = { talk.fd, 1, 0 };
	char text[96];

	*number = 0;
	while (raw3(SYS_poll, &one, 1, 4) == 0) {
		if (!is_hopeless(text, sizeof(text)))
			continue;
		if (!is_disturbed())
			cf_fail(CF_HANG, "pages.server", "it does not answer: %s", text);
		return 0;
	}
	return recv(talk.fd, number, size, MSG_DONTWAIT) == (ssize_t)size;
}

static enum talk_slip slip(void)
{
	static const uint8_t slips[] = {
		[CRIU_KILLED] = TALK_KILLED,
		[CRIU_STOPPED] = TALK_STOPPED,
		[LEFT_OVER] = TALK_LEFT_OVER,
		[EXIT_IGNORED] = TALK_CAREFUL,
	};

	return slips[cf_variant()];
}

/* Planted bugs that only a damaged stream brings out: nobody tests that path. */
static void slip_if_disturbed(void)
{
	if (is_disturbed() && slip() != TALK_CAREFUL)
		talk_spoil(&cage, slip());
}

/* The server says whether there is an older image to build on; and at the end that it is done. */
static int send_all(void)
{
	int runs = cf_param(RUNS);
	int32_t number;

	send_record(OPEN2, 0, 0);
	if (!receive_number(1, &number))
		return 0;
	for (int i = 0; i < runs; i++)
		send_run((unsigned)i, i + 1 == runs);
	slip_if_disturbed();
	if (has(NOT_CLOSED))
		return 0;
	send_record(CLOSE, 0, 0);
	return receive_number(4, &number) && number == 0;
}

/* ---- what is stored ----------------------------------------------------------------------------- */

static void check_pages(uint64_t image)
{
	static uint8_t stored[(MOST_PAGES + 1) * PAGE];
	unsigned pages = (unsigned)(cf_param(PAGES) * cf_param(RUNS));
	char name[40];
	long size;

	snprintf(name, sizeof(name), "pages-%llu.img", (unsigned long long)image);
	size = talk_read_image(&cage, name, stored, sizeof(stored));
	if (size != (long)pages * PAGE)
		cf_fail(CF_LOST_MESSAGE, "pages.stored", "%ld bytes of pages are stored, were %u",
			size, pages * PAGE);
	for (unsigned i = 0; i < pages * PAGE; i++)
		if (stored[i] != byte_of(i / PAGE, i % PAGE))
			cf_fail(CF_SAVED_DATA_MODIFIED, "pages.stored",
				"byte %u of page %u is %02x, was %02x", i % PAGE, i / PAGE,
				stored[i], byte_of(i / PAGE, i % PAGE));
}

/* The first field of a record: the image of pages in the first one, the address of a run then. */
static uint64_t first_number(const struct image *map, unsigned which)
{
	const struct image_record *r = &map->record[which];
	size_t at = r->at + IMAGE_PREFIX;
	struct image_field fields[4];
	int count = image_fields(map, at, at + r->size, fields, 4);

	if (count < 1 || fields[0].number != 1)
		cf_fail(CF_SAVED_DATA_MODIFIED, "pages.map", "record %u is none of a map", which);
	return fields[0].value;
}

static uint64_t check_map(void)
{
	static uint8_t bytes[4096];
	static struct image map;
	long size = talk_read_image(&cage, "pagemap-77.img", bytes, sizeof(bytes));
	unsigned runs = (unsigned)cf_param(RUNS);

	if (size <= 0)
		cf_fail(CF_LOST_MESSAGE, "pages.map", "there is no map of pages: %ld", size);
	image_parse(&map, "pagemap-77.img", bytes, (size_t)size, sizeof(bytes));
	if (map.records != 1 + runs)
		cf_fail(CF_LOST_MESSAGE, "pages.map", "%u records, for %u runs of pages",
			map.records, runs);
	for (unsigned i = 0; i < runs; i++)
		if (first_number(&map, 1 + i) != address_of(i))
			cf_fail(CF_SAVED_DATA_MODIFIED, "pages.map",
				"run %u is at 0x%llx, was at 0x%llx", i,
				(unsigned long long)first_number(&map, 1 + i),
				(unsigned long long)address_of(i));
	return first_number(&map, 0);
}

/* ---- the verdict ------------------------------------------------------------------------------ */

static void judge(const struct talk_end *end, int done)
{
	if (end->signal)
		cf_fail(CF_CRASH, "pages.server", "criu dies of signal %d: %s", end->signal,
			end->text);
	if (end->bug)
		cf_fail(CF_CRASH, "pages.server", "criu has a bug: %s", end->text);
	if (end->hung)
		cf_fail(CF_HANG, "pages.server", "criu goes on after the stream has ended: %s",
			end->text);
	if (end->left)
		cf_fail(CF_LEAK, "pages.server", "somebody is left: %s", end->text);
	if (!is_disturbed() && (!done || end->code))
		cf_fail(CF_INVARIANT, "pages.server", "refused, though all is well: %s", end->text);
	if (!has(WHOLE) && !cf_damaged_frames() && (done || !end->code))
		cf_fail(CF_BAD_ACCEPT, "pages.server", "a stream that can't be is accepted: %s",
			end->text);
	if (!is_disturbed())
		check_pages(check_map());
}

/* ---- one stream --------------------------------------------------------------------------------- */

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
		cf_fail(CF_INVARIANT, "pages.cage", "there can be no cage: error %d", ret);
}

static void client(unsigned index)
{
	struct talk_end end;
	int done;

	(void)index;
	cf_external_begin();
	ready_cage();
	if (talk_begin(&cage, TALK_PAGE_SERVER, TALK_ALONE, &talk))
		cf_fail(CF_INVARIANT, "pages.cage", "nobody to talk to: %s", talk.text);
	done = send_all();
	raw1(SYS_close, talk.fd);
	talk.fd = -1;
	if (talk_end(&cage, &end))
		cf_fail(CF_INVARIANT, "pages.cage", "%s", end.text);
	cf_state((unsigned)(done << 9 | (end.code != 0) << 8));
	trusted = !end.hung && !end.left;
	if (is(EXIT_IGNORED)) {
		done = 1; /* planted */
		end.code = 0;
	}
	judge(&end, done);
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
	[PAGES] = { "pages", 1, 8, 2, "pages in each run of them" },
	[RUNS] = { "runs", 1, 4, 1, "runs of pages" },
	[SEED] = { "seed", 0, 255, 1, "of their contents" },
	[DAMAGE] = { "damage", 0, 5, 0,
		     "1: no such command, 2: no such type of image, 3: a page is missing at the "
		     "end, "
		     "4: 2^32 - 1 pages, 5: the stream is not closed" },
	{ NULL, 0, 0, 0, NULL },
};

static const struct cf_variant_spec variants[] = {
	[REAL] = { .name = "real", .what = "criu page-server as it is", .memory = CF_SC },
	[PAGE_CHANGED] = { "page-changed", "the third page is another one", CF_SC,
			   "saved-data-modified in pages.stored", NULL },
	[PAGE_LOST] = { "page-lost", "the last run of more than two pages is not sent", CF_SC,
			"lost-message in pages.map", NULL },
	[CRIU_KILLED] = { "criu-killed", "criu aborts after a damaged record", CF_SC,
			  "crash in pages.server", NULL },
	[CRIU_STOPPED] = { "criu-stopped", "criu is stopped after a damaged record", CF_SC,
			   "hang in pages.server", NULL },
	[LEFT_OVER] = { "left-over", "a process is not cleaned up after a damaged record", CF_SC,
			"leak in pages.server", NULL },
	[EXIT_IGNORED] = { "exit-ignored", "the server's refusal is taken for success", CF_SC,
			   "bad-accept in pages.server", NULL },
	{ NULL, NULL, CF_SC, NULL, NULL },
};

/* Of a record. */
static const struct cf_field fields[] = {
	{ "command", 0, 2 }, { "flags", 2, 2 },  { "pages", 4, 4 }, { "address", 8, 8 },
	{ "type", 16, 1 },   { "image", 17, 4 }, { NULL, 0, 0 },
};

static const struct cf_channel channels[] = { { NULL, NULL, NULL, NULL } };

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "criu-pages",
	.summary = "a client sends pages to the real criu page-server, in a cage",
	.flags = CF_KEEPS_DATA | CF_EXTERNAL_CALLS,
	.roles = roles,
	.params = params,
	.variants = variants,
	.fields = fields,
	.channels = channels,
	.unsupported = unsupported,
};
