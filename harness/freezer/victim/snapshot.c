/* SPDX-License-Identifier: Apache-2.0
 *
 * A snapshot, taken; snapshot_compare.c compares two.
 */
#include "snapshot.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#include "raw.h"

enum { PEEKED = 8 /* pending signals at a time */ };

/* What a system call returns inside the kernel when it is to be restarted. */
enum { RESTARTSYS = 512, RESTARTNOINTR = 513, RESTARTNOHAND = 514, RESTART_BLOCK = 516 };

static uint64_t hash_word(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15ull;
	return hash ^ hash >> 29;
}

static uint64_t hash_bytes(uint64_t hash, const void *data, size_t size)
{
	const uint8_t *bytes = data;
	uint64_t word = size;

	for (; size >= 8; size -= 8, bytes += 8) {
		hash = hash_word(hash, word);
		memcpy(&word, bytes, 8);
	}
	hash = hash_word(hash, word);
	word = 0;
	memcpy(&word, bytes, size);
	return hash_word(hash, word);
}

/* A run of neighbouring mappings with one protection. */
struct range {
	uint64_t from, to;
	char access[8]; /* "rw-p" */
};

/* The kernel's own pages come back as the kernel likes. */
static int is_kernels(const char *line)
{
	return strstr(line, "[v") != NULL;
}

static uint64_t address_at(const char **at)
{
	uint64_t address = 0;

	for (; **at != '-' && **at != ' ' && **at != '\0'; (*at)++)
		address = address << 4 | (uint64_t)((**at & 0xf) + (**at > '9' ? 9 : 0));
	return address;
}

static void add_mapping(const char *line, struct range *last, uint64_t *layout)
{
	const char *rest = line;
	uint64_t from = address_at(&rest);
	uint64_t to = *rest == '-' ? (rest++, address_at(&rest)) : 0;

	if (to == 0 || is_kernels(line))
		return;
	if (from != last->to || memcmp(rest + 1, last->access, 4) != 0) {
		*layout = hash_bytes(*layout, last, sizeof(*last));
		last->from = from;
		memcpy(last->access, rest + 1, 4);
	}
	last->to = to;
}

/* Without the name of a mapped file: its device and inode say which one it is, and that somebody else
 * renames or removes it is no change of ours. "from-to access offset device inode   name" */
static size_t owned_length(const char *line)
{
	const char *at = line, *end;

	for (int field = 0; field < 4 && at != NULL; field++) {
		at = strchr(at, ' ');
		at += at != NULL;
	}
	end = at != NULL && *at != '0' ? strchr(at, ' ') : NULL;
	return end != NULL ? (size_t)(end - line) : strlen(line);
}

/* Reads line by line: one that is cut by the end of the buffer begins the next one. */
int snapshot_mappings(int maps, uint64_t *mappings, uint64_t *layout)
{
	char buffer[3 * 4096]; /* a line has a path in it */
	struct range last = { 0, 0, "" };
	size_t kept = 0;
	long n, at;

	if (maps < 0)
		return maps;
	*mappings = *layout = 0xcbf29ce484222325ull;
	for (at = 0;
	     (n = raw4(SYS_pread64, maps, buffer + kept, sizeof(buffer) - 1 - kept, at)) > 0;
	     at += n) {
		char *line = buffer, *end;

		buffer[kept + (size_t)n] = '\0';
		for (; (end = strchr(line, '\n')) != NULL; line = end + 1) {
			*end = '\0';
			*mappings = hash_bytes(*mappings, line, owned_length(line));
			add_mapping(line, &last, layout);
		}
		kept = strlen(line);
		memmove(buffer, line, kept);
	}
	*layout = hash_bytes(*layout, &last, sizeof(last));
	return n < 0 ? (int)n : at ? 0 : -ESRCH;
}

struct entry {
	uint64_t inode;
	int64_t offset;
	uint16_t length;
	uint8_t type;
	char name[];
};

/* The names only: their inodes are made up by /proc at each look. */
static int hash_files(struct proc *p, uint64_t *hash)
{
	char buffer[2048] __attribute__((aligned(8)));
	int fd = proc_open(p, PROC_DESCRIPTORS);
	long n;

	if (fd < 0)
		return fd;
	raw3(SYS_lseek, fd, 0, SEEK_SET);
	*hash = 0xcbf29ce484222325ull;
	while ((n = raw3(SYS_getdents64, fd, buffer, sizeof(buffer))) > 0) {
		for (long at = 0; at < n;) {
			const struct entry *e = (const void *)(buffer + at);

			*hash = hash_bytes(*hash, e->name, strlen(e->name) + 1);
			at += e->length;
		}
	}
	return (int)n;
}

/* A system call that the freeze interrupted is restarted when it ends. Both ways to say so are
 * right: leave that to the kernel, or set the registers back to the call instruction. */
static void settle_restart(struct user_regs_struct *r)
{
	if ((long)r->orig_rax >= 0) {
		switch (-(long)r->rax) {
		case RESTARTSYS:
		case RESTARTNOINTR:
		case RESTARTNOHAND:
			r->rax = r->orig_rax;
			r->rip -= 2;
			break;
		case RESTART_BLOCK:
			r->rax = -EINTR;
			break;
		}
	}
	r->orig_rax = 0;
}

static int get_set(int pid, int set, void *data, size_t *size)
{
	struct iovec io = { data, *size };
	long ret = raw4(SYS_ptrace, PTRACE_GETREGSET, pid, set, &io);

	*size = io.iov_len;
	return (int)ret;
}

static int get_registers(struct snapshot *s, int pid)
{
	size_t size = sizeof(s->regs);
	int ret = get_set(pid, NT_PRSTATUS, &s->regs, &size);

	if (ret)
		return ret;
	settle_restart(&s->regs);
	s->extended_size = sizeof(s->extended);
	return get_set(pid, NT_X86_XSTATE, s->extended, &s->extended_size);
}

static int get_debug_register(int pid, unsigned number, uint64_t *value)
{
	size_t at = offsetof(struct user, u_debugreg) + 8 * number;

	return (int)raw4(SYS_ptrace, PTRACE_PEEKUSER, pid, at, value);
}

/* DR7 enables breakpoints; the addresses in DR0 to DR3 mean nothing without it. */
static int get_debug(struct snapshot *s, int pid)
{
	uint64_t address;
	int ret = get_debug_register(pid, 7, &s->breakpoints);

	s->watched = 0;
	for (unsigned i = 0; !ret && s->breakpoints && i < 4; i++) {
		ret = get_debug_register(pid, i, &address);
		s->watched = hash_word(s->watched, address);
	}
	return ret;
}

/* Kernels before 5.13 don't tell. */
static void get_rseq(struct snapshot *s, int pid)
{
	struct __ptrace_rseq_configuration c = { 0 };

	raw4(SYS_ptrace, PTRACE_GET_RSEQ_CONFIGURATION, pid, sizeof(c), &c);
	s->rseq = hash_bytes(0, &c, sizeof(c));
}

/* Of one queue, the process's or its thread's own. */
static int add_pending(int pid, uint32_t queue, struct snapshot *s)
{
	siginfo_t info[PEEKED];
	struct __ptrace_peeksiginfo_args which = { 0, queue, PEEKED };
	long n;

	do {
		n = raw4(SYS_ptrace, PTRACE_PEEKSIGINFO, pid, &which, info);
		for (long i = 0; i < n; i++)
			s->pending |= 1ull << (info[i].si_signo - 1);
		if (n > 0)
			s->values = hash_bytes(s->values, info, (size_t)n * sizeof(*info));
		which.off += PEEKED;
	} while (n == PEEKED);
	return n < 0 ? (int)n : 0;
}

static int get_pending(struct snapshot *s, int pid)
{
	int ret;

	s->pending = s->values = 0;
	ret = add_pending(pid, 0, s);
	return ret ? ret : add_pending(pid, PTRACE_PEEKSIGINFO_SHARED, s);
}

static struct iovec part(uint64_t address, size_t size)
{
	return (struct iovec){ (void *)(uintptr_t)address, size };
}

static int get_memory(struct snapshot *s, int pid, uint64_t page)
{
	const struct iovec here[] = {
		{ s->code, sizeof(s->code) },
		{ s->red, sizeof(s->red) },
		{ s->page, sizeof(s->page) },
	};
	const struct iovec there[] = {
		part(s->code_address, sizeof(s->code)),
		part(s->regs.rsp - sizeof(s->red), sizeof(s->red)),
		part(page, sizeof(s->page)),
	};
	long n = raw6(SYS_process_vm_readv, pid, here, 3, there, 3, 0);

	if (n < 0)
		return (int)n;
	return n == sizeof(s->code) + sizeof(s->red) + sizeof(s->page) ? 0 : -EFAULT;
}

int snapshot_take_of(struct snapshot *s, struct proc *p, uint64_t code_address, uint64_t page)
{
	const int pid = p->pid;
	int ret = get_registers(s, pid);

	s->code_address = code_address;
	if (!ret)
		ret = get_memory(s, pid, page);
	if (!ret)
		ret = get_debug(s, pid);
	if (!ret)
		ret = (int)raw4(SYS_ptrace, PTRACE_GETSIGMASK, pid, 8, &s->signal_mask);
	if (!ret)
		ret = get_pending(s, pid);
	if (!ret)
		ret = hash_files(p, &s->files);
	get_rseq(s, pid);
	if (!ret)
		ret = snapshot_mappings(proc_open(p, PROC_MAPS), &s->mappings, &s->layout);
	return ret;
}

int snapshot_take(struct snapshot *s, int pid, uint64_t code_address, uint64_t page)
{
	struct proc p = proc_of(pid);
	int ret = snapshot_take_of(s, &p, code_address, page);

	proc_close(&p);
	return ret;
}
