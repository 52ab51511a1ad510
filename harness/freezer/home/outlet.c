/* SPDX-License-Identifier: Apache-2.0 */
#include "outlet.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>

#include "../victim/raw.h"

enum { STANDARD = 3, ABOVE = 200, ENDS = 2, PAGE = 4096 };

static int kept[STANDARD]; /* what 0 to 2 were */
static int is_kept;
static int other[ENDS], others;

/* ---- one of them ------------------------------------------------------------------------------ */

static int above(long fd, int how)
{
	long moved = fd < 0 ? fd : raw3(SYS_fcntl, fd, how, ABOVE);

	if (fd >= 0)
		raw1(SYS_close, fd);
	return (int)moved;
}

static int open_full_device(void)
{
	return above(raw4(SYS_openat, AT_FDCWD, "/dev/full", O_WRONLY | O_CLOEXEC, 0),
		     F_DUPFD_CLOEXEC);
}

/* Of two pages; the first is full, and the other one is by the next line: whoever says a few is stopped
 * in the middle of what it does. */
static int open_full_pipe(void)
{
	static const char page[PAGE];
	int ends[2] = { -1, -1 };
	long status = raw2(SYS_pipe2, ends, O_CLOEXEC);

	if (status < 0)
		return (int)status;
	raw3(SYS_fcntl, ends[1], F_SETPIPE_SZ, 2 * PAGE);
	raw3(SYS_write, ends[1], page, PAGE);
	other[others++] = above(ends[0], F_DUPFD); /* the tracer may be executed yet */
	return above(ends[1], F_DUPFD_CLOEXEC);
}

static int open_closed_pipe(void)
{
	int ends[2] = { -1, -1 };

	raw2(SYS_pipe2, ends, O_CLOEXEC);
	raw1(SYS_close, ends[0]);
	return above(ends[1], F_DUPFD_CLOEXEC);
}

/* As the kernel has it: all zero is the default. */
static void forget_pipe_signal(void)
{
	static const uint64_t action[4];

	raw4(SYS_rt_sigaction, SIGPIPE, action, 0, 8);
}

int outlet_open(enum outlet kind)
{
	if (kind != OUTLET_AS_IS)
		forget_pipe_signal();
	switch (kind) {
	case OUTLET_FILE:
		return above(raw2(SYS_memfd_create, "said", 1 /* MFD_CLOEXEC */), F_DUPFD_CLOEXEC);
	case OUTLET_FULL_PIPE:
		return open_full_pipe();
	case OUTLET_CLOSED_PIPE:
		return open_closed_pipe();
	case OUTLET_FULL_DEVICE:
		return open_full_device();
	case OUTLET_AS_IS:
	case OUTLET_LAST:
		break;
	}
	return -1;
}

/* ---- 0 to 2 ------------------------------------------------------------------------------------- */

static void keep_standard(void)
{
	for (int i = 0; i < STANDARD; i++)
		kept[i] = (int)raw3(SYS_fcntl, i, F_DUPFD_CLOEXEC, ABOVE);
	is_kept = 1;
}

void outlet_stdio(enum outlet kind)
{
	int fd;

	outlet_end();
	if (kind == OUTLET_AS_IS)
		return;
	fd = outlet_open(kind);
	keep_standard();
	for (int i = 0; i < STANDARD; i++) {
		if (fd < 0)
			raw1(SYS_close, i);
		else
			raw3(SYS_dup3, fd, i, 0);
	}
	if (fd >= 0)
		raw1(SYS_close, fd);
}

void outlet_end(void)
{
	while (others)
		raw1(SYS_close, other[--others]);
	for (int i = 0; i < STANDARD && is_kept; i++) {
		if (kept[i] < 0)
			continue;
		raw3(SYS_dup3, kept[i], i, 0);
		raw1(SYS_close, kept[i]);
	}
	is_kept = 0;
}
