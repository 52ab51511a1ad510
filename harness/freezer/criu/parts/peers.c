/* SPDX-License-Identifier: Apache-2.0
 *
 * Who is at the other end of a socket, as the kernel tells it.
 */
#include "part.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int of_child;
static pid_t child;
static uint32_t *go;

/* A child makes the connection, and lives on. */
void set_peers(void)
{
	const struct sockaddr_un name = { AF_UNIX, TREE_HOME "/peers" };
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);

	go = (uint32_t *)map(MAP_SHARED | MAP_ANONYMOUS, -1);
	unlink(name.sun_path);
	must(bind(listener, (const struct sockaddr *)&name, sizeof(name)) == 0 &&
		     listen(listener, 1) == 0,
	     "listen");
	child = fork();
	must(child >= 0, "fork");
	if (child == 0) {
		int fd = socket(AF_UNIX, SOCK_STREAM, 0);

		must(connect(fd, (const struct sockaddr *)&name, sizeof(name)) == 0, "connect");
		await_order(go);
		_exit(0);
	}
	of_child = accept(listener, NULL, NULL);
	must(of_child >= 0, "accept");
	close(listener);
}

static int another_end(void)
{
	int ends[2];

	must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0, "socketpair");
	return ends[0];
}

int peers_changed(void)
{
	struct ucred who = { 0 };
	socklen_t size = sizeof(who);
	char byte;

	if (recv(of_child, &byte, 1, MSG_DONTWAIT) != -1)
		return differs("the connection has ended");
	getsockopt(of_child, SOL_SOCKET, SO_PEERCRED, &who, &size);
	order(go);
	waitpid(child, NULL, 0);
	if (spoils(TREE_PEERS))
		dup2(another_end(), of_child);
	if (minds(TREE_PEER_FORGOTTEN) && who.pid != child)
		return differs("the other end is said to be of %d, is of %d", who.pid, child);
	return recv(of_child, &byte, 1, MSG_DONTWAIT) == 0 ? 0
							   : differs("the other end is not closed");
}
