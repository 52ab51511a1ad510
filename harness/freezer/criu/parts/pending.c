/* SPDX-License-Identifier: Apache-2.0
 *
 * A connection that nobody has accepted yet. CRIU refuses it if there are bytes in it: only a strict
 * tree has some.
 */
#include "part.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int listener, client;

void set_pending(void)
{
	const struct sockaddr_un name = { AF_UNIX, TREE_HOME "/pending" };

	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	client = socket(AF_UNIX, SOCK_STREAM, 0);
	unlink(name.sun_path);
	must(bind(listener, (const struct sockaddr *)&name, sizeof(name)) == 0 &&
		     listen(listener, 3) == 0 &&
		     connect(client, (const struct sockaddr *)&name, sizeof(name)) == 0,
	     "connect");
	if (minds(TREE_EARLY_REFUSED))
		must(send(client, "early", 5, 0) == 5, "send");
}

int pending_changed(void)
{
	char bytes[9] = "";
	int fd;

	if (spoils(TREE_PENDING))
		close(accept(listener, NULL, NULL));
	fd = accept(listener, NULL, NULL);
	if (fd < 0)
		return differs("the connection that was not accepted is gone");
	if (minds(TREE_EARLY_REFUSED) &&
	    (recv(fd, bytes, 9, MSG_DONTWAIT) != 5 || memcmp(bytes, "early", 5) != 0))
		return differs("the connection has lost what was sent before it was accepted");
	if (send(client, "late", 4, 0) != 4 || recv(fd, bytes, 9, MSG_DONTWAIT) != 4)
		return differs("the accepted connection is not to the client");
	return 0;
}
