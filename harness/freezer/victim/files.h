/* SPDX-License-Identifier: Apache-2.0
 *
 * Descriptors that a victim with files=1 has, at numbers that careless freezers know too.
 */
#ifndef CRYOFUZZ_FILES_H
#define CRYOFUZZ_FILES_H

enum {
	STATE_FILE = 10, /* with an offset */
	STATE_MEMORY, /* O_APPEND, O_CLOEXEC, with an offset */
	STATE_TWIN, /* the same open file as STATE_MEMORY */
	STATE_PIPE_OUT, /* with bytes in it */
	STATE_PIPE_IN,
	STATE_EVENT,
	STATE_TIMER,
	STATE_SIGNALS,
	STATE_SOCKET, /* with bytes under way to it */
	STATE_PEER,
	STATE_EPOLL,
	STATE_FILES_END
};

#endif
