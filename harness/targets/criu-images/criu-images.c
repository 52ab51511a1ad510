/* SPDX-License-Identifier: Apache-2.0
 *
 * The real criu restores a tree from damaged images. The tree is dumped once, whole; then one image
 * is damaged as the parameters say, and `criu restore` runs in a cage (freezer/criu/cage.h). There
 * are no events: what is explored are trees and damages.
 *
 * The rule: whatever was done, criu must end, not by a signal, and leave nobody behind when it
 * refuses, which it must say. If the structure was damaged (magic, lengths, types of fields,
 * references, ends of files), it must refuse, or else the tree must find all that it had: what
 * nobody reads, and the order of records, may be any. If only contents were changed (there are no
 * checksums), whatever it restores is right; a task that dies of its own other contents too.
 *
 * What CRIU is known to do against the rule is in known.c. The good variant lets that pass, precisely,
 * and `unforgiving` does not.
 */
#define _GNU_SOURCE
#include <cryofuzz.h>

#include <stdio.h>
#include <string.h>

#include "../../freezer/criu/cage.h"
#include "../../freezer/criu/image_orders.h"
#include "../../freezer/criu/tree_orders.h"
#include "known.h"

#ifndef CRIU_PROGRAM
#error "CRIU_PROGRAM and CRIU_TREE are set by criu-images.mk"
#endif

enum { TREE, IMAGE, WHICH, DAMAGE, AT, VALUE };

enum variant {
	REAL,
	UNFORGIVING,
	EXIT_IGNORED,
	CRIU_KILLED,
	CRIU_STOPPED,
	LEFT_OVER,
	MUTE,
	SPOILT,
	LOST,
};

static struct ward cage = WARD_NONE;
static int trusted; /* the cage has answered, and nobody hung in it */

static const uint32_t trees[] = {
	0,
	1u << TREE_STREAM | 1u << TREE_DATAGRAMS | 1u << TREE_PACKETS | 1u << TREE_CLOSED |
		1u << TREE_UNDER_WAY,
	1u << TREE_PIPE | 1u << TREE_FILES | 1u << TREE_COUNTERS,
	1u << TREE_SIGNALS | 1u << TREE_TIMERS | 1u << TREE_THREAD | 1u << TREE_DISPOSITIONS |
		1u << TREE_PROCESS,
	1u << TREE_CHILD | 1u << TREE_IPC | 1u << TREE_SPARSE,
};

enum { TREES = sizeof(trees) / sizeof(trees[0]) };

_Static_assert((int)TREES <= (int)IMAGES_TREES, "trees");

static enum image_slip slip(void)
{
	static const uint8_t slips[] = {
		[EXIT_IGNORED] = IMAGES_EXIT_IGNORED,
		[CRIU_KILLED] = IMAGES_KILLED,
		[CRIU_STOPPED] = IMAGES_STOPPED,
		[LEFT_OVER] = IMAGES_LEFT_OVER,
		[MUTE] = IMAGES_MUTE,
		[SPOILT] = IMAGES_SPOILT,
		[LOST] = IMAGES_LOST,
	};

	/* The default run is a refusal, and passes. */
	return cf_param(DAMAGE) == DAMAGE_CUT_INSIDE ? IMAGES_CAREFUL : slips[cf_variant()];
}

/* ---- the verdict ------------------------------------------------------------------------------ */

static const struct {
	enum cf_kind kind;
	const char *where; /* behind the name of the image */
	const char *what;
	int if_structural; /* only if the structure was damaged */
} faults[IMAGES_OUTCOMES] = {
	[IMAGES_CHANGED] = { CF_BAD_ACCEPT, "", "is restored, not as it was", 1 },
	[IMAGES_DEAD] = { CF_BAD_ACCEPT, "", "is restored, and the tree does not answer", 1 },
	[IMAGES_REFUSED_MUTELY] = { CF_INVARIANT, "", "is refused without a word", 0 },
	[IMAGES_CRASHED] = { CF_CRASH, "", "criu dies of it", 0 },
	[IMAGES_TASK_CRASHED] = { CF_CRASH, ".task", "a task dies of it while it is restored", 1 },
	[IMAGES_HUNG] = { CF_HANG, "", "criu never ends", 0 },
	[IMAGES_LEFT] = { CF_LEAK, "", "is refused, but somebody is still there", 0 },
};

static void judge(const struct image_result *r, int forgiving)
{
	unsigned damage = (unsigned)cf_param(DAMAGE);
	char site[40];

	if (r->outcome == IMAGES_NO_DUMP)
		cf_broken("no images to damage: %s", r->text);
	if (!r->damaged && r->outcome != IMAGES_SAME)
		cf_fail(CF_INVARIANT, "images.undamaged", "good images are not restored: %s",
			r->text);
	if (faults[r->outcome].what == NULL)
		return;
	if (faults[r->outcome].if_structural && !damage_is_structural(damage))
		return;
	if (forgiving && is_known(r->kind, damage, r->outcome))
		return;
	snprintf(site, sizeof(site), "images.%s%s", r->kind, faults[r->outcome].where);
	cf_fail(faults[r->outcome].kind, site, "%s: %s", faults[r->outcome].what, r->text);
}

/* The place of criu's complaint is the nearest thing to coverage of criu. */
static unsigned progress_of(const struct image_result *r)
{
	const char *place = strstr(r->text, "Error (");
	unsigned hash = r->outcome;

	for (; place != NULL && *place && *place != ')'; place++)
		hash = hash * 31 + (unsigned char)*place;
	return hash;
}

/* ---- one restore ------------------------------------------------------------------------------ */

static void ready_cage(void)
{
	int ret;

	if (!trusted || !ward_lives(&cage))
		cage_close(&cage);
	trusted = 0;
	if (cage.pid > 0)
		return;
	ret = cage_open_for_images(&cage, cf_fork_uncontrolled, ward_criu(CRIU_PROGRAM), CRIU_TREE);
	if (ret)
		cf_broken("there can be no cage: error %d", ret);
}

static void restore(unsigned index)
{
	const struct image_case order = {
		.setting = { .seed = 1, .carries = trees[cf_param(TREE)] },
		.damage = { .kind = (uint8_t)cf_param(DAMAGE),
			    .value = (uint8_t)cf_param(VALUE),
			    .image = (uint8_t)cf_param(IMAGE),
			    .which = (uint8_t)cf_param(WHICH),
			    .at = (uint16_t)cf_param(AT) },
		.tree = (uint32_t)cf_param(TREE),
		.slip = slip(),
	};
	struct image_result result;
	int ret;

	(void)index;
	cf_external_begin();
	ready_cage();
	cf_mark("restore");
	ret = cage_restore(&cage, &order, &result);
	if (ret)
		cf_broken("%s (error %d)", result.text, ret);
	trusted = result.outcome != IMAGES_HUNG && result.outcome != IMAGES_NO_DUMP;
	cf_state(progress_of(&result));
	judge(&result, cf_variant() != UNFORGIVING);
}

/* ---- description ------------------------------------------------------------------------------ */

static const char *unsupported(void)
{
	return ward_unsupported_for_trees(ward_criu(CRIU_PROGRAM), CRIU_TREE);
}

static const struct cf_role roles[] = {
	{ "restorer", NULL, restore },
	{ NULL, NULL, NULL },
};

static const struct cf_param_spec params[] = {
	[TREE] = { "tree", 0, TREES - 1, 0,
		   "the tree has 1: sockets, 2: pipe and files, 3: signals, timers and a thread, "
		   "4: a child, System V objects and a huge mapping" },
	[IMAGE] = { "image", 0, IMAGE_KINDS - 1, 13,
		    "which is damaged, 0: cgroup, core, fdinfo, fifo-data, files, 5: fs, "
		    "ghost-file, "
		    "ids, inventory, ipcns-sem, 10: ipcns-shm, ipcns-var, memfd, mm, pagemap, 15: "
		    "pagemap-shmem, pages, pipes-data, pstree, remap-fpath, 20: seccomp, "
		    "sk-queues, "
		    "timens" },
	[WHICH] = { "which", 0, DAMAGE_EACH, 0, "of several of these, 8: each of them" },
	[DAMAGE] = { "damage", 0, DAMAGE_KINDS - 1, DAMAGE_CUT_INSIDE,
		     "1: magic, 2: no magic, 3: ends after a record, 4: inside, 5: empty, 6: no "
		     "file, 7: more at the end, 8: a length, 9: a wire type, 10: a record twice, "
		     "11: "
		     "records swapped, 12: a reference; 13: a number, 14: a bit, 15: a raw bit" },
	[AT] = { "at", 0, 4095, 0, "where in the image" },
	[VALUE] = { "value", 0, DAMAGE_VALUES - 1, 0, "which other value" },
	{ NULL, 0, 0, 0, NULL },
};

static const struct cf_variant_spec variants[] = {
	[REAL] = { .name = "real",
		   .what = "criu as it is, what is known of it let pass",
		   .memory = CF_SC },
	[UNFORGIVING] = { "unforgiving", "what is known of criu counts", CF_SC,
			  "crash in images.mm.task", NULL },
	[EXIT_IGNORED] = { "exit-ignored", "criu's error is taken for success", CF_SC,
			   "bad-accept in images.mm", NULL },
	[CRIU_KILLED] = { "criu-killed", "criu gets a SIGSEGV", CF_SC, "crash in images.mm", NULL },
	[CRIU_STOPPED] = { "criu-stopped", "criu is stopped and never ends", CF_SC,
			   "hang in images.mm", NULL },
	[LEFT_OVER] = { "left-over", "a process is not cleaned up", CF_SC, "leak in images.mm",
			NULL },
	[MUTE] = { "mute", "criu's complaint is lost", CF_SC, "invariant in images.mm", NULL },
	[SPOILT] = { "spoilt", "a restored tree loses a byte", CF_SC, "bad-accept in images.mm",
		     NULL },
	[LOST] = { "lost", "an image of those that are whole is lost", CF_SC,
		   "invariant in images.undamaged" },
	{ NULL, NULL, CF_SC, NULL, NULL },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "criu-images",
	.summary = "the real criu restores from damaged images, in a cage",
	.flags = CF_KEEPS_DATA | CF_EXTERNAL_CALLS,
	.roles = roles,
	.params = params,
	.variants = variants,
	.unsupported = unsupported,
};
