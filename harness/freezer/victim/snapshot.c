/* SPDX-License-Identifier: Apache-2.0 */
#include "snapshot.h"

#include <cpuid.h>
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

static long open_proc(int pid, const char *what, int flags)
{
	char path[48];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, what);
	return raw4(SYS_openat, AT_FDCWD, path, flags | O_RDONLY | O_CLOEXEC, 0);
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

/* Reads line by line: one that is cut by the end of the buffer begins the next one. */
static int hash_mappings(int pid, struct snapshot *s)
{
	char buffer[3 * 4096]; /* a line has a path in it */
	struct range last = { 0, 0, "" };
	long fd = open_proc(pid, "maps", 0), n;
	size_t kept = 0;

	if (fd < 0)
		return (int)fd;
	s->mappings = s->layout = 0xcbf29ce484222325ull;
	while ((n = raw3(SYS_read, fd, buffer + kept, sizeof(buffer) - 1 - kept)) > 0) {
		char *line = buffer, *end;

		buffer[kept + (size_t)n] = '\0';
		for (; (end = strchr(line, '\n')) != NULL; line = end + 1) {
			*end = '\0';
			s->mappings = hash_bytes(s->mappings, line, (size_t)(end - line));
			add_mapping(line, &last, &s->layout);
		}
		kept = strlen(line);
		memmove(buffer, line, kept);
	}
	s->layout = hash_bytes(s->layout, &last, sizeof(last));
	raw1(SYS_close, fd);
	return (int)n;
}

struct entry {
	uint64_t inode;
	int64_t offset;
	uint16_t length;
	uint8_t type;
	char name[];
};

/* The names only: their inodes are made up by /proc at each look. */
static int hash_files(int pid, uint64_t *hash)
{
	char buffer[2048] __attribute__((aligned(8)));
	long fd = open_proc(pid, "fd", O_DIRECTORY), n;

	if (fd < 0)
		return (int)fd;
	*hash = 0xcbf29ce484222325ull;
	while ((n = raw3(SYS_getdents64, fd, buffer, sizeof(buffer))) > 0) {
		for (long at = 0; at < n;) {
			const struct entry *e = (const void *)(buffer + at);

			*hash = hash_bytes(*hash, e->name, strlen(e->name) + 1);
			at += e->length;
		}
	}
	raw1(SYS_close, fd);
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

int snapshot_take(struct snapshot *s, int pid, uint64_t code_address, uint64_t page)
{
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
		ret = hash_files(pid, &s->files);
	get_rseq(s, pid);
	return ret ? ret : hash_mappings(pid, s);
}

static int differ_bytes(const char *what, const void *before, const void *after, size_t from,
			size_t to, char *text, size_t size)
{
	const uint8_t *b = before, *a = after;

	if (memcmp(b + from, a + from, to - from) == 0)
		return 0;
	for (size_t i = from; i < to; i++) {
		if (b[i] == a[i])
			continue;
		snprintf(text, size, "%s byte 0x%zx is 0x%02x, was 0x%02x", what, i, a[i], b[i]);
		return 1;
	}
	return 0;
}

static enum snapshot_item differ_registers(const struct user_regs_struct *before,
					   const struct user_regs_struct *after, char *text,
					   size_t size)
{
	static const char *const names[] = {
		"r15",    "r14", "r13", "r12",     "rbp",     "rbx", "r11", "r10", "r9",
		"r8",     "rax", "rcx", "rdx",     "rsi",     "rdi", "",    "rip", "cs",
		"rflags", "rsp", "ss",  "fs_base", "gs_base", "ds",  "es",  "fs",  "gs",
	};
	static const uint8_t items[27] = {
		[18] = SNAPSHOT_FLAGS,
		[21] = SNAPSHOT_FS_BASE,
		[22] = SNAPSHOT_GS_BASE,
	};
	unsigned long long b[27], a[27];

	_Static_assert(sizeof(b) == sizeof(*before), "user_regs_struct");
	memcpy(b, before, sizeof(b));
	memcpy(a, after, sizeof(a));
	for (int i = 0; i < 27; i++) {
		if (a[i] == b[i])
			continue;
		snprintf(text, size, "%s is 0x%llx, was 0x%llx", names[i], a[i], b[i]);
		return items[i] ? items[i] : SNAPSHOT_REGISTERS;
	}
	return SNAPSHOT_SAME;
}

/* Parts of XSAVE's image: of those with a number the processor says where they are. Bytes 6 to 23 are
 * the last x87 instruction, kept or not as the processor likes; 464 to 511 are the kernel's; the
 * header after them says which parts are in their initial state, and for those the kernel fills in
 * that state. The last two are whatever else there is. */
static const struct part {
	enum snapshot_item item;
	unsigned number, from, to;
} parts[] = {
	{ SNAPSHOT_X87, 0, 0, 6 },
	{ SNAPSHOT_X87, 0, 32, 160 },
	{ SNAPSHOT_MXCSR, 0, 24, 28 },
	{ SNAPSHOT_VECTORS, 0, 160, 416 },
	{ SNAPSHOT_VECTORS, 2, 0, 0 },
	{ SNAPSHOT_OPMASK, 5, 0, 0 },
	{ SNAPSHOT_VECTORS, 6, 0, 0 },
	{ SNAPSHOT_VECTORS, 7, 0, 0 },
	{ SNAPSHOT_PKRU, 9, 0, 0 },
	{ SNAPSHOT_EXTENDED_REGISTERS, 0, 28, 464 },
	{ SNAPSHOT_EXTENDED_REGISTERS, 0, 576, SNAPSHOT_EXTENDED },
};

static struct part find_part(struct part p, size_t end)
{
	unsigned size, offset, rest, more;

	if (p.number) {
		__cpuid_count(0xd, p.number, size, offset, rest, more);
		p.from = size ? offset : 0;
		p.to = size ? offset + size : 0;
	}
	if (p.to > end)
		p.to = (unsigned)end;
	return p;
}

static enum snapshot_item differ_extended(const struct snapshot *before,
					  const struct snapshot *after, char *text, size_t size)
{
	const uint8_t *b = before->extended, *a = after->extended;

	if (before->extended_size != after->extended_size) {
		snprintf(text, size, "size of the extended state is %zu, was %zu",
			 after->extended_size, before->extended_size);
		return SNAPSHOT_EXTENDED_REGISTERS;
	}
	if (memcmp(a, b, before->extended_size) == 0)
		return SNAPSHOT_SAME;
	for (unsigned i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const struct part p = find_part(parts[i], before->extended_size);

		if (p.from < p.to && differ_bytes("extended state", b, a, p.from, p.to, text, size))
			return p.item;
	}
	return SNAPSHOT_SAME;
}

static int differ_word(const char *what, uint64_t before, uint64_t after, char *text, size_t size)
{
	if (before == after)
		return 0;
	snprintf(text, size, "%s 0x%llx, was 0x%llx", what, (unsigned long long)after,
		 (unsigned long long)before);
	return 1;
}

static int differ_mappings(const struct snapshot *b, const struct snapshot *a, enum snapshot_of of,
			   char *text, size_t size)
{
	if (of != SNAPSHOT_OF_SAME)
		return differ_word("hash of the layout is", b->layout, a->layout, text, size);
	return differ_word("hash of the mappings is", b->mappings, a->mappings, text, size);
}

/* What changes with every instruction. */
static enum snapshot_item compare_place(const struct snapshot *b, const struct snapshot *a,
					char *text, size_t size)
{
	enum snapshot_item item;

	if (differ_bytes("red zone", b->red, a->red, 0, sizeof(b->red), text, size))
		return SNAPSHOT_RED_ZONE;
	if (differ_bytes("data page", b->page, a->page, 0, sizeof(b->page), text, size))
		return SNAPSHOT_MEMORY;
	item = differ_registers(&b->regs, &a->regs, text, size);
	return item ? item : differ_extended(b, a, text, size);
}

enum snapshot_item snapshot_compare(const struct snapshot *b, const struct snapshot *a,
				    enum snapshot_of of, char *text, size_t size)
{
	enum snapshot_item item;

	if (differ_bytes("code", b->code, a->code, 0, sizeof(b->code), text, size))
		return SNAPSHOT_CODE_BYTES;
	item = of == SNAPSHOT_OF_CALLING_AGAIN ? SNAPSHOT_SAME : compare_place(b, a, text, size);
	if (item)
		return item;
	if (differ_word("DR7 is", b->breakpoints, a->breakpoints, text, size))
		return SNAPSHOT_BREAKPOINTS;
	if (differ_word("hash of the breakpoints is", b->watched, a->watched, text, size))
		return SNAPSHOT_BREAKPOINTS;
	if (differ_word("signal mask is", b->signal_mask, a->signal_mask, text, size))
		return SNAPSHOT_SIGNAL_MASK;
	if (differ_word("mask of pending signals is", b->pending, a->pending, text, size))
		return SNAPSHOT_PENDING;
	if (differ_word("hash of the pending signals' values is", b->values, a->values, text, size))
		return SNAPSHOT_SIGNAL_VALUES;
	if (differ_word("hash of the registration of rseq is", b->rseq, a->rseq, text, size))
		return SNAPSHOT_RSEQ;
	if (differ_word("hash of the open descriptors is", b->files, a->files, text, size))
		return SNAPSHOT_FILES;
	if (differ_mappings(b, a, of, text, size))
		return SNAPSHOT_MAPPINGS;
	return SNAPSHOT_SAME;
}

static const struct {
	const char *name;
	int is_data;
} items[] = {
	[SNAPSHOT_CODE_BYTES] = { "code", 1 },
	[SNAPSHOT_RED_ZONE] = { "red-zone", 1 },
	[SNAPSHOT_MEMORY] = { "memory", 1 },
	[SNAPSHOT_REGISTERS] = { "registers", 0 },
	[SNAPSHOT_FLAGS] = { "flags", 0 },
	[SNAPSHOT_FS_BASE] = { "fs-base", 0 },
	[SNAPSHOT_GS_BASE] = { "gs-base", 0 },
	[SNAPSHOT_X87] = { "x87", 0 },
	[SNAPSHOT_MXCSR] = { "mxcsr", 0 },
	[SNAPSHOT_VECTORS] = { "vectors", 0 },
	[SNAPSHOT_OPMASK] = { "opmask", 0 },
	[SNAPSHOT_PKRU] = { "pkru", 0 },
	[SNAPSHOT_EXTENDED_REGISTERS] = { "extended-registers", 0 },
	[SNAPSHOT_BREAKPOINTS] = { "breakpoints", 0 },
	[SNAPSHOT_SIGNAL_MASK] = { "signal-mask", 0 },
	[SNAPSHOT_PENDING] = { "pending", 0 },
	[SNAPSHOT_SIGNAL_VALUES] = { "signal-values", 0 },
	[SNAPSHOT_RSEQ] = { "rseq", 0 },
	[SNAPSHOT_FILES] = { "descriptors", 0 },
	[SNAPSHOT_MAPPINGS] = { "mappings", 0 },
};

const char *snapshot_name(enum snapshot_item item)
{
	return items[item].name;
}

int snapshot_is_data(enum snapshot_item item)
{
	return items[item].is_data;
}
