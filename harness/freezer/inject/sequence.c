/* SPDX-License-Identifier: Apache-2.0
 *
 * Restartable sequences (rseq). A victim in the middle of one goes on in its abort handler: the kernel
 * sends it there on its way out of the stop, if it finds it between the sequence's bounds. But a call
 * made elsewhere meanwhile makes the kernel forget the sequence, since it was left. So that the
 * victim stands in it is put back with the registers; else it would go on in the middle.
 */
#include <errno.h>
#include <linux/rseq.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#include "door.h"
#include "inject.h"

static int read_there(const struct inject *in, uint64_t address, void *data, size_t size)
{
	struct iovec here = { data, size }, there = { (void *)(uintptr_t)address, size };
	long n = raw6(SYS_process_vm_readv, in->pid, &here, 1, &there, 1, 0);

	return n == (long)size ? 0 : n < 0 ? (int)n : -EFAULT;
}

/* Where the kernel looks for the sequence that the victim is in; 0: it never is. */
static uint64_t word_of(const struct inject *in)
{
	struct __ptrace_rseq_configuration area = { 0 };
	long ret = raw4(SYS_ptrace, PTRACE_GET_RSEQ_CONFIGURATION, in->pid, sizeof(area), &area);

	if (ret < (long)sizeof(area) || !area.rseq_abi_pointer)
		return 0;
	return area.rseq_abi_pointer + offsetof(struct rseq, rseq_cs);
}

int inject_save_sequence(struct inject *in)
{
	struct rseq_cs bounds;
	uint64_t pc, at = word_of(in);
	int ret;

	in->sequence_word = 0;
	if (!at || read_there(in, at, &in->sequence, sizeof(in->sequence)) || !in->sequence)
		return 0;
	ret = read_there(in, in->sequence, &bounds, sizeof(bounds));
	if (!ret)
		ret = machine_get_pc(in->pid, &pc);
	if (!ret && pc - bounds.start_ip < bounds.post_commit_offset)
		in->sequence_word = at;
	return ret;
}

int inject_put_back_sequence(struct inject *in)
{
	if (!in->sequence_word || in->slip == INJECT_SEQUENCE_LOST)
		return 0;
	return inject_trace(in, PTRACE_POKEDATA, in->sequence_word, in->sequence);
}
