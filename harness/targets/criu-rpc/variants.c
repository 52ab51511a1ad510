/* SPDX-License-Identifier: Apache-2.0
 *
 * What is said of each variant.
 */
#include "rpc.h"

const struct cf_variant_spec rpc_variants[] = {
	[REAL] = { .name = "real", .what = "criu swrk as it is", .memory = CF_SC },
	[NO_OPTIONS] = { "no-options",
			 "criu dies of a request without options: sent after a damaged frame",
			 CF_SC, "crash in rpc.criu", NULL },
	[ANY_RESPONSE] = { "any-response", "any response is taken for the one that is awaited",
			   CF_SC, "bad-accept in rpc.response", NULL },
	[NO_RESPONSE_AWAITED] = { "no-response-awaited",
				  "after a damaged frame success is taken for granted", CF_SC,
				  "bad-accept in rpc.response", NULL },
	[CRIU_KILLED] = { "criu-killed", "criu aborts after a damaged frame", CF_SC,
			  "crash in rpc.criu", NULL },
	[CRIU_STOPPED] = { "criu-stopped", "criu is stopped after a damaged frame", CF_SC,
			   "hang in rpc.criu", NULL },
	[LEFT_OVER] = { "left-over", "a process is not cleaned up after a damaged frame", CF_SC,
			"leak in rpc.end", NULL },
	[TREE_STOPPED] = { "tree-stopped", "a tree does not go on after a damaged frame", CF_SC,
			   "hang in rpc.tree", NULL },
	[TREE_SPOILT] = { "tree-spoilt", "a damaged frame changes a byte of the tree", CF_SC,
			  "saved-data-modified in rpc.tree", NULL },
	[TREE_KILLED] = { "tree-killed", "a tree dies after a damaged frame", CF_SC,
			  "crash in rpc.tree", NULL },
	[WORKER_BUG] = { "worker-bug", "after a damaged frame criu's log tells of a bug", CF_SC,
			 "crash in rpc.worker", NULL },
	[MENDED] = { "mended", "what is no message is made one before it is sent", CF_SC,
		     "bad-accept in rpc.request", NULL },
	[NOTICE_DENIED] = { "notice-denied",
			    "a notification is answered by a no: shows with notify=1", CF_SC,
			    "invariant in rpc.request", NULL },
	{ NULL, NULL, CF_SC, NULL, NULL },
};
