/* SPDX-License-Identifier: Apache-2.0
 *
 * Planted bugs: what a careless cure leaves wrong, while the victim is still stopped.
 */
#include "compel.h"

#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../../freezer/victim/files.h"

static void write_code_byte(void)
{
	long word;
	void *at = (void *)(uintptr_t)state_before()->code_address;

	raw4(SYS_ptrace, PTRACE_PEEKTEXT, victim.pid, at, &word);
	raw4(SYS_ptrace, PTRACE_POKETEXT, victim.pid, at, word ^ 0x90);
}

void lose_register(void)
{
	struct user_regs_struct regs;

	raw4(SYS_ptrace, PTRACE_GETREGS, victim.pid, 0, &regs);
	regs.r12 = ~regs.r12;
	raw4(SYS_ptrace, PTRACE_SETREGS, victim.pid, 0, &regs);
}

static void write_byte(uint64_t address)
{
	uint8_t byte = 0;
	struct iovec here = { &byte, 1 }, there = { (void *)(uintptr_t)address, 1 };

	raw6(SYS_process_vm_readv, victim.pid, &here, 1, &there, 1, 0);
	byte = ~byte;
	raw6(SYS_process_vm_writev, victim.pid, &here, 1, &there, 1, 0);
}

static void lose_signal_mask(void)
{
	uint64_t none = 0;

	raw4(SYS_ptrace, PTRACE_SETSIGMASK, victim.pid, sizeof(none), &none);
}

static void lose_limit(void)
{
	static const struct rlimit64 lower = { 0, 4096 };

	raw4(SYS_prlimit64, victim.pid, RLIMIT_MSGQUEUE, &lower, 0);
}

/* It is of the open file, whoever has it. */
static void lose_offset(void)
{
	long pidfd = raw2(SYS_pidfd_open, victim.pid, 0);
	long file = raw3(SYS_pidfd_getfd, pidfd, STATE_FILE, 0);

	raw3(SYS_lseek, file, 0, SEEK_SET);
	if (file >= 0)
		raw1(SYS_close, file);
	raw1(SYS_close, pidfd);
}

void plant_bugs(void)
{
	if (is_careless(CODE_NOT_RESTORED))
		write_code_byte();
	if (is_careless(REGISTER_LOST))
		lose_register();
	if (is_careless(RED_ZONE_OVERWRITTEN))
		write_byte(state_before()->regs.rsp - 64);
	if (is_careless(DATA_OVERWRITTEN))
		write_byte((uintptr_t)victim_page_address() + 1000);
	if (is_careless(SIGNAL_MASK_LOST))
		lose_signal_mask();
	if (is_careless(LIMIT_LOST))
		lose_limit();
	if (is_careless(OFFSET_LOST))
		lose_offset();
	if (is_careless(SIGNAL_ADDED))
		raw2(SYS_kill, victim.pid, VICTIM_BLOCKED_SIGNAL);
}
