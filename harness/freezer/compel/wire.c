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

int wire_fails(enum wire_call call)
{
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
PLAIN(FILE *, fopen64, (const char *path, const char *mode), NULL, fopen64(path, mode))
PLAIN(int, setns, (int fd, int kind), -1, setns(fd, kind))
PLAIN(int, sigaction, (int signo, const struct sigaction *action, struct sigaction *old), -1,
      sigaction(signo, action, old))

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

static long door_ptrace(long request, long pid, void *address, void *data)
{
	if (wire_fails(kind_of(request, data)))
		return -1;
	return ptrace((enum __ptrace_request)request, pid, address, data);
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
