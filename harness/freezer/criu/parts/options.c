/* SPDX-License-Identifier: Apache-2.0
 *
 * A socket pair whose ends have options, and are half closed.
 */
#include "part.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static int optioned[2], half_closed[2];

enum { STAMP = 10, PEEK };

static const struct {
	const char *name;
	int option, value, shown; /* the kernel doubles the sizes of buffers */
} options[] = {
	{ "SO_SNDBUF", SO_SNDBUF, 50000, 100000 },
	{ "SO_RCVBUF", SO_RCVBUF, 40000, 80000 },
	{ "SO_PASSCRED", SO_PASSCRED, 1, 1 },
	{ "SO_PASSSEC", SO_PASSSEC, 1, 1 },
	{ "SO_PRIORITY", SO_PRIORITY, 5, 5 },
	{ "SO_RCVLOWAT", SO_RCVLOWAT, 3, 3 },
	{ "SO_MARK", SO_MARK, 17, 17 },
	{ "SO_DONTROUTE", SO_DONTROUTE, 1, 1 },
	{ "SO_NO_CHECK", SO_NO_CHECK, 1, 1 },
	{ "SO_KEEPALIVE", SO_KEEPALIVE, 1, 1 },
	[STAMP] = { "SO_TIMESTAMP", SO_TIMESTAMP, 1, 1 },
	[PEEK] = { "SO_PEEK_OFF", SO_PEEK_OFF, 2, 2 },
};

enum { OPTIONS = sizeof(options) / sizeof(options[0]) };

static void give(unsigned i)
{
	must(setsockopt(optioned[0], SOL_SOCKET, options[i].option, &options[i].value,
			sizeof(int)) == 0,
	     options[i].name);
}

void set_options(void)
{
	const struct timeval patience = { 12, 340000 };

	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, optioned) == 0 &&
		     socketpair(AF_UNIX, SOCK_STREAM, 0, half_closed) == 0,
	     "socketpair");
	for (unsigned i = 0; i < OPTIONS; i++)
		give(i);
	must(setsockopt(optioned[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0,
	     "SO_RCVTIMEO");
	must(send(half_closed[0], "last", 4, 0) == 4 && shutdown(half_closed[0], SHUT_WR) == 0,
	     "shutdown");
}

static int half_changed(void)
{
	char bytes[8];

	if (recv(half_closed[1], bytes, sizeof(bytes), MSG_DONTWAIT) != 4)
		return differs("the half closed stream has lost its last bytes");
	if (recv(half_closed[1], bytes, sizeof(bytes), MSG_DONTWAIT) != 0)
		return differs("the half closed stream has no end");
	if (send(half_closed[0], "x", 1, MSG_NOSIGNAL) != -1 || errno != EPIPE)
		return differs("what was closed for sending can be sent to");
	if (send(half_closed[1], "x", 1, MSG_NOSIGNAL) != 1 ||
	    recv(half_closed[0], bytes, sizeof(bytes), MSG_DONTWAIT) != 1)
		return differs("the other half is closed too");
	return 0;
}

int options_changed(void)
{
	struct timeval patience = { 0 };
	socklen_t size = sizeof(patience);
	const int off = 0;

	if (spoils(TREE_OPTIONS))
		setsockopt(optioned[0], SOL_SOCKET, SO_PASSCRED, &off, sizeof(off));
	if (!minds(TREE_PEEK_OFFSET))
		give(PEEK);
	if (!minds(TREE_TIMESTAMP_LOST))
		give(STAMP);
	for (unsigned i = 0; i < OPTIONS; i++) {
		socklen_t length = sizeof(int);
		int value = -1;

		getsockopt(optioned[0], SOL_SOCKET, options[i].option, &value, &length);
		if (value != options[i].shown)
			return differs("%s is %d, was %d", options[i].name, value,
				       options[i].shown);
	}
	getsockopt(optioned[0], SOL_SOCKET, SO_RCVTIMEO, &patience, &size);
	if (patience.tv_sec != 12 || patience.tv_usec != 340000)
		return differs("SO_RCVTIMEO is %ld.%06ld, was 12.34", (long)patience.tv_sec,
			       (long)patience.tv_usec);
	return half_changed();
}
