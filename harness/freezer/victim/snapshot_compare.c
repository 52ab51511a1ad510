/* SPDX-License-Identifier: Apache-2.0
 *
 * Two snapshots, compared.
 */
#include "snapshot.h"

#include <cpuid.h>
#include <stdio.h>
#include <string.h>

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
