/* SPDX-License-Identifier: Apache-2.0
 *
 * What is said of each variant.
 */
#include "pages.h"

const struct cf_variant_spec pages_variants[] = {
	[REAL] = { .name = "real", .what = "criu page-server as it is", .memory = CF_SC },
	[PAGE_CHANGED] = { "page-changed", "the third page is another one", CF_SC,
			   "saved-data-modified in pages.stored", NULL },
	[PAGE_LOST] = { "page-lost", "the last run of more than two pages is not sent", CF_SC,
			"lost-message in pages.map", NULL },
	[CRIU_KILLED] = { "criu-killed", "criu aborts after a damaged record", CF_SC,
			  "crash in pages.server", NULL },
	[CRIU_STOPPED] = { "criu-stopped", "criu is stopped after a damaged record", CF_SC,
			   "hang in pages.server", NULL },
	[LEFT_OVER] = { "left-over", "a process is not cleaned up after a damaged record", CF_SC,
			"leak in pages.server", NULL },
	[EXIT_IGNORED] = { "exit-ignored", "the server's refusal is taken for success", CF_SC,
			   "bad-accept in pages.server", NULL },
	[COMMAND_CHANGED] = { "command-changed",
			      "the last run of more than two pages has another command", CF_SC,
			      "invariant in pages.server", NULL },
	[PAGES_CUT] = { "pages-cut", "of more than two pages the image has one", CF_SC,
			"lost-message in pages.stored", NULL },
	[ADDRESS_CHANGED] = { "address-changed", "the last of two runs has another address", CF_SC,
			      "saved-data-modified in pages.map", NULL },
	{ NULL, NULL, CF_SC, NULL, NULL },
};
