/* SPDX-License-Identifier: Apache-2.0
 *
 * A WARN, a BUG or a lockup in the kernel's log during a run, or during many at one request, is a finding; what is
 * there before it, what the kernel says of programs, what programs write there, what is another program's and
 * what comes of a busy machine is none.
 */
#include "drive.h"

#include <errno.h>
#include <fcntl.h>

enum { PLAIN, NEWER, BUG, LOCKUP, SEGFAULT, OTHER, OF_INIT, AFTER_INIT, OF_THREAD, OF_LOAD };

static const struct cf_result *run(struct drive *d, int line, enum cf_request_kind kind)
{
	d->control->plan = (struct cf_plan){ .budget = DRIVE_BUDGET, .params = { line } };
	return drive_run(d, kind);
}

static void check_line(struct drive *d, int line, const char *site, const char *words)
{
	const struct cf_result *r = run(d, 1 + line, CF_FRESH);

	CHECK(r->outcome == CF_VIOLATED, "line %d: outcome %u: %s", line, r->outcome, r->detail);
	CHECK(r->kind == CF_KERNEL_LOG && strcmp(r->site, site) == 0, "%s: %s", r->site, r->detail);
	CHECK(strstr(r->detail, words) != NULL, "%s", r->detail);
	CHECK(run(d, 0, CF_FRESH)->outcome == CF_PASSED, "said of the next run: %s", r->detail);
}

static void check_passes(struct drive *d, int line)
{
	const struct cf_result *r = run(d, 1 + line, CF_FRESH);

	CHECK(r->outcome == CF_PASSED, "line %d: %s", line, r->detail);
}

/* What is another program's is said beside a failure, and hides none; what the run's own is does. */
static void check_beside(struct drive *d)
{
	const struct cf_result *r;

	d->control->plan = (struct cf_plan){ .budget = DRIVE_BUDGET, .params = { 1 + OF_INIT, 1 } };
	r = drive_run(d, CF_FRESH);
	CHECK(r->kind == CF_INVARIANT && strstr(r->detail, "of another program: WARNING") != NULL,
	      "kind %u: %s", r->kind, r->detail);
	d->control->plan.params[0] = 1 + OF_LOAD;
	r = drive_run(d, CF_FRESH);
	CHECK(r->kind == CF_INVARIANT && strstr(r->detail, "kernel said: BUG: workqueue") != NULL,
	      "kind %u: %s", r->kind, r->detail);
	d->control->plan.params[0] = 1 + AFTER_INIT;
	r = drive_run(d, CF_FRESH);
	CHECK(r->kind == CF_KERNEL_LOG && strstr(r->detail, "of another program") == NULL,
	      "kind %u: %s", r->kind, r->detail);
}

/* Once for all runs of a request; where one of them fails otherwise, that is told. */
static void check_many(struct drive *d)
{
	struct cf_mailbox *mailbox = &d->control->mailbox;
	const struct cf_outcomes *outcomes = &d->control->outcomes;
	const struct cf_result *r;

	mailbox->strategy = CF_STRATEGY_RANDOM;
	mailbox->budget = 3;
	r = run(d, 1 + PLAIN, CF_EXPLORE);
	CHECK(r->kind == CF_KERNEL_LOG && strstr(r->detail, "during 3 runs") != NULL, "%s",
	      r->detail);
	CHECK(run(d, 0, CF_EXPLORE)->outcome == CF_PASSED, "%s", r->detail);
	CHECK(run(d, 1 + OF_INIT, CF_EXPLORE)->outcome == CF_PASSED, "%s", r->detail);
	d->control->plan.params[0] = 1 + PLAIN;
	d->control->plan.params[1] = 1;
	r = drive_run(d, CF_EXPLORE);
	CHECK(r->kind == CF_INVARIANT && strstr(r->detail, "meanwhile the kernel said: WARNING"),
	      "kind %u: %s", r->kind, r->detail);
	r = run(d, 1 + PLAIN, CF_NATIVE);
	CHECK(r->kind == CF_KERNEL_LOG && strcmp(r->site, "cryofuzz_planted") == 0, "%s",
	      r->detail);
	CHECK(outcomes->seen == 2 && outcomes->entry[1].kind == CF_KERNEL_LOG &&
		      outcomes->runs == outcomes->entry[0].runs + 1,
	      "%u outcomes of %lu runs", outcomes->seen, outcomes->runs);
}

/* As if somebody else had been warned of before. */
static void warn_now(void)
{
	static const char line[] = "<188>WARNING: CPU: 0 PID: 1 at kernel/x.c:1 fn+0x1/0x2\n";
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);

	CHECK(fd >= 0 && write(fd, line, strlen(line)) > 0, "can't write");
	close(fd);
}

static void check_counted(void)
{
	struct drive d;

	setenv("CRYOFUZZ_LOG_FACILITY", "23", 1);
	d = drive_open("test-targets/logs");
	check_line(&d, PLAIN, "cryofuzz_planted", "a process of this run");
	check_line(&d, NEWER, "cryofuzz_planted", "a process of this run");
	check_line(&d, BUG, "cryofuzz_planted", "names no process");
	check_line(&d, LOCKUP, "watchdog: BUG: soft lockup", "a process of this run");
	check_passes(&d, SEGFAULT);
	check_passes(&d, OTHER);
	check_passes(&d, OF_INIT);
	check_passes(&d, OF_LOAD);
	check_line(&d, AFTER_INIT, "cryofuzz_planted", "a process of this run");
	check_line(&d, OF_THREAD, "cryofuzz_planted", "a thread of its own");
	check_beside(&d);
	check_many(&d);
	warn_now();
	CHECK(run(&d, 0, CF_FRESH)->outcome == CF_PASSED, "from before the run");
	CHECK(run(&d, 1, CF_RUN)->outcome == CF_PASSED, "a run that nobody listens to");
	drive_close(&d);
	unsetenv("CRYOFUZZ_LOG_FACILITY");
}

int main(void)
{
	int fd = open("/dev/kmsg", O_RDWR | O_CLOEXEC);
	struct drive d;

	if (fd < 0) {
		printf("kernel_log: /dev/kmsg: %s; not checked\n", strerror(errno));
		return 0;
	}
	close(fd);
	check_counted();
	d = drive_open("test-targets/logs");
	check_passes(&d, PLAIN);
	drive_close(&d);
	printf("kernel_log: what the kernel complains of is a finding, in its run alone\n");
	return 0;
}
