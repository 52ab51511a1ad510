/* SPDX-License-Identifier: Apache-2.0 */
#include "stacks.h"

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

#include "../victim/patience.h"
#include "../victim/raw.h"
#include "symbols.h"

enum { WORDS = 96, CALLERS = 10, MAPS = 8192 };

/* ---- our own ------------------------------------------------------------------------------ */

void stacks_name(void *address, char *text, size_t size)
{
	/* A return address is behind its call, maybe in the next function. */
	uintptr_t at = (uintptr_t)address - 1, start = 0;
	char name[80] = "";
	const char *file;
	Dl_info info;

	if (!dladdr((void *)at, &info)) {
		snprintf(text, size, "0x%lx", (unsigned long)at + 1);
		return;
	}
	file = strrchr(info.dli_fname, '/') ? strrchr(info.dli_fname, '/') + 1 : info.dli_fname;
	if (symbols_find(info.dli_fname, at - (uintptr_t)info.dli_fbase, name, sizeof(name),
			 &start))
		start += (uintptr_t)info.dli_fbase;
	else if (info.dli_sname)
		snprintf(name, sizeof(name), "%s", info.dli_sname),
			start = (uintptr_t)info.dli_saddr;
	else
		start = (uintptr_t)info.dli_fbase;
	snprintf(text, size, "%s+0x%lx (%s)", name[0] ? name : "?", (unsigned long)(at + 1 - start),
		 file);
}

/* ---- the other one's ---------------------------------------------------------------------- */

/* Text that is appended to. */
struct paper {
	char *text;
	size_t size, used;
};

__attribute__((format(printf, 2, 3))) static void write_down(struct paper *p, const char *format,
							     ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(p->text + p->used, p->size - p->used, format, args);
	va_end(args);
	if (n > 0)
		p->used += (size_t)n < p->size - p->used ? (size_t)n : p->size - p->used - 1;
}

static long read_proc(int pid, const char *what, char *text, size_t size)
{
	char path[48];
	long fd, n, used = 0;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, what);
	fd = raw4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return fd;
	while ((size_t)used < size - 1 &&
	       (n = raw3(SYS_read, fd, text + used, size - 1 - (size_t)used)) > 0)
		used += n;
	raw1(SYS_close, fd);
	text[used] = '\0';
	return used;
}

/* A file of /proc, indented; or why it can't be read. */
static void quote(struct paper *p, int pid, const char *what)
{
	char text[1024], *line, *rest = text;
	long n = read_proc(pid, what, text, sizeof(text));

	if (n < 0) {
		write_down(p, "  /proc/PID/%s: %s\n", what, strerror((int)-n));
		return;
	}
	write_down(p, "  /proc/PID/%s:%s", what, n ? "" : " nothing\n");
	while ((line = strsep(&rest, "\n")) && *line)
		write_down(p, " %s\n%s", line, rest && *rest ? "   " : "");
	if (n && p->used && p->text[p->used - 1] != '\n')
		write_down(p, "\n");
}

/* Of one that is stopped under our ptrace: its registers. Of one that is asleep: what /proc tells. */
static int registers_of(int pid, struct user_regs_struct *r)
{
	char text[256], *at;
	uint64_t last[2] = { 0, 0 };

	if (!raw4(SYS_ptrace, PTRACE_GETREGS, pid, 0, r))
		return 1;
	memset(r, 0, sizeof(*r));
	if (read_proc(pid, "syscall", text, sizeof(text)) <= 0)
		return 0;
	for (at = text; *at && *at != '\n';) {
		char *end;
		uint64_t word = strtoull(at, &end, 0);

		if (end == at)
			return 0;
		last[0] = last[1];
		last[1] = word;
		at = end + strspn(end, " ");
	}
	r->rsp = last[0];
	r->rip = last[1];
	return 0;
}

static void write_registers(struct paper *p, const struct user_regs_struct *r)
{
	write_down(p, "  rip %llx rsp %llx rbp %llx rax %lld orig_rax %lld eflags %llx\n", r->rip,
		   r->rsp, r->rbp, (long long)r->rax, (long long)r->orig_rax, r->eflags);
	write_down(p, "  rdi %llx rsi %llx rdx %llx rcx %llx r8 %llx r9 %llx r10 %llx r11 %llx\n",
		   r->rdi, r->rsi, r->rdx, r->rcx, r->r8, r->r9, r->r10, r->r11);
	write_down(p, "  rbx %llx r12 %llx r13 %llx r14 %llx r15 %llx\n", r->rbx, r->r12, r->r13,
		   r->r14, r->r15);
}

/* The executable mapping that an address is in: its name and where it begins. */
static const char *code_at(char *maps, uint64_t address, uint64_t *from, char *name, size_t size)
{
	for (char *line = maps; *line; line += strcspn(line, "\n") + 1) {
		char access[8] = "", path[200] = "";
		unsigned long start, end;

		if (sscanf(line, "%lx-%lx %7s %*s %*s %*s %199[^\n]", &start, &end, access, path) <
		    3)
			break;
		if (address < start || address >= end || access[2] != 'x')
			continue;
		*from = start;
		snprintf(name, size, "%s", path[0] ? path : "anonymous memory");
		return name;
	}
	return NULL;
}

/* libcompel's name for the memory that it shares with the parasite. */
static int is_parasite(const char *mapping)
{
	return strstr(mapping, "CRIUMFD") != NULL;
}

static int write_place(struct paper *p, char *maps, uint64_t address, const char *parasite)
{
	char mapping[200], function[80];
	uintptr_t start;
	uint64_t from;

	if (!code_at(maps, address, &from, mapping, sizeof(mapping)))
		return 0;
	if (is_parasite(mapping) &&
	    symbols_find(parasite, address - from, function, sizeof(function), &start))
		write_down(p, "  %s+0x%llx (parasite)\n", function,
			   (unsigned long long)(address - from - start));
	else
		write_down(p, "  0x%llx: +0x%llx in %s\n", (unsigned long long)address,
			   (unsigned long long)(address - from), mapping);
	return 1;
}

/* Its code has no frame pointers and no tables for unwinding: so these are the words on its stack that
 * are addresses of code, its callers among them. */
static void write_callers(struct paper *p, int pid, char *maps, uint64_t stack,
			  const char *parasite)
{
	uint64_t words[WORDS];
	struct iovec here = { words, sizeof(words) };
	struct iovec there = { (void *)(uintptr_t)stack, sizeof(words) };
	long n = raw6(SYS_process_vm_readv, pid, &here, 1, &there, 1, 0) / 8;

	for (long i = 0, found = 0; i < n && found < CALLERS; i++)
		found += write_place(p, maps, words[i], parasite);
}

static void write_other(struct paper *p, int pid, const char *parasite)
{
	static char maps[MAPS];
	struct user_regs_struct r;
	char words[80];

	patience_describe(pid, words, sizeof(words));
	write_down(p, "  it %s\n", words);
	if (registers_of(pid, &r))
		write_registers(p, &r);
	quote(p, pid, "syscall");
	quote(p, pid, "wchan");
	quote(p, pid, "stack");
	if (read_proc(pid, "maps", maps, sizeof(maps)) <= 0 || !r.rip)
		return;
	write_down(p, "  code it is in, and code addresses on its stack:\n");
	write_place(p, maps, r.rip, parasite);
	write_callers(p, pid, maps, r.rsp, parasite);
}

void stacks_take(struct stacks *s, int pid, const char *parasite)
{
	struct paper paper = { s->other, sizeof(s->other), 0 };
	int before = errno;

	s->own = backtrace(s->frame, STACK_DEPTH);
	s->other[0] = '\0';
	write_other(&paper, pid, parasite);
	errno = before;
}
