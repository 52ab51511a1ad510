/* SPDX-License-Identifier: Apache-2.0 */
#include "patience.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "raw.h"

enum { SLICE = 20, AT_MOST = 15000 };

static int64_t milliseconds_now(void)
{
	struct timespec t;

	raw2(SYS_clock_gettime, CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ll + t.tv_nsec / 1000000;
}

/* True if it would run if only it were given a processor. */
static int is_ready_to_run(int pid)
{
	char text[64];
	const char *state;
	long fd, n;

	snprintf(text, sizeof(text), "/proc/%d/stat", pid);
	fd = raw4(SYS_openat, AT_FDCWD, text, O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return 0;
	n = raw3(SYS_read, fd, text, sizeof(text) - 1);
	raw1(SYS_close, fd);
	text[n > 0 ? n : 0] = 0;
	state = strstr(text, ") ");
	return state && state[2] == 'R';
}

struct patience patience_for(int pid, int milliseconds)
{
	return (struct patience){
		.pid = pid,
		.left = milliseconds,
		.end = milliseconds_now() + AT_MOST,
	};
}

int patience_slice(struct patience *p)
{
	if (p->last && !is_ready_to_run(p->pid))
		p->left -= p->last;
	if (p->left <= 0 || (p->last && milliseconds_now() > p->end))
		return 0;
	p->last = p->left < SLICE ? p->left : SLICE;
	return p->last;
}
