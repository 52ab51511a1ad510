/* SPDX-License-Identifier: Apache-2.0
 *
 * Checkpoint events: wherever a run is dumped, killed and restored by the real criu, it goes on as
 * if nothing had happened; and what comes back otherwise is seen.
 *
 *   checkpoints [rounds]    prints the rate of runs with a checkpoint in each
 *
 * CRYOFUZZ_CRIU names the program. Without one, or without root, the check is skipped, which it says.
 */
#include <stdbool.h>

#include "../freezer/criu/ward.h"
#include "../freezer/inject/inject.h"
#include "drive.h"

struct tally {
	unsigned fired, moot;
};

static const struct cf_result *checkpoint(struct drive *d, unsigned actor, unsigned point,
					  unsigned steps, unsigned slip)
{
	d->control->plan.events = 0;
	drive_event(d, actor, point, CF_DO_CHECKPOINT, steps << 8);
	d->control->plan.event[0].slip = slip;
	return drive_run(d, CF_RUN);
}

static unsigned checkpoints_in_trace(const struct drive *d)
{
	unsigned found = 0;

	for (uint32_t i = 0; i < d->control->result.steps; i++)
		found += d->control->trace[i].op == CF_OP_CHECKPOINT;
	return found;
}

static void checkpoint_here(struct drive *d, unsigned actor, unsigned point, unsigned steps,
			    struct tally *tally)
{
	const struct cf_result *r = checkpoint(d, actor, point, steps, 0);
	unsigned fired = r->fired[0].fate == CF_FIRED;

	CHECK(r->outcome == CF_PASSED, "actor %u point %u step %u: outcome %u %s: %s", actor, point,
	      steps, r->outcome, r->site, r->detail);
	CHECK(r->fired[0].fate != CF_UNREACHED, "actor %u point %u", actor, point);
	CHECK(checkpoints_in_trace(d) == fired, "actor %u point %u: the trace does not say so",
	      actor, point);
	tally->fired += fired;
	tally->moot += !fired;
}

/* Every so many points of each actor. */
static void check_everywhere(const char *target, const int *params, unsigned count, unsigned stride)
{
	struct drive d = drive_open(target);
	struct tally tally = { 0, 0 };
	unsigned actors, points[CF_MAX_ACTORS];

	for (unsigned i = 0; i < count; i++)
		d.control->plan.params[i] = params[i];
	drive_run(&d, CF_RUN);
	actors = d.control->result.actors;
	for (unsigned i = 0; i < actors; i++)
		points[i] = d.control->result.actor_result[i].points;
	for (unsigned i = 0; i < actors; i++)
		for (unsigned point = 0; point < points[i]; point += stride)
			checkpoint_here(&d, i, point, point % 3, &tally);
	CHECK(tally.fired >= tally.moot * 2, "%s: %u of %u", target, tally.fired, tally.moot);
	printf("checkpoints: %s: dumped and restored at %u places, not at %u\n", target,
	       tally.fired, tally.moot);
	drive_close(&d);
}

/* The first of the calls, a futex wait, ends before its time. */
static void check_early_end(void)
{
	struct drive d = drive_open("test-targets/blocks");
	const struct cf_result *r = checkpoint(&d, 0, 1, CF_INSIDE, CF_WAKE_UNASKED);

	CHECK(r->outcome == CF_VIOLATED && r->kind == CF_STATE_CHANGED &&
		      strcmp(r->site, "checkpoint.call") == 0,
	      "outcome %u kind %u %s: %s", r->outcome, r->kind, r->site, r->detail);
	drive_close(&d);
}

static void check_inside_calls(const char *target, unsigned least)
{
	struct drive d = drive_open(target);
	struct tally tally = { 0, 0 };
	unsigned points = drive_run(&d, CF_RUN)->actor_result[0].points;

	for (unsigned point = 0; point < points; point++) {
		d.control->plan.events = 0;
		drive_event(&d, 0, point, CF_DO_INFECT, CF_INSIDE << 8);
		if (drive_run(&d, CF_RUN)->fired[0].fate == CF_FIRED)
			checkpoint_here(&d, 0, point, CF_INSIDE, &tally);
	}
	CHECK(tally.fired >= least && tally.moot == 0, "%u calls, not %u", tally.fired, tally.moot);
	printf("checkpoints: %s: dumped and restored inside %u calls\n", target, tally.fired);
	drive_close(&d);
}

/* The rest of the trace is that of a run without it, and always the same. */
static void check_same_trace(void)
{
	struct drive d = drive_open("test-targets/ten-points");
	uint32_t steps = drive_run(&d, CF_RUN)->steps;
	const struct cf_result *r = checkpoint(&d, 1, 2, 1, 0);
	uint64_t hash = r->hash;

	CHECK(r->steps == steps + 1, "%u steps, %u without it", r->steps, steps);
	CHECK(checkpoint(&d, 1, 2, 1, 0)->hash == hash, "the same plan has another hash");
	d.control->plan.events = 0;
	drive_event(&d, 0, 1, CF_DO_CHECKPOINT, 0);
	drive_event(&d, 0, 2, CF_DO_INFECT, 2);
	drive_event(&d, 1, 2, CF_DO_CHECKPOINT, 0);
	r = drive_run(&d, CF_RUN);
	CHECK(r->outcome == CF_PASSED, "two of them and a freeze: %u %s: %s", r->outcome, r->site,
	      r->detail);
	CHECK(r->steps == steps + 3, "two of them and a freeze: %u steps", r->steps);
	drive_close(&d);
}

/* ---- each oracle fires ------------------------------------------------------------------------ */

static const struct {
	unsigned slip;
	enum cf_kind kind;
	const char *site;
} slips[] = {
	{ CF_CURED_WITH(INJECT_REGISTER_LOST), CF_STATE_CHANGED, "checkpoint.registers" },
	{ CF_CURED_WITH(INJECT_X87_LOST), CF_STATE_CHANGED, "checkpoint.x87" },
	{ CF_CURED_WITH(INJECT_MASK_LOST), CF_STATE_CHANGED, "checkpoint.signal-mask" },
	{ CF_CURED_WITH(INJECT_RED_ZONE), CF_SAVED_DATA_MODIFIED, "checkpoint.red-zone" },
	{ CF_CURED_WITH(INJECT_CODE_LEFT), CF_SAVED_DATA_MODIFIED, "checkpoint.code" },
	{ CF_CURED_WITH(INJECT_MAPPING_LEFT), CF_STATE_CHANGED, "checkpoint.mappings" },
	{ CF_CURED_WITH(INJECT_FILES_LEFT), CF_STATE_CHANGED, "checkpoint.descriptors" },
	{ CF_CURED_WITH(INJECT_BREAKPOINT_LEFT), CF_STATE_CHANGED, "checkpoint.breakpoints" },
	{ CF_SEGMENT_CHANGED, CF_SAVED_DATA_MODIFIED, "checkpoint.shared-memory" },
	{ WARD_IMAGE_CUT, CF_INVARIANT, "checkpoint.restore" },
	{ WARD_CRIU_STOPPED, CF_HANG, "checkpoint.dump" },
	{ WARD_LEFT_STOPPED, CF_HANG, "checkpoint.tree" },
	{ WARD_TREE_KILLED, CF_CRASH, "checkpoint.tree" },
};

static void check_slips(void)
{
	struct drive d = drive_open("test-targets/ten-points");

	for (unsigned i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
		const struct cf_result *r = checkpoint(&d, 1, 2, 1, slips[i].slip);

		CHECK(r->outcome == CF_VIOLATED && r->kind == slips[i].kind &&
			      strcmp(r->site, slips[i].site) == 0,
		      "slip %#x: outcome %u kind %u %s: %s", slips[i].slip, r->outcome, r->kind,
		      r->site, r->detail);
		r = checkpoint(&d, 1, 2, 1, 0);
		CHECK(r->outcome == CF_PASSED, "after slip %#x: %u %s: %s", slips[i].slip,
		      r->outcome, r->site, r->detail);
	}
	drive_close(&d);
}

/* The executor is killed while a stopped criu is being waited for: the ward goes with it. */
static void check_nobody_stays(void)
{
	struct drive d = drive_open("test-targets/ten-points");
	struct cf_mailbox *mailbox = &d.control->mailbox;
	pid_t gate, first;
	int status;

	CHECK(checkpoint(&d, 1, 2, 1, 0)->outcome == CF_PASSED, "before");
	gate = drive_youngest_child(d.executor);
	first = drive_youngest_child(gate);
	d.control->plan.event[0].slip = WARD_CRIU_STOPPED;
	mailbox->kind = CF_RUN;
	__atomic_store_n(&mailbox->request, mailbox->request + 1, __ATOMIC_RELEASE);
	drive_futex(&mailbox->request, FUTEX_WAKE, 1, NULL);
	usleep(50000);
	kill(d.executor, SIGKILL);
	CHECK(waitpid(d.executor, &status, 0) == d.executor && WIFSIGNALED(status), "%#x", status);
	for (int i = 0; i < 2000 && kill(first, 0) == 0; i++)
		usleep(1000);
	CHECK(kill(first, 0) < 0, "process 1 of the ward, %d here, is still there", first);
	close(d.lifeline);
	munmap(d.control, CF_CONTROL_SIZE);
}

static void measure(int rounds)
{
	struct drive d = drive_open("test-targets/ten-points");
	double begin;

	checkpoint(&d, 0, 2, 0, 0);
	begin = drive_seconds();
	for (int i = 0; i < rounds; i++)
		CHECK(checkpoint(&d, i & 1, 2, 1, 0)->outcome == CF_PASSED, "round %d", i);
	printf("checkpoints: %.0f runs/s with a checkpoint in each\n",
	       rounds / (drive_seconds() - begin));
	drive_close(&d);
}

static bool is_supported(void)
{
#ifdef __SANITIZE_ADDRESS__
	/* More than 2^31 pages of shadow that parent and children share: CRIU 4.1.1 and 4.2.1 die of
	 * that while they restore (corpus/criu/huge-mapping.json); 4.3 does not. */
	printf("checkpoints: skipped: criu before 4.3 can't restore what AddressSanitizer maps\n");
	return false;
#else
	struct drive d = drive_open("test-targets/ten-points");
	const struct cf_result *r = checkpoint(&d, 0, 2, 0, 0);
	bool supported = r->outcome != CF_UNSUPPORTED;

	if (!supported)
		printf("checkpoints: skipped: %s\n", r->detail);
	drive_close(&d);
	return supported;
#endif
}

int main(int argc, char **argv)
{
	static const int queue[] = { 1, 2, 2 }, mailbox[] = { 2 };

	if (!is_supported())
		return 0;
	check_everywhere("test-targets/ten-points", NULL, 0, 1);
	check_everywhere("targets/queue", queue, 3, 5);
	check_everywhere("targets/mailbox", mailbox, 1, 5);
	check_inside_calls("test-targets/blocks", 11);
	check_inside_calls("test-targets/parts", 5);
	check_early_end();
	check_same_trace();
	check_slips();
	check_nobody_stays();
	measure(argc > 1 ? atoi(argv[1]) : 20);
	return 0;
}
