/* SPDX-License-Identifier: Apache-2.0
 *
 * litmus - the litmus tests of MEMORY.md, one variant each. A variant is "bad" if its relaxed
 * outcome is allowed under the model in its row (and so must be reached), good if it is forbidden
 * under every model. Here the variant is the test, so check() asks which one it is.
 *
 * Each thread of a test is an actor, p0 to p3; x, y, z and v have a word each; all accesses that are not
 * marked are relaxed. Registers live in the ledger, out of every model's reach. The whole outcome
 * goes to the explorer as a state, so that distinct outcomes can be counted.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cryofuzz.h"

enum { X, Y, Z, V, CELLS }; /* Z and V are the halves of 16 bytes */
enum { THREADS, COUNT }; /* parameters */

/* Of all runs with one value of `count`: which outcomes there were. It is the executor that checks. */
struct seen {
	uint64_t outcome[4096 / 64];
	unsigned distinct, relaxed;
	int count;
};

struct ledger {
	uint64_t r[4];
	unsigned distinct, relaxed; /* for whoever asked to count */
};

typedef unsigned __int128 wide;

struct test {
	const char *site;
	void (*thread[4])(void);
	bool (*relaxed)(void);
	unsigned outcomes;
	const char *shown;
};

static _Atomic uint64_t *cell(unsigned i)
{
	return (_Atomic uint64_t *)cf_shared() + i;
}

static uint64_t *reg(unsigned i)
{
	return &((struct ledger *)cf_ledger())->r[i];
}

#define W(c, v) atomic_store_explicit(cell(c), v, memory_order_relaxed)
#define W_REL(c, v) atomic_store_explicit(cell(c), v, memory_order_release)
#define R(i, c) (*reg(i) = atomic_load_explicit(cell(c), memory_order_relaxed))
#define R_ACQ(i, c) (*reg(i) = atomic_load_explicit(cell(c), memory_order_acquire))
#define R_WIDE() __atomic_load_n((wide *)cell(Z), __ATOMIC_RELAXED)
#define MB() atomic_thread_fence(memory_order_seq_cst)
#define WMB() atomic_thread_fence(memory_order_release)
#define RMB() atomic_thread_fence(memory_order_acquire)
#define THREAD(name, ...)      \
	static void name(void) \
	{                      \
		__VA_ARGS__;   \
	}
/* The letters say what is shown of it. */
#define OUTCOME(name, shown, condition) \
	static bool name(void)          \
	{                               \
		return condition;       \
	}                               \
	static const char name##_shown[] = shown;
#define r0 (*reg(0))
#define r1 (*reg(1))
#define r2 (*reg(2))
#define r3 (*reg(3))
#define x (atomic_load(cell(X)))
#define y (atomic_load(cell(Y)))

/* Single accesses. */
THREAD(wx1, W(X, 1))
THREAD(wy1, W(Y, 1))
THREAD(wx2, W(X, 2))

/* Two stores. */
THREAD(wx1_wy1, W(X, 1); W(Y, 1))
THREAD(wx1_wmb_wy1, W(X, 1); WMB(); W(Y, 1))
THREAD(wx1_wy1_rel, W(X, 1); W_REL(Y, 1))
THREAD(wx1_mb_wy1, W(X, 1); MB(); W(Y, 1))
THREAD(wx2_wy1, W(X, 2); W(Y, 1))
THREAD(wx2_wmb_wy1, W(X, 2); WMB(); W(Y, 1))
THREAD(wx2_wy1_rel, W(X, 2); W_REL(Y, 1))
THREAD(wx1_wy2, W(X, 1); W(Y, 2))
THREAD(wx1_wmb_wy2, W(X, 1); WMB(); W(Y, 2))
THREAD(wy1_wx2, W(Y, 1); W(X, 2))
THREAD(wy1_wmb_wx2, W(Y, 1); WMB(); W(X, 2))

/* Store, load. */
THREAD(wx1_ry0, W(X, 1); R(0, Y))
THREAD(wy1_rx1, W(Y, 1); R(1, X))
THREAD(wx1_mb_ry0, W(X, 1); MB(); R(0, Y))
THREAD(wy1_mb_rx1, W(Y, 1); MB(); R(1, X))
THREAD(wx1_ry0_ra, W_REL(X, 1); R_ACQ(0, Y))
THREAD(wy1_rx1_ra, W_REL(Y, 1); R_ACQ(1, X))
THREAD(wy2_rx0, W(Y, 2); R(0, X))
THREAD(wy2_mb_rx0, W(Y, 2); MB(); R(0, X))
THREAD(wy1_rx2, W(Y, 1); R(2, X))
THREAD(wy1_mb_rx2, W(Y, 1); MB(); R(2, X))
THREAD(wx1_rx0, W(X, 1); R(0, X))

/* Two loads; the first may be a pointer to x. */
THREAD(wx1_wmb_wyp, W(X, 1); WMB(); W(Y, (uintptr_t)cell(X)))
THREAD(rp0_rx1, r1 = 1; R(0, Y); if (r0) r1 = *(volatile uint64_t *)r0; r0 = !!r0)
THREAD(ry0_rx1, R(0, Y); R(1, X))
THREAD(ry0_rmb_rx1, R(0, Y); RMB(); R(1, X))
THREAD(ry0_acq_rx1, R_ACQ(0, Y); R(1, X))
THREAD(ry0_addr_rx1, R(0, Y); R(1, Z - 2 * r0)) /* an index: no branch to get to x or z */
THREAD(wx1_wmb_wyb, W(X, 1); WMB(); W(Y, (uintptr_t)(cell(X) - 1))) /* x is the second field */
THREAD(rb0_rx1, r1 = 1; R(0, Y); if (r0) r1 = ((volatile uint64_t *)r0)[1]; r0 = !!r0)
THREAD(wx1_wmb_wy9, W(X, 1); WMB(); W(Y, 9))
THREAD(ry0_masked_rx1, R(0, Y); R(1, Z - 2 * (r0 & 1)); r0 = r0 == 9)
THREAD(fy0_rx1, r0 = atomic_fetch_add_explicit(cell(Y), 2, memory_order_relaxed); R(1, X))
THREAD(fy0_addr_rx1, r0 = atomic_fetch_add_explicit(cell(Y), 2, memory_order_relaxed);
       R(1, Z - 2 * r0))
THREAD(wx1_wmb_wv1, W(X, 1); WMB(); W(V, 1))
THREAD(rv0_rx1, r0 = R_WIDE() >> 64; R(1, X))
THREAD(rv0_addr_rx1, r0 = R_WIDE() >> 64; R(1, Y - r0)) /* the upper half alone */
THREAD(rv0_plain_addr_rx1, r0 = *(volatile wide *)cell(Z) >> 64; R(1, Y - r0))
THREAD(ry0_control_rx1, r1 = 1; R(0, Y); if (r0) R(1, X))
THREAD(ry1_rx2, R(1, Y); R(2, X))
THREAD(ry1_acq_rx2, R_ACQ(1, Y); R(2, X))
THREAD(rz1_rx2, R(1, Z); R(2, X))
THREAD(rz1_acq_rx2, R_ACQ(1, Z); R(2, X))
THREAD(rx0_ry1, R(0, X); R(1, Y))
THREAD(rx0_acq_ry1, R_ACQ(0, X); R(1, Y))
THREAD(rx0_mb_ry1, R(0, X); MB(); R(1, Y))
THREAD(ry2_rx3, R(2, Y); R(3, X))
THREAD(ry2_acq_rx3, R_ACQ(2, Y); R(3, X))
THREAD(ry2_mb_rx3, R(2, Y); MB(); R(3, X))
static void rx0_rx1(void) /* on two lines: the same line that reads the same again is a spin */
{
	R(0, X);
	R(1, X);
}
#define R_VOLATILE(i, c) (*reg(i) = *(volatile uint64_t *)cell(c))
static void rx0_rx1_volatile(void)
{
	R_VOLATILE(0, X);
	R_VOLATILE(1, X);
}
THREAD(wx1_rx0_volatile, W(X, 1); R_VOLATILE(0, X))
THREAD(rx0_wx1_volatile, R_VOLATILE(0, X); W(X, 1))

/* Load, store. */
THREAD(rx0_wy1, R(0, X); W(Y, 1))
THREAD(ry1_wx1, R(1, Y); W(X, 1))
THREAD(rx0_mb_wy1, R(0, X); MB(); W(Y, 1))
THREAD(ry1_mb_wx1, R(1, Y); MB(); W(X, 1))
THREAD(rx0_data_wy1, R(0, X); W(Y, 1 | r0))
THREAD(ry1_data_wx1, R(1, Y); W(X, 1 | r1))
THREAD(ry0_data_wx1, R(0, Y); W(X, 1 | r0))
THREAD(rx0_control_wy1, R(0, X); if (r0 < 2) W(Y, 1))
THREAD(ry1_control_wx1, R(1, Y); if (r1 < 2) W(X, 1))
THREAD(rx0_branch_wy1, R(0, X); if (r0 == 1) r2 = 1; W(Y, 1)) /* no access before it joins again */
THREAD(ry1_branch_wx1, R(1, Y); if (r1 == 1) r3 = 1; W(X, 1))
THREAD(rx0_address_wy1, R(0, X); W(Y + (r0 >> 1), 1))
THREAD(ry1_address_wx1, R(1, Y); W(X + (r1 >> 1), 1))
THREAD(rx0_address_rz_wy1, R(0, X); R(2, Z + (r0 >> 1)); W(Y, 1))
THREAD(ry1_address_rz_wx1, R(1, Y); R(3, Z + (r1 >> 1)); W(X, 1))
THREAD(rx0_acq_wy1, R_ACQ(0, X); W(Y, 1))
THREAD(ry1_acq_wx1, R_ACQ(1, Y); W(X, 1))
THREAD(rx0_wy1_rel, R(0, X); W_REL(Y, 1))
THREAD(ry1_wx1_rel, R(1, Y); W_REL(X, 1))
THREAD(rx0_fz_wy1, R(0, X); atomic_fetch_add_explicit(cell(Z), 1, memory_order_relaxed); W(Y, 1))
THREAD(ry1_fz_wx1, R(1, Y); atomic_fetch_add_explicit(cell(Z), 1, memory_order_relaxed); W(X, 1))
THREAD(ry0_wx1, R(0, Y); W(X, 1))
THREAD(ry0_acq_wx1, R_ACQ(0, Y); W(X, 1))
THREAD(rx0_acq_wy1_rel, R_ACQ(0, X); W_REL(Y, 1))
THREAD(ry0_wz1, R(0, Y); W(Z, 1))
THREAD(ry0_acq_wz1_rel, R_ACQ(0, Y); W_REL(Z, 1))
THREAD(rx0_wx1, R(0, X); W(X, 1))

OUTCOME(sb, "01", !r0 && !r1)
OUTCOME(mp, "01", r0 == 1 && !r1)
OUTCOME(lb, "01", r0 == 1 && r1 == 1)
OUTCOME(s, "0x", r0 == 1 && x == 2)
OUTCOME(r, "0y", y == 2 && !r0)
OUTCOME(ww, "xy", x == 1 && y == 1)
OUTCOME(wrc, "012", r0 == 1 && r1 == 1 && !r2)
OUTCOME(iriw, "0123", r0 == 1 && !r1 && r2 == 1 && !r3)
OUTCOME(rwc, "012", r0 == 1 && !r1 && !r2)
OUTCOME(cowr, "0x", r0 == 2 && x == 1)
OUTCOME(corw, "0x", r0 == 2 && x == 2)

/* name, model that allows it (or NEVER), number of outcomes with the relaxed one (0: not counted, since
 * dependencies are judged only where a run would fail), outcome, threads */
#define TESTS(ALLOWED, NEVER)                                                            \
	ALLOWED("sb", CF_X86, 4, sb, wx1_ry0, wy1_rx1)                                   \
	NEVER("sb-fences", 4, sb, wx1_mb_ry0, wy1_mb_rx1)                                \
	ALLOWED("sb-release-acquire", CF_X86, 4, sb, wx1_ry0_ra, wy1_rx1_ra)             \
	ALLOWED("mp", CF_WEAK, 4, mp, wx1_wy1, ry0_rx1)                                  \
	ALLOWED("mp-wmb", CF_WEAK, 4, mp, wx1_wmb_wy1, ry0_rx1)                          \
	ALLOWED("mp-rmb", CF_WEAK, 4, mp, wx1_wy1, ry0_rmb_rx1)                          \
	NEVER("mp-wmb-rmb", 4, mp, wx1_wmb_wy1, ry0_rmb_rx1)                             \
	NEVER("mp-release-acquire", 4, mp, wx1_wy1_rel, ry0_acq_rx1)                     \
	NEVER("mp-wmb-address", 0, mp, wx1_wmb_wy1, ry0_addr_rx1)                        \
	NEVER("mp-wmb-pointer", 0, mp, wx1_wmb_wyp, rp0_rx1)                             \
	NEVER("mp-wmb-field", 0, mp, wx1_wmb_wyb, rb0_rx1)                               \
	NEVER("mp-wmb-masked", 0, mp, wx1_wmb_wy9, ry0_masked_rx1)                       \
	ALLOWED("mp-wmb-ticket", CF_WEAK, 4, mp, wx1_wmb_wy1, fy0_rx1)                   \
	NEVER("mp-wmb-ticket-address", 0, mp, wx1_wmb_wy1, fy0_addr_rx1)                 \
	ALLOWED("mp-wmb-wide", CF_WEAK, 4, mp, wx1_wmb_wv1, rv0_rx1)                     \
	NEVER("mp-wmb-wide-address", 0, mp, wx1_wmb_wv1, rv0_addr_rx1)                   \
	NEVER("mp-wmb-wide-plain-address", 0, mp, wx1_wmb_wv1, rv0_plain_addr_rx1)       \
	ALLOWED("mp-wmb-control", CF_WEAK, 3, mp, wx1_wmb_wy1, ry0_control_rx1)          \
	ALLOWED("lb", CF_WEAK_EARLY, 4, lb, rx0_wy1, ry1_wx1)                            \
	NEVER("lb-fences", 4, lb, rx0_mb_wy1, ry1_mb_wx1)                                \
	NEVER("lb-data", 0, lb, rx0_data_wy1, ry1_data_wx1)                              \
	ALLOWED("lb-one-data", CF_WEAK_EARLY, 0, lb, rx0_data_wy1, ry1_wx1)              \
	NEVER("lb-control", 0, lb, rx0_control_wy1, ry1_control_wx1)                     \
	NEVER("lb-branch", 0, lb, rx0_branch_wy1, ry1_branch_wx1)                        \
	NEVER("lb-address", 0, lb, rx0_address_wy1, ry1_address_wx1)                     \
	NEVER("lb-address-of-other", 0, lb, rx0_address_rz_wy1, ry1_address_rz_wx1)      \
	NEVER("lb-acquires", 4, lb, rx0_acq_wy1, ry1_acq_wx1)                            \
	NEVER("lb-releases", 4, lb, rx0_wy1_rel, ry1_wx1_rel)                            \
	NEVER("lb-rmws", 4, lb, rx0_fz_wy1, ry1_fz_wx1)                                  \
	NEVER("lb-acquire-release", 4, lb, rx0_acq_wy1, ry1_wx1_rel)                     \
	ALLOWED("s", CF_WEAK, 4, s, wx2_wy1, ry0_wx1)                                    \
	ALLOWED("s-wmb", CF_WEAK_EARLY, 4, s, wx2_wmb_wy1, ry0_wx1)                      \
	NEVER("s-wmb-data", 0, s, wx2_wmb_wy1, ry0_data_wx1)                             \
	NEVER("s-release-acquire", 4, s, wx2_wy1_rel, ry0_acq_wx1)                       \
	ALLOWED("r", CF_X86, 4, r, wx1_wy1, wy2_rx0)                                     \
	NEVER("r-fences", 4, r, wx1_mb_wy1, wy2_mb_rx0)                                  \
	ALLOWED("two-two-w", CF_WEAK, 4, ww, wx1_wy2, wy1_wx2)                           \
	NEVER("two-two-w-wmbs", 4, ww, wx1_wmb_wy2, wy1_wmb_wx2)                         \
	ALLOWED("wrc", CF_WEAK, 8, wrc, wx1, rx0_wy1, ry1_rx2)                           \
	NEVER("wrc-release-acquire", 8, wrc, wx1, rx0_acq_wy1_rel, ry1_acq_rx2)          \
	ALLOWED("isa2", CF_WEAK, 8, wrc, wx1_wy1, ry0_wz1, rz1_rx2)                      \
	NEVER("isa2-release-acquire", 8, wrc, wx1_wy1_rel, ry0_acq_wz1_rel, rz1_acq_rx2) \
	ALLOWED("iriw", CF_WEAK, 16, iriw, wx1, wy1, rx0_ry1, ry2_rx3)                   \
	NEVER("iriw-acquires", 16, iriw, wx1, wy1, rx0_acq_ry1, ry2_acq_rx3)             \
	NEVER("iriw-fences", 16, iriw, wx1, wy1, rx0_mb_ry1, ry2_mb_rx3)                 \
	ALLOWED("rwc", CF_X86, 8, rwc, wx1, rx0_ry1, wy1_rx2)                            \
	NEVER("rwc-fences", 8, rwc, wx1, rx0_mb_ry1, wy1_mb_rx2)                         \
	NEVER("corr", 4, mp, wx1, rx0_rx1)                                               \
	NEVER("cowr", 4, cowr, wx1_rx0, wx2)                                             \
	NEVER("corw", 4, corw, rx0_wx1, wx2)                                             \
	NEVER("corr-volatile", 4, mp, wx1, rx0_rx1_volatile)                             \
	NEVER("cowr-volatile", 4, cowr, wx1_rx0_volatile, wx2)                           \
	NEVER("corw-volatile", 4, corw, rx0_wx1_volatile, wx2)

#define ALLOWED_VARIANT(name, memory, outcomes, outcome, ...) \
	{ name, "reached from this model on", memory, "invariant in litmus." name },
#define NEVER_VARIANT(name, outcomes, outcome, ...) \
	{ name, "forbidden by every model", CF_SC, NULL },
#define ALLOWED_TEST(name, memory, outcomes, outcome, ...) \
	{ "litmus." name, { __VA_ARGS__ }, outcome, outcomes, outcome##_shown },
#define NEVER_TEST(name, outcomes, outcome, ...) \
	{ "litmus." name, { __VA_ARGS__ }, outcome, outcomes, outcome##_shown },

static const struct cf_variant_spec variants[] = { TESTS(ALLOWED_VARIANT, NEVER_VARIANT){ 0 } };
static const struct test tests[] = { TESTS(ALLOWED_TEST, NEVER_TEST) };

static void run(unsigned thread)
{
	if (tests[cf_variant()].thread[thread])
		tests[cf_variant()].thread[thread]();
}

static unsigned encode(void)
{
	return (unsigned)(r0 | r1 << 2 | r2 << 4 | r3 << 6 | x << 8 | y << 10);
}

static void count(bool relaxed)
{
	static CF_KEPT struct seen seen;
	struct ledger *ledger = cf_ledger();
	unsigned code = encode() % (64 * 64); /* a pointer may be among them */

	if (seen.count != cf_param(COUNT))
		seen = (struct seen){ .count = cf_param(COUNT) };
	seen.relaxed |= relaxed;
	seen.distinct += !(seen.outcome[code / 64] >> code % 64 & 1);
	seen.outcome[code / 64] |= 1ull << code % 64;
	ledger->distinct = seen.distinct;
	ledger->relaxed = seen.relaxed;
}

static unsigned value_of(char name)
{
	return (unsigned)(name == 'x' ? x : name == 'y' ? y : *reg((unsigned)(name - '0')));
}

/* As herd words it. */
static void tell(const char *shown)
{
	char text[64] = "";

	for (; *shown != '\0'; shown++)
		sprintf(text + strlen(text), "%s%s%c=%u", text[0] != '\0' ? " " : "",
			*shown <= '9' ? "r" : "", *shown, value_of(*shown));
	cf_outcome("%s", text);
}

static void check(void)
{
	const struct test *test = &tests[cf_variant()];

	cf_state(encode());
	if (cf_param(COUNT)) {
		count(test->relaxed());
		return;
	}
	tell(test->shown);
	if (test->relaxed())
		cf_fail(CF_INVARIANT, test->site, "r0=%u r1=%u r2=%u r3=%u x=%u y=%u", (unsigned)r0,
			(unsigned)r1, (unsigned)r2, (unsigned)r3, (unsigned)x, (unsigned)y);
}

/* For litmus_table, which reads it out of the target. */
CF_EXPORT void litmus_describe(unsigned variant, unsigned *threads, unsigned *outcomes);
void litmus_describe(unsigned variant, unsigned *threads, unsigned *outcomes)
{
	*outcomes = tests[variant].outcomes;
	for (*threads = 0; *threads < 4 && tests[variant].thread[*threads]; ++*threads)
		;
}

static const struct cf_role roles[] = { { "p", "threads", run }, { 0 } };

static const struct cf_param_spec params[] = {
	[THREADS] = { "threads", 2, 4, 4, "as many as the test has, or more" },
	[COUNT] = { "count", 0, 1 << 30, 0, "if not 0, outcomes are counted, and none fails" },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "litmus",
	.summary = "litmus tests, one each variant",
	.shared_size = CELLS * sizeof(uint64_t),
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
	.check = check,
};
