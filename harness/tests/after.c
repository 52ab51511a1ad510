/* SPDX-License-Identifier: Apache-2.0
 *
 * Whatever was found in a run of a target that keeps its victim, the next run is good: it must not
 * inherit what the other was in the middle of. On all processors, so that a victim may go on before it
 * is looked at.
 */
#include "../freezer/home/home.h"
#include "../freezer/inject/inject.h"
#include "../targets/inject/params.h"
#include "drive.h"

static void found(struct drive *d, enum inject_slip slip, enum home home)
{
	struct cf_plan *plan = &d->control->plan;
	const struct cf_result *r;

	plan->variant = slip;
	plan->params[COMMANDS] = 6;
	plan->params[HOME] = (int)home;
	r = drive_run(d, CF_RUN);
	if (r->outcome == CF_UNSUPPORTED)
		return;
	CHECK(r->outcome == CF_VIOLATED, "slip %u home %u: outcome %u %s", slip, home, r->outcome,
	      r->detail);
}

static void good(struct drive *d, enum home home, enum home before)
{
	struct cf_plan *plan = &d->control->plan;
	const struct cf_result *r;

	plan->variant = INJECT_CAREFUL;
	plan->params[HOME] = (int)home;
	r = drive_run(d, CF_RUN);
	CHECK(r->outcome == CF_PASSED || r->outcome == CF_UNSUPPORTED,
	      "home %u after a finding in home %u: outcome %u %s: %s", home, before, r->outcome,
	      r->site, r->detail);
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 10;
	struct drive d = drive_open_on(UINT32_MAX, "targets/inject");

	for (int i = 0; i < rounds; i++)
		for (enum home before = HOME_PLAIN; before <= HOME_FROZEN; before++)
			for (enum home home = HOME_PLAIN; home <= HOME_FROZEN; home++) {
				found(&d, INJECT_STALE_ARGS, before);
				good(&d, home, before);
			}
	drive_close(&d);
	printf("after: good after each of %d findings\n", rounds * 9);
	return 0;
}
