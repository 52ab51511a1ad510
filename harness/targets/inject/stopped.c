/* SPDX-License-Identifier: Apache-2.0
 *
 * A victim that is stopped by a signal, or frozen by a cgroup, before the injector comes: it must be so
 * afterwards, too.
 */
#include "infection.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "../../freezer/victim/raw.h"

static const int stop_signals[] = { 0, SIGSTOP, SIGTSTP, SIGTTIN };

/* One that is to handle SIGTSTP is not stopped by it. */
int stop_signal(void)
{
	if (home_of_victim() == HOME_FROZEN || bears_threads())
		return 0;
	/* nobody else can stop a process 1 */
	if (cf_param(STOPPED) && (disturbance.what || lives_alone()))
		return SIGSTOP;
	return stop_signals[cf_param(STOPPED)];
}

/* As its parent, whom the kernel tells. */
static void check_stop_signal(void)
{
	siginfo_t info = { .si_pid = 0 };

	raw5(SYS_waitid, P_PID, victim.pid, &info, WSTOPPED | WNOHANG | WNOWAIT, 0);
	if (info.si_pid != victim.pid || info.si_status != stop_signal())
		cf_fail(CF_STATE_CHANGED, "inject.stop-signal",
			"signal %d had stopped it, now signal %d has", stop_signal(),
			info.si_pid ? info.si_status : 0);
}

void check_stopped(void)
{
	if (!disturb_stops() && !victim.stopped)
		return;
	witness_stopped(&witness);
	if (!victim.stopped && !disturbance.what)
		check_stop_signal();
	raw2(SYS_kill, victim.pid, SIGCONT);
}
