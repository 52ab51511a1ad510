/* SPDX-License-Identifier: Apache-2.0
 *
 * Sockets that are themselves messages under way.
 */
#include "part.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CONNECTIONS = 3 };

/* Of each connection the near end is held by a child, and the far end is a message in a carrier, whose
 * two ends are ours. */
static struct connection {
	int near, carrier[2];
	pid_t holder;
	uint32_t *go; /* futex: tells the holder to send */
} way[CONNECTIONS];

static void send_descriptor(int carrier, int fd)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(fd))] = { 0 };
	struct iovec iov = { "", 1 };
	struct msghdr message = { .msg_iov = &iov,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	must(sendmsg(carrier, &message, MSG_DONTWAIT) == 1, "sendmsg");
}

static int receive_descriptor(int carrier)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = { 0 };
	char byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr message = { .msg_iov = &iov,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	int fd;

	if (recvmsg(carrier, &message, MSG_DONTWAIT) != 1 || CMSG_FIRSTHDR(&message) == NULL)
		return -1;
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	return fd;
}

static int send_over(const struct connection *c)
{
	return send(c->near, "ping", 4, MSG_DONTWAIT | MSG_NOSIGNAL) == 4;
}

static int receive_from(const struct connection *c)
{
	int fd = receive_descriptor(c->carrier[1]);
	char bytes[5];

	return recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT) == 4;
}

static pid_t fork_holder(struct connection *c)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	close(c->carrier[0]);
	close(c->carrier[1]);
	await_order(c->go);
	_exit(send_over(c));
}

/* No process holds a connection's end whose other end is under way to yet another one: CRIU 4.1.1 to
 * 4.3 lose some of those, or never end, as it depends on whom they restore first. */
static void set_connection(struct connection *c)
{
	int ends[2];

	must(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, c->carrier) == 0 &&
		     socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0,
	     "socketpair");
	c->near = ends[0];
	send_descriptor(c->carrier[0], ends[1]);
	close(ends[1]);
	c->holder = fork_holder(c);
	must(c->holder > 0, "fork");
	close(c->near);
}

void set_under_way(void)
{
	uint32_t *words = (uint32_t *)map(MAP_SHARED | MAP_ANONYMOUS, -1);

	for (unsigned i = 0; i < CONNECTIONS; i++) {
		way[i].go = &words[i];
		set_connection(&way[i]);
	}
}

static int ask_holder(const struct connection *c)
{
	int status = 0;

	order(c->go);
	return waitpid(c->holder, &status, 0) == c->holder && WIFEXITED(status) &&
	       WEXITSTATUS(status) == 1;
}

int under_way_changed(void)
{
	int sent = 0, arrived = 0;

	if (spoils(TREE_UNDER_WAY))
		close(receive_descriptor(way[0].carrier[1]));
	for (unsigned i = 0; i < CONNECTIONS; i++) {
		sent += ask_holder(&way[i]);
		arrived += receive_from(&way[i]);
	}
	if (sent != CONNECTIONS || arrived != CONNECTIONS)
		return differs("of %d connections %d can be sent over, %d received from",
			       CONNECTIONS, sent, arrived);
	return 0;
}
