/* SPDX-License-Identifier: Apache-2.0
 *
 * litmus - the litmus tests of MEMORY.md, one variant each. A variant is "bad" if its relaxed
 * outcome is allowed under the model in its row (and so must be reached), good if it is forbidden
 * under every model. Here the variant is the test, so check() asks which one it is.
 *
 * Each thread of a test is a role, p0 to p3; x, y and z have a word each; all accesses that are not
 * marked are relaxed. Registers live in the ledger, out of every model's reach. The whole outcome
 * goes to the explorer as a state, so that distinct outcomes can be counted.
 */
#include <stdatomic.h>
#include <stdbool.h>

#include "cryofuzz.h"

enum { X, Y, Z, CELLS };

struct ledger {
	uint64_t r[4];
};

struct test {
	const char *site;
	void (*thread[4])(void);
	bool (*relaxed)(void);
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
#define MB() atomic_thread_fence(memory_order_seq_cst)
#define WMB() atomic_thread_fence(memory_order_release)
#define RMB() atomic_thread_fence(memory_order_acquire)
#define THREAD(name, ...)      \
	static void name(void) \
	{                      \
		__VA_ARGS__;   \
	}
#define OUTCOME(name, condition)  \
	static bool name(void)    \
	{                         \
		return condition; \
	}
#define r0 (*reg(0))
#define r1 (*reg(1))
#define r2 (*reg(2))
#define r3 (*reg(3))
#define x (atomic_load(cell(X)))
#define y (atomic_load(cell(Y)))

/* Zero, computed from v in a way that the compiler can't see through. */
static uint64_t zero_from(uint64_t v)
{
	uint64_t same = v;

	__asm__("" : "+r"(same));
	return same ^ v;
}

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
THREAD(rx0_rx1, R(0, X); R(1, X))

/* Load, store. */
THREAD(rx0_wy1, R(0, X); W(Y, 1))
THREAD(ry1_wx1, R(1, Y); W(X, 1))
THREAD(rx0_mb_wy1, R(0, X); MB(); W(Y, 1))
THREAD(ry1_mb_wx1, R(1, Y); MB(); W(X, 1))
THREAD(rx0_data_wy1, R(0, X); W(Y, 1 + zero_from(r0)))
THREAD(ry1_data_wx1, R(1, Y); W(X, 1 + zero_from(r1)))
THREAD(ry0_wx1, R(0, Y); W(X, 1))
THREAD(ry0_acq_wx1, R_ACQ(0, Y); W(X, 1))
THREAD(rx0_acq_wy1_rel, R_ACQ(0, X); W_REL(Y, 1))
THREAD(ry0_wz1, R(0, Y); W(Z, 1))
THREAD(ry0_acq_wz1_rel, R_ACQ(0, Y); W_REL(Z, 1))
THREAD(rx0_wx1, R(0, X); W(X, 1))

OUTCOME(sb, !r0 && !r1)
OUTCOME(mp, r0 == 1 && !r1)
OUTCOME(lb, r0 == 1 && r1 == 1)
OUTCOME(s, r0 == 1 && x == 2)
OUTCOME(r, y == 2 && !r0)
OUTCOME(ww, x == 1 && y == 1)
OUTCOME(wrc, r0 == 1 && r1 == 1 && !r2)
OUTCOME(iriw, r0 == 1 && !r1 && r2 == 1 && !r3)
OUTCOME(rwc, r0 == 1 && !r1 && !r2)
OUTCOME(cowr, r0 == 2 && x == 1)
OUTCOME(corw, r0 == 2 && x == 2)

/* name, model that allows it (or NEVER), outcome, threads */
#define TESTS(ALLOWED, NEVER)                                                         \
	ALLOWED("sb", CF_X86, sb, wx1_ry0, wy1_rx1)                                   \
	NEVER("sb-fences", sb, wx1_mb_ry0, wy1_mb_rx1)                                \
	ALLOWED("sb-release-acquire", CF_X86, sb, wx1_ry0_ra, wy1_rx1_ra)             \
	ALLOWED("mp", CF_WEAK, mp, wx1_wy1, ry0_rx1)                                  \
	ALLOWED("mp-wmb", CF_WEAK, mp, wx1_wmb_wy1, ry0_rx1)                          \
	ALLOWED("mp-rmb", CF_WEAK, mp, wx1_wy1, ry0_rmb_rx1)                          \
	NEVER("mp-wmb-rmb", mp, wx1_wmb_wy1, ry0_rmb_rx1)                             \
	NEVER("mp-release-acquire", mp, wx1_wy1_rel, ry0_acq_rx1)                     \
	NEVER("mp-wmb-address", mp, wx1_wmb_wy1, ry0_addr_rx1)                        \
	NEVER("mp-wmb-pointer", mp, wx1_wmb_wyp, rp0_rx1)                             \
	NEVER("mp-wmb-field", mp, wx1_wmb_wyb, rb0_rx1)                               \
	NEVER("mp-wmb-masked", mp, wx1_wmb_wy9, ry0_masked_rx1)                       \
	ALLOWED("mp-wmb-ticket", CF_WEAK, mp, wx1_wmb_wy1, fy0_rx1)                   \
	NEVER("mp-wmb-ticket-address", mp, wx1_wmb_wy1, fy0_addr_rx1)                 \
	ALLOWED("mp-wmb-control", CF_WEAK, mp, wx1_wmb_wy1, ry0_control_rx1)          \
	NEVER("lb", lb, rx0_wy1, ry1_wx1)                                             \
	NEVER("lb-fences", lb, rx0_mb_wy1, ry1_mb_wx1)                                \
	NEVER("lb-data", lb, rx0_data_wy1, ry1_data_wx1)                              \
	ALLOWED("s", CF_WEAK, s, wx2_wy1, ry0_wx1)                                    \
	NEVER("s-release-acquire", s, wx2_wy1_rel, ry0_acq_wx1)                       \
	ALLOWED("r", CF_X86, r, wx1_wy1, wy2_rx0)                                     \
	NEVER("r-fences", r, wx1_mb_wy1, wy2_mb_rx0)                                  \
	ALLOWED("two-two-w", CF_WEAK, ww, wx1_wy2, wy1_wx2)                           \
	NEVER("two-two-w-wmbs", ww, wx1_wmb_wy2, wy1_wmb_wx2)                         \
	ALLOWED("wrc", CF_WEAK, wrc, wx1, rx0_wy1, ry1_rx2)                           \
	NEVER("wrc-release-acquire", wrc, wx1, rx0_acq_wy1_rel, ry1_acq_rx2)          \
	ALLOWED("isa2", CF_WEAK, wrc, wx1_wy1, ry0_wz1, rz1_rx2)                      \
	NEVER("isa2-release-acquire", wrc, wx1_wy1_rel, ry0_acq_wz1_rel, rz1_acq_rx2) \
	ALLOWED("iriw", CF_WEAK, iriw, wx1, wy1, rx0_ry1, ry2_rx3)                    \
	NEVER("iriw-acquires", iriw, wx1, wy1, rx0_acq_ry1, ry2_acq_rx3)              \
	NEVER("iriw-fences", iriw, wx1, wy1, rx0_mb_ry1, ry2_mb_rx3)                  \
	ALLOWED("rwc", CF_X86, rwc, wx1, rx0_ry1, wy1_rx2)                            \
	NEVER("rwc-fences", rwc, wx1, rx0_mb_ry1, wy1_mb_rx2)                         \
	NEVER("corr", mp, wx1, rx0_rx1)                                               \
	NEVER("cowr", cowr, wx1_rx0, wx2)                                             \
	NEVER("corw", corw, rx0_wx1, wx2)

#define ALLOWED_VARIANT(name, memory, outcome, ...) \
	{ name, "reached from this model on", memory, "invariant in litmus." name },
#define NEVER_VARIANT(name, outcome, ...) { name, "forbidden by every model", CF_SC, NULL },
#define ALLOWED_TEST(name, memory, outcome, ...) { "litmus." name, { __VA_ARGS__ }, outcome },
#define NEVER_TEST(name, outcome, ...) { "litmus." name, { __VA_ARGS__ }, outcome },

static const struct cf_variant_spec variants[] = { TESTS(ALLOWED_VARIANT, NEVER_VARIANT){ 0 } };
static const struct test tests[] = { TESTS(ALLOWED_TEST, NEVER_TEST) };

static void run(unsigned thread)
{
	if (tests[cf_variant()].thread[thread])
		tests[cf_variant()].thread[thread]();
}

#define ROLE(n)                          \
	static void p##n(unsigned index) \
	{                                \
		(void)index;             \
		run(n);                  \
	}
ROLE(0)
ROLE(1)
ROLE(2)
ROLE(3)

static unsigned encode(void)
{
	return (unsigned)(r0 | r1 << 2 | r2 << 4 | r3 << 6 | x << 8 | y << 10);
}

static void check(void)
{
	const struct test *test = &tests[cf_variant()];

	cf_state(encode());
	if (!test->relaxed())
		return;
	cf_fail(CF_INVARIANT, test->site, "r0=%u r1=%u r2=%u r3=%u x=%u y=%u", (unsigned)r0,
		(unsigned)r1, (unsigned)r2, (unsigned)r3, (unsigned)x, (unsigned)y);
}

static const struct cf_role roles[] = {
	{ "p0", NULL, p0 }, { "p1", NULL, p1 }, { "p2", NULL, p2 }, { "p3", NULL, p3 }, { 0 },
};

static const struct cf_param_spec params[] = { { 0 } };

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
