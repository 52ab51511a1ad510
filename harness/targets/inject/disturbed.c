/* SPDX-License-Identifier: Apache-2.0
 *
 * What must have come of a disturbance (disturb.h).
 */
#include "infection.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "../../freezer/victim/raw.h"

struct disturbance disturbance;

void set_disturbance(void)
{
	const enum disturbs what = (enum disturbs)cf_param(DISTURBS);
	const int fails = what >= DISTURBS_FAILS && what < DISTURBS_FIRST;

	disturbance = (struct disturbance){
		.what = what,
		.when = cf_param(fails ? FAILS_AT : WHEN),
	};
	if (what >= DISTURBS_GOES_ON)
		disturbance.when %= DISTURBS_STOPPED;
	disturbance.stopped = stop_signal() != 0;
}

void hear_of_signals(void)
{
	struct victim_heard heard;
	char text[160];

	if (!disturbance.what || disturbance.what >= DISTURBS_GOES_ON)
		return;
	if (heard_get(&victim, &heard))
		cf_fail(CF_CRASH, "inject.victim", "it is not there any more");
	if (heard.strayed)
		cf_fail(CF_STATE_CHANGED, "inject.handler",
			"a handler of the victim's ran while the parasite was there %s",
			disturb_place());
	if (disturb_unheard(&heard, text, sizeof(text)))
		cf_fail(CF_LOST_SIGNAL, "inject.heard", "%s %s", text, disturb_place());
}

void check_other(void)
{
	if (disturb_other() == 1 && in.stage && strcmp(in.stage, "inject.seize"))
		cf_fail(CF_INVARIANT, in.stage, "where another tracer was");
}

static int await_end(void)
{
	struct patience patient = patience_for(victim.pid);
	int status = 0, slice;
	long ret;

	while (!(ret = raw4(SYS_wait4, victim.pid, &status, WNOHANG | __WALL, 0)) &&
	       (slice = patience_to_end(&patient)))
		raw3(SYS_poll, 0, 0, slice);
	if (ret == 0)
		cf_fail(CF_LOST_SIGNAL, "inject.end", "signal %d has not ended it %s",
			disturb_deadly(), disturb_place());
	return status;
}

void bury(void)
{
	int status = in.gone ? in.status : await_end();

	if (!WIFSIGNALED(status) || WTERMSIG(status) != disturb_deadly())
		cf_fail(CF_STATE_CHANGED, "inject.status", "ended with 0x%x, by signal %d %s",
			status, disturb_deadly(), disturb_place());
	if (raw4(SYS_wait4, victim.pid, 0, WNOHANG | __WALL, 0) != -ECHILD)
		cf_fail(CF_ZOMBIE, "inject.victim", "it has ended, but is still there");
	raw1(SYS_close, victim.fd);
	victim.pid = 0;
}
