/* SPDX-License-Identifier: Apache-2.0
 *
 * Pipes with bytes in them.
 */
#include "part.h"

#include <fcntl.h>
#include <unistd.h>

enum { PIPED = 20000 };

static int pipe_ends[2];
static uint8_t piped[PIPED];

static size_t pipe_length(void)
{
	return 1 + number(TREE_PIPE, 900) % (PIPED - 1);
}

void set_pipe(void)
{
	must(pipe2(pipe_ends, O_NONBLOCK) == 0, "pipe");
	fill(piped, pipe_length(), TREE_PIPE);
	must(write(pipe_ends[1], piped, pipe_length()) == (ssize_t)pipe_length(), "write");
}

int pipe_changed(void)
{
	ssize_t got;

	if (spoils(TREE_PIPE))
		got = read(pipe_ends[0], piped, 1);
	if ((fcntl(pipe_ends[0], F_GETFL) & O_NONBLOCK) == 0)
		return differs("the pipe has lost its O_NONBLOCK");
	got = read(pipe_ends[0], piped, PIPED);
	if (got != (ssize_t)pipe_length())
		return differs("the pipe has %zd bytes, had %zu", got, pipe_length());
	return !same_bytes(piped, (size_t)got, TREE_PIPE, "pipe");
}
