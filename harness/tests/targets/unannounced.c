/* SPDX-License-Identifier: Apache-2.0
 *
 * unannounced - writes the segment by inline assembly, which no hook announces. The next hook on
 * that word sees it and makes it a commit; the audit names the line.
 */
#include "cryofuzz.h"

#ifdef __aarch64__
#define STORE "str %w1, %0"
#else
#define STORE "movl %1, %0"
#endif

static void writer(unsigned index)
{
	volatile uint32_t *word = cf_shared();

	(void)index;
	word[2] = 1;
	__asm__ volatile(STORE : "=m"(*word) : "r"(7)); /* line 21 */
	word[2] = 2;
}

static void reader(unsigned index)
{
	volatile uint32_t *word = cf_shared();

	(void)index;
	if (word[0] != 7)
		cf_fail(CF_INVARIANT, "unannounced.reader", "word=%u", word[0]);
}

static const struct cf_role roles[] = { { "writer", NULL, writer },
					{ "reader", NULL, reader },
					{ 0 } };
static const struct cf_variant_spec variants[] = { { "good", "always", CF_SC, NULL }, { 0 } };

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "unannounced",
	.summary = "an access that no hook sees",
	.shared_size = 16,
	.flags = CF_FIBERS,
	.roles = roles,
	.variants = variants,
};
