/* SPDX-License-Identifier: Apache-2.0
 *
 * criu's own faults are numbers that its sources name; the ones from 127 on are ways to go that must lead to
 * the same end.
 */
#include "hurt.h"

#include "params.h"

static const struct {
	uint16_t number;
	uint8_t fails; /* 0: never, 1: the dump, 2: the restore */
} faults[1 + CRIU_FAULTS] = {
	{ 0, 0 },   { 1, 1 }, /* it is killed early in the dump */
	{ 2, 2 }, /* the root can't be restored */
	{ 3, 1 }, /* pages can't be dumped */
	{ 4, 2 }, /* a deleted file can't be made again */
	{ 5, 1 }, /* the parasite can't connect */
	{ 6, 2 }, /* what comes after the restore fails */
	{ 7, 2 }, /* so does what comes late in it */
	{ 8, 2 }, /* and the attachment to the restored ones */
	{ 127, 0 }, /* the vDSO by trampolines */
	{ 128, 0 }, /* files by handles */
	{ 129, 0 }, /* the parasite without a memfd */
	{ 130, 0 }, /* without breakpoints */
	{ 131, 0 }, /* pages in parts */
	{ 133, 0 }, /* the vDSO can't be mapped */
	{ 135, 0 }, /* pages found without PAGEMAP_SCAN */
	{ 137, 0 }, /* processes stopped by an interrupt only */
};

_Static_assert(sizeof(faults) / sizeof(faults[0]) == 1 + CRIU_FAULTS, "faults");

/* With several at once nobody is hurt: whoever is left would be of those that are not. */
/* The params for one that is interrupted while it waits for what it restores. */
enum { DIES_EARLY = 2, IS_INTERRUPTED = 3, WAIT_FOR_TASK = 3 };

static unsigned fails_at(void)
{
	return cf_param(HURT) == IS_INTERRUPTED ? WAIT_FOR_TASK : (unsigned)cf_param(FAILS_AT);
}

static unsigned calls(void)
{
	return cf_param(HURT) == IS_INTERRUPTED ? WARD_WAIT : (unsigned)cf_param(CALLS);
}

static int is_here(int restore)
{
	return !cf_param(BESIDE) && (cf_param(HURT) != 0) == restore;
}

static int fault_fails(int restore)
{
	return !cf_param(BESIDE) && faults[cf_param(FAULT)].fails == 1 + restore;
}

/* Where a kill hurts most: criu calls ptrace while others run for it, and waits while they are made. */
static struct ward_hurt killed(int restore)
{
	return (struct ward_hurt){
		.dies_at = (uint16_t)(cf_param(HURT) == DIES_EARLY ? 1 : cf_param(DIES_AT)),
		.call = restore ? WARD_WAIT : WARD_PTRACE,
	};
}

int criu_is_killed(int restore)
{
	return is_here(restore) && (cf_param(DIES_AT) || cf_param(HURT) == DIES_EARLY);
}

/* Where a way to go leads nowhere by right. Over tebibytes criu reads eight bytes of /proc for each page that
 * is not there without PAGEMAP_SCAN (135), for minutes, and may find no room without a memfd (129). What
 * inotify watches it finds without handles (128) only in the few folders that it searches for inodes. */
static int is_too_much(unsigned number)
{
	return (cf_param(SPARSE) && (number == 129 || number == 135)) ||
	       (cf_param(COUNTERS) == 5 && number == 128);
}

/* A fault of the dump is none of the restore, and the other way round. */
static uint16_t fault(int restore)
{
	unsigned i = (unsigned)cf_param(FAULT);
	int here = faults[i].fails ? fault_fails(restore) : is_here(restore);

	return here && !is_too_much(faults[i].number) ? faults[i].number : 0;
}

struct ward_hurt criu_hurt(int restore)
{
	unsigned each = calls() == WARD_ANY_CALL ? 40 : 1;
	struct ward_hurt hurt = { .fault = fault(restore) };

	if (criu_is_killed(restore))
		return killed(restore);
	if (is_here(restore)) {
		hurt.fails_at = (uint16_t)(each * fails_at());
		hurt.call = (uint16_t)calls();
	}
	return hurt;
}

int criu_may_fail(int restore)
{
	return criu_is_killed(restore) || (is_here(restore) && fails_at()) || fault_fails(restore);
}

int criu_is_interrupted(int restore)
{
	return is_here(restore) && !criu_is_killed(restore) && fails_at() && calls() == WARD_WAIT;
}
