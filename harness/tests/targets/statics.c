/* SPDX-License-Identifier: Apache-2.0
 *
 * statics - each role counts in static data, in thread-local storage, in errno and by the rounding
 * mode, with points between, and expects that nobody else has touched them.
 *
 * own     as it should be in a process
 * kept    the static counter is kept from run to run, so in one process all roles share it
 */
#include <errno.h>

#include "cryofuzz.h"

enum { OWN, KEPT };
enum { ROUNDS = 3, TABLE = 1000 };

/* Rounding modes in the processor's control word. */
#ifdef __aarch64__
enum { DOWN = 2 << 22, UP = 1 << 22, NEAREST = 0 };
#define SET_CONTROL(word) __builtin_aarch64_set_fpcr(word)
#define CONTROL() __builtin_aarch64_get_fpcr()
#else
enum { DOWN = 0x3f80, UP = 0x5f80, NEAREST = 0x1f80 };
#define SET_CONTROL(word) __builtin_ia32_ldmxcsr(word)
#define CONTROL() (__builtin_ia32_stmxcsr() & ~0x3fu)
#endif

static unsigned counter = 5;
static CF_KEPT unsigned kept = 5;
static unsigned table[TABLE];
static __thread unsigned local = 7;

static volatile uint64_t *word(void)
{
	return cf_shared();
}

static void expect(unsigned is, unsigned wanted, const char *what)
{
	if (is != wanted)
		cf_fail(CF_INVARIANT, "statics.count", "%s is %u instead of %u", what, is, wanted);
}

static void count(unsigned *number, int mode)
{
	unsigned first = *number, i;

	errno = mode;
	SET_CONTROL((unsigned)mode);
	for (i = 0; i < ROUNDS; i++) {
		expect(*number, first + i, "the counter");
		expect(local, 7 + i, "the thread's counter");
		expect(table[i * 333], i ? 0 : (unsigned)mode, "an entry");
		expect((unsigned)errno, (unsigned)mode, "errno");
		expect(CONTROL(), (unsigned)mode, "the rounding mode");
		++*number;
		local++;
		table[(i + 1) * 333 % 999] = i == ROUNDS - 1;
		*word() += 1;
	}
}

static void play(int mode)
{
	expect(counter, 5, "the counter at first");
	expect(table[0], 0, "an entry at first");
	table[0] = (unsigned)mode;
	*word() += 1;
	count(cf_variant() == KEPT ? &kept : &counter, mode);
	SET_CONTROL(NEAREST);
}

static void left(unsigned index)
{
	(void)index;
	play(DOWN);
}

static void right(unsigned index)
{
	(void)index;
	play(UP);
}

static void check(void)
{
	expect(counter, 5, "the counter of nobody");
}

static const struct cf_role roles[] = {
	{ "left", NULL, left },
	{ "right", NULL, right },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	[OWN] = { "own", "static data of one's own", CF_SC, NULL },
	[KEPT] = { "kept", "a counter that is kept", CF_SC, NULL },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "statics",
	.summary = "counts in whatever an actor has for itself",
	.shared_size = sizeof(uint64_t),
	.flags = CF_FIBERS,
	.roles = roles,
	.variants = variants,
	.check = check,
};
