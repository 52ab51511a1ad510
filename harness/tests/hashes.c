/* SPDX-License-Identifier: Apache-2.0
 *
 * The trace hash tells runs apart: one value, one byte of a message or one switch makes another
 * hash, and nothing else does.
 */
#include "drive.h"

enum { MAX_HASHES = 64 };

static uint64_t hashes[MAX_HASHES];
static unsigned known;

static void differs(const struct cf_result *r, const char *what)
{
	for (unsigned i = 0; i < known; i++)
		CHECK(hashes[i] != r->hash, "%s: the same hash as run %u", what, i);
	CHECK(known < MAX_HASHES, "room");
	hashes[known++] = r->hash;
}

static const struct cf_result *with(struct drive *d, unsigned actor, unsigned point, enum cf_do op,
				    unsigned arg, uint64_t value)
{
	d->control->plan.events = 0;
	drive_event(d, actor, point, op, arg);
	d->control->plan.event[0].value = value;
	return drive_run(d, CF_RUN);
}

/* The first point at which this actor does this operation in the default run. */
static unsigned point_of(struct drive *d, unsigned actor, enum cf_op op)
{
	const struct cf_result *r;

	d->control->plan.events = 0;
	r = drive_run(d, CF_RUN);
	for (uint32_t i = 0; i < r->steps; i++)
		if (d->control->trace[i].actor == actor && d->control->trace[i].op == op)
			return d->control->trace[i].point;
	CHECK(0, "actor %u never does operation %d", actor, op);
	return 0;
}

static void check_messages(void)
{
	struct drive d = drive_open("targets/mailbox");
	unsigned point;

	d.control->plan.params[0] = 1; /* commands */
	point = point_of(&d, 0, CF_OP_RECV);
	differs(drive_run(&d, CF_RUN), "default run");
	for (unsigned field = 0; field < 3; field++)
		for (uint64_t value = 0x10; value < 0x14; value++)
			differs(with(&d, 0, point, CF_DO_REWRITE, field, value),
				"one byte of a message");
	drive_close(&d);
}

static void check_switches(void)
{
	struct drive d = drive_open("targets/spinlock");

	d.control->plan.params[0] = 2; /* workers */
	d.control->plan.params[1] = 1; /* rounds */
	known = 0;
	differs(drive_run(&d, CF_RUN), "default run");
	for (unsigned point = 0; point < 4; point++) {
		const struct cf_result *r = with(&d, 0, point, CF_DO_SWITCH, 1, 0);

		CHECK(r->fired[0].fate == CF_FIRED, "the switch at point %u", point);
		differs(r, "one switch");
	}
	drive_close(&d);
}

/* r0 of this litmus test is the only thing that a stale load changes. */
static void check_values(void)
{
	struct drive d = drive_open("litmus/litmus");

	d.control->plan.memory = CF_WEAK;
	d.control->plan.variant = 3; /* mp */
	d.control->plan.params[0] = 2; /* threads */
	known = 0;
	differs(drive_run(&d, CF_RUN), "default run");
	differs(with(&d, 1, 0, CF_DO_STALE, 1, 0), "one value");
	differs(with(&d, 1, 1, CF_DO_STALE, 1, 0), "another value");
	drive_close(&d);
}

int main(void)
{
	check_messages();
	check_switches();
	check_values();
	printf("hashes: all different\n");
	return 0;
}
