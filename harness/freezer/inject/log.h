/* SPDX-License-Identifier: Apache-2.0
 *
 * What the injector says, if whoever uses it wants that: a line for each step, and for each that fails. It
 * is for people, so nothing may depend on it: a line that nobody takes at once is lost, and counted. Else a
 * pager that waits for its reader would keep the victim stopped, and one that is closed would end the
 * injector by SIGPIPE, with the parasite in the victim.
 */
#ifndef CRYOFUZZ_INJECT_LOG_H
#define CRYOFUZZ_INJECT_LOG_H

#include <stddef.h>
#include <sys/types.h>

struct inject;

struct inject_log {
	int fd; /* -1: nothing is said */
	unsigned said, lost; /* lines; since the last one that was said */
	/* May be NULL. As write(2); by which a careless injector says it. */
	ssize_t (*write)(int fd, const void *line, size_t size);
};

/* `error` is 0 or -errno. */
void inject_say(struct inject *in, const char *what, long error);

#endif
