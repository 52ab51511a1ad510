/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls that a careless cure makes in the victim, each of which changes an item of its state. What they
 * need lies in the parasite's memory. A call that fails is the last one of its slip: what it is about
 * is not there.
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

#include <linux/filter.h>
#include <linux/rseq.h>
#include <linux/seccomp.h>

#include "../victim/files.h"
#include "../victim/layout.h"
#include "../victim/raw.h"
#include "../victim/victim.h"
#include "inject.h"

enum { WORDS = 8, SCRATCH = INJECT_PAGE / 2 };

#define PRIVATE_STACK (1u << 31) /* SS_AUTODISARM */

/* In place of arguments: the victim's pid, and the address of the data. */
#define SELF 0x7e1f000000000000ull
#define DATA 0x7da7a00000000000ull

#define QUEUED (1ull << (VICTIM_QUEUED_SIGNAL - 1))
#define BY_QUEUE 0xffffffffull /* SI_QUEUE */

static const struct careless {
	enum inject_slip slip;
	long nr;
	uint64_t args[6];
	uint64_t data[WORDS];
} calls[] = {
	{ INJECT_STACK_LOST, SYS_sigaltstack, { DATA }, { 0, SS_DISABLE } },
	{ INJECT_SIGNAL_LOST, SYS_rt_sigtimedwait, { DATA, 0, DATA + 16, 8 }, { ~0ull } },
	{ INJECT_SIGNAL_ADDED, SYS_kill, { SELF, VICTIM_BLOCKED_SIGNAL }, { 0 } },
	{ INJECT_VALUE_LOST, SYS_rt_sigtimedwait, { DATA, 0, DATA + 16, 8 }, { QUEUED } },
	{ INJECT_VALUE_LOST,
	  SYS_rt_tgsigqueueinfo,
	  { SELF, SELF, VICTIM_QUEUED_SIGNAL, DATA },
	  { VICTIM_QUEUED_SIGNAL, BY_QUEUE, 0, 0xbad } },
	{ INJECT_HANDLER_LOST, SYS_rt_sigaction, { STATE_HANDLED, DATA, 0, 8 }, { 0 } },
	{ INJECT_OFFSET_LOST, SYS_lseek, { STATE_FILE, 0, SEEK_SET }, { 0 } },
	{ INJECT_APPEND_LOST, SYS_fcntl, { STATE_MEMORY, F_SETFL, O_NONBLOCK }, { 0 } },
	{ INJECT_FILE_SWAPPED, SYS_fcntl, { STATE_EVENT, F_GETFD }, { 0 } },
	{ INJECT_FILE_SWAPPED, SYS_dup3, { STATE_TIMER, STATE_EVENT, 0 }, { 0 } },
	{ INJECT_UNLOCKED, SYS_munlock, { STATE_PAGE(STATE_LOCKED), INJECT_PAGE }, { 0 } },
	{ INJECT_PAGE_CHANGED, SYS_getrandom, { STATE_PAGE(STATE_PRIVATE), 8 }, { 0 } },
	{ INJECT_SHARED_CHANGED, SYS_getrandom, { STATE_PAGE(STATE_SHARED), 8 }, { 0 } },
	{ INJECT_ROBUST_LOST, SYS_set_robust_list, { 0, 24 }, { 0 } },
	{ INJECT_TID_ADDRESS_LOST, SYS_set_tid_address, { DATA }, { 0 } },
	{ INJECT_CHILD_REAPED, SYS_wait4, { ~0ull, 0, WNOHANG }, { 0 } },
	{ INJECT_TIMER_OFF, SYS_setitimer, { ITIMER_REAL, DATA }, { 0 } },
	{ INJECT_TIMER_EARLY, SYS_timer_settime, { 0, 0, DATA }, { 0, 0, 600 } },
	{ INJECT_PRIVILEGES_LOST, SYS_prctl, { PR_SET_NO_NEW_PRIVS, 1 }, { 0 } },
	{ INJECT_LIMIT_LOST, SYS_prlimit64, { 0, RLIMIT_MSGQUEUE, DATA }, { 0, 4096 } },
	{ INJECT_UMASK_LOST, SYS_umask, { 077 }, { 0 } },
	{ INJECT_NAME_LOST, SYS_prctl, { PR_SET_NAME, DATA }, { 0x6574697361726170 } },
	{ INJECT_POLICY_LOST, SYS_sched_setscheduler, { 0, SCHED_OTHER, DATA }, { 0 } },
	{ INJECT_NOT_INHERITED,
	  SYS_sched_setscheduler,
	  { 0, SCHED_BATCH | SCHED_RESET_ON_FORK, DATA },
	  { 0 } },
	{ INJECT_PERSONALITY_LOST, SYS_personality, { ADDR_NO_RANDOMIZE }, { 0 } },
	{ INJECT_FILTER_ADDED,
	  SYS_prctl,
	  { PR_SET_SECCOMP, SECCOMP_MODE_FILTER, DATA },
	  { 1, DATA + 16, BPF_RET | BPF_K | (uint64_t)SECCOMP_RET_ALLOW << 32 } },
};

static uint8_t *scratch(const struct inject *in)
{
	return in->local + INJECT_PAGE + SCRATCH;
}

static uint64_t resolve(const struct inject *in, uint64_t word)
{
	if (word == SELF)
		return (uint64_t)in->pid;
	if (word - DATA < INJECT_PAGE)
		return inject_args_address(in) + SCRATCH + (word - DATA);
	return word;
}

static int64_t make(struct inject *in, const struct careless *c)
{
	uint64_t args[6], data[WORDS];

	for (unsigned i = 0; i < 6; i++)
		args[i] = resolve(in, c->args[i]);
	for (unsigned i = 0; i < WORDS; i++)
		data[i] = resolve(in, c->data[i]);
	memset(scratch(in), 0, INJECT_PAGE / 4);
	memcpy(scratch(in), data, sizeof(data));
	return inject_call(in, c->nr, args[0], args[1], args[2], args[3], args[4], args[5]);
}

/* The stack stays, but a handler on it may be interrupted there by another one. */
static void keep_stack_armed(struct inject *in)
{
	const uint64_t at = inject_args_address(in) + SCRATCH;
	uint32_t flags;

	inject_call(in, SYS_sigaltstack, 0, at, 0, 0, 0, 0);
	memcpy(&flags, scratch(in) + 8, sizeof(flags));
	flags &= ~PRIVATE_STACK;
	memcpy(scratch(in) + 8, &flags, sizeof(flags));
	inject_call(in, SYS_sigaltstack, at, 0, 0, 0, 0, 0);
}

static void unregister_rseq(struct inject *in)
{
	struct __ptrace_rseq_configuration c = { 0 };

	if (inject_trace(in, PTRACE_GET_RSEQ_CONFIGURATION, sizeof(c), (uint64_t)(uintptr_t)&c) > 0)
		inject_call(in, SYS_rseq, c.rseq_abi_pointer, c.rseq_abi_size, RSEQ_FLAG_UNREGISTER,
			    c.signature, 0, 0);
}

static void take_and_resend(struct inject *in)
{
	static const struct careless take = {
		INJECT_RESENT, SYS_rt_sigtimedwait, { DATA, 0, DATA + 16, 8 }, { ~0ull }
	};
	int64_t signal = make(in, &take);

	if (signal > 0)
		raw2(SYS_kill, in->pid, signal);
}

/* What the kernel keeps of a call with a time-out is of the last one that was interrupted. */
static void sleep_carelessly(struct inject *in)
{
	const struct timespec moment = { .tv_nsec = 1000000 }, long_time = { .tv_nsec = 300000000 };

	memcpy(scratch(in), in->slip == INJECT_TIME_LOST ? &moment : &long_time, sizeof(moment));
	inject_break_call(in, SYS_nanosleep, inject_args_address(in) + SCRATCH, 0);
}

void inject_call_carelessly(struct inject *in)
{
	int64_t ret = 0;

	if (!in->local)
		return;
	if (in->slip == INJECT_RESENT)
		take_and_resend(in);
	if (in->slip == INJECT_TIME_LOST || in->slip == INJECT_TIME_ANEW)
		sleep_carelessly(in);
	if (inject_slips(in, INJECT_AUTODISARM_LOST))
		keep_stack_armed(in);
	if (inject_slips(in, INJECT_RSEQ_LOST))
		unregister_rseq(in);
	for (unsigned i = 0; i < sizeof(calls) / sizeof(calls[0]) && ret >= 0; i++)
		if (inject_slips(in, calls[i].slip))
			ret = make(in, &calls[i]);
}
