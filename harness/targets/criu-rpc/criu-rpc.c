/* SPDX-License-Identifier: Apache-2.0
 *
 * A client of the real criu's RPC (criu.org/RPC): `criu swrk` takes requests and gives responses, each
 * a protobuf message in one frame of a SEQPACKET socket. It sits in a cage (freezer/criu/talk.h), with
 * a tree beside it that it is asked to dump, or the images of one to restore. Frame events apply where
 * the client sends and receives; params damage one request by its structure.
 *
 * The rule: whatever it is sent, criu answers with a response or by its end, in bounded time, and not
 * by a signal; it takes nothing for a request that is no protobuf message; and the tree is unharmed,
 * unless criu says that it has dumped it, or has restored it. If frames are whole and nothing is
 * damaged, it must do what it is asked to.
 *
 * By design, and so no finding: a swrk whose request was lost on its way waits for the next one. So a
 * client whose frames were damaged, and who gets no answer, closes; then criu must end. Unknown fields
 * are passed over, as protobuf has it.
 */
#include "rpc.h"

#include <signal.h>

#include "../../freezer/criu/tree_orders.h"

#ifndef CRIU_PROGRAM
#error "CRIU_PROGRAM and CRIU_TREE are set by criu-rpc.mk"
#endif

struct talk talk = TALK_NONE;

/* ---- the verdict ------------------------------------------------------------------------------ */

/* A request that is damaged, and a refusal of it that is rewritten into a success: nobody can tell. */
static int may_be_forged(void)
{
	return cf_damaged_frames() > 1;
}

static void judge_tree(const struct talk_end *end, int done)
{
	int asked = cf_param(REQUEST);

	if (end->tree == TALK_TREE_CHANGED)
		cf_fail(CF_SAVED_DATA_MODIFIED, "rpc.tree", "the tree is not as it was: %s",
			end->text);
	if (end->tree == TALK_TREE_STILL)
		cf_fail(CF_HANG, "rpc.tree", "the tree does not go on: %s", end->text);
	/* A damaged request may have been one to kill it. */
	if (asked == DUMP && end->tree == TALK_TREE_GONE && !(done && is_disturbed()))
		cf_fail(CF_CRASH, "rpc.tree", "the tree is gone after %s dump",
			done ? "a" : "a refused");
	if (asked == RESTORE && done && !may_be_forged() && end->tree == TALK_TREE_GONE)
		cf_fail(CF_BAD_ACCEPT, "rpc.response", "a restore succeeds, but there is no tree");
}

static const struct {
	enum cf_kind kind;
	const char *site, *what;
} faults[TALK_FAULTS] = {
	[TALK_DIES] = { CF_CRASH, "rpc.criu", "criu dies of a signal" },
	[TALK_HAS_BUG] = { CF_CRASH, "rpc.worker", "criu has a bug" },
	[TALK_HANGS] = { CF_HANG, "rpc.criu", "criu goes on after its client has closed" },
	[TALK_LEAVES] = { CF_LEAK, "rpc.end", "somebody is left" },
};

/* Known of CRIU: it looks for the options of a dump and a restore without looking whether there are any.
 * It has not opened its log then, whose name is one. */
static int is_known(const struct talk_end *end)
{
	return end->signal == SIGSEGV && !end->log && is_without_options();
}

static void judge_criu(struct talk_end end, int forgiving)
{
	enum talk_fault fault;

	if (forgiving && is_known(&end))
		end.signal = 0;
	fault = talk_fault(&end);
	if (faults[fault].what != NULL)
		cf_fail(faults[fault].kind, faults[fault].site, "%s: %s", faults[fault].what,
			end.text);
}

static void judge(const struct talk_end *end, const struct response *r, int done)
{
	judge_criu(*end, !is(NO_OPTIONS));
	judge_tree(end, done);
	if (is_no_message() && done && !cf_damaged_frames())
		cf_fail(CF_BAD_ACCEPT, "rpc.request", "what is no message is taken for a request");
	if (!done && !is_disturbed())
		cf_fail(CF_INVARIANT, "rpc.request",
			"refused, though all is well: response of type %u, success %u: %s", r->type,
			r->success, end->text);
}

/* ---- one talk ----------------------------------------------------------------------------------- */

static enum talk_about about(void)
{
	static const uint8_t table[] = {
		[VERSION] = TALK_ALONE, [FEATURES] = TALK_ALONE, [CHECK] = TALK_ALONE,
		[DUMP] = TALK_TREE,     [RESTORE] = TALK_IMAGES, [CPU_INFO] = TALK_ALONE,
	};

	return table[cf_param(REQUEST)];
}

static enum talk_slip slip(void)
{
	static const uint8_t slips[] = {
		[CRIU_KILLED] = TALK_KILLED,      [CRIU_STOPPED] = TALK_STOPPED,
		[LEFT_OVER] = TALK_LEFT_OVER,     [TREE_STOPPED] = TALK_TREE_STOPPED,
		[TREE_SPOILT] = TALK_TREE_SPOILT, [TREE_KILLED] = TALK_TREE_KILLED,
		[WORKER_BUG] = TALK_BUG,          [NOTICE_DENIED] = TALK_CAREFUL,
	};

	return slips[cf_variant()];
}

static int images_are_there(void)
{
	uint8_t byte;

	return talk_read_image(&talk, "inventory.img", &byte, 1) == 1;
}

/* Planted bugs that only a damaged frame brings out: nobody tests that path. */
static void slip_if_damaged(void)
{
	if (slip() != TALK_CAREFUL && cf_damaged_frames())
		talk_spoil(&talk, slip());
}

static void client(unsigned index)
{
	static const struct talk_place place = { cf_fork_uncontrolled, CRIU_PROGRAM, CRIU_TREE };
	int asked = cf_param(REQUEST), done;
	struct response r;
	struct talk_end end;

	(void)index;
	cf_external_begin();
	begin_undamaged();
	if (talk_begin(&talk, &place, TALK_SWRK, about()))
		cf_broken("nobody to talk to: %s", talk.text);
	for (int i = 0; i < cf_param(BEFORE); i++)
		r = ask(i & 1 ? FEATURES : VERSION, 1, 0);
	if (is(CRIU_KILLED) || is(CRIU_STOPPED))
		slip_if_damaged();
	if (is(NO_RESPONSE_AWAITED) && cf_damaged_frames())
		r = (struct response){ 1, type_of(asked), 1 };
	else
		r = ask(asked, 0, 1);
	done = succeeded(&r, type_of(asked));
	if (done && asked == DUMP && !may_be_forged() && !images_are_there())
		cf_fail(CF_BAD_ACCEPT, "rpc.response", "a dump succeeds, but there are no images");
	cf_state((unsigned)(done << 8 | (int)r.type << 1 | r.there));
	if (!is(CRIU_KILLED) && !is(CRIU_STOPPED))
		slip_if_damaged();
	if (talk_end(&talk, &end))
		cf_broken("%s", end.text);
	judge(&end, &r, done);
}

/* ---- description ------------------------------------------------------------------------------ */

static const char *unsupported(void)
{
	return ward_unsupported_for_trees(ward_criu(CRIU_PROGRAM), CRIU_TREE);
}

static const struct cf_role roles[] = {
	{ "client", NULL, client },
	{ NULL, NULL, NULL },
};

/* Of a request of version or features, and where options begin in one that has some. */
static const struct cf_field fields[] = {
	{ "tag", 0, 1 },     { "type", 1, 1 },       { "second-tag", 2, 1 },
	{ "length", 3, 1 },  { "option-tag", 4, 1 }, { "folder", 5, 1 },
	{ "pid-tag", 6, 1 }, { "pid", 7, 1 },        { NULL, 0, 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "criu-rpc",
	.summary = "a client talks to the real criu swrk, in a cage",
	.flags = CF_KEEPS_DATA | CF_EXTERNAL_CALLS,
	.roles = roles,
	.params = rpc_params,
	.variants = rpc_variants,
	.fields = fields,
	.unsupported = unsupported,
};
