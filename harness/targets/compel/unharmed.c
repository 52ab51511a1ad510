/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether the victim is as it was, as far as it is there to be looked at.
 */
#include "compel.h"

#include <signal.h>

static uint64_t sent(void)
{
	return disturb_sent()->signals;
}

const struct witness witness = {
	.target = "compel",
	.victim = &victim,
	.sent = sent,
	.disturbed = disturb_place,
};

static int is_dead(void)
{
	return disturb_deadly() == SIGKILL;
}

void look_before(void)
{
	if (!is_dead())
		witness_look(&witness, driver->patched_code(&spy));
}

void compare_after(void)
{
	if (is_dead())
		return;
	witness_compare(&witness, SNAPSHOT_OF_SAME);
	witness_compare_closely(&witness);
}
