/* SPDX-License-Identifier: Apache-2.0
 *
 * A call is counted when it is entered. One that is to fail is made into a call that does not exist, and its
 * result is put in place when it is left. Once that has happened, criu is left alone.
 */
#include "stepper.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "keeper.h"

enum { SETTLE_MS = 100 };

static struct {
	pid_t pid; /* 0: nobody */
	struct ward_hurt hurt;
	char log[64];
	unsigned calls; /* that are counted */
	unsigned same; /* calls of the kind's first number, from the beginning */
	int counting, inside, failing;
} step;

static const struct {
	int error;
	long numbers[4]; /* up to a 0, which is read, or else the first one */
} kinds[WARD_CALLS] = {
	[WARD_ANY_CALL] = { EIO, { 0 } },
	[WARD_OPEN] = { EMFILE, { SYS_openat, SYS_open } },
	[WARD_READ] = { EIO, { SYS_read, SYS_pread64, SYS_preadv } },
	[WARD_WRITE] = { ENOSPC, { SYS_write, SYS_pwrite64, SYS_writev, SYS_splice } },
	[WARD_PTRACE] = { ESRCH, { SYS_ptrace } },
	[WARD_MAP] = { ENOMEM, { SYS_mmap, SYS_mremap } },
	[WARD_SEND] = { ENOBUFS, { SYS_sendmsg, SYS_sendto } },
	[WARD_RECEIVE] = { ENOBUFS, { SYS_recvmsg, SYS_recvfrom } },
	[WARD_LIST] = { ENOMEM, { SYS_getdents64 } },
	[WARD_READ_OF_FD] = { EIO, { SYS_read } },
	[WARD_SET_REGISTERS] = { ESRCH, { SYS_ptrace } },
	[WARD_FORK] = { EAGAIN, { SYS_clone, SYS_clone3, SYS_fork, SYS_vfork } },
	[WARD_WAIT] = { EINTR, { SYS_wait4, SYS_waitid } },
};

void stepper_offer(void)
{
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

void stepper_begin(pid_t pid, const struct ward_hurt *hurt, const char *log)
{
	step = (typeof(step)){ .pid = pid, .hurt = *hurt };
	snprintf(step.log, sizeof(step.log), "%s", log);
}

void stepper_end(void)
{
	step.pid = 0;
}

static void leave_alone(int signo)
{
	ptrace(PTRACE_DETACH, step.pid, NULL, (void *)(uintptr_t)signo);
}

/* Nobody writes code for the failure of one of these, or for that error of a futex. */
static int may_fail(long number)
{
	static const long never[] = { SYS_exit,    SYS_exit_group, SYS_rt_sigreturn, SYS_getpid,
				      SYS_getppid, SYS_gettid,     SYS_getuid,       SYS_geteuid,
				      SYS_getgid,  SYS_getegid,    SYS_umask,        SYS_futex };

	for (unsigned i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		if (number == never[i])
			return 0;
	return 1;
}

static long *register_at(size_t offset)
{
	return (long *)offset;
}

#define OF(name) register_at(offsetof(struct user_regs_struct, name))

static int sets_registers(void)
{
	const long request = ptrace(PTRACE_PEEKUSER, step.pid, OF(rdi), NULL);

	return request == PTRACE_SETREGS || request == PTRACE_SETREGSET;
}

static int reads_of_descriptor(void)
{
	const long fd = ptrace(PTRACE_PEEKUSER, step.pid, OF(rdi), NULL);
	char link[40], path[64] = "";

	snprintf(link, sizeof(link), "/proc/%d/fd/%ld", step.pid, fd);
	return readlink(link, path, sizeof(path) - 1) > 0 && strstr(path, "/fdinfo/") != NULL;
}

static int is_of_kind(long number)
{
	const long *numbers = kinds[step.hurt.call].numbers;

	if (step.hurt.call == WARD_ANY_CALL)
		return may_fail(number);
	if (step.hurt.call == WARD_SET_REGISTERS)
		return number == SYS_ptrace && sets_registers();
	if (step.hurt.call == WARD_READ_OF_FD)
		return number == SYS_read && reads_of_descriptor();
	for (unsigned i = 0; i < 4 && (i == 0 || numbers[i] != 0); i++)
		if (numbers[i] == number)
			return 1;
	return 0;
}

/* Others can count so, too. */
static int is_counted_by_number(long number)
{
	return step.hurt.call != WARD_ANY_CALL && number == kinds[step.hurt.call].numbers[0];
}

/* True if criu was ended or left by that. */
static int entered(void)
{
	long number = ptrace(PTRACE_PEEKUSER, step.pid, OF(orig_rax), NULL);

	step.same += number == kinds[step.hurt.call].numbers[0];
	if (!step.counting)
		step.counting = access(step.log, F_OK) == 0;
	if (!step.counting || !is_of_kind(number))
		return 0;
	step.calls++;
	if (step.hurt.dies_at && step.calls == step.hurt.dies_at) {
		kill(step.pid, SIGKILL);
		return 1;
	}
	if (step.hurt.fails_at && step.calls == step.hurt.fails_at) {
		step.failing = 1;
		keeper.answer.failed = 1 + (uint32_t)number;
		keeper.answer.nth = is_counted_by_number(number) ? step.same : 0;
		ptrace(PTRACE_POKEUSER, step.pid, OF(orig_rax), (void *)-1l);
	}
	return 0;
}

/* Whom criu would have waited for stands where it would have been then: what criu finds is no chance. One
 * that is not about to stop is given a moment only. */
static void settle(void)
{
	pid_t waited_for = (pid_t)ptrace(PTRACE_PEEKUSER, step.pid, OF(rdi), NULL);

	if (waited_for > 0)
		keeper_await_state(waited_for, "tTZ", SETTLE_MS);
}

static int left(void)
{
	long error = -(long)kinds[step.hurt.call].error;

	if (!step.failing)
		return 0;
	if (step.hurt.call == WARD_WAIT)
		settle();
	ptrace(PTRACE_POKEUSER, step.pid, OF(rax), (void *)error);
	leave_alone(0);
	return 1;
}

/* A program that has just begun: the script that starts criu, or criu. */
static void begun(void)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC;

	ptrace(PTRACE_SETOPTIONS, step.pid, NULL, (void *)options);
}

void stepper_heard(pid_t pid, int status)
{
	int signo = WSTOPSIG(status);

	if (pid != step.pid)
		return;
	if (signo == (SIGTRAP | 0x80)) {
		signo = 0;
		step.inside = !step.inside;
		if (step.inside ? entered() : left())
			return;
	} else if (signo == SIGTRAP) {
		signo = 0;
		begun();
	}
	ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(uintptr_t)signo);
}
