/* SPDX-License-Identifier: Apache-2.0
 *
 * Planted bugs: what a careless cure leaves wrong, while the victim is still stopped.
 */
#include "compel.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../freezer/victim/files.h"

static void write_code_byte(void)
{
	long word;
	void *at = (void *)(uintptr_t)witness_before()->code_address;

	raw4(SYS_ptrace, PTRACE_PEEKTEXT, victim.pid, at, &word);
	raw4(SYS_ptrace, PTRACE_POKETEXT, victim.pid, at, word ^ 0x90);
}

static void lose_r12(int tid)
{
	struct user_regs_struct regs;

	raw4(SYS_ptrace, PTRACE_GETREGS, tid, 0, &regs);
	regs.r12 = ~regs.r12;
	raw4(SYS_ptrace, PTRACE_SETREGS, tid, 0, &regs);
}

void lose_register(void)
{
	lose_r12(victim.pid);
}

/* Of the first one beside the first, which has been made soon after it. */
static void lose_register_of_thread(void)
{
	enum { NEAR = 100 };

	for (int tid = victim.pid + 1; tid < victim.pid + NEAR; tid++) {
		if (raw3(SYS_tgkill, victim.pid, tid, 0))
			continue;
		raw4(SYS_ptrace, PTRACE_SEIZE, tid, 0, 0);
		raw4(SYS_ptrace, PTRACE_INTERRUPT, tid, 0, 0);
		raw4(SYS_wait4, tid, 0, __WALL, 0);
		lose_r12(tid);
		raw4(SYS_ptrace, PTRACE_DETACH, tid, 0, 0);
		return;
	}
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

void plant_bugs_of_resume(void)
{
	if (is_careless(REGISTER_LOST_LATE))
		lose_register();
	if (is(STOP_LOST)) {
		raw2(SYS_kill, victim.pid, SIGCONT);
		spy.state = SPY_ALIVE;
	}
	if (is(THREAD_REGISTER_LOST))
		lose_register_of_thread();
	if (is(KILLED_INSTEAD) && disturb_deadly() && !disturb_sent()->stops)
		raw2(SYS_kill, victim.pid, SIGKILL);
}

int is_worn(enum variant v)
{
	return is(v) && cf_param(COMMANDS) > 2;
}

void plant_bugs(void)
{
	if (is_careless(CODE_NOT_RESTORED))
		write_code_byte();
	if (is_careless(REGISTER_LOST))
		lose_register();
	if (is_careless(RED_ZONE_OVERWRITTEN))
		write_byte(witness_before()->regs.rsp - 64);
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
