/* SPDX-License-Identifier: Apache-2.0
 *
 * A stream with an urgent byte in it (MSG_OOB, Linux 5.15): it comes before the others, or apart from them.
 */
#include "part.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static int ends[2];

static void cry(void)
{
	must(send(ends[0], "!", 1, MSG_OOB) == 1 && send(ends[0], "cd", 2, 0) == 2, "send");
}

void set_urgent(void)
{
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0, "socketpair");
	must(send(ends[0], "ab", 2, 0) == 2, "send");
	if (minds(TREE_URGENT_LOST))
		cry();
}

int urgent_changed(void)
{
	char urgent = 0, bytes[9] = "";

	if (!minds(TREE_URGENT_LOST))
		cry();
	if (spoils(TREE_URGENT))
		recv(ends[1], &urgent, 1, MSG_OOB | MSG_DONTWAIT);
	if (recv(ends[1], &urgent, 1, MSG_OOB | MSG_DONTWAIT) != 1 || urgent != '!')
		return differs("the urgent byte is not urgent any more");
	if (recv(ends[1], bytes, 2, MSG_DONTWAIT) != 2 || memcmp(bytes, "ab", 2) != 0 ||
	    recv(ends[1], bytes, 9, MSG_DONTWAIT) != 2 || memcmp(bytes, "cd", 2) != 0)
		return differs("the bytes around the urgent one have changed");
	return 0;
}
