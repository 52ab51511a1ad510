/* SPDX-License-Identifier: Apache-2.0 */
#include "door.h"

#include <stddef.h>
#include <sys/ptrace.h>

static int (*asked)(const char *call);
static int again;

void door_ask(int (*before)(const char *call))
{
	asked = before;
	again = 0;
}

void door_insist(int times)
{
	again = times;
}

int door_passed(const char *call)
{
	int ret = asked ? asked(call) : 0;

	for (int i = 0; ret && i < again; i++)
		ret = asked(call);
	return ret;
}

static const struct {
	long number;
	const char *name;
} calls[] = {
	{ SYS_pidfd_open, "pidfd_open" }, { SYS_pidfd_getfd, "pidfd_getfd" },
	{ SYS_ftruncate, "ftruncate" },   { SYS_mmap, "mmap" },
	{ SYS_kill, "kill" },
}, requests[] = {
	{ PTRACE_SEIZE, "PTRACE_SEIZE" },           { PTRACE_INTERRUPT, "PTRACE_INTERRUPT" },
	{ PTRACE_CONT, "PTRACE_CONT" },             { PTRACE_SYSCALL, "PTRACE_SYSCALL" },
	{ PTRACE_DETACH, "PTRACE_DETACH" },         { PTRACE_PEEKTEXT, "PTRACE_PEEKTEXT" },
	{ PTRACE_POKETEXT, "PTRACE_POKETEXT" },     { PTRACE_GETREGS, "PTRACE_GETREGS" },
	{ PTRACE_SETREGS, "PTRACE_SETREGS" },       { PTRACE_GETREGSET, "PTRACE_GETREGSET" },
	{ PTRACE_SETREGSET, "PTRACE_SETREGSET" },   { PTRACE_GETSIGMASK, "PTRACE_GETSIGMASK" },
	{ PTRACE_SETSIGMASK, "PTRACE_SETSIGMASK" },
};

#define LENGTH(table) (sizeof(table) / sizeof(*(table)))

static const char *name_of(long nr, long request)
{
	if (nr == SYS_ptrace) {
		for (size_t i = 0; i < LENGTH(requests); i++)
			if (requests[i].number == request)
				return requests[i].name;
		return "ptrace";
	}
	for (size_t i = 0; i < LENGTH(calls); i++)
		if (calls[i].number == nr)
			return calls[i].name;
	return "call";
}

static int failed(long ret)
{
	return ret < 0 && ret > -4096;
}

long door_call(long nr, long a, long b, long c, long d, long e, long f)
{
	long ret;
	int i = 0;

	do {
		ret = asked ? asked(name_of(nr, a)) : 0;
		if (!ret)
			ret = raw_call(nr, a, b, c, d, e, f);
	} while (failed(ret) && i++ < again);
	return ret;
}

int door_trace(int pid, long request, uint64_t address, uint64_t data)
{
	return (int)door_call(SYS_ptrace, request, pid, (long)address, (long)data, 0, 0);
}
