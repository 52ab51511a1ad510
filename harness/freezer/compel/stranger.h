/* SPDX-License-Identifier: Apache-2.0
 *
 * A third party at libcompel's control socket. Its name is abstract, so everybody in the network
 * namespace can see it and connect; and whoever may trace the victim, or has been given one of the two
 * ends, can send to the other. It is played by the spy's own process, which is not the victim either,
 * from within the doors.
 */
#ifndef CRYOFUZZ_STRANGER_H
#define CRYOFUZZ_STRANGER_H

#include <stddef.h>
#include <sys/socket.h>

enum stranger {
	STRANGER_NONE,
	STRANGER_SILENT, /* connects before the parasite and says nothing */
	STRANGER_PARASITE, /* connects before the parasite and answers in its place */
	STRANGER_LATE, /* connects once the parasite has */
	STRANGER_ACK, /* sends an acknowledgement of the first command, as if by the parasite */
	STRANGER_COMMAND, /* sends the parasite a command that there isn't, before the first one */
	STRANGER_FINI, /* sends the parasite the command to leave, before the first one */
	STRANGER_CROWD, /* connects so often before the parasite that it has to wait for its turn */
};

void stranger_hears_name(const struct sockaddr *name, socklen_t size);
void stranger_connects_first(void);
void stranger_connects_meanwhile(void);
/* Before libcompel sends this on the descriptor. */
void stranger_speaks(int fd, const void *data, size_t size);
/* Before libcompel receives. */
void stranger_answers(void);
void stranger_leave(void);

#endif
