/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of doors, and those that only may fail.
 */
#include "wire.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <unistd.h>

#include "../victim/patience.h"
#include "stranger.h"

struct wire wire;
struct wire_rules wire_rules;

void wire_reset(const struct wire_rules *rules)
{
	stranger_leave();
	wire = (struct wire){ 0 };
	wire_rules = *rules;
}

int wire_give_up(const char *wait)
{
	if (!wire.hung) {
		wire.hung = wait;
		patience_describe(wire_rules.pid, wire.other, sizeof(wire.other));
		stacks_take(&wire.stacks, wire_rules.pid, wire_rules.parasite);
	}
	errno = ETIMEDOUT;
	return -1;
}

static const char *const call_names[WIRE_CALLS] = {
#define DOOR(type, name, parameters, names) [WIRE_##name] = #name,
	COMPEL_DOORS(DOOR)
#undef DOOR
		[WIRE_peek] = "ptrace's peek",
	[WIRE_poke] = "ptrace's poke",
	[WIRE_close] = "ptrace for a close in the victim",
};

const char *wire_call_name(enum wire_call call)
{
	return call_names[call];
}

/* When libcompel's handler of SIGCHLD calls waitpid is chance. */
int wire_fails(enum wire_call call)
{
	if (wire_rules.before && call != WIRE_waitpid)
		wire_rules.before(call_names[call]);
	if (call != wire_rules.fails || wire.calls++ != wire_rules.nth)
		return 0;
	wire.failed = call;
	errno = wire_rules.error;
	return 1;
}

/* ---- calls without a wait ----------------------------------------------------------------- */

#define PLAIN(type, name, parameters, failure, call)             \
	static type door_##name parameters                       \
	{                                                        \
		return wire_fails(WIRE_##name) ? failure : call; \
	}

PLAIN(int, socket, (int domain, int type, int protocol), -1, socket(domain, type, protocol))
PLAIN(int, kill, (pid_t pid, int signo), -1, kill(pid, signo))
PLAIN(void *, mmap64, (void *at, size_t size, int access, int flags, int fd, off_t offset),
      MAP_FAILED, mmap64(at, size, access, flags, fd, offset))
PLAIN(int, munmap, (void *at, size_t size), -1, munmap(at, size))
PLAIN(int, ftruncate64, (int fd, off_t size), -1, ftruncate64(fd, size))
PLAIN(int, open64, (const char *path, int flags, unsigned mode), -1, open64(path, flags, mode))
PLAIN(int, setns, (int fd, int kind), -1, setns(fd, kind))

/* Once there is a parasite, the next one is for the cure. */
static int door_sigaction(int signo, const struct sigaction *action, struct sigaction *old)
{
	if (wire.peer && wire.hold == WIRE_HELD)
		wire.hold = WIRE_LEAVING;
	return wire_fails(WIRE_sigaction) ? -1 : sigaction(signo, action, old);
}

/* libcompel sets the registers for a system call that the victim is to make. */
static int is_for_close(const struct iovec *v)
{
	const struct user_regs_struct *r = v->iov_base;

	return v->iov_len >= sizeof(*r) && r->rax == SYS_close;
}

static enum wire_call kind_of(long request, const void *data)
{
	switch (request) {
	case PTRACE_PEEKTEXT:
	case PTRACE_PEEKDATA:
		return WIRE_peek;
	case PTRACE_POKETEXT:
	case PTRACE_POKEDATA:
		return WIRE_poke;
	case PTRACE_SETREGSET:
		return is_for_close(data) ? WIRE_close : WIRE_ptrace;
	default:
		return WIRE_ptrace;
	}
}

static void is_about_to(long request)
{
	if (request == PTRACE_INTERRUPT && wire.hold == WIRE_LEAVING)
		wire.hold = WIRE_ENDING;
	if (request != PTRACE_DETACH)
		return;
	wire.hold = WIRE_AFTER;
	if (wire_rules.letting_go)
		wire_rules.letting_go();
}

static void has_done(long request, const void *data)
{
	const struct iovec *v = data;

	switch (request) {
	case PTRACE_SEIZE:
		wire.hold = WIRE_SEIZED;
		break;
	case PTRACE_INTERRUPT:
		wire.hold = wire.hold == WIRE_ENDING ? WIRE_HELD : WIRE_STOPPING;
		if (wire_rules.stopping)
			wire_rules.stopping();
		break;
	case PTRACE_SETREGSET:
		if (v->iov_len >= sizeof(struct user_regs_struct))
			wire.number = (long)((struct user_regs_struct *)v->iov_base)->rax;
		break;
	}
}

/* After the call that maps the memory comes the one that closes its descriptor. */
void wire_has_stopped(void)
{
	if (wire.hold == WIRE_HELD && wire.number == SYS_mmap)
		wire.hold = WIRE_CLOSING;
	else if (wire.hold == WIRE_CLOSING && wire.number == SYS_close)
		wire.hold = WIRE_HELD;
}

static long door_ptrace(long request, long pid, void *address, void *data)
{
	long ret;

	is_about_to(request);
	if (wire_fails(kind_of(request, data)))
		return -1;
	if (request == PTRACE_INTERRUPT && wire_rules.interrupts_not)
		return 0;
	if (request == PTRACE_CONT && wire_rules.swallows)
		data = NULL;
	ret = ptrace((enum __ptrace_request)request, pid, address, data);
	if (!ret)
		has_done(request, data);
	return ret;
}

/* What is pending is looked up in the first file that is opened so. */
static FILE *door_fopen64(const char *path, const char *mode)
{
	if (wire_fails(WIRE_fopen64))
		return NULL;
	if (wire.hold == WIRE_STOPPING)
		wire.hold = WIRE_HELD;
	return fopen64(path, mode);
}

static int door_bind(int fd, const struct sockaddr *name, socklen_t size)
{
	if (wire_fails(WIRE_bind))
		return -1;
	stranger_hears_name(name, size);
	return bind(fd, name, size);
}

static int door_listen(int fd, int backlog)
{
	int ret;

	if (wire_fails(WIRE_listen))
		return -1;
	ret = listen(fd, backlog);
	if (!ret)
		stranger_connects_first();
	return ret;
}

#define DOOR(type, name, parameters, names) .name = door_##name,
const struct compel_doors wire_doors = { COMPEL_DOORS(DOOR) };
