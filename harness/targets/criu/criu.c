/* SPDX-License-Identifier: Apache-2.0
 *
 * The real criu: in a ward (freezer/criu) it dumps and restores a tree of processes that holds
 * what the parameters say, in the place that they say; then the tree looks whether all of it came
 * back. criu's own work is not controlled, so there are no events: what is explored are the trees.
 *
 * Limits that CRIU documents are no findings: a wait with a time-out may end with EINTR. Known
 * weaknesses have variants of their own, for which the good one makes up.
 */
#define _GNU_SOURCE
#include <cryofuzz.h>

#include <errno.h>

#include "../../freezer/criu/tree_orders.h"
#include "plant.h"

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

	if (!trusted)
		ward_close(&ward);
	trusted = 0;
	if (ward.pid > 0)
		return;
	ret = ward_open_for_trees(&ward, cf_fork_uncontrolled, ward_criu(CRIU_PROGRAM), CRIU_TREE);
	if (ret)
		cf_fail(CF_INVARIANT, "criu.ward", "no namespaces: error %d", ret);
}

/* What a step refuses. */
static void expect(int ret, const char *site)
{
	if (!ret)
		return;
	if (ret == -ETIME || ret == -ETIMEDOUT)
		cf_fail(CF_HANG, site, "%s: %s", ward.stage, ward.detail);
	if (ret == -ESRCH)
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
		.spoils = planted.spoils,
		.minds = planted.minds,
	};

	cf_mark("raise");
	expect(ward_raise(&ward, &setting), "criu.tree");
}

static void hear_tree(void)
{
	cf_mark("ask");
	expect(ward_ask(&ward), "criu.tree");
	if (ward.changed)
		cf_fail(criu_items[ward.changed - 1].kind, criu_items[ward.changed - 1].site, "%s",
			ward.detail);
}

static void checkpoint(unsigned index)
{
	(void)index;
	planted = criu_planted();
	cf_external_begin();
	ready_ward();
	raise_tree();
	cf_mark("dump");
	expect(ward_dump(&ward, cf_param(RUNS_ON), planted.slip), "criu.dump");
	if (!cf_param(RUNS_ON)) {
		cf_mark("restore");
		expect(ward_restore(&ward, planted.slip), "criu.restore");
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
	"dispositions",
	"pending-signals",
	"signal-values",
	"offsets",
	"file-flags",
	"open-files",
	"mapping-flags",
	"memory",
	"shared-memory",
	"rseq",
	"robust-list",
	"call",
	"timers",
	"children",
	"inheritance",
	"credentials",
	"limits",
	"umask",
	"name",
	"scheduling",
	"personality",
	"seccomp",
	NULL,
};

static const struct cf_channel channels[] = { { NULL, NULL, NULL, NULL } };

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "criu",
	.summary = "the real criu dumps and restores a tree that looks for all it had",
	.flags = CF_KEEPS_DATA | CF_EXTERNAL_CALLS,
	.roles = roles,
	.params = criu_params,
	.variants = criu_variants,
	.channels = channels,
	.unsupported = unsupported,
	.keeps = keeps,
};
