/* SPDX-License-Identifier: Apache-2.0
 *
 * What a call needs, made before and tidied up after it; above all the releaser, a child that lets it go.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>

#include "births.h"
#include "calls.h"
#include "raw.h"

#define SA_RESTORER 0x04000000

long call_releaser;

/* It ends with its victim, which holds the pipe's other end. */
static _Noreturn void release_once(const struct call *call)
{
	uint64_t word;

	raw1(SYS_close, VICTIM_FD);
	raw1(SYS_close, CALL_FAR);
	if (call->begin) {
		call->begin();
		__atomic_store_n(&call_shared[CALL_BEGUN], 1, __ATOMIC_RELEASE);
	}
	if (raw3(SYS_read, CALL_SPARE, &word, sizeof(word)) > 0)
		call->act();
	for (;;)
		raw1(SYS_exit_group, VICTIM_CHILD_STATUS);
}

/* A child that acts once a word comes to CALL_FAR. */
static int start_releaser(const struct call *call)
{
	int ends[2];
	long ret = raw2(SYS_pipe2, ends, O_CLOEXEC);

	if (ret < 0)
		return (int)ret;
	raw2(SYS_dup2, ends[1], CALL_FAR);
	raw2(SYS_dup2, ends[0], CALL_SPARE);
	raw1(SYS_close, ends[0]);
	raw1(SYS_close, ends[1]);
	/* its end sends no signal */
	call_releaser = raw5(SYS_clone, 0, 0, 0, 0, 0);
	if (call_releaser == 0)
		release_once(call);
	raw1(SYS_close, CALL_SPARE);
	while (call_releaser > 0 && call->begin &&
	       !__atomic_load_n(&call_shared[CALL_BEGUN], __ATOMIC_ACQUIRE))
		raw1(SYS_sched_yield, 0);
	return call_releaser < 0 ? (int)call_releaser : 0;
}

int call_prepare(const struct call *call, struct victim_told *told)
{
	int ret = call->prepare ? call->prepare(told) : 0;

	if (!ret && call->act)
		ret = start_releaser(call);
	if (call->flags & CALL_GIVES_CHILD)
		told->result = call_releaser;
	if (call->flags & CALL_AWAITS_CHILD)
		told->arg[call->number == SYS_waitid] = (uint64_t)call_releaser;
	return ret;
}

void call_enter(const struct call *call, struct victim_told *told)
{
	if (call->flags & CALL_BEARS)
		birth_enter();
	if (call->flags & CALL_REPLACES)
		execute_enter();
	if (call->flags & CALL_HANDLES)
		call_handle(call_count, 0);
	if (!(call->flags & CALL_GIVES_FILE))
		return;
	told->result = raw1(SYS_dup, VICTIM_FD); /* the lowest that is free */
	raw1(SYS_close, told->result);
}

int call_handle(void (*handler)(int), int on_own_stack)
{
	const struct {
		void (*handler)(int);
		uint64_t flags;
		void (*restorer)(void);
		uint64_t mask;
	} action = { handler, SA_RESTORER | (on_own_stack ? SA_ONSTACK : 0), victim_restorer, 0 };

	return (int)raw4(SYS_rt_sigaction, VICTIM_HANDLED_SIGNAL, &action, 0, 8);
}

void call_tidy(void)
{
	raw3(SYS_close_range, CALL_NEAR, CALL_OTHER, 0);
	call_tidy_others();
	if (call_releaser > 0)
		raw4(SYS_wait4, call_releaser, 0, __WALL, 0);
	call_releaser = 0;
}
