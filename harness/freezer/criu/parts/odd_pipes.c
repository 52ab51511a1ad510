/* SPDX-License-Identifier: Apache-2.0
 *
 * Pipes that are not plain: one of another size, one that nobody writes to any more, a
 * FIFO with bytes in it, and one in packet mode.
 */
#include "part.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int packets[2], sized[2], ended, broken, named;

enum { PACKETS = 3, SIZE = 256 * 1024 };

static size_t packet_length(unsigned i)
{
	return 1 + number(TREE_ODD_PIPES, 900 + i) % 3000;
}

/* Each write is read alone (O_DIRECT, pipe(2)). */
static void set_packet_mode(void)
{
	static uint8_t bytes[3000];

	must(pipe2(packets, O_DIRECT | O_NONBLOCK) == 0, "pipe");
	fill(bytes, sizeof(bytes), TREE_ODD_PIPES);
	for (unsigned i = 0; i < PACKETS; i++)
		must(write(packets[1], bytes, packet_length(i)) == (ssize_t)packet_length(i),
		     "write");
}

static int packet_mode_changed(void)
{
	static uint8_t bytes[10000];

	if ((fcntl(packets[1], F_GETFL) & O_DIRECT) == 0)
		return differs("the pipe has lost its packet mode");
	for (unsigned i = 0; i < PACKETS; i++) {
		ssize_t got = read(packets[0], bytes, sizeof(bytes));

		if (got != (ssize_t)packet_length(i))
			return differs("packet %u has %zd bytes, had %zu", i, got,
				       packet_length(i));
		if (!same_bytes(bytes, (size_t)got, TREE_ODD_PIPES, "packet"))
			return 1;
	}
	return 0;
}

void set_odd_pipes(void)
{
	static uint8_t bytes[SIZE];
	int ends[2];

	must(pipe2(sized, O_NONBLOCK | O_CLOEXEC) == 0 &&
		     fcntl(sized[1], F_SETPIPE_SZ, SIZE) == SIZE,
	     "F_SETPIPE_SZ");
	fill(bytes, SIZE, TREE_ODD_PIPES);
	must(write(sized[1], bytes, SIZE) == SIZE, "write");
	must(pipe2(ends, O_NONBLOCK) == 0 && write(ends[1], "end", 3) == 3, "pipe");
	close(ends[1]);
	ended = ends[0];
	must(pipe2(ends, O_NONBLOCK) == 0, "pipe");
	close(ends[0]);
	broken = ends[1];
	unlink(TREE_HOME "/named");
	must(mkfifo(TREE_HOME "/named", 0600) == 0, "mkfifo");
	named = open(TREE_HOME "/named", O_RDWR | O_NONBLOCK);
	if (minds(TREE_PACKET_MODE))
		set_packet_mode();
	must(named >= 0 && write(named, "in", 2) == 2, "fifo");
}

static int sized_changed(void)
{
	static uint8_t bytes[SIZE];
	size_t got = 0;
	ssize_t more;

	if (fcntl(sized[0], F_GETPIPE_SZ) != SIZE)
		return differs("the pipe's size is %d, was %d", fcntl(sized[0], F_GETPIPE_SZ),
			       SIZE);
	while ((more = read(sized[0], bytes + got, SIZE - got)) > 0)
		got += (size_t)more;
	if (got != SIZE)
		return differs("the large pipe has %zu bytes, had %d", got, SIZE);
	return !same_bytes(bytes, SIZE, TREE_ODD_PIPES, "large pipe");
}

int odd_pipes_changed(void)
{
	char bytes[9];

	if (spoils(TREE_ODD_PIPES))
		(void)!read(named, bytes, 1);
	if (sized_changed() || (minds(TREE_PACKET_MODE) && packet_mode_changed()))
		return 1;
	if (read(ended, bytes, 9) != 3 || read(ended, bytes, 9) != 0)
		return differs("the pipe that nobody writes to has no end");
	signal(SIGPIPE, SIG_IGN);
	if (write(broken, "x", 1) != -1 || errno != EPIPE)
		return differs("what nobody reads can be written to");
	if (read(named, bytes, 9) != 2 || memcmp(bytes, "in", 2) != 0)
		return differs("the FIFO's bytes have changed");
	return 0;
}
