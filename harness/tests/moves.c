/* SPDX-License-Identifier: Apache-2.0
 *
 * An actor that an event moves is on that processor from its point on, and at home again in the next run.
 */
#include <stdbool.h>

#include "drive.h"

enum { MOST = 2 };

static const struct {
	unsigned moves, point[MOST], to[MOST];
	enum cf_fate fate; /* of the first */
	const char *says;
} expectations[] = {
	{ 1, { 1 }, { 1 }, CF_FIRED, "0 1 1" }, { 0, { 0 }, { 0 }, CF_UNREACHED, "0 0 0" },
	{ 1, { 0 }, { 1 }, CF_FIRED, "1 1 1" }, { 2, { 1, 2 }, { 1, 0 }, CF_FIRED, "0 1 0" },
	{ 1, { 1 }, { 0 }, CF_MOOT, "0 0 0" },
};

static void check(struct drive *d, unsigned i, bool can_move)
{
	const struct cf_result *r;

	d->control->plan.events = 0;
	for (unsigned k = 0; k < expectations[i].moves; k++)
		drive_event(d, 0, expectations[i].point[k], CF_DO_AFFINITY, expectations[i].to[k]);
	r = drive_run(d, CF_RUN);
	if (expectations[i].moves > 0 && !can_move) {
		CHECK(r->outcome == CF_UNSUPPORTED && strstr(r->detail, "one processor"), "%u: %s",
		      i, r->detail);
		return;
	}
	CHECK(r->outcome == CF_PASSED && strcmp(r->outcome_text, expectations[i].says) == 0,
	      "%u: outcome %u, %s instead of %s", i, r->outcome, r->outcome_text,
	      expectations[i].says);
	CHECK(r->fired[0].fate == expectations[i].fate || expectations[i].moves == 0, "%u: fate %u",
	      i, r->fired[0].fate);
	CHECK((r->carrier == CF_CARRIER_PROCESS) == (expectations[i].moves > 0), "%u: carrier %u",
	      i, r->carrier);
}

/* What the executor tries, too. */
static bool has_two(void)
{
	cpu_set_t before, all;

	sched_getaffinity(0, sizeof(before), &before);
	memset(&all, 0xff, sizeof(all));
	sched_setaffinity(0, sizeof(all), &all);
	sched_getaffinity(0, sizeof(all), &all);
	sched_setaffinity(0, sizeof(before), &before);
	return CPU_COUNT(&all) > 1;
}

int main(void)
{
	unsigned count = sizeof(expectations) / sizeof(expectations[0]);
	bool can_move = has_two();
	struct drive d = drive_open("test-targets/where");

	for (unsigned i = 0; i < count; i++)
		check(&d, i, can_move);
	drive_close(&d);
	printf("moves: %u told where they are%s\n", count,
	       can_move ? "" : ", on one processor only");
	return 0;
}
