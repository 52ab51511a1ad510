/* SPDX-License-Identifier: Apache-2.0
 *
 * What libcompel says, and whether it may.
 */
#include "compel.h"

#include <string.h>

void check_trimmed(void)
{
	char log[160];

	if (cf_damaged_frames())
		return;
	spy_parasite_log(&spy, log, sizeof(log));
	if (strstr(log, "rimmed"))
		cf_fail(CF_TRIMMED_MESSAGE, "compel.daemon", "the parasite says: %s", log);
	if (strstr(spy.message, "rimmed"))
		cf_fail(CF_TRIMMED_MESSAGE, "compel.recv", "libcompel says: %s", spy.message);
}

void check_refusal(void)
{
	check_trimmed();
	if (cf_damaged_frames()) {
		step("refused", 100);
		return;
	}
	if (wire.hung)
		cf_fail(CF_HANG, wire.hung, "nobody will answer: the victim %s; %s: %s", wire.other,
			spy.stage, spy.message);
	cf_fail(CF_INVARIANT, spy.stage, "refused, with all frames whole: %s", spy.message);
}

_Noreturn void accepted(const char *what)
{
	cf_fail(CF_BAD_ACCEPT, "compel.ack",
		"%s is taken as done; last of %u messages: %ld bytes, cmd %u ack %u err %d", what,
		wire.received, wire.length, wire.last.cmd, wire.last.ack, wire.last.err);
}
