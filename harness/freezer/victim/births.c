/* SPDX-License-Identifier: Apache-2.0 */
#include "births.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>

#include "calls.h"
#include "raw.h"
#include "snapshot.h"
#include "threads.h"

enum { STACK = 16384 };

struct victim_regs victim_born;
struct clone_args birth_args;

extern char victim_after_birth[];

/* What is inherited. */
struct legacy {
	uint64_t mask, layout;
	unsigned files;
};

static struct legacy left;
static long parent;
static uint8_t stack[STACK] __attribute__((aligned(16)));

/* Between a thread and the first one. */
static struct {
	uint32_t tid; /* THREAD_ALIVE, 0 once it has ended */
	uint32_t says; /* what is wrong */
	uint32_t births;
	uint32_t go;
	long id;
} thread;

enum { SAID = 1 };
enum wrong { NOTHING, REGISTERS, TRACED, MASK, FILES, MAPPINGS };

static const char *const wrongs[] = {
	[REGISTERS] = "what it made has other registers",
	[TRACED] = "its child is traced",
	[MASK] = "what it made has another signal mask",
	[FILES] = "its child has other descriptors",
	[MAPPINGS] = "its child has other mappings",
};

/* ---- looks ------------------------------------------------------------------------------------- */

static unsigned count_files(void)
{
	static uint8_t buffer[4096] __attribute__((aligned(8)));
	const size_t length_at = 16; /* of a record */
	const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
	long fd = raw4(SYS_openat, AT_FDCWD, "/proc/self/fd", flags, 0), n;
	unsigned found = 0;
	uint16_t length;

	while (fd >= 0 && (n = raw3(SYS_getdents64, fd, buffer, sizeof(buffer))) > 0)
		for (long at = 0; at < n; at += length, found++)
			memcpy(&length, buffer + at + length_at, sizeof(length));
	if (fd >= 0)
		raw1(SYS_close, fd);
	return found;
}

/* One that was restored may have neighbours that have become one. */
static uint64_t look_at_layout(void)
{
	const int fd = (int)raw4(SYS_openat, AT_FDCWD, "/proc/self/maps", O_RDONLY | O_CLOEXEC, 0);
	uint64_t mappings, layout = 0;

	snapshot_mappings(fd, &mappings, &layout);
	raw1(SYS_close, fd);
	return layout;
}

static struct legacy look(void)
{
	struct legacy seen = { .files = count_files(), .layout = look_at_layout() };

	raw4(SYS_rt_sigprocmask, SIG_SETMASK, 0, &seen.mask, 8);
	return seen;
}

void birth_enter(void)
{
	left = look();
}

static enum wrong judge_registers(void)
{
	struct victim_regs want = victim_want;

	want.gpr[VICTIM_RAX / 8] = 0;
	want.gpr[VICTIM_RCX / 8] = (uintptr_t)victim_after_read;
	want.gpr[VICTIM_R11 / 8] = want.flags;
	memcpy(want.high, victim_born.high, sizeof(want.high));
	return victim_same(&want, &victim_born) ? NOTHING : REGISTERS;
}

/* ---- a child ------------------------------------------------------------------------------------ */

/* Whoever is traced can't ask for it. */
static enum wrong judge_child(void)
{
	const struct legacy seen = look();

	if (raw4(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0))
		return TRACED;
	if (seen.mask != left.mask)
		return MASK;
	if (seen.files != left.files)
		return FILES;
	return seen.layout == left.layout ? judge_registers() : MAPPINGS;
}

/* It ends with its parent, which holds the pipe's other end. */
static _Noreturn void live_as_child(void)
{
	uint64_t word;

	raw3(SYS_dup3, CALL_NEAR, CALL_FAR, O_CLOEXEC); /* as many as before */
	if (raw3(SYS_read, CALL_NEAR, &word, sizeof(word)) > 0)
		__atomic_store_n(&call_shared[CALL_SAID], SAID + judge_child(), __ATOMIC_RELEASE);
	for (;;)
		raw1(SYS_exit_group, VICTIM_CHILD_STATUS);
}

int birth_prepare_child(struct victim_told *told)
{
	int ret;

	victim_call_tail = victim_after_birth;
	parent = raw1(SYS_getpid, 0);
	ret = call_share();
	return ret ? ret : call_make_pipe(told);
}

/* Its pid in /proc, which may be that of another pid namespace; 0 if that does not say, -1 if there are several. */
static int only_child(void)
{
	char text[64], *end;
	const long fd =
		raw4(SYS_openat, AT_FDCWD, "/proc/thread-self/children", O_RDONLY | O_CLOEXEC, 0);
	const long n = raw3(SYS_read, fd, text, sizeof(text) - 1);
	long child;

	raw1(SYS_close, fd);
	text[n > 0 ? n : 0] = 0;
	child = strtol(text, &end, 10);
	return strtol(end, NULL, 10) > 0 ? -1 : (int)child;
}

/* Only the first of several children gets the word; all end once there is no other end of their pipe. Of one that is
 * traced the end is told to its tracer first. */
const char *birth_check_child(int64_t result)
{
	const uint64_t word = VICTIM_WORD;
	const int child = only_child();

	if (result <= 0)
		return "there is no child";
	if (child < 0)
		return "there is one more child";
	raw3(SYS_write, CALL_FAR, &word, sizeof(word));
	raw1(SYS_close, CALL_FAR);
	if (place_await_word(&call_shared[CALL_SAID], 0, child))
		return "its child does not go on";
	if (call_shared[CALL_SAID] != SAID)
		return wrongs[call_shared[CALL_SAID] - SAID];
	return call_check_child(result);
}

/* ---- a thread ----------------------------------------------------------------------------------- */

static enum wrong judge_thread(void)
{
	uint64_t mask = 0;

	memcpy(victim_born.red, victim_want.red, sizeof(victim_born.red)); /* of its own stack */
	raw4(SYS_rt_sigprocmask, SIG_SETMASK, 0, &mask, 8);
	return mask == left.mask ? judge_registers() : MASK;
}

/* Awake all the time, so that one that is not stopped with all others can be seen to run. */
static _Noreturn void live_as_thread(void)
{
	thread.id = raw1(SYS_gettid, 0);
	__atomic_fetch_add(&thread.births, 1, __ATOMIC_SEQ_CST);
	while (!__atomic_load_n(&thread.go, __ATOMIC_ACQUIRE))
		raw1(SYS_sched_yield, 0);
	thread.says = judge_thread();
	for (;;)
		raw1(SYS_exit, 0);
}

int birth_prepare_thread(struct victim_told *told)
{
	(void)told;
	victim_call_tail = victim_after_birth;
	memset(&thread, 0, sizeof(thread));
	thread.tid = THREAD_ALIVE;
	parent = raw1(SYS_getpid, 0);
	birth_args = (struct clone_args){
		.flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
			 CLONE_SYSVSEM | CLONE_CHILD_CLEARTID,
		.child_tid = (uintptr_t)&thread.tid,
		.stack = (uintptr_t)stack,
		.stack_size = sizeof(stack),
	};
	return 0;
}

const char *birth_check_thread(int64_t result)
{
	if (result <= 0)
		return "there is no thread";
	__atomic_store_n(&thread.go, 1, __ATOMIC_RELEASE);
	if (place_await_word(&thread.tid, THREAD_ALIVE, 0))
		return "its thread does not go on";
	if (thread.births != 1 || thread.id != result)
		return "it has made another thread, or one more";
	return thread.says ? wrongs[thread.says] : NULL;
}

void victim_is_born(void)
{
	if (raw1(SYS_getpid, 0) == parent)
		live_as_thread();
	live_as_child();
}
