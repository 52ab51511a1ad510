/* SPDX-License-Identifier: Apache-2.0
 *
 * What libcompel says, and whether it may.
 */
#include "compel.h"

#include <string.h>

/* The line with these words, or NULL. */
static const char *line_with(char *text, const char *words)
{
	char *found = strstr(text, words);

	if (!found)
		return NULL;
	found[strcspn(found, "\n")] = 0;
	while (found > text && found[-1] != '\n')
		found--;
	return found;
}

void check_trimmed(void)
{
	char log[2048];
	const char *line;

	if (is_disturbed() || disturb_deadly() || have_asked_for_failure())
		return;
	spy_parasite_log(&spy, log, sizeof(log));
	line = line_with(log, "rimmed");
	if (line)
		cf_fail(CF_TRIMMED_MESSAGE, "compel.daemon", "the parasite says: %s", line);
	if (strstr(spy.message, "rimmed"))
		cf_fail(CF_TRIMMED_MESSAGE, "compel.recv", "libcompel says: %s", spy.message);
}

int was_refused(const char *stage)
{
	return spy.stage && !strcmp(spy.stage, stage);
}

int is_disturbed(void)
{
	return cf_damaged_frames() || wire.strange || wire.failed;
}

static _Noreturn void hung(void)
{
	cf_fail(CF_HANG, wire.hung, "nobody will answer: the victim %s; %s: %s", wire.other,
		spy.stage, spy.message);
}

void check_refusal(void)
{
	check_trimmed();
	if (is(NO_DEADLINE) && wire.hung && !strcmp(wire.hung, "compel.daemon_connected"))
		hung();
	check_child();
	if (wire.hung && disturbs() >= DISTURBS_GOES_ON && !is_disturbed())
		hung();
	if (is_disturbed() || have_asked_for_failure() || is_excused()) {
		step("refused", 100);
		return;
	}
	/* the other waits a careful spy ends */
	if (wire.hung && (!disturb_place()[0] || !strcmp(wire.hung, "compel.wait4")))
		hung();
	if (disturb_place()[0])
		cf_fail(CF_INVARIANT, "compel.disturbed", "%s: %s; %s%s; disturbed %s", spy.stage,
			spy.message, wire.hung ? "it waited in vain in " : "no wait was in vain",
			wire.hung ? wire.hung : "", disturb_place());
	cf_fail(CF_INVARIANT, spy.stage, "refused, and nothing was wrong: %s", spy.message);
}

_Noreturn void accepted(const char *what)
{
	cf_fail(CF_BAD_ACCEPT, "compel.ack",
		"%s is taken as done; last of %u messages: %ld bytes, cmd %u ack %u err %d", what,
		wire.received, wire.length, wire.last.cmd, wire.last.ack, wire.last.err);
}
