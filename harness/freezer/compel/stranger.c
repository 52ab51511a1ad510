/* SPDX-License-Identifier: Apache-2.0 */
#include "stranger.h"

#include <fcntl.h>
#include <string.h>
#include <sys/un.h>

#include "../victim/raw.h"
#include "parasite.h"
#include "wire.h"

/* Of libcompel's own commands (infect-priv.h). */
enum { INIT_DAEMON = 2, FINI = 3, NO_COMMAND = 9999 };

static struct sockaddr_un server;
static socklen_t server_size;
/* More than the two that libcompel lets wait. */
enum { CROWD = 4 };

static int connection[CROWD], connections;
static int has_spoken;

static void close_fd(int fd)
{
	raw1(SYS_close, fd);
}

void stranger_hears_name(const struct sockaddr *name, socklen_t size)
{
	server_size = size < sizeof(server) ? size : sizeof(server);
	memcpy(&server, name, server_size);
}

static void connect_to_server(void)
{
	long fd = raw3(SYS_socket, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return;
	if (raw3(SYS_connect, fd, &server, server_size)) {
		close_fd((int)fd);
		return;
	}
	connection[connections++] = (int)fd;
	wire.strange++;
}

void stranger_connects_first(void)
{
	int wanted = wire_rules.stranger == STRANGER_CROWD ? CROWD : 1;

	if (wire_rules.stranger != STRANGER_SILENT && wire_rules.stranger != STRANGER_PARASITE &&
	    wire_rules.stranger != STRANGER_CROWD)
		return;
	while (wanted-- > 0)
		connect_to_server();
}

void stranger_connects_meanwhile(void)
{
	if (wire_rules.stranger == STRANGER_LATE)
		connect_to_server();
}

/* ---- messages ----------------------------------------------------------------------------- */

static void say(int fd, const struct wire_message *m)
{
	wire.strange += raw6(SYS_sendto, fd, m, sizeof(*m), MSG_DONTWAIT | MSG_NOSIGNAL, 0, 0) ==
			sizeof(*m);
}

/* The victim's first descriptor that is connected to this one's name. */
static int end_of_parasite(int fd)
{
	struct sockaddr_un name;
	socklen_t size = sizeof(name);
	long pidfd = raw2(SYS_pidfd_open, wire_rules.pid, 0), found = -1;

	if (pidfd < 0)
		return -1;
	raw3(SYS_getsockname, fd, &name, &size);
	for (int i = 0; i < 64 && found < 0; i++) {
		struct sockaddr_un peer;
		socklen_t peer_size = sizeof(peer);

		found = raw3(SYS_pidfd_getfd, pidfd, i, 0);
		if (found < 0)
			continue;
		if (!raw3(SYS_getpeername, found, &peer, &peer_size) && peer_size == size &&
		    size > sizeof(sa_family_t) && !memcmp(&peer, &name, size))
			break;
		close_fd((int)found);
		found = -1;
	}
	close_fd((int)pidfd);
	return (int)found;
}

static void acknowledge(int fd, const struct wire_message *command)
{
	const struct wire_message ack = { command->cmd, command->cmd, 0 };
	int end = end_of_parasite(fd);

	if (end < 0)
		return;
	say(end, &ack);
	close_fd(end);
}

static void order(int fd, uint32_t cmd)
{
	const struct wire_message command = { .cmd = cmd };

	say(fd, &command);
}

void stranger_speaks(int fd, const void *data, size_t size)
{
	struct wire_message m = { 0 };

	memcpy(&m, data, size < sizeof(m) ? size : sizeof(m));
	if (has_spoken || m.cmd < PARASITE_ADD)
		return;
	has_spoken = 1;
	if (wire_rules.stranger == STRANGER_ACK)
		acknowledge(fd, &m);
	else if (wire_rules.stranger == STRANGER_COMMAND)
		order(fd, NO_COMMAND);
	else if (wire_rules.stranger == STRANGER_FINI)
		order(fd, FINI);
}

/* In the parasite's place: whatever was asked is done. The first thing that it gets is the log
 * descriptor, for which it owes the acknowledgement of the infection. */
void stranger_answers(void)
{
	struct wire_message m;
	long n;

	if (wire_rules.stranger != STRANGER_PARASITE || !connections)
		return;
	while ((n = raw6(SYS_recvfrom, connection[0], &m, sizeof(m), MSG_DONTWAIT, 0, 0)) > 0) {
		m.cmd = n == sizeof(m) ? m.cmd : INIT_DAEMON;
		m.ack = m.cmd;
		m.err = 0;
		say(connection[0], &m);
	}
}

void stranger_leave(void)
{
	while (connections > 0)
		close_fd(connection[--connections]);
	has_spoken = 0;
}
