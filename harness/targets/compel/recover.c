/* SPDX-License-Identifier: Apache-2.0
 *
 * After a refusal: what every careful caller does then, CRIU too. It cures and lets the victim go, which
 * has to be as it was. Where libcompel refuses that as well, and says so, the victim is replaced.
 */
#include "compel.h"

/* It was never held, or what should have let it go was refused. */
static int is_lost(void)
{
	return was_refused("compel.stop") || was_refused("compel.cure") ||
	       was_refused("compel.resume");
}

/* Stopped short in a call that it made in the victim, or in putting that back. */
static int was_cut_short(void)
{
	return wire.failed == WIRE_wait4 || wire.failed == WIRE_ptrace || wire.failed == WIRE_poke;
}

/* After a damaged frame the parasite may have left by itself. Whoever is asleep in a call or goes round at one place
 * is there still; one that makes a process goes on to what comes next, and the cure takes it back to the
 * registers that it had before. */
static int may_have_gone_on(void)
{
	return cf_damaged_frames() && VICTIM_VFORK + cf_param(CODE) >= VICTIM_FORK_BEGINS;
}

/* What a call that was cut short has opened there, and what it has patched for it, it forgets; a descriptor
 * that was not closed is there still: what libcompel does not see nobody can make up for. What the parasite
 * was to change it may have changed. What disturbs the victim as well has weaknesses of its own. */
static int is_beyond_cure(void)
{
	return disturbs() || may_have_gone_on() || have_asked_to_change() ||
	       (was_cut_short() && !is(WAIT_INTERRUPTED)) ||
	       (wire.failed == WIRE_close && !is(CLOSE_UNCHECKED));
}

static int cure_again(void)
{
	if (driver->cure(&spy))
		return -1;
	if (is(RECOVERY_CARELESS))
		lose_register();
	compare_after();
	return 0;
}

int recover(void)
{
	if (is_lost() || is_beyond_cure())
		return -1;
	step("recover", 5);
	if (!was_refused("compel.prepare") && cure_again())
		return -1;
	if (victim_release(&victim))
		cf_fail(CF_CRASH, "compel.victim", "it is gone before it goes on");
	return driver->resume(&spy);
}
