/* SPDX-License-Identifier: Apache-2.0
 *
 * criu's own faults are numbers that its sources name; the ones from 127 on are ways to go that must lead to
 * the same end.
 */
#include "hurt.h"

#include <sys/syscall.h>

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

/* The values of the param hurt. Two of them stand for several params: a wait for what is restored is
 * interrupted, and the first pages that go to a page server can't be sent. */
enum { THE_DUMP, THE_RESTORE, DIES_EARLY, IS_INTERRUPTED, IS_CUT_SHORT };
enum { WAIT_FOR_TASK = 3, FIRST_PAGES = 2, WAITS_OF_SEIZING = 10 };

static unsigned fails_at(void)
{
	switch (cf_param(HURT)) {
	case IS_INTERRUPTED:
		return WAIT_FOR_TASK;
	case IS_CUT_SHORT:
		return FIRST_PAGES;
	default:
		return (unsigned)cf_param(FAILS_AT);
	}
}

static unsigned calls(void)
{
	switch (cf_param(HURT)) {
	case IS_INTERRUPTED:
		return WARD_WAIT;
	case IS_CUT_SHORT:
		return WARD_WRITE;
	default:
		return (unsigned)cf_param(CALLS);
	}
}

uint32_t criu_way(void)
{
	return cf_param(HURT) == IS_CUT_SHORT ? WARD_BY_PAGE_SERVER : (uint32_t)cf_param(WAY);
}

/* With several at once nobody is hurt: whoever is left would be of those that are not. */
static int is_here(int restore)
{
	const int dump = cf_param(HURT) == THE_DUMP || cf_param(HURT) == IS_CUT_SHORT;

	return !cf_param(BESIDE) && dump == !restore;
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
 * inotify and fanotify watch it finds without handles (128) only in the few folders that it searches for
 * inodes. */
static int is_too_much(unsigned number)
{
	return (cf_param(SPARSE) && (number == 129 || number == 135)) ||
	       ((cf_param(COUNTERS) == 5 || cf_param(COUNTERS) == 7) && number == 128);
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

int criu_is_interrupted(int restore, unsigned failed)
{
	return is_here(restore) && (failed == 1 + SYS_wait4 || failed == 1 + SYS_waitid);
}

int criu_harms_by_chance(void)
{
	return calls() != WARD_WAIT || fails_at() <= WAITS_OF_SEIZING;
}

int criu_is_cut_short(unsigned failed)
{
	return is_here(0) && criu_way() == WARD_BY_PAGE_SERVER && failed == 1 + SYS_splice;
}
