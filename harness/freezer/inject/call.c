/* SPDX-License-Identifier: Apache-2.0
 *
 * System calls that the victim makes for the injector, with code of ours in the page that it was
 * executing.
 *
 * The tracer may die at any of these steps; the kernel then lets the victim go on at once. So behind
 * the call stands a jump to itself, and patching and unpatching go by way of one: wherever the victim
 * is left, it runs in its own code, or holds still until an heir has come (heir.c).
 */
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "door.h"
#include "inject.h"

#define CALL_STOP (SIGTRAP | 0x80) /* with PTRACE_O_TRACESYSGOOD */

enum { NO_CALL = -1, LARGEST_FD = 1 << 20 };

static int poke(struct inject *in, enum inject_code patched, uint64_t code)
{
	int ret;

	in->patched = INJECT_HOLDS;
	ret = inject_trace(in, PTRACE_POKETEXT, in->code_address, code);
	if (!ret)
		in->patched = patched;
	return ret;
}

static int aim(struct inject *in, long nr, const uint64_t args[6])
{
	in->calling = nr;
	in->held = 0;
	return machine_set_call(in->pid, &in->saved, in->code_address, nr, args);
}

static int poke_call(struct inject *in)
{
	return poke(in, INJECT_CALLS, machine_call_code());
}

/* With its own registers it must not run into a call of ours, nor into its own code with those of a
 * call. While its code is its own it is the parasite, and runs elsewhere. */
static int begin_call(struct inject *in, long nr, const uint64_t args[6])
{
	int ret = in->patched ? 0 : poke_call(in);

	if (!ret)
		ret = aim(in, nr, args);
	return ret || in->patched == INJECT_CALLS ? ret : poke_call(in);
}

int inject_patch(struct inject *in)
{
	in->changed = 1;
	return poke(in, INJECT_HOLDS, machine_hold_code());
}

int inject_hold(struct inject *in)
{
	const uint64_t none[6] = { 0 };
	int ret = in->held ? 0 : aim(in, NO_CALL, none);

	return ret ? ret : poke(in, INJECT_HOLDS, machine_hold_code());
}

int inject_unpatch(struct inject *in)
{
	return poke(in, INJECT_OWN_CODE, in->code);
}

int inject_let_out(struct inject *in)
{
	return poke(in, INJECT_LETS_OUT, machine_way_out());
}

int inject_is_out(struct inject *in)
{
	int out = in->patched == INJECT_LETS_OUT ? machine_is_out(in->pid, in->code_address) : 0;

	in->held = out > 0;
	return out;
}

/* Lets it go on until the call begins, and again until it ends. */
static int run_to_call(struct inject *in)
{
	int status, signal = 0, ret;

	do {
		ret = inject_go(in, PTRACE_SYSCALL, signal);
		if (!ret)
			ret = inject_await_stop(in, &status);
		if (ret)
			return ret;
		in->running = 0;
		signal = inject_signal_of(in, status);
		if (signal < 0)
			return signal;
	} while (WSTOPSIG(status) != CALL_STOP);
	return 0;
}

int inject_break_call(struct inject *in, long nr, uint64_t a, uint64_t b)
{
	const uint64_t args[6] = { a, b, 0, 0, 0, 0 };
	int ret = begin_call(in, nr, args);

	if (!ret)
		ret = run_to_call(in);
	if (!ret)
		ret = inject_go(in, PTRACE_CONT, 0);
	return ret ? ret : inject_interrupt(in);
}

static int make_call(struct inject *in, int64_t *result)
{
	int ret = run_to_call(in);

	if (!ret)
		ret = run_to_call(in);
	return ret ? ret : machine_get_result(in->pid, in->code_address, result);
}

int64_t inject_call(struct inject *in, long nr, uint64_t a, uint64_t b, uint64_t c, uint64_t d,
		    uint64_t e, uint64_t f)
{
	const uint64_t args[6] = { a, b, c, d, e, f };
	int64_t result = 0;
	int ret = begin_call(in, nr, args);

	in->in_call = 1;
	if (!ret)
		ret = make_call(in, &result);
	in->in_call = ret != 0;
	in->held = !ret;
	return ret ? ret : result;
}

int inject_learn(struct inject *in)
{
	int64_t result;
	int held = machine_is_held(in->pid, in->code_address, &result);

	if (held <= 0)
		return held;
	if (in->calling == SYS_memfd_create && result >= 0 && result < LARGEST_FD)
		in->memory_there = (int)result;
	if (in->calling == SYS_mmap && result >= INJECT_PAGE && result % INJECT_PAGE == 0)
		in->remote = (uint64_t)result;
	return held;
}

int inject_end_call(struct inject *in)
{
	int ret = in->in_call && !in->running ? inject_go(in, PTRACE_CONT, 0) : 0;

	if (!ret)
		ret = inject_interrupt(in);
	if (!ret && in->in_call)
		ret = inject_learn(in);
	in->in_call = 0;
	return ret < 0 ? ret : 0;
}
