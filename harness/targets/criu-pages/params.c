/* SPDX-License-Identifier: Apache-2.0
 *
 * What each param means, for people.
 */
#include "pages.h"

const struct cf_param_spec pages_params[] = {
	[PAGES] = { "pages", 1, 8, 2, "pages in each run of them" },
	[RUNS] = { "runs", 1, 4, 1, "runs of pages" },
	[SEED] = { "seed", 0, 255, 1, "of their contents" },
	[DAMAGE] = { "damage", 0, 5, 0,
		     "1: no such command, 2: no such type of image, 3: a page is missing at the "
		     "end, "
		     "4: 2^32 - 1 pages, 5: the stream is not closed" },
	{ NULL, 0, 0, 0, NULL },
};
