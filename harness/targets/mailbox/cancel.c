/* SPDX-License-Identifier: Apache-2.0
 *
 * SIGTERM cancels the session of a client that listens to it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "truth.h"

static volatile sig_atomic_t cancelled;
static int cancel_pipe = -1;

static void on_cancel(int signo)
{
	(void)signo;
	cancelled = 1;
	the_ledger()->cancelled = true;
	if (cf_variant() != LOST_SIGNAL && write(cancel_pipe, "", 1) < 0)
		cf_mark("the pipe is full: then it is read anyway");
}

/* The end of a pipe that becomes readable: a wait sees that whenever it happens, a flag it does not. */
int hear_cancel(void)
{
	const struct sigaction action = { .sa_handler = on_cancel };
	int ends[2];

	if (!cf_param(CANCEL) || pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return -1;
	cancel_pipe = ends[1];
	sigaction(SIGTERM, &action, NULL);
	return ends[0];
}

bool is_cancelled(void)
{
	return cancelled;
}
