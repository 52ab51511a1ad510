/* SPDX-License-Identifier: Apache-2.0
 *
 * orders - so small that the chance of each order of its accesses can be told. The ledger has who stored to x
 * in which order, a bit each, behind a leading one.
 *
 * last      a stores to x once; b to a word of its own, then to x. Fails if a was the last.
 * many      both store to x
 * deep-1    b reads before a has written
 * deep-2    b reads between two stores of a
 * deep-3    and a reads between two stores of b, after that
 */
#include "cryofuzz.h"

enum { PRIVATE, STORES };
enum { LAST, MANY, DEEP_1, DEEP_2, DEEP_3 };

struct shared {
	_Alignas(8) volatile uint64_t x;
	_Alignas(8) volatile uint64_t y;
};

static void store(uint64_t who)
{
	struct shared *s = cf_shared();
	uint64_t *order = cf_ledger();

	s->x = 1 + who;
	order[0] = (order[0] == 0 ? 1 : order[0]) << 1 | who;
}

static void store_some(uint64_t who)
{
	for (int i = 0; i < cf_param(STORES); i++)
		store(who);
}

static void a(unsigned index)
{
	struct shared *s = cf_shared();
	uint64_t *order = cf_ledger();

	(void)index;
	if (cf_variant() == LAST) {
		store(0);
	} else if (cf_variant() == MANY) {
		store_some(0);
	} else {
		s->x = 1;
		if (cf_variant() == DEEP_3)
			order[1] = s->y;
		s->x = 2;
	}
}

static void b(unsigned index)
{
	struct shared *s = cf_shared();
	uint64_t *order = cf_ledger();

	(void)index;
	if (cf_variant() == LAST || cf_variant() == MANY) {
		for (int i = 0; i < cf_param(PRIVATE); i++)
			s->y = (uint64_t)i;
		store_some(1);
		return;
	}
	order[0] = s->x;
	if (cf_variant() == DEEP_3) {
		s->y = 1;
		s->y = 2;
	}
}

static void check(void)
{
	const struct shared *s = cf_shared();
	const uint64_t *order = cf_ledger();

	if ((cf_variant() == LAST && s->x == 1) || (cf_variant() == DEEP_1 && order[0] == 0) ||
	    (cf_variant() == DEEP_2 && order[0] == 1) ||
	    (cf_variant() == DEEP_3 && order[0] == 1 && order[1] == 1))
		cf_fail(CF_INVARIANT, "orders.check", "the rare order");
}

static const struct cf_role roles[] = { { "a", NULL, a }, { "b", NULL, b }, { 0 } };
static const struct cf_param_spec params[] = {
	[PRIVATE] = { "private", 0, 8, 0, "stores of b to a word of its own" },
	[STORES] = { "stores", 1, 10000, 1, "to x, of each" },
	{ 0 },
};
static const struct cf_variant_spec variants[] = {
	[LAST] = { "last", "a is the last", CF_SC, "invariant in orders.check" },
	[MANY] = { "many", "no order is wrong", CF_SC, NULL },
	[DEEP_1] = { "deep-1", "one order", CF_SC, "invariant in orders.check" },
	[DEEP_2] = { "deep-2", "one change", CF_SC, "invariant in orders.check" },
	[DEEP_3] = { "deep-3", "two changes", CF_SC, "invariant in orders.check" },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "orders",
	.summary = "accesses whose orders can be counted",
	.shared_size = sizeof(struct shared),
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
	.check = check,
};
