/* SPDX-License-Identifier: Apache-2.0
 *
 * A client of the real `criu page-server`: it sends pages as a dump over the network would (a record
 * opens an image, records with pages follow, one closes), in a cage (freezer/criu/talk.h), and reads
 * back what was stored. Records and pages go over a stream: frame events cut and change what is sent,
 * params damage one record by its meaning.
 *
 *	u32 command | flags << 16
 *	u32 pages                                       since 4.2: u32 of nothing, u64 pages
 *	u64 address
 *	u64 type and number of the image                all of it little endian
 *
 * The rule: whatever comes, the server ends in bounded time once the stream does, and not by a signal.
 * If all is whole, it must say that it is done, and the images must have the pages that were sent. A
 * record that can't be (no such command or type of image, more pages than follow) must be refused: by
 * the server's exit code, since the last record alone is answered. Pages for an image that was not
 * opened are no damage: the server opens it then.
 */
#include "pages.h"

#include "../../freezer/criu/tree_orders.h"

#ifndef CRIU_PROGRAM
#error "CRIU_PROGRAM and CRIU_TREE are set by criu-pages.mk"
#endif

struct talk talk = TALK_NONE;

/* ---- the verdict ------------------------------------------------------------------------------ */

static const struct {
	enum cf_kind kind;
	const char *site, *what;
} faults[TALK_FAULTS] = {
	[TALK_DIES] = { CF_CRASH, "pages.server", "criu dies of a signal" },
	[TALK_HAS_BUG] = { CF_CRASH, "pages.server", "criu has a bug" },
	[TALK_HANGS] = { CF_HANG, "pages.server", "criu goes on after the stream has ended" },
	[TALK_LEAVES] = { CF_LEAK, "pages.server", "somebody is left" },
};

static void judge(const struct talk_end *end, int done)
{
	enum talk_fault fault = talk_fault(end);

	if (faults[fault].what != NULL)
		cf_fail(faults[fault].kind, faults[fault].site, "%s: %s", faults[fault].what,
			end->text);
	if (!is_disturbed() && (!done || end->code))
		cf_fail(CF_INVARIANT, "pages.server", "refused, though all is well: %s", end->text);
	if (!has(WHOLE) && !cf_damaged_frames() && (done || !end->code))
		cf_fail(CF_BAD_ACCEPT, "pages.server", "a stream that can't be is accepted: %s",
			end->text);
	if (!is_disturbed())
		check_stored();
}

/* ---- one stream --------------------------------------------------------------------------------- */

static void client(unsigned index)
{
	static const struct talk_place place = { cf_fork_uncontrolled, CRIU_PROGRAM, CRIU_TREE };
	struct talk_end end;
	int done;

	(void)index;
	cf_external_begin();
	if (talk_begin(&talk, &place, TALK_PAGE_SERVER, TALK_ALONE))
		cf_broken("nobody to talk to: %s", talk.text);
	done = send_all();
	if (talk_end(&talk, &end))
		cf_broken("%s", end.text);
	cf_state((unsigned)(done << 9 | (end.code != 0) << 8));
	if (is(EXIT_IGNORED)) {
		done = 1; /* planted */
		end.code = 0;
	}
	judge(&end, done);
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

/* Of a record. */
static const struct cf_field fields[] = {
	{ "command", 0, 2 }, { "flags", 2, 2 },  { "pages", 4, 4 }, { "address", 8, 8 },
	{ "type", 16, 1 },   { "image", 17, 4 }, { NULL, 0, 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "criu-pages",
	.summary = "a client sends pages to the real criu page-server, in a cage",
	.flags = CF_KEEPS_DATA | CF_EXTERNAL_CALLS,
	.roles = roles,
	.params = pages_params,
	.variants = pages_variants,
	.fields = fields,
	.unsupported = unsupported,
};
