/* SPDX-License-Identifier: Apache-2.0
 *
 * A message that tells who has sent it.
 */
#include "part.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int told[2];

static void introduce(void)
{
	must(send(told[0], "who", 3, 0) == 3, "send");
}

/* Sent by itself: the kernel notes who that was. */
void set_sender(void)
{
	const int on = 1;

	must(socketpair(AF_UNIX, SOCK_STREAM, 0, told) == 0 &&
		     setsockopt(told[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) == 0,
	     "socketpair");
	if (minds(TREE_SENDER_REFUSED))
		introduce();
}

int sender_changed(void)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(struct ucred))] = { 0 };
	char bytes[8];
	struct iovec iov = { bytes, sizeof(bytes) };
	struct msghdr message = { .msg_iov = &iov,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header;
	struct ucred who = { 0 };

	if (!minds(TREE_SENDER_REFUSED))
		introduce();
	if (recvmsg(told[1], &message, MSG_DONTWAIT) != 3)
		return differs("the message is gone");
	header = CMSG_FIRSTHDR(&message);
	if (header == NULL || header->cmsg_type != SCM_CREDENTIALS)
		return differs("the message does not tell who has sent it");
	memcpy(&who, CMSG_DATA(header), sizeof(who));
	if (spoils(TREE_SENDER))
		who.pid++;
	if (who.pid != getpid() || who.uid != 0 || who.gid != 0)
		return differs("the message is said to be from %d, user %u, group %u", who.pid,
			       who.uid, who.gid);
	return 0;
}
