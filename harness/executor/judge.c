/* SPDX-License-Identifier: Apache-2.0
 *
 * What a freezer finds: its actor looked at before and after, and how the run ends if that differs.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "freezer.h"

void ex_end_actor(struct freezer *z)
{
	int status;

	kill(z->in.pid, SIGKILL);
	while (waitpid(z->in.pid, &status, __WALL) == z->in.pid && WIFSTOPPED(status))
		;
	z->in.gone = 1;
}

void ex_found(struct freezer *z, enum cf_kind kind, const char *what, const char *detail)
{
	struct cf_result *result = &z->ex->control->result;

	if (result->outcome == CF_RUNNING) {
		result->kind = kind;
		result->actor = z->f->actor;
		result->site_id = 0;
		snprintf(result->site, sizeof(result->site), "%s.%s",
			 z->ex->loaded.ops->freeze_name((enum cf_do)z->event->op), what);
		snprintf(result->detail, sizeof(result->detail), "%s", detail);
		result->outcome = CF_VIOLATED;
	}
	ex_end_actor(z);
}

int ex_refused(struct freezer *z, int ret)
{
	char detail[96];

	if (!ret)
		return 0;
	snprintf(detail, sizeof(detail), "%s: error %d", z->in.stage, ret);
	ex_found(z,
		 z->in.gone   ? CF_CRASH
		 : z->in.hung ? CF_HANG
			      : CF_INVARIANT,
		 strchr(z->in.stage, '.') + 1, detail);
	return ret;
}

/* Read where the actor has it: after a restore that is not the memory that we have mapped. */
static int hash_segment(const struct freezer *z, uint64_t *hash)
{
	static uint64_t word[CF_MAX_SHARED / 8];
	size_t words = (z->ex->loaded.target->shared_size + 7) / 8;
	struct iovec here = { word, words * 8 }, there = { (void *)CF_SEGMENT_ADDRESS, words * 8 };

	*hash = 0xcbf29ce484222325ull;
	if (words == 0)
		return 0;
	if (process_vm_readv(z->in.pid, &here, 1, &there, 1, 0) < 0)
		return -errno;
	for (size_t i = 0; i < words; i++)
		*hash = (*hash ^ word[i]) * 0x100000001b3ull;
	return 0;
}

static int look(struct freezer *z, struct snapshot *s, uint64_t *segment)
{
	int ret = snapshot_take_of(s, ex_proc(z), z->code_address, z->page);

	if (!ret)
		ret = hash_segment(z, segment);
	return ex_refused(z, inject_failed(&z->in, "inject.snapshot", ret));
}

int ex_look_before(struct freezer *z)
{
	int ret = ex_refused(z, inject_save(&z->in));

	z->code_address = z->in.code_address;
	z->page = machine_stack(&z->in.saved) & ~(uint64_t)(INJECT_PAGE - 1);
	return ret ? ret : look(z, &z->before, &z->segment);
}

/* Dead ones count until they are waited for. */
static bool has_children(int pid)
{
	char name[32], first[2];

	snprintf(name, sizeof(name), "task/%d/children", pid);
	return ex_read_proc(pid, name, first, sizeof(first)) > 0;
}

/* A child of the actor's own is nobody's to hold: it may end, and say so, while its parent is frozen. */
static void excuse_child(struct freezer *z)
{
	const uint64_t child = 1ull << (SIGCHLD - 1);

	if ((z->before.pending ^ z->after.pending) != child || (z->before.pending & child) ||
	    !has_children(z->in.pid))
		return;
	z->after.pending = z->before.pending;
	z->after.values = z->before.values;
}

int ex_compare(struct freezer *z, enum snapshot_of of)
{
	char text[160];
	enum snapshot_item item;
	uint64_t segment;
	int ret = look(z, &z->after, &segment);

	if (ret)
		return ret;
	excuse_child(z);
	item = snapshot_compare(&z->before, &z->after, of, text, sizeof(text));
	if (item)
		ex_found(z, snapshot_is_data(item) ? CF_SAVED_DATA_MODIFIED : CF_STATE_CHANGED,
			 snapshot_name(item), text);
	else if (segment != z->segment)
		ex_found(z, CF_SAVED_DATA_MODIFIED, "shared-memory", "while everybody stood still");
	return z->in.gone ? -EILSEQ : 0;
}
