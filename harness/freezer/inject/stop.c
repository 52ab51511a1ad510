/* SPDX-License-Identifier: Apache-2.0
 *
 * How a victim is stopped, what stops it while it is ours, and how it is let go.
 *
 * Job control stays the kernel's: a stop signal that comes in between is passed on, the stop that
 * follows is continued by ptrace, and the kernel remembers both it and the SIGCONT that may end it.
 * A detached victim is then as it should be. All other signals are blocked meanwhile, so the kernel
 * keeps them too.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "door.h"
#include "inject.h"

enum { FIRST_OWN = 3 };

#define CHILD_SIGNAL (1ull << (SIGCHLD - 1))
#define EVENT_OF(status) ((status) >> 16)

void inject_step(struct inject *in, const char *name, unsigned state)
{
	in->port->step(name, state);
	inject_say(in, name, 0);
}

/* "No such process" is said of one that is not stopped, too. A killed one will be a zombie soon. */
static int look_whether_gone(struct inject *in)
{
	struct patience patient = patience_for(in->pid);
	int status, slice;
	long ret = 0;

	while (!in->gone && !(ret = inject_look_for_stop(in, &status)) &&
	       (slice = patience_slice(&patient)))
		raw3(SYS_poll, 0, 0, slice);
	if (ret > 0)
		in->running = 0;
	return -ESRCH;
}

int inject_failed(struct inject *in, const char *stage, long error)
{
	if (error && !in->stage)
		in->stage = stage;
	if (error)
		inject_say(in, stage, error);
	if (error == -ESRCH && in->seized && !in->headless)
		look_whether_gone(in);
	return (int)error;
}

int inject_trace(struct inject *in, long request, uint64_t address, uint64_t data)
{
	int ret = door_trace(in->pid, request, address, data);

	return ret == -ESRCH && in->seized ? look_whether_gone(in) : ret;
}

int inject_go(struct inject *in, long request, int signal)
{
	int ret = inject_trace(in, request, 0, (uint64_t)signal);

	in->running |= !ret;
	return ret;
}

/* With what it goes on after this stop; negative: it must not. While it is not itself it has no
 * signals but SIGSTOP, which can't be blocked: any other is a fault of the parasite's. */
int inject_signal_of(const struct inject *in, int status)
{
	int signal = WSTOPSIG(status);

	if (EVENT_OF(status) || signal == (SIGTRAP | 0x80))
		return 0;
	if (signal == SIGSTOP)
		return in->slip == INJECT_STOP_SWALLOWED ? 0 : signal;
	return in->slip == INJECT_UNMASKED ? signal : -EFAULT;
}

/* To be called again and again by who waits for the parasite. */
int inject_keep_going(struct inject *in)
{
	int status, signal;
	long ret = inject_look_for_stop(in, &status);

	if (ret <= 0)
		return (int)ret;
	in->running = 0;
	signal = inject_signal_of(in, status);
	return signal < 0 ? signal : inject_go(in, PTRACE_CONT, signal);
}

static int ask_to_stop(struct inject *in)
{
	if (in->slip == INJECT_NOT_INTERRUPTED && inject_has_threads(in))
		return 0;
	return inject_trace(in, PTRACE_INTERRUPT, 0, 0);
}

/* Wherever it is. Before anything is changed its own signals are delivered first: their handlers'
 * frames are the victim's. */
int inject_interrupt(struct inject *in)
{
	int status = 0, signal, ret;

	if (!in->running)
		return 0;
	for (;;) {
		ret = ask_to_stop(in);
		if (!ret && in->port->thaw)
			in->port->thaw();
		if (!ret)
			ret = inject_await_stop(in, &status);
		if (ret || EVENT_OF(status) == PTRACE_EVENT_STOP)
			break;
		in->running = 0;
		signal = in->changed ? inject_signal_of(in, status) : WSTOPSIG(status);
		if (EVENT_OF(status)) {
			inject_let_child_run(in);
			signal = 0;
		}
		ret = inject_go(in, PTRACE_CONT, signal < 0 ? 0 : signal);
		if (ret)
			return ret;
	}
	if (!ret)
		in->running = 0;
	in->stopped = ret || WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
	return ret;
}

static void begin(struct inject *in, int pid, const struct inject_port *port, enum inject_slip slip)
{
	memset(in, 0, offsetof(struct inject, saved));
	in->received = 0;
	in->serial = 0;
	in->pid = pid;
	in->port = port;
	in->slip = slip;
	in->pidfd = in->memory = in->channel = in->memory_there = -1;
	door_ask(port->call);
	inject_step(in, "stop", 1);
}

/* A stop sends it: none is missed between a look and the wait that follows. */
static void block_child_signal(void)
{
	const uint64_t child = CHILD_SIGNAL;

	raw4(SYS_rt_sigprocmask, SIG_BLOCK, &child, 0, 8);
}

static int seize_task(struct inject *in)
{
	const uint64_t options = PTRACE_O_TRACESYSGOOD | (uint64_t)inject_early_options(in);
	int ret = inject_trace(in, PTRACE_SEIZE, 0, options);

	in->seized = in->running = !ret;
	if (ret == -EPERM && patience_state(in->pid) == 'Z')
		ret = -ESRCH;
	if (ret == -EPERM && in->slip == INJECT_FALLS_BACK)
		raw2(SYS_kill, in->pid, SIGSTOP);
	return inject_failed(in, "inject.seize", ret);
}

static int seize(struct inject *in)
{
	long ret = inject_place(in, door2(SYS_pidfd_open, in->pid, 0));

	if (ret < 0)
		return inject_failed(in, "inject.pidfd", ret);
	in->pidfd = (int)ret;
	return seize_task(in);
}

static int or_let_go(struct inject *in, int ret)
{
	if (ret)
		inject_let_go(in);
	return ret;
}

static int attach(struct inject *in)
{
	block_child_signal();
	return or_let_go(in, seize(in));
}

/* A thread that executes a program takes the first one's place and pid, and is not traced. */
static int stop_whoever_it_is(struct inject *in)
{
	int ret = inject_interrupt(in);

	if (ret != -ESRCH || in->gone || in->headless || in->slip == INJECT_ONE_LEADER)
		return ret;
	if (!seize_task(in))
		return inject_interrupt(in);
	in->seized = 1; /* it was the same one after all */
	return ret;
}

int inject_seize_again(struct inject *in)
{
	int ret = attach(in);

	if (!ret && in->slip == INJECT_LOOKS_EARLY)
		ret = inject_look_early(in);
	return ret ? ret : or_let_go(in, inject_failed(in, "inject.stop", stop_whoever_it_is(in)));
}

int inject_attach(struct inject *in, int pid, const struct inject_port *port, enum inject_slip slip)
{
	begin(in, pid, port, slip);
	return attach(in);
}

int inject_arrived(struct inject *in)
{
	in->running = 0;
	return inject_failed(in, "inject.threads", inject_seize_threads(in));
}

int inject_seize(struct inject *in, int pid, const struct inject_port *port, enum inject_slip slip)
{
	int ret;

	begin(in, pid, port, slip);
	ret = inject_seize_again(in);
	return ret ? ret : or_let_go(in, inject_arrived(in));
}

int inject_save(struct inject *in)
{
	int ret = machine_save(in->pid, &in->saved);

	if (!ret)
		ret = inject_save_sequence(in);
	if (!in->code_address)
		in->code_address = machine_code_address(&in->saved);
	if (!ret)
		ret = inject_trace(in, PTRACE_PEEKTEXT, in->code_address,
				   (uint64_t)(uintptr_t)&in->code);
	return inject_failed(in, "inject.save", ret);
}

int inject_stop(struct inject *in, int pid, const struct inject_port *port, enum inject_slip slip)
{
	int ret = inject_seize(in, pid, port, slip);

	return ret ? ret : or_let_go(in, inject_save(in));
}

/* ---- letting go ----------------------------------------------------------------------------- */

static int detach(struct inject *in)
{
	int ret = inject_interrupt(in);

	if (!ret && in->port->freeze && in->slip != INJECT_THAWED)
		in->port->freeze();
	if (!ret)
		ret = inject_trace(in, PTRACE_DETACH, 0, 0);
	in->seized = ret != 0;
	return ret;
}

int inject_let_go(struct inject *in)
{
	int ret = 0;

	door_insist(INJECT_AGAIN);
	if (in->seized && !in->gone && !in->headless)
		ret = detach(in);
	inject_let_threads_go(in);
	inject_drop(in);
	return ret;
}

/* 0 is one like any other, if our caller has closed his. */
static int is_open(const struct inject *in, long fd)
{
	return in->slip == INJECT_ZERO_IS_NONE ? fd > 0 : fd >= 0;
}

/* Descriptors 0 to 2 belong to whoever reads and writes them, even if they are closed: what our caller
 * writes to his standard error output must not come to our parasite. */
int inject_place(const struct inject *in, long fd)
{
	long place = fd;

	if (is_open(in, fd) && fd < FIRST_OWN && in->slip != INJECT_KEEPS_LOW) {
		place = raw3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, FIRST_OWN);
		raw1(SYS_close, fd);
	}
	return (int)place;
}

static void close_here(const struct inject *in, int *fd)
{
	if (is_open(in, *fd))
		raw1(SYS_close, *fd);
	*fd = -1;
}

void inject_drop(struct inject *in)
{
	const uint64_t child = CHILD_SIGNAL;

	door_ask(NULL);
	if (in->local)
		raw2(SYS_munmap, in->local, INJECT_SIZE);
	in->local = NULL;
	in->args = NULL;
	close_here(in, &in->pidfd);
	if (in->slip == INJECT_LEAKS && in->stage)
		in->memory = -1;
	close_here(in, &in->memory);
	close_here(in, &in->channel);
	raw4(SYS_rt_sigprocmask, SIG_UNBLOCK, &child, 0, 8);
}

/* What nobody sees who looks at it while it is stopped. */
static int change_late(struct inject *in)
{
	const struct user_regs_struct before = in->saved.regs;

	if (inject_slips(in, INJECT_REGISTER_LATE))
		machine_lose_register(&in->saved);
	if (in->slip == INJECT_CALLS_AGAIN)
		machine_call_again(&in->saved);
	if (in->slip == INJECT_RESULT_LATE)
		machine_lose_result(&in->saved);
	if (!memcmp(&before, &in->saved.regs, sizeof(before)))
		return 0;
	return machine_restore_registers(in->pid, &in->saved);
}

int inject_resume(struct inject *in)
{
	int ret = 0;

	inject_step(in, "resume", 7);
	door_insist(INJECT_AGAIN);
	/* that it had been stopped before the kernel knows itself */
	if (in->stopped && (in->slip == INJECT_STOP_LOST || in->slip == INJECT_STOP_CHANGED))
		ret = (int)raw2(SYS_kill, in->pid, SIGCONT);
	if (in->stopped && in->slip == INJECT_STOP_CHANGED)
		ret = (int)raw2(SYS_kill, in->pid, SIGSTOP);
	if (!ret)
		ret = change_late(in);
	if (inject_slips(in, INJECT_KILLS))
		ret = (int)raw2(SYS_kill, in->pid, SIGKILL);
	if (!ret)
		ret = inject_let_go(in);
	return inject_failed(in, "inject.resume", ret);
}
