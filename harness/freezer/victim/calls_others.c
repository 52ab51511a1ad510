/* SPDX-License-Identifier: Apache-2.0
 *
 * What is needed for calls that sleep until a word, a signal, a child or a System V object says so.
 */
#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include <time.h>

#include "calls.h"
#include "raw.h"

static volatile unsigned handled;
static uint64_t mask_before;
static int masked;
static int semaphore = -1, queue = -1;

/* ---- futexes ----------------------------------------------------------------------------------- */

/* It is forked later. */
int call_share(void)
{
	if (!call_shared) {
		long ret = raw6(SYS_mmap, 0, 4096, PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);

		if (ret < 0 && ret > -4096)
			return (int)ret;
		call_shared = (uint32_t *)ret;
	}
	call_shared[CALL_FUTEX] = call_shared[CALL_BEGUN] = call_shared[CALL_SAID] = 0;
	return 0;
}

int call_set_shared(struct victim_told *told)
{
	int ret = call_share();

	told->arg[0] = (uint64_t)(uintptr_t)call_shared;
	return ret ? ret : call_set_deadline(told);
}

void call_wake(void)
{
	raw3(SYS_futex, call_shared, FUTEX_WAKE, 1);
}

/* A lock that the releaser has: it takes it before the victim asks for it. */
int call_set_owned(struct victim_told *told)
{
	return call_set_shared(told);
}

void call_own(void)
{
	raw4(SYS_futex, call_shared, FUTEX_LOCK_PI, 0, 0);
}

void call_give_up(void)
{
	raw2(SYS_futex, call_shared, FUTEX_UNLOCK_PI);
}

const char *call_check_owned(int64_t result)
{
	uint32_t owner = *call_shared & FUTEX_TID_MASK;

	(void)result;
	call_give_up();
	return owner == (uint32_t)raw1(SYS_gettid, 0) ? NULL : "the lock is not its own";
}

/* ---- signals ----------------------------------------------------------------------------------- */

void call_count(int signo)
{
	(void)signo;
	handled++;
}

int call_set_signal(struct victim_told *told)
{
	(void)told;
	handled = 0;
	return 0;
}

int call_block_handled(struct victim_told *told)
{
	const uint64_t handled_one = 1ull << (VICTIM_HANDLED_SIGNAL - 1);
	int ret = (int)raw4(SYS_rt_sigprocmask, SIG_BLOCK, &handled_one, &mask_before, 8);

	call_signals = mask_before & ~handled_one;
	masked = 1;
	return ret ? ret : call_set_signal(told);
}

void call_signal(void)
{
	raw2(SYS_kill, raw1(SYS_getppid, 0), VICTIM_HANDLED_SIGNAL);
}

const char *call_check_handled(int64_t result)
{
	(void)result;
	return handled == 1 ? NULL : "its signal has not been handled once";
}

/* ---- children ---------------------------------------------------------------------------------- */

static const char *check_child(int64_t child, int status)
{
	return child == call_releaser && status == VICTIM_CHILD_STATUS
		       ? NULL
		       : "it hears of another child, or of another end";
}

/* The releaser just ends. */
void call_end(void)
{
}

const char *call_check_status(int64_t result)
{
	return check_child(result, WIFEXITED(call_status) ? WEXITSTATUS(call_status) : -1);
}

const char *call_check_info(int64_t result)
{
	(void)result;
	return check_child(call_info.si_pid, call_info.si_status);
}

extern char victim_after_vfork[], victim_found[];

/* The child ends by itself. */
int call_set_vfork(struct victim_told *told)
{
	(void)told;
	victim_call_tail = victim_after_vfork;
	return 0;
}

/* The only one that it has, and it ends as it should. */
const char *call_check_child(int64_t result)
{
	int status = 0;

	if (raw4(SYS_wait4, result, &status, __WALL, 0) != result ||
	    WEXITSTATUS(status) != VICTIM_CHILD_STATUS)
		return "it is told of another child, or of another end";
	return raw4(SYS_wait4, -1, 0, __WALL | WNOHANG, 0) == -ECHILD ? NULL
								      : "there is one more child";
}

/* ---- System V ---------------------------------------------------------------------------------- */

/* In a namespace of its own they go when the victim does, however it ends. */
static int isolate(void)
{
	static int isolated;
	int ret = isolated ? 0 : (int)raw1(SYS_unshare, CLONE_NEWIPC);

	isolated |= !ret;
	return ret;
}

int call_make_semaphore(struct victim_told *told)
{
	int ret = isolate();

	if (ret)
		return ret;
	semaphore = (int)raw3(SYS_semget, IPC_PRIVATE, 1, 0666); /* it may become another user */
	call_operation = (struct sembuf){ .sem_op = -1 };
	told->arg[0] = (uint64_t)semaphore;
	return semaphore < 0 ? semaphore : 0;
}

int call_make_queue(struct victim_told *told)
{
	int ret = isolate();

	if (ret)
		return ret;
	queue = (int)raw2(SYS_msgget, IPC_PRIVATE, 0666); /* likewise */
	memset(call_bytes, 0, sizeof(call_bytes));
	told->arg[0] = (uint64_t)queue;
	return queue < 0 ? queue : 0;
}

static const struct {
	long type;
	char text[8];
} message = { 3, "message" };

void call_send(void)
{
	raw4(SYS_msgsnd, queue, &message, sizeof(message.text), 0);
}

const char *call_check_queue(int64_t result)
{
	(void)result;
	return memcmp(call_bytes, &message, sizeof(message)) ? "it has got another message" : NULL;
}

/* ---- afterwards -------------------------------------------------------------------------------- */

void call_tidy_others(void)
{
	if (semaphore >= 0)
		raw3(SYS_semctl, semaphore, 0, IPC_RMID);
	if (queue >= 0)
		raw3(SYS_msgctl, queue, IPC_RMID, 0);
	semaphore = queue = -1;
	victim_call_tail = victim_found;
	if (masked)
		raw4(SYS_rt_sigprocmask, SIG_SETMASK, &mask_before, 0, 8);
	masked = 0;
	call_handle(SIG_DFL, 0);
}
