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
	{ 0, 0 },   { 1, 1 }, /* it dies early in the dump */
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

/* The values of the param hurt. Those with a number stand for several params: that call of criu fails. */
enum hurt {
	THE_DUMP,
	THE_RESTORE,
	DIES_EARLY,
	IS_INTERRUPTED, /* as it waits for what is restored */
	IS_CUT_SHORT, /* by a page server that it can't send its first pages to */
	CANT_LET_GO, /* of a child that it has just seized */
	CANT_ATTACH, /* to what it has restored */
	CANT_UNMAP, /* what it restored with */
	CANT_MAP, /* what it shares with its parasite */
	CANT_LIST_THREADS,
	CANT_LIST_FILES,
	CANT_HEAR, /* what the kernel knows of sockets */
	CANT_READ, /* of a descriptor */
};

static const struct {
	uint8_t restore, fails_at, call;
} hurts[] = {
	[THE_DUMP] = { 0, 0, 0 },
	[THE_RESTORE] = { 1, 0, 0 },
	[DIES_EARLY] = { 1, 0, 0 },
	[IS_INTERRUPTED] = { 1, 3, WARD_WAIT },
	[IS_CUT_SHORT] = { 0, 2, WARD_WRITE },
	[CANT_LET_GO] = { 0, 8, WARD_PTRACE },
	[CANT_ATTACH] = { 1, 5, WARD_PTRACE },
	[CANT_UNMAP] = { 1, 2, WARD_SET_REGISTERS },
	[CANT_MAP] = { 0, 9, WARD_MAP },
	[CANT_LIST_THREADS] = { 0, 1, WARD_LIST },
	[CANT_LIST_FILES] = { 0, 5, WARD_LIST },
	[CANT_HEAR] = { 0, 1, WARD_RECEIVE },
	[CANT_READ] = { 0, 29, WARD_READ_OF_FD },
};

_Static_assert(sizeof(hurts) / sizeof(hurts[0]) == CRIU_HURTS, "hurts");

enum { WAITS_OF_SEIZING = 10 };

static unsigned fails_at(void)
{
	const unsigned number = hurts[cf_param(HURT)].fails_at;

	return number ? number : (unsigned)cf_param(FAILS_AT);
}

static unsigned calls(void)
{
	const unsigned i = (unsigned)cf_param(HURT);

	return hurts[i].fails_at ? hurts[i].call : (unsigned)cf_param(CALLS);
}

uint32_t criu_way(void)
{
	return cf_param(HURT) == IS_CUT_SHORT ? WARD_BY_PAGE_SERVER : (uint32_t)cf_param(WAY);
}

/* With several at once nobody is hurt: whoever is left would be of those that are not. */
static int is_here(int restore)
{
	return !cf_param(BESIDE) && hurts[cf_param(HURT)].restore == restore;
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

int criu_adds_child(void)
{
	return cf_param(HURT) == CANT_LET_GO;
}

int criu_is_refused(int restore, unsigned failed)
{
	return is_here(restore) && failed == 1 + SYS_ptrace;
}

int criu_has_failed_call(unsigned failed)
{
	return is_here(0) && failed != 0;
}

int criu_cant_list(int restore, unsigned failed)
{
	return is_here(restore) && failed == 1 + SYS_getdents64;
}

int criu_cant_read(unsigned failed)
{
	return is_here(0) && failed == 1 + SYS_read;
}

int criu_cant_hear(unsigned failed)
{
	return is_here(0) && (failed == 1 + SYS_recvmsg || failed == 1 + SYS_recvfrom);
}

int criu_cant_map(unsigned failed)
{
	return is_here(0) && failed == 1 + SYS_mmap;
}

int criu_is_cut_short(unsigned failed)
{
	return is_here(0) && criu_way() == WARD_BY_PAGE_SERVER && failed == 1 + SYS_splice;
}
