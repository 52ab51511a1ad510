/* SPDX-License-Identifier: Apache-2.0
 *
 * What is sent to the server, and what it answers.
 */
#include "pages.h"

#include <sys/socket.h>

/* Numbers of the protocol. */
enum { ADD_F = 6, OPEN2 = 4, CLOSE = 0x1023, PRESENT = 4, OF_PID = 1 };

struct record {
	uint32_t command, pages;
	uint64_t address, image;
};

/* Since 4.2, so that an image can have more than 8 TiB of them. */
struct wide_record {
	uint32_t command, nothing;
	uint64_t pages, address, image;
};

int is_disturbed(void)
{
	return !has(WHOLE) || cf_damaged_frames();
}

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

static void send_page(unsigned page)
{
	static uint8_t bytes[PAGE];

	for (unsigned at = 0; at < PAGE; at++)
		bytes[at] = byte_of(page, at);
	if (is(PAGE_CHANGED) && page == 2)
		bytes[17] ^= 1; /* planted */
	send_bytes(bytes, PAGE);
}

/* Planted: the last one of so many goes wrong. */
static int is_other_command(void)
{
	return has(OTHER_COMMAND) || (is(COMMAND_CHANGED) && are_many_pages());
}

static void send_run(unsigned run, int last)
{
	uint32_t pages = (uint32_t)cf_param(PAGES), follow = pages;

	if (last && has(MISSING_PAGES))
		follow--;
	if (last && has(MANY_PAGES))
		pages = 0xffffffff;
	if (is(PAGE_LOST) && are_many_pages() && last)
		return; /* planted */
	send_record((last && is_other_command() ? 55 : ADD_F) | PRESENT << 16, pages,
		    address_of(run + (last && run && is(ADDRESS_CHANGED)))); /* planted */
	for (unsigned i = 0; i < follow; i++)
		send_page(run * (unsigned)cf_param(PAGES) + i);
}

/* A number from the server; 0 if none comes. */
static int receive_number(size_t size, int32_t *number)
{
	*number = 0;
	if (talk_await(&talk))
		return recv(talk.fd, number, size, MSG_DONTWAIT) == (ssize_t)size;
	if (!is_disturbed())
		cf_fail(CF_HANG, "pages.server", "it does not answer: %s", talk.text);
	return 0;
}

static enum talk_slip slip(void)
{
	static const uint8_t slips[] = {
		[CRIU_KILLED] = TALK_KILLED,
		[CRIU_STOPPED] = TALK_STOPPED,
		[LEFT_OVER] = TALK_LEFT_OVER,
		[ADDRESS_CHANGED] = TALK_CAREFUL,
	};

	return slips[cf_variant()];
}

/* Planted bugs that only a damaged stream brings out: nobody tests that path. */
static void slip_if_disturbed(void)
{
	if (is_disturbed() && slip() != TALK_CAREFUL)
		talk_spoil(&talk, slip());
}

/* The server says whether there is an older image to build on; and at the end that it is done. */
int send_all(void)
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
