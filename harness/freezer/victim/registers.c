/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "calls.h"

/* Flags a program may set without consequences: CF PF AF ZF SF DF OF ID. */
#define FREE_FLAGS 0x200cd5ull
/* Interrupts on, and the bit that is always set. */
#define FIXED_FLAGS 0x202ull

uint64_t victim_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

void victim_fill_random(void *data, size_t size, uint64_t *state)
{
	for (size_t i = 0; i < size; i += 8) {
		uint64_t word = victim_random(state);

		memcpy((uint8_t *)data + i, &word, 8);
	}
}

/* An image that FXRSTOR takes: all exceptions masked, none pending, the rest is free. */
static void fill_fx(uint8_t fx[512], uint64_t *state)
{
	uint64_t r = victim_random(state);
	uint16_t control = 0x037f | (r & 0x0c00);
	uint16_t status = (r >> 16) & 0x7f00 & ~0x80;
	uint32_t mxcsr = 0x1f80 | ((r >> 32) & 0xe040);

	memset(fx, 0, 512);
	victim_fill_random(fx + 32, 128 + 256, state);
	for (int i = 0; i < 8; i++)
		memset(fx + 32 + 16 * i + 10, 0, 6); /* a register has 80 bits */
	memcpy(fx, &control, 2);
	memcpy(fx + 2, &status, 2);
	fx[4] = 0xff; /* all eight in use */
	memcpy(fx + 24, &mxcsr, 4);
}

/* Of a system call's arguments. */
static const unsigned registers[6] = {
	VICTIM_RDI / 8, VICTIM_RSI / 8, VICTIM_RDX / 8,
	VICTIM_R10 / 8, VICTIM_R8 / 8,  VICTIM_R9 / 8,
};

void victim_fill_regs(struct victim_regs *r, const struct victim_setting *setting,
		      const struct victim_told *told)
{
	const struct call *call = &calls[setting->place];
	uint64_t state = setting->seed;

	victim_fill_random(r->gpr, sizeof(r->gpr), &state);
	victim_fill_random(r->red, sizeof(r->red), &state);
	r->flags = (victim_random(&state) & FREE_FLAGS) | FIXED_FLAGS;
	fill_fx(r->fx, &state);
	victim_fill_random(r->high, sizeof(r->high), &state);
	if (setting->vectors == VICTIM_VECTORS_CLEAN)
		memset(r->high, 0, sizeof(r->high));
	r->gpr[VICTIM_RCX / 8] |= 1; /* zero would end the spin */
	if (call->name)
		r->gpr[VICTIM_RAX / 8] = call->number;
	for (unsigned i = 0; i < call->count; i++)
		r->gpr[registers[i]] = told->arg[i];
}

int victim_has_avx(void)
{
	return __builtin_cpu_supports("avx");
}

void victim_expect(const struct victim *v, struct victim_regs *want)
{
	if (calls[v->setting.place].flags & CALL_REPLACES) {
		victim_fresh_regs(want);
		return;
	}
	victim_fill_regs(want, &v->setting, &v->there);
	if (!victim_has_avx())
		memset(want->high, 0, sizeof(want->high));
	if (!calls[v->setting.place].name) {
		want->gpr[VICTIM_RCX / 8] = 0;
		return;
	}
	want->gpr[VICTIM_RAX / 8] = (uint64_t)place_result(v);
	want->gpr[VICTIM_RCX / 8] = (uint64_t)(uintptr_t)victim_after_read;
	want->gpr[VICTIM_R11 / 8] = want->flags;
}

/* ---- compare ------------------------------------------------------------------------------- */

static int compare_gprs(const struct victim_regs *want, const struct victim_regs *seen, char *text,
			size_t size)
{
	static const char *const names[VICTIM_GPRS] = {
		"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "r8",
		"r9",  "r10", "r11", "r12", "r13", "r14", "r15",
	};

	for (int i = 0; i < VICTIM_GPRS; i++) {
		if (want->gpr[i] == seen->gpr[i])
			continue;
		snprintf(text, size, "%s is 0x%llx, was 0x%llx", names[i],
			 (unsigned long long)seen->gpr[i], (unsigned long long)want->gpr[i]);
		return 1;
	}
	if (want->flags == seen->flags)
		return 0;
	snprintf(text, size, "rflags is 0x%llx, was 0x%llx", (unsigned long long)seen->flags,
		 (unsigned long long)want->flags);
	return 1;
}

static int compare_bytes(const char *what, const uint8_t *want, const uint8_t *seen, size_t from,
			 size_t to, char *text, size_t size)
{
	for (size_t i = from; i < to; i++) {
		if (want[i] == seen[i])
			continue;
		snprintf(text, size, "%s byte %zu is 0x%02x, was 0x%02x", what, i, seen[i],
			 want[i]);
		return 1;
	}
	return 0;
}

/* Bytes 6 to 23 are the last x87 instruction, which the processor keeps or not as it likes; the
 * mask of MXCSR at 28 and the bytes from 416 are not registers. */
static int compare_fx(const uint8_t *want, const uint8_t *seen, char *text, size_t size)
{
	return compare_bytes("fxsave", want, seen, 0, 6, text, size) ||
	       compare_bytes("fxsave", want, seen, 24, 28, text, size) ||
	       compare_bytes("fxsave", want, seen, 32, 416, text, size);
}

int victim_same(const struct victim_regs *want, const struct victim_regs *seen)
{
	return !memcmp(want, seen, VICTIM_FX) && !memcmp(want->fx, seen->fx, 6) &&
	       !memcmp(want->fx + 24, seen->fx + 24, 4) &&
	       !memcmp(want->fx + 32, seen->fx + 32, 416 - 32) &&
	       !memcmp(want->high, seen->high, sizeof(want->high));
}

int victim_compare(const struct victim_regs *want, const struct victim_regs *seen, char *text,
		   size_t size)
{
	return compare_gprs(want, seen, text, size) ||
	       compare_bytes("red zone", (const uint8_t *)want->red, (const uint8_t *)seen->red, 0,
			     sizeof(want->red), text, size) ||
	       compare_fx(want->fx, seen->fx, text, size) ||
	       compare_bytes("upper vector half", want->high[0], seen->high[0], 0,
			     sizeof(want->high), text, size);
}
