/* SPDX-License-Identifier: Apache-2.0
 *
 * A socket to which several have sent, among it messages without bytes; a message with several descriptors;
 * and one whose sender has closed.
 */
#include "part.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int empty[2], loaded[2], left;

static void send_load(int fd)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(3 * sizeof(int))] = { 0 };
	struct iovec iov = { "load", 4 };
	struct msghdr message = { .msg_iov = &iov,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	int pipe_ends[2], fds[3];

	must(pipe(pipe_ends) == 0 && write(pipe_ends[1], "in", 2) == 2, "pipe");
	fds[0] = pipe_ends[0];
	fds[1] = pipe_ends[1];
	fds[2] = pipe_ends[0];
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fds));
	memcpy(CMSG_DATA(header), fds, sizeof(fds));
	must(sendmsg(fd, &message, 0) == 4, "sendmsg");
	close(pipe_ends[0]);
	close(pipe_ends[1]);
}

static void send_nothing(void)
{
	must(send(empty[0], "", 0, 0) == 0 && send(empty[0], "y", 1, 0) == 1, "send");
}

void set_crowd(void)
{
	int ends[2];

	must(socketpair(AF_UNIX, SOCK_DGRAM, 0, empty) == 0 &&
		     socketpair(AF_UNIX, SOCK_STREAM, 0, loaded) == 0 &&
		     socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0,
	     "socketpair");
	must(send(empty[0], "x", 1, 0) == 1, "send");
	if (minds(TREE_EMPTY_LOST))
		send_nothing();
	must(send(loaded[0], "be", 2, 0) == 2, "send");
	send_load(loaded[0]);
	must(send(loaded[0], "af", 2, 0) == 2 && send(ends[0], "left", 4, 0) == 4, "send");
	close(ends[0]);
	left = ends[1];
}

static int load_changed(void)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(3 * sizeof(int))] = { 0 };
	char bytes[9] = "";
	struct iovec iov = { bytes, sizeof(bytes) };
	struct msghdr message = { .msg_iov = &iov,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header;
	int fds[3];

	/* A read of a stream ends with the descriptors, and not before. */
	if (recvmsg(loaded[1], &message, MSG_DONTWAIT) != 6 || memcmp(bytes, "beload", 6) != 0)
		return differs("the bytes up to the descriptors have changed: %s", bytes);
	header = CMSG_FIRSTHDR(&message);
	if (header == NULL || header->cmsg_len != CMSG_LEN(sizeof(fds)))
		return differs("the three descriptors of a message are gone");
	memcpy(fds, CMSG_DATA(header), sizeof(fds));
	if (read(fds[2], bytes, 9) != 2 || write(fds[1], "y", 1) != 1 ||
	    read(fds[0], bytes, 9) != 1)
		return differs("the descriptors of a message are others");
	return 0;
}

int crowd_changed(void)
{
	char bytes[9];

	if (spoils(TREE_CROWD))
		recv(empty[1], bytes, 9, MSG_DONTWAIT);
	if (!minds(TREE_EMPTY_LOST))
		send_nothing();
	if (recv(empty[1], bytes, 9, MSG_DONTWAIT) != 1 || bytes[0] != 'x' ||
	    recv(empty[1], bytes, 9, MSG_DONTWAIT) != 0 ||
	    recv(empty[1], bytes, 9, MSG_DONTWAIT) != 1)
		return differs("of a message, one without bytes, and a message something is gone");
	if (recv(left, bytes, 9, MSG_DONTWAIT) != 4)
		return differs("the datagram of one who has closed is gone");
	return load_changed();
}
