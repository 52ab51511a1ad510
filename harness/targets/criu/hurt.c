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

static int is_here(int restore)
{
	return cf_param(HURT) == restore;
}

/* Where a kill hurts most: criu calls ptrace while others run for it, and waits while they are made. */
static struct ward_hurt killed(int restore)
{
	return (struct ward_hurt){
		.dies_at = (uint16_t)cf_param(DIES_AT),
		.call = restore ? WARD_WAIT : WARD_PTRACE,
	};
}

struct ward_hurt criu_hurt(int restore)
{
	unsigned each = cf_param(CALLS) == WARD_ANY_CALL ? 40 : 1;

	if (!is_here(restore))
		return (struct ward_hurt){ 0 };
	if (cf_param(DIES_AT))
		return killed(restore);
	return (struct ward_hurt){
		.fault = faults[cf_param(FAULT)].number,
		.fails_at = (uint16_t)(each * (unsigned)cf_param(FAILS_AT)),
		.call = (uint16_t)cf_param(CALLS),
	};
}

int criu_may_fail(int restore)
{
	if (!is_here(restore))
		return 0;
	return cf_param(DIES_AT) || cf_param(FAILS_AT) ||
	       faults[cf_param(FAULT)].fails == 1 + restore;
}
