/* SPDX-License-Identifier: Apache-2.0
 *
 * Stop events: wherever an actor is stopped, by SIGSTOP or with all others by the freezer cgroup, the
 * run goes on as if nothing had happened; what is not as it was is seen; and nobody stays frozen,
 * whoever is killed.
 *
 *   stops [rounds]    prints the rate of runs with a stop in each
 */
#include <dirent.h>
#include <stdbool.h>

#include "../freezer/inject/inject.h"
#include "drive.h"

static const struct cf_result *stop(struct drive *d, unsigned actor, unsigned point, unsigned arg,
				    unsigned slip)
{
	d->control->plan.events = 0;
	drive_event(d, actor, point, CF_DO_STOP, arg);
	d->control->plan.event[0].slip = slip;
	return drive_run(d, CF_RUN);
}

static unsigned stop_here(struct drive *d, unsigned actor, unsigned point, unsigned arg)
{
	const struct cf_result *r = stop(d, actor, point, arg, 0);
	uint64_t hash = r->hash;
	unsigned fired = r->fired[0].fate == CF_FIRED, found = 0;

	CHECK(r->outcome == CF_PASSED, "actor %u point %u arg %#x: outcome %u %s: %s", actor, point,
	      arg, r->outcome, r->site, r->detail);
	for (uint32_t i = 0; i < r->steps; i++)
		found += d->control->trace[i].op == CF_OP_STOP;
	CHECK(found == fired, "actor %u point %u: the trace does not say so", actor, point);
	r = stop(d, actor, point, arg, 0);
	CHECK(r->hash == hash, "actor %u point %u arg %#x: another hash", actor, point, arg);
	return fired;
}

static void check_everywhere(const char *target, unsigned with, unsigned where, unsigned least)
{
	struct drive d = drive_open(target);
	unsigned points[2], fired = 0;

	drive_run(&d, CF_RUN);
	for (unsigned i = 0; i < 2; i++)
		points[i] = d.control->result.actor_result[i].points;
	for (unsigned i = 0; i < 2; i++)
		for (unsigned point = 0; point < points[i]; point++)
			fired += stop_here(&d, i, point, with | where << 8);
	CHECK(fired >= least, "%s: stopped at %u places, at least %u", target, fired, least);
	printf("stops: %s: by %s at %u places, where=%u\n", target,
	       with == CF_STOP_CGROUP ? "cgroup" : "SIGSTOP", fired, where);
	drive_close(&d);
}

static void check_slips(void)
{
	static const struct {
		unsigned slip;
		enum cf_kind kind;
		const char *site;
	} slips[] = {
		{ CF_CURED_WITH(INJECT_REGISTER_LOST), CF_STATE_CHANGED, "stop.registers" },
		{ CF_CURED_WITH(INJECT_MASK_LOST), CF_STATE_CHANGED, "stop.signal-mask" },
		{ CF_CURED_WITH(INJECT_RED_ZONE), CF_SAVED_DATA_MODIFIED, "stop.red-zone" },
		{ CF_SEGMENT_CHANGED, CF_SAVED_DATA_MODIFIED, "stop.shared-memory" },
		{ CF_NOT_CONTINUED, CF_HANG, "stop.continue" },
		{ CF_NOT_LET_GO, CF_HANG, "stop.signal" },
	};
	struct drive d = drive_open("test-targets/ten-points");

	for (unsigned i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
		const struct cf_result *r = stop(&d, 1, 2, CF_STOP_SIGNAL, slips[i].slip);

		CHECK(r->outcome == CF_VIOLATED && r->kind == slips[i].kind &&
			      strcmp(r->site, slips[i].site) == 0,
		      "slip %#x: outcome %u kind %u %s: %s", slips[i].slip, r->outcome, r->kind,
		      r->site, r->detail);
		r = stop(&d, 1, 2, CF_STOP_SIGNAL, 0);
		CHECK(r->outcome == CF_PASSED, "after slip %#x: %u %s: %s", slips[i].slip,
		      r->outcome, r->site, r->detail);
	}
	drive_close(&d);
}

/* ---- nobody is left ---------------------------------------------------------------------------- */

/* The folder of the freezer cgroup that this freezer has made, whichever the version. */
static bool folder_of(pid_t freezer, char folder[512])
{
	static const char *const roots[] = { "/sys/fs/cgroup/freezer", "/sys/fs/cgroup",
					     "/sys/fs/cgroup/unified" };
	bool found = false;
	char name[40];

	snprintf(name, sizeof(name), "cryofuzz-stop-%d-", freezer);
	for (unsigned i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		DIR *root = opendir(roots[i]);
		struct dirent *entry;

		while (root != NULL && !found && (entry = readdir(root)) != NULL) {
			found = strncmp(entry->d_name, name, strlen(name)) == 0;
			snprintf(folder, 512, "%s/%.200s", roots[i], entry->d_name);
		}
		if (root != NULL)
			closedir(root);
	}
	return found;
}

static unsigned cgroups_of(pid_t freezer)
{
	char folder[512];

	return folder_of(freezer, folder);
}

/* The machine's process 1 may be in no hurry to reap it. */
static bool lives(pid_t pid)
{
	char path[32], state = 'X';
	FILE *stat;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	stat = fopen(path, "re");
	if (stat != NULL && fscanf(stat, "%*d (%*[^)]) %c", &state) != 1)
		state = 'X';
	if (stat != NULL)
		fclose(stat);
	return state != 'X' && state != 'Z';
}

static void await_nobody(pid_t freezer, const pid_t actor[2])
{
	int ms = 0;

	while ((cgroups_of(freezer) || lives(actor[0]) || lives(actor[1])) && ms++ < 10000)
		usleep(1000);
	CHECK(cgroups_of(freezer) == 0, "the cgroup is left");
	CHECK(!lives(actor[0]) && !lives(actor[1]), "an actor is left");
}

/* At any moment of a stop: in the middle of it actors are frozen, and under version 1 not even SIGKILL
 * ends them. */
static void check_killed(useconds_t moment)
{
	struct drive d = drive_open("test-targets/ten-points");
	const struct cf_result *r = stop(&d, 0, 2, CF_STOP_CGROUP, 0);
	pid_t freezer = drive_youngest_child(d.executor), actor[2];
	struct cf_mailbox *mailbox = &d.control->mailbox;
	int status;

	CHECK(r->outcome == CF_PASSED && cgroups_of(freezer) == 1, "before: %s", r->detail);
	for (unsigned i = 0; i < 2; i++)
		actor[i] = (pid_t)r->actor_result[i].pid;
	__atomic_store_n(&mailbox->request, mailbox->request + 1, __ATOMIC_RELEASE);
	drive_futex(&mailbox->request, FUTEX_WAKE, 1, NULL);
	usleep(moment);
	kill(d.executor, SIGKILL);
	waitpid(d.executor, &status, 0);
	await_nobody(freezer, actor);
	close(d.lifeline);
	munmap(d.control, CF_CONTROL_SIZE);
}

/* Not everybody may write to a freezer hierarchy; then it must be said. */
static bool cgroup_works(void)
{
	struct drive d = drive_open("test-targets/ten-points");
	const struct cf_result *r = stop(&d, 0, 2, CF_STOP_CGROUP, 0);
	bool works = r->outcome == CF_PASSED;

	CHECK(works || (r->outcome == CF_UNSUPPORTED && strstr(r->detail, "cgroup") != NULL),
	      "outcome %u: %s", r->outcome, r->detail);
	if (!works)
		printf("stops: no cgroup here: %s\n", r->detail);
	drive_close(&d);
	return works;
}

static void freeze_by_hand(const char *folder)
{
	char path[640];
	FILE *file;

	snprintf(path, sizeof(path), "%s/freezer.state", folder);
	file = fopen(path, "we");
	if (file == NULL) {
		snprintf(path, sizeof(path), "%s/cgroup.freeze", folder);
		file = fopen(path, "we");
	}
	CHECK(file != NULL, "%s", path);
	fputs(strstr(path, "freezer.state") != NULL ? "FROZEN" : "1", file);
	fclose(file);
	usleep(20000);
}

/* Its keeper is killed too: then the next one who needs a cgroup cleans up. */
static void check_left(void)
{
	struct drive d = drive_open("test-targets/ten-points");
	const struct cf_result *r = stop(&d, 0, 2, CF_STOP_CGROUP, 0);
	pid_t freezer = drive_youngest_child(d.executor), keeper = drive_youngest_child(freezer);
	pid_t actor[2] = { (pid_t)r->actor_result[0].pid, (pid_t)r->actor_result[1].pid };
	char folder[512];
	int status;

	CHECK(folder_of(freezer, folder), "there is no cgroup");
	freeze_by_hand(folder);
	kill(keeper, SIGKILL);
	kill(d.executor, SIGKILL);
	waitpid(d.executor, &status, 0);
	usleep(20000);
	CHECK(cgroups_of(freezer) == 1, "somebody has removed it already");
	close(d.lifeline);
	munmap(d.control, CF_CONTROL_SIZE);
	CHECK(cgroup_works(), "the next one");
	await_nobody(freezer, actor);
}

static void measure(int rounds, unsigned with)
{
	struct drive d = drive_open("test-targets/ten-points");
	double begin = drive_seconds();

	for (int i = 0; i < rounds; i++)
		CHECK(stop(&d, i & 1, 2, with, 0)->outcome == CF_PASSED, "round %d", i);
	printf("stops: %.0f runs/s with a stop by %s in each\n", rounds / (drive_seconds() - begin),
	       with == CF_STOP_CGROUP ? "cgroup" : "SIGSTOP");
	drive_close(&d);
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 100;

	check_everywhere("test-targets/ten-points", CF_STOP_SIGNAL, 0, 6);
	check_everywhere("test-targets/ten-points", CF_STOP_SIGNAL, 3, 6);
	check_everywhere("test-targets/blocks", CF_STOP_SIGNAL, CF_INSIDE, 20);
	check_everywhere("test-targets/parts", CF_STOP_SIGNAL, CF_INSIDE, 5);
	check_slips();
	measure(rounds, CF_STOP_SIGNAL);
	if (!cgroup_works())
		return 0;
	check_everywhere("test-targets/ten-points", CF_STOP_CGROUP, 0, 6);
	check_everywhere("test-targets/blocks", CF_STOP_CGROUP, CF_INSIDE, 20);
	check_everywhere("test-targets/parts", CF_STOP_CGROUP, CF_INSIDE, 5);
	for (useconds_t moment = 0; moment < 3000; moment += 150)
		check_killed(moment);
	check_left();
	measure(rounds, CF_STOP_CGROUP);
	return 0;
}
