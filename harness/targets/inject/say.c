/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the injector says what it does, and what its descriptors 0 to 2 are.
 */
#include "infection.h"

#include <unistd.h>

#include "../../freezer/home/outlet.h"
#include "../../freezer/victim/raw.h"
#include "port.h"

enum { STANDARD_ERROR = 2 };

/* Of a careless one: a wait for whoever has the other end, without a deadline. */
static ssize_t write_line(int fd, const void *line, size_t size)
{
	return write(fd, line, size);
}

struct inject_log target_log = { .fd = -1, .write = write_line };

void end_to_say(void)
{
	if (target_log.fd > STANDARD_ERROR)
		raw1(SYS_close, target_log.fd);
	target_log.fd = -1;
	outlet_end();
}

void begin_to_say(void)
{
	const enum outlet stdio = (enum outlet)cf_param(STDIO);
	/* whoever writes to what it keeps there is its own log: one param is enough to see it */
	const enum outlet log =
		cf_variant() == INJECT_KEEPS_LOW ? OUTLET_LAST : (enum outlet)cf_param(LOG);

	cf_name_crash("inject.injector");
	outlet_stdio(stdio);
	target_log.lost = 0;
	target_log.fd = log != OUTLET_LAST ? outlet_open(log) : stdio ? STANDARD_ERROR : -1;
}
