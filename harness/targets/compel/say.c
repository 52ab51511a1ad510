/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the parasite says what it does, and what the spy's descriptors 0 to 2 are. What libcompel is told to
 * give it, the parasite writes to with no thought of what that is; so a careful spy makes sure that it
 * never waits there, and gives it nothing that makes the kernel send SIGPIPE to the victim.
 */
#include "compel.h"

#include <fcntl.h>

#include "../../freezer/compel/stranger.h"

enum { STANDARD_ERROR = 2, ABOVE = 200, PAGE = 4096, LINE = 64 };

/* A run that has failed may have left in 0 to 2 what libcompel, or a stranger, holds. */
void end_to_say(void)
{
	stranger_leave();
	driver->abandon(&spy);
	outlet_end();
}

void begin_to_say(void)
{
	outlet_stdio((enum outlet)cf_param(STDIO));
}

static enum outlet kind(void)
{
	return (enum outlet)(cf_param(LOG) == OUTLET_LAST ? cf_param(STDIO) : cf_param(LOG));
}

static int open_one(void)
{
	if (cf_param(LOG) == OUTLET_LAST && cf_param(STDIO))
		return (int)raw3(SYS_fcntl, STANDARD_ERROR, F_DUPFD_CLOEXEC, ABOVE);
	return cf_param(LOG) == OUTLET_LAST ? -1 : outlet_open((enum outlet)cf_param(LOG));
}

/* A pipe is full when its pages are begun, for poll. But who waits shares the last one with those before
 * him, and the parasite says no more in a run than fits in it. */
static void leave_room_for_a_line(int fd)
{
	static const char rest[PAGE - LINE];

	raw3(SYS_fcntl, fd, F_SETFL, O_NONBLOCK);
	raw3(SYS_write, fd, rest, sizeof(rest));
	if (is(LOG_WAITS))
		raw3(SYS_fcntl, fd, F_SETFL, 0);
}

int open_log(void)
{
	int fd;

	if (kind() == OUTLET_CLOSED_PIPE && !is(LOG_SIGNALS))
		return -1;
	fd = open_one();
	if (kind() == OUTLET_FULL_PIPE)
		leave_room_for_a_line(fd);
	return fd;
}
