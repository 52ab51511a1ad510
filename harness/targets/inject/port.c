/* SPDX-License-Identifier: Apache-2.0
 *
 * In a file of its own: the sites of saved events are lines of it.
 */
#define _GNU_SOURCE
#include <cryofuzz.h>

#include <sys/socket.h>

#include "port.h"

/* A site of its own for each step would need a macro; the name tells them apart. */
static void step(const char *name, unsigned state)
{
	cf_mark(name);
	cf_state(state);
}

static ssize_t send_frame(int fd, const void *data, size_t size, int flags)
{
	return send(fd, data, size, flags);
}

static ssize_t receive_frame(int fd, void *data, size_t size, int flags)
{
	return recv(fd, data, size, flags);
}

const struct inject_port target_port = {
	.call = disturb_call,
	.step = step,
	.send = send_frame,
	.recv = receive_frame,
	.thaw = home_thaw,
	.freeze = home_freeze_again,
	.log = &target_log,
};
