/* SPDX-License-Identifier: Apache-2.0
 *
 * What must have come of what disturbs libcompel (disturb.h).
 */
#include "compel.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "../../freezer/victim/patience.h"

/* Or it is stopped and may still do so. */
static int has_ended(void)
{
	struct patience patience = patience_for(victim.pid);
	int slice;

	while (!wire.gone && !strchr("ZX", patience_state(victim.pid)) &&
	       (slice = patience_to_end(&patience)))
		raw3(SYS_poll, 0, 0, slice);
	return wire.gone || strchr("ZX", patience_state(victim.pid));
}

/* A victim that has been told to end may have done so; another tracer may have it. */
int is_excused(void)
{
	if (disturb_deadly())
		return disturb_deadly() == SIGKILL || has_ended();
	return disturb_rival() == 1 || (disturbs() >= DISTURBS_GOES_ON && victim_ends(&victim));
}

void hear_of_signals(void)
{
	struct victim_heard heard;
	char text[160];

	if (!disturbs() || disturbs() >= DISTURBS_GOES_ON)
		return;
	if (heard_get(&victim, &heard))
		cf_fail(CF_CRASH, "compel.victim", "it is not there any more");
	if (sent_unheard(disturb_sent(), &heard, text, sizeof(text)))
		cf_fail(CF_LOST_SIGNAL, "compel.heard", "%s %s", text, disturb_place());
}

void check_child(void)
{
	if (disturb_child_lost())
		cf_fail(CF_STATE_CHANGED, "compel.child",
			"a child of the spy's has ended, and its status is gone %s",
			disturb_place());
}

void check_refused_stop(void)
{
	if (is(REFUSAL_SWALLOWS) && disturb_deadly() && was_refused("compel.stop") && !has_ended())
		cf_fail(CF_LOST_SIGNAL, "compel.refused",
			"signal %d has not ended what was let go after a refusal %s",
			disturb_deadly(), disturb_place());
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
		cf_fail(CF_LOST_SIGNAL, "compel.heard", "signal %d has not ended it %s",
			disturb_deadly(), disturb_place());
	return status;
}

void bury(void)
{
	int status = wire.gone ? wire.status : await_end();

	if (!WIFSIGNALED(status) || WTERMSIG(status) != disturb_deadly())
		cf_fail(CF_STATE_CHANGED, "compel.status",
			"it ended with 0x%x, not by signal %d %s", status, disturb_deadly(),
			disturb_place());
	raw1(SYS_close, victim.fd);
	victim.pid = 0;
}
