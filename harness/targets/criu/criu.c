/* SPDX-License-Identifier: Apache-2.0
 *
 * The real criu: in a ward (freezer/criu) it dumps and restores a tree of processes that holds
 * what the parameters say, in the place that they say; then the tree looks whether all of it came
 * back. criu's own work is not controlled, so there are no events: what is explored are the trees,
 * the ways in which they are dumped, and at which of its calls criu fails or dies. A tree whose dump
 * fails must be as before and run on; of one whose restore fails nobody may be left.
 *
 * Limits that CRIU documents are no findings: a wait with a time-out may end with EINTR. Known
 * weaknesses have variants of their own, for which the good one makes up.
 *
 * Left out: who waits as in vfork for another to end or to execute, and a thread that does so (code 14 of inject and
 * compel). criu can't stop it, says so after ten seconds, and has harmed nobody: too long for each run.
 * Established TCP connections. Before 4.2 criu can't dump any Internet socket of Linux 6.16 and
 * later (internet-refused), and a planted bug that shows with some releases only proves nothing.
 */
#define _GNU_SOURCE
#include <cryofuzz.h>

#include <errno.h>

#include "../../freezer/criu/tree_orders.h"
#include "../../freezer/home/outlet.h"
#include "hurt.h"
#include "known.h"
#include "params.h"
#include "plant.h"
#include "told.h"

/* Of the installation that the target was built beside; CRYOFUZZ_CRIU names another one. */
#ifndef CRIU_PROGRAM
#error "CRIU_PROGRAM and CRIU_TREE are set by criu.mk"
#endif

static struct ward ward = WARD_NONE;
static int trusted; /* the ward has done what it was told */
static struct criu_plant planted;

/* ---- one checkpoint ------------------------------------------------------------------------- */

static void ready_ward(void)
{
	int ret;

	if (!trusted || !ward_lives(&ward))
		ward_close(&ward);
	trusted = 0;
	if (ward.pid > 0)
		return;
	ret = ward_open_for_trees(&ward, cf_fork_uncontrolled, ward_criu(CRIU_PROGRAM), CRIU_TREE);
	if (ret)
		cf_broken("no namespaces: error %d", ret);
}

/* What a step refuses. */
static void expect(int ret, const char *site)
{
	if (!ret)
		return;
	if (ret == -ETIME || ret == -ETIMEDOUT)
		cf_fail(CF_HANG, site, "%s: %s", ward.stage, ward.detail);
	if (ret == -ESRCH || ret == -EFAULT)
		cf_fail(CF_CRASH, site, "%s: %s", ward.stage, ward.detail);
	cf_fail(CF_INVARIANT, site, "%s: %s (error %d)", ward.stage, ward.detail, ret);
}

static void raise_tree(void)
{
	const struct tree_setting setting = {
		.seed = (uint64_t)cf_param(SEED) + 1,
		.place = (uint32_t)cf_param(PLACE),
		.trap = cf_param(DISPOSITIONS) > 1 ? (uint32_t)cf_param(DISPOSITIONS) - 1 : 0,
		.carries = criu_carried(),
		.code = (uint32_t)cf_param(CODE),
		.spoils = planted.spoils,
		.minds = planted.minds,
	};

	tell_tree(&ward, &setting, planted.weakness);
	cf_mark("raise");
	expect(ward_raise_several(&ward, &setting, (unsigned)cf_param(BESIDE), planted.slip),
	       "criu.tree");
}

/* A careful caller of criu's sees to it that no log can do harm. */
static struct ward_log log_to(void)
{
	const enum outlet log = (enum outlet)cf_param(LOG);
	const int harmful =
		(log == OUTLET_FULL_PIPE && criu_expects(planted.expects, LOG_WAITS)) ||
		(log == OUTLET_CLOSED_PIPE && criu_expects(planted.expects, LOG_SIGNALS));

	return (struct ward_log){ .outlet = (uint16_t)log, .careful = !harmful };
}

/* A mistake is made in the last round. */
static struct ward_how how(int restore, int round)
{
	return (struct ward_how){
		.leave_running = (uint32_t)cf_param(RUNS_ON),
		.slip = round + 1 < cf_param(ROUNDS) ? WARD_CAREFUL : planted.slip,
		.way = criu_way(),
		.hurt = criu_hurt(restore),
		.log = log_to(),
	};
}

/* ---- after a failure -------------------------------------------------------------------------- */

static void judge_items(void)
{
	if (ward.changed)
		cf_fail(criu_items[ward.changed - 1].kind, criu_items[ward.changed - 1].site, "%s",
			ward.detail);
}

/* Whoever is left may not be stopped or traced, all are left, and with what they had, but for what is known. Of
 * the memory that may be left in them only a birth tells. */
static void look_at_survivors(void)
{
	int ret = ward_look(&ward, 0), left_memory = ret == -EEXIST;

	if (ret == -EBUSY)
		cf_fail(CF_STATE_CHANGED, "criu.left", "%s", ward.detail);
	if (known_harm(&ward, planted.expects))
		return;
	if (left_memory && criu_expects(planted.expects, FAILED_DUMP_LEAVES))
		cf_fail(CF_LEAK, "criu.left", "%s", ward.detail);
	if (ret && !left_memory)
		cf_fail(CF_CRASH, "criu.harmed", "%s", ward.detail);
	ret = ward_ask(&ward);
	if (ret == -ESRCH)
		cf_fail(CF_CRASH, "criu.harmed", "%s (call %d failed)", ward.detail,
			(int)ward.failed - 1);
	expect(ret, "criu.tree");
	if (!left_memory || ward.changed != 1 + TREE_BIRTHS)
		judge_items();
}

/* Nobody may be left; then the same images must do for another restore. */
static void restore_again(void)
{
	const struct ward_how whole = { .slip = planted.slip, .way = criu_way() };
	int excused = criu_is_killed(1) && !criu_expects(planted.expects, KILLED_RESTORE_LEAVES);

	if (!excused && ward_look(&ward, 1))
		cf_fail(CF_LEAK, "criu.left", "%s", ward.detail);
	expect(ward_clear(&ward), "criu.tree");
	cf_mark("restore");
	expect(ward_restore_how(&ward, &whole), "criu.restore-again");
}

/* ---- dump and restore ------------------------------------------------------------------------- */

/* True if there is a tree to go on with. */
static int dump(int round)
{
	const struct ward_how so = how(0, round);
	int ret;

	cf_mark("dump");
	ret = ward_dump_how(&ward, &so);
	tell_failed_call("dump");
	if (ret == -EOPNOTSUPP)
		cf_unsupported("%s", ward.detail);
	if (known_dump(&ward, planted.expects, ret))
		return 0;
	if (known_failure(&ward, ret) && criu_may_fail(0)) {
		look_at_survivors();
		return 0;
	}
	expect(ret, "criu.dump");
	return 1;
}

/* True if there is a tree to go on with. */
static int restore(int round)
{
	const struct ward_how so = how(1, round);
	int ret;

	cf_mark("restore");
	ret = ward_restore_how(&ward, &so);
	tell_failed_call("restore");
	if (known_restore(&ward, planted.expects, ret))
		return 0;
	if (ret == -EIO && criu_may_fail(1))
		restore_again();
	else
		expect(ret, "criu.restore");
	return 1;
}

static void hear_tree(void)
{
	cf_mark("ask");
	expect(ward_ask(&ward), "criu.tree");
	judge_items();
}

/* Nothing else tells the explorer that one tree is unlike another: criu's own code is not seen. */
static void tell_params(void)
{
	for (unsigned i = 0; i < NO_PARAM; i++) {
		unsigned value = (unsigned)cf_param(i);

		if (i != SEED)
			cf_state(i * 16 + (value < 12 ? value : 12 + value % 4));
	}
}

static void checkpoint(unsigned index)
{
	(void)index;
	tell_params();
	planted = criu_planted();
	cf_external_begin();
	ready_ward();
	raise_tree();
	for (int i = 0; i < cf_param(ROUNDS); i++) {
		if (!dump(i))
			return; /* the ward is not trusted again */
		if (!cf_param(RUNS_ON) && !restore(i))
			return;
	}
	hear_tree();
	trusted = 1;
}

/* ---- description ------------------------------------------------------------------------------ */

static const char *unsupported(void)
{
	return ward_unsupported_for_trees(ward_criu(CRIU_PROGRAM), CRIU_TREE);
}

static const struct cf_role roles[] = {
	{ "checkpointer", NULL, checkpoint },
	{ NULL, NULL, NULL },
};

/* Of those in freezer/victim/kept.h. */
static const char *const keeps[] = {
	"dispositions", "pending-signals", "signal-values", "stop-state", "offsets",
	"file-flags",   "open-files",      "mapping-flags", "memory",     "shared-memory",
	"rseq",         "robust-list",     "call",          "timers",     "children",
	"inheritance",  "credentials",     "limits",        "umask",      "name",
	"scheduling",   "personality",     "seccomp",       "registers",  "flags",
	NULL,
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "criu",
	.summary = "the real criu dumps and restores a tree that looks for all it had",
	.flags = CF_KEEPS_DATA | CF_EXTERNAL_CALLS,
	.roles = roles,
	.params = criu_params,
	.variants = criu_variants,
	.unsupported = unsupported,
	.keeps = keeps,
};
