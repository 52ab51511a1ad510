/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs of badly behaved targets through a real executor: each ends with the right outcome, in a
 * kept process as in a fresh one, on fibers as on processes, and the executor goes on serving.
 */
#include "drive.h"
#include "machine.h"

struct expectation {
	const char *target;
	enum cf_outcome outcome;
	enum cf_kind kind;
	const char *site; /* "" = the code's own line */
	const char *detail; /* how the detail begins */
	int fibers; /* 1: it fits them */
};

static const struct expectation expectations[] = {
	{ "closes", CF_PASSED, CF_NO_KIND, "", "" },
	{ "crash", CF_VIOLATED, CF_CRASH, "", "signal 11 (SEGV)", 1 },
	{ "deadlock", CF_VIOLATED, CF_DEADLOCK, "deadlock.left",
	  "left waits in recv on channel rpc; right waits in recv on channel rpc" },
	{ "exits-early", CF_VIOLATED, CF_CRASH, "", "the process ended with status 3", 1 },
	{ "forks", CF_UNSUPPORTED, CF_NO_KIND, "", "the target calls fork", 1 },
	{ "hang", CF_VIOLATED, CF_HANG, "hang.left", "left spins; right spins", 1 },
	{ "no-point", CF_PASSED, CF_NO_KIND, "", "", 1 },
	{ "spins", CF_VIOLATED, CF_HANG, "", "a loop without a point", 1 },
	{ "unannounced", CF_PASSED, CF_NO_KIND, "", "", 1 },
	{ "unready", CF_BROKEN, CF_NO_KIND, "", "no victim: error -11" },
};

static void check_one(const struct expectation *e)
{
	static const struct {
		enum cf_request_kind kind;
		enum cf_carrier carrier;
	} runs[] = {
		{ CF_FRESH, CF_CARRIER_PROCESS }, { CF_RUN, CF_CARRIER_PROCESS },
		{ CF_RUN, CF_CARRIER_FIBER },     { CF_RUN, CF_CARRIER_FIBER },
		{ CF_RUN, CF_CARRIER_PROCESS },   { CF_FRESH, CF_CARRIER_ANY },
		{ CF_RUN, CF_CARRIER_ANY },
	};
	char path[64];
	struct drive d;
	uint64_t hash = 0;

	snprintf(path, sizeof(path), "test-targets/%s", e->target);
	d = drive_open(path);
	for (unsigned i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
		const struct cf_result *r;

		if (runs[i].carrier == CF_CARRIER_FIBER && !e->fibers)
			continue;
		d.control->plan.carrier = runs[i].carrier;
		r = drive_run(&d, runs[i].kind);
		CHECK(r->outcome == e->outcome && r->kind == e->kind, "%s: outcome=%u kind=%u %s",
		      e->target, r->outcome, r->kind, r->detail);
		CHECK(strcmp(r->site, e->site) == 0, "%s: site=%s", e->target, r->site);
		CHECK(strncmp(r->detail, e->detail, strlen(e->detail)) == 0, "%s: detail=%s",
		      e->target, r->detail);
		CHECK(i == 0 || r->hash == hash, "%s: run %u has another trace", e->target, i);
		CHECK(r->outcome != CF_VIOLATED || r->site[0] != '\0' || r->site_id != 0,
		      "%s: a finding without a place", e->target);
		hash = r->hash;
	}
	drive_close(&d);
}

static void check_audit(void)
{
	struct drive d = drive_open("test-targets/unannounced");
	const struct cf_result *r = drive_run(&d, CF_RUN);

	CHECK(r->unseen == 1, "unseen=%u", r->unseen);
	CHECK(r->unannounced == 0, "unannounced=%u without an audit", r->unannounced);
	d.control->plan.flags = CF_PLAN_AUDIT;
	r = drive_run(&d, CF_RUN);
	if (MACHINE_STEPS_ITSELF) {
		CHECK(r->unannounced == 1 && r->unannounced_pc[0] != 0, "unannounced=%u",
		      r->unannounced);
	} else {
		CHECK(r->outcome == CF_UNSUPPORTED, "an audit: outcome=%u", r->outcome);
		printf("runs: not the audit: %s\n", r->detail);
	}
	d.control->plan.flags = 0;
	r = drive_run(&d, CF_RUN);
	CHECK(r->outcome == CF_PASSED && r->unannounced == 0, "after the audit: %s", r->detail);
	drive_close(&d);
}

/* An actor killed from outside is a crash of the run, and the next run has a new one. */
static void check_killed(void)
{
	struct drive d = drive_open("test-targets/closes");
	uint32_t victim = drive_run(&d, CF_RUN)->actor_result[1].pid;
	const struct cf_result *r;

	CHECK(kill((pid_t)victim, SIGKILL) == 0, "kill");
	usleep(50000);
	r = drive_run(&d, CF_RUN);
	CHECK(r->outcome == CF_PASSED || r->kind == CF_CRASH, "outcome=%u", r->outcome);
	r = drive_run(&d, CF_RUN);
	CHECK(r->outcome == CF_PASSED && r->actor_result[1].pid != victim, "%s", r->detail);
	drive_close(&d);
}

/* When the supervisor dies, nobody is left. */
static void check_orphaned(void)
{
	struct drive d = drive_open("test-targets/closes");
	const struct cf_result *r = drive_run(&d, CF_RUN);
	pid_t actors[2] = { (pid_t)r->actor_result[0].pid, (pid_t)r->actor_result[1].pid };

	kill(d.executor, SIGKILL);
	waitpid(d.executor, NULL, 0);
	for (int i = 0; i < 2000 && (kill(actors[0], 0) == 0 || kill(actors[1], 0) == 0); i++)
		usleep(10000);
	CHECK(kill(actors[0], 0) < 0 && kill(actors[1], 0) < 0, "actors outlive their executor");
	close(d.lifeline);
}

int main(void)
{
	for (unsigned i = 0; i < sizeof(expectations) / sizeof(expectations[0]); i++)
		check_one(&expectations[i]);
	check_audit();
	check_killed();
	check_orphaned();
	printf("runs: all as expected\n");
	return 0;
}
