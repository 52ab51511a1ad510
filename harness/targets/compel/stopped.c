/* SPDX-License-Identifier: Apache-2.0
 *
 * A victim that is stopped by a signal, or frozen by a cgroup, before libcompel comes: it must be so
 * afterwards, too.
 */
#include "compel.h"

#include <signal.h>

static const int stop_signals[] = { 0, SIGSTOP, SIGTSTP, SIGTTIN };

/* SIGTTIN libcompel does not take, and none keeps which signal it was; nobody else can stop a process 1;
 * and one that handles SIGTSTP is not stopped by it. */
int stop_signal(void)
{
	/* one weakness that is of a stopped one only */
	if (is(STOPS_AGAIN) && disturbs() == (enum disturbs)SENT_CONTINUE)
		return SIGSTOP;
	if (home_of_victim() == HOME_FROZEN || bears_threads() || !cf_param(STOPPED))
		return 0;
	if (disturbs() || lives_alone() || (cf_param(STOPPED) == 3 && !is(STOP_SIGNAL_REFUSED)))
		return SIGSTOP;
	return stop_signals[cf_param(STOPPED)];
}

void check_stopped(void)
{
	if (!disturb_sent()->stops && !victim.stopped)
		return;
	witness_stopped(&witness);
	raw2(SYS_kill, victim.pid, SIGCONT);
}
