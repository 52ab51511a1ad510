/* SPDX-License-Identifier: Apache-2.0
 *
 * Our own injector freezes a process (freezer/inject): it stops a victim, puts a parasite into it,
 * has it execute some commands, cures it and lets it go on. Each step is a point; frame events apply
 * where the injector sends and receives.
 *
 * The verdict: with whole frames everything must succeed. With damaged ones the injector may refuse,
 * but not wait for ever and not report success; and the victim must be as it was *in either case*,
 * since a cure by force needs nobody's answer. It is kept from run to run.
 */
#include "infection.h"

#include <errno.h>
#include <signal.h>

#include "../../freezer/victim/kept.h"
#include "holds.h"
#include "outlive.h"
#include "port.h"

struct inject in = INJECT_NONE;
static struct estate estate;

const struct witness witness = {
	.target = "inject",
	.victim = &victim,
	.sent = disturb_sent,
	.disturbed = disturb_place,
};

static int is_hopeless(char *text, unsigned size)
{
	return inject_is_hopeless(&in, text, size);
}

/* ---- one freeze ------------------------------------------------------------------------------ */

static void cure(void)
{
	int ret = inject_cure(&in);

	if (!disturb_hung() && (!ret || (in.gone && disturb_deadly()))) {
		if (in.hung) /* by force then, but that is no excuse */
			refused(-ETIMEDOUT);
		return;
	}
	if (disturb_hung() || (disturb_deadly() == SIGKILL && !in.gone))
		not_seen_to_end(ret);
	if (in.gone)
		cf_fail(CF_CRASH, "inject.victim", "it has ended while it was cured");
	cf_fail(CF_INVARIANT, "inject.cure", "the victim can't be cured: error %d in %s", ret,
		in.stage);
}

static void resume(void)
{
	int ret = inject_resume(&in);

	if (ret && !disturb_deadly())
		cf_fail(CF_CRASH, "inject.victim", "it is gone before it goes on: %d", ret);
}

static void infect_and_cure(void)
{
	if (refused(inject_stop(&in, victim.pid, &target_port, cf_variant())))
		return;
	check_threads();
	witness_look(&witness, in.code_address);
	if (!refused(inject_infect(&in))) {
		check_ack(INJECT_INIT, "the infection");
		run_commands();
	}
	cure();
	if (in.gone)
		return;
	witness_compare(&witness, SNAPSHOT_OF_SAME);
	witness_compare_closely(&witness);
}

/* The tracer dies, and we are its heir. */
static void inherit(void)
{
	int ret = outlive(&victim, cf_variant(), cf_param(COMMANDS), target_log.fd, &estate);

	in = estate.in;
	in.pidfd = in.memory = in.channel = -1; /* they were the other's */
	in.local = NULL;
	witness_was(&estate.before);
	if (ret < 0)
		cf_fail(CF_INVARIANT, "inject.driver", "error %d in %s", ret, in.stage);
	if (ret == 0)
		return;
	in.pid = victim.pid;
	ret = inject_inherit(&in, &target_port);
	if (ret)
		cf_fail(CF_INVARIANT, "inject.inherit", "error %d in %s", ret, in.stage);
	cure();
	if (has_parasite(victim.pid))
		cf_fail(CF_LEAK, "inject.parasite",
			"the tracer has died, and the parasite is still there %s", disturb_place());
	if (estate.looked)
		witness_compare(&witness, in.anew ? SNAPSHOT_OF_CALLING_AGAIN : SNAPSHOT_OF_SAME);
}

static void go_on(void)
{
	if (!in.gone && victim_release(&victim) && !disturb_deadly())
		cf_fail(CF_CRASH, "inject.victim", "it is gone before it goes on");
	if (in.seized && !in.gone)
		resume();
	else
		inject_drop(&in);
	if (!in.gone)
		witness_frozen(&witness);
	disturb_end();
	if (!in.gone && disturb_deadly() != SIGKILL)
		check_stopped();
	if (disturb_deadly()) {
		bury();
		return;
	}
	if (victim_ends(&victim)) {
		witness_end(&witness, in.gone, in.status);
		return;
	}
	witness_hear(&witness);
	hear_of_signals();
	trust_victim();
}

static void check_holds(const struct holds *first)
{
	struct holds last = holds_now();

	if (last.files > first->files || last.mappings > first->mappings)
		cf_fail(CF_LEAK, "inject.tracer",
			"the tracer has %d descriptors and %d mappings, had %d and %d %s",
			last.files, last.mappings, first->files, first->mappings, disturb_place());
}

static void freeze(unsigned index)
{
	struct holds holds;

	(void)index;
	cf_external_begin();
	cf_external_hopeless(is_hopeless);
	/* of a run that has failed, which may have left in 0 to 2 what these hold */
	disturb_end();
	inject_drop(&in);
	end_to_say();
	set_disturbance();
	ready_victim();
	disturb(&disturbance, &victim, &in);
	begin_to_say();
	holds = holds_now();
	if (disturbance.what == DISTURBS_DIES)
		inherit();
	else
		infect_and_cure();
	check_other();
	go_on();
	if (victim.pid)
		check_holds(&holds);
	end_to_say();
}

/* ---- description ------------------------------------------------------------------------------ */

static const char *unsupported(void)
{
	return victim_may_be_traced() ? NULL : "ptrace of a child is not permitted";
}

static const struct cf_role roles[] = {
	{ "injector", NULL, freeze },
	{ NULL, NULL, NULL },
};

static const struct cf_field fields[] = {
	{ "cmd", 0, 4 },
	{ "ack", 4, 4 },
	{ "err", 8, 4 },
	{ NULL, 0, 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "inject",
	.summary = "our own injector infects a process, runs commands in it and cures it",
	.flags = CF_KEEPS_DATA | CF_EXTERNAL_CALLS,
	.roles = roles,
	.params = inject_params,
	.variants = inject_variants,
	.fields = fields,
	.unsupported = unsupported,
	.keeps = kept_items,
};
