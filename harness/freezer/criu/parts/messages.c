/* SPDX-License-Identifier: Apache-2.0
 *
 * Messages under way in socket pairs.
 */
#include "part.h"

#include <errno.h>
#include <sys/socket.h>

enum { MESSAGES = 4, LONGEST = 3000 };

static int stream[2], datagrams[2], packets[2];

static size_t length_of(enum tree_item item, unsigned i)
{
	return 1 + number(item, 900 + i) % LONGEST;
}

static void send_all(int type, int ends[2], enum tree_item item)
{
	static uint8_t bytes[LONGEST];

	must(socketpair(AF_UNIX, type, 0, ends) == 0, "socketpair");
	fill(bytes, sizeof(bytes), item);
	for (unsigned i = 0; i < MESSAGES; i++) {
		size_t length = length_of(item, i);

		bytes[0] = (uint8_t)i;
		must(send(ends[0], bytes, length, MSG_DONTWAIT) == (ssize_t)length, "send");
	}
}

/* A stream has no frames: its bytes are asked for message by message. */
static int messages_changed(int ends[2], enum tree_item item, int framed)
{
	static uint8_t bytes[LONGEST + 1];

	if (spoils(item))
		recv(ends[1], bytes, framed ? sizeof(bytes) : 1, MSG_DONTWAIT);
	for (unsigned i = 0; i < MESSAGES; i++) {
		size_t length = length_of(item, i);
		ssize_t got = recv(ends[1], bytes, framed ? sizeof(bytes) : length, MSG_DONTWAIT);

		if (got != (ssize_t)length)
			return differs("message %u has %zd bytes, had %zu", i, got, length);
		if (bytes[0] != i)
			return differs("message %u begins with %u", i, bytes[0]);
		bytes[0] = (uint8_t)number(item, 0);
		if (!same_bytes(bytes, length, item, "message"))
			return 1;
	}
	if (recv(ends[1], bytes, 1, MSG_DONTWAIT) != -1 || errno != EAGAIN)
		return differs("there are more messages than were sent");
	if (send(ends[1], "x", 1, MSG_DONTWAIT) != 1 || recv(ends[0], bytes, 9, MSG_DONTWAIT) != 1)
		return differs("the two ends are not connected any more");
	return 0;
}

void set_stream(void)
{
	send_all(SOCK_STREAM, stream, TREE_STREAM);
}

int stream_changed(void)
{
	return messages_changed(stream, TREE_STREAM, 0);
}

void set_datagrams(void)
{
	send_all(SOCK_DGRAM, datagrams, TREE_DATAGRAMS);
}

int datagrams_changed(void)
{
	return messages_changed(datagrams, TREE_DATAGRAMS, 1);
}

void set_packets(void)
{
	send_all(SOCK_SEQPACKET, packets, TREE_PACKETS);
}

int packets_changed(void)
{
	return messages_changed(packets, TREE_PACKETS, 1);
}
