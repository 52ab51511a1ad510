/* SPDX-License-Identifier: Apache-2.0
 *
 * A stream with bytes in it whose peer has closed.
 */
#include "part.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int closed_end;

/* If the peer had bytes to read when it closed, the end is a reset. CRIU can't dump that. */
void set_closed(void)
{
	int ends[2];

	must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0, "socketpair");
	must(send(ends[1], "bye", 3, 0) == 3, "send");
	if (minds(TREE_RESET_PEER))
		must(send(ends[0], "unread", 6, 0) == 6, "send");
	close(ends[1]);
	closed_end = ends[0];
}

int closed_changed(void)
{
	char bytes[4] = "";
	ssize_t got;

	if (spoils(TREE_CLOSED))
		(void)!recv(closed_end, bytes, 1, MSG_DONTWAIT);
	got = recv(closed_end, bytes, sizeof(bytes), MSG_DONTWAIT);
	if (got != 3 || memcmp(bytes, "bye", 3) != 0)
		return differs("the closed stream has %zd bytes, had 3", got);
	if (minds(TREE_RESET_PEER) &&
	    (recv(closed_end, bytes, 1, MSG_DONTWAIT) != -1 || errno != ECONNRESET))
		return differs("the stream is not reset any more");
	if (recv(closed_end, bytes, 1, MSG_DONTWAIT) != 0)
		return differs("the closed stream has no end");
	return 0;
}
