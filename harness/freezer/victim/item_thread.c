/* SPDX-License-Identifier: Apache-2.0
 *
 * Memory of a thread that the kernel knows of: its thread area (fs), struct rseq, the list of robust
 * futexes, and the word that is cleared when it ends. Registers and rseq are seen from outside
 * (snapshot.c). What glibc had registered in the process that we were forked from is given up.
 */
#include <asm/prctl.h>
#include <linux/futex.h>
#include <linux/rseq.h>
#include <sys/prctl.h>
#include <sys/rseq.h>

#include "raw.h"
#include "state.h"

enum { RSEQ_SIZE = 32, OTHER_SIGNATURE = 0x4a4b4c4d };

static uint64_t own_area, fs_of_libc;
static struct robust_list_head robust = { .list = { &robust.list } };
static uint32_t tid_word;
static struct rseq own_rseq __attribute__((aligned(32)));
/* A critical section in which it is not; before its end by abort is the signature. */
static const uint32_t end_by_abort[] = { OTHER_SIGNATURE, 0 };
static struct rseq_cs section __attribute__((aligned(32)));

static void set_rseq(void)
{
	uint64_t libcs = fs_of_libc + (uint64_t)__rseq_offset;

	raw4(SYS_rseq, libcs, RSEQ_SIZE, RSEQ_FLAG_UNREGISTER, RSEQ_SIG);
	state_must("rseq", raw4(SYS_rseq, &own_rseq, RSEQ_SIZE, 0, OTHER_SIGNATURE));
}

static void set(unsigned wish, uint64_t seed)
{
	raw2(SYS_arch_prctl, ARCH_GET_FS, &fs_of_libc);
	if (wish != STATE_THREAD_AREA)
		return;
	own_area = (seed * 0x9e3779b97f4a7c15ull) >> 20;
	set_rseq();
	state_must("set_robust_list", raw2(SYS_set_robust_list, &robust, sizeof(robust)));
	raw1(SYS_set_tid_address, &tid_word);
}

static void look(struct state_view *view, unsigned wish)
{
	uint64_t head = 0, size = 0, word = 0;

	(void)wish;
	state_must("get_robust_list", raw3(SYS_get_robust_list, 0, &head, &size));
	state_must("PR_GET_TID_ADDRESS", raw2(SYS_prctl, PR_GET_TID_ADDRESS, &word));
	state_see(view, "robust-list", "the head of the robust list", head);
	state_see(view, "robust-list", "the size of the robust list's head", size);
	state_see(view, "tid-address", "the word to be cleared", word);
}

void state_enter(void)
{
	if (!own_area)
		return;
	section.start_ip = 0x1000;
	section.post_commit_offset = 16;
	section.abort_ip = (uint64_t)(uintptr_t)&end_by_abort[1];
	own_rseq.rseq_cs = (uint64_t)(uintptr_t)&section;
	raw2(SYS_arch_prctl, ARCH_SET_FS, own_area);
}

void state_leave(void)
{
	if (own_area)
		raw2(SYS_arch_prctl, ARCH_SET_FS, fs_of_libc);
}

const struct state_ops state_thread = { .set = set, .look = look };
