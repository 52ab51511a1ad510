/* SPDX-License-Identifier: Apache-2.0
 *
 * What fork, wait and freezes keep in order, for data races and for the memory models: with each of them
 * nothing is told, and without it, in the same place, the race or the stale read is.
 *
 * Where criu, ptrace or a freezer cgroup can't be had, those rows are skipped, which it says.
 */
#include <stdbool.h>

#include "drive.h"

enum { PUT_FORK, FORK_PUT, WAIT_GET, GET_WAIT, MARK, MESSAGES };
enum freeze { NONE, INFECT, STOP, STOP_ALL, CHECKPOINT };

/* Of the variant `messages`: the first one's store is held back beyond its end, where the second one goes
 * on; or the second one's load is a stale one. The freeze is at the mark. */
enum weak { PLAIN, HELD, STALE };

static const struct row {
	unsigned variant;
	enum freeze freeze;
	enum weak weak;
	enum cf_kind kind;
} rows[] = {
	{ PUT_FORK, NONE, PLAIN, CF_NO_KIND },       { FORK_PUT, NONE, PLAIN, CF_DATA_RACE },
	{ WAIT_GET, NONE, PLAIN, CF_NO_KIND },       { GET_WAIT, NONE, PLAIN, CF_DATA_RACE },
	{ MARK, NONE, PLAIN, CF_DATA_RACE },         { MARK, INFECT, PLAIN, CF_DATA_RACE },
	{ MARK, STOP, PLAIN, CF_DATA_RACE },         { MARK, STOP_ALL, PLAIN, CF_NO_KIND },
	{ MARK, CHECKPOINT, PLAIN, CF_NO_KIND },     { MESSAGES, NONE, HELD, CF_STALE_READ },
	{ MESSAGES, INFECT, HELD, CF_NO_KIND },      { MESSAGES, STOP_ALL, HELD, CF_NO_KIND },
	{ MESSAGES, CHECKPOINT, HELD, CF_NO_KIND },  { MESSAGES, NONE, STALE, CF_STALE_READ },
	{ MESSAGES, INFECT, STALE, CF_NO_KIND },     { MESSAGES, STOP_ALL, STALE, CF_NO_KIND },
	{ MESSAGES, CHECKPOINT, STALE, CF_NO_KIND },
};

static void add_freeze(struct drive *d, const struct row *row)
{
	static const struct {
		enum cf_do op;
		unsigned with;
	} events[] = {
		[INFECT] = { CF_DO_INFECT, 1 },
		[STOP] = { CF_DO_STOP, CF_STOP_SIGNAL },
		[STOP_ALL] = { CF_DO_STOP, CF_STOP_CGROUP },
		[CHECKPOINT] = { CF_DO_CHECKPOINT, 0 },
	};

	if (row->freeze != NONE)
		drive_event(d, row->weak == STALE, 1, events[row->freeze].op,
			    events[row->freeze].with);
}

static void plan(struct drive *d, const struct row *row)
{
	d->control->plan = (struct cf_plan){
		.budget = DRIVE_BUDGET,
		.variant = row->variant,
		.memory = row->weak == PLAIN ? CF_SC : CF_WEAK,
		.flags = row->weak == PLAIN ? CF_PLAN_RACES : 0,
		.carrier = CF_CARRIER_PROCESS,
	};
	if (row->weak == HELD)
		drive_event(d, 0, 0, CF_DO_HOLD, 8);
	add_freeze(d, row);
	if (row->weak == HELD)
		drive_event(d, 0, 3, CF_DO_SWITCH, 1);
	if (row->weak == STALE)
		drive_event(d, 1, 2, CF_DO_STALE, 1);
}

/* criu before 4.3 can't restore what AddressSanitizer maps: as in checkpoints.c. */
static bool has_checkpoints(void)
{
#ifdef __SANITIZE_ADDRESS__
	return false;
#else
	return true;
#endif
}

/* False: it can't be had here. */
static bool check_row(struct drive *d, unsigned i)
{
	const struct cf_result *r;

	if (rows[i].freeze == CHECKPOINT && !has_checkpoints()) {
		printf("edges: row %u skipped: no checkpoints under AddressSanitizer\n", i);
		return false;
	}
	plan(d, &rows[i]);
	r = drive_run(d, CF_RUN);
	if (rows[i].freeze != NONE && r->outcome == CF_UNSUPPORTED) {
		printf("edges: row %u skipped: %s\n", i, r->detail);
		return false;
	}
	CHECK(r->outcome == (rows[i].kind ? CF_VIOLATED : CF_PASSED) && r->kind == rows[i].kind,
	      "row %u: outcome %u kind %u %s: %s", i, r->outcome, r->kind, r->site, r->detail);
	for (unsigned event = 0; event < d->control->plan.events; event++)
		CHECK(d->control->plan.event[event].op == CF_DO_STALE || rows[i].weak == STALE ||
			      r->fired[event].fate == CF_FIRED,
		      "row %u: event %u: %u", i, event, r->fired[event].fate);
	return true;
}

int main(void)
{
	struct drive d = drive_open("test-targets/edges");
	unsigned checked = 0;

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		checked += check_row(&d, i);
	drive_close(&d);
	printf("edges: %u rows as expected\n", checked);
	return 0;
}
