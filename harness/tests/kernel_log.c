/* SPDX-License-Identifier: Apache-2.0
 *
 * A WARN, a BUG or a lockup in the kernel's log during a run is a finding; what is there before it, what the kernel
 * says of programs, and what programs write there is none.
 */
#include "drive.h"

#include <errno.h>
#include <fcntl.h>

enum { PLAIN, NEWER, BUG, LOCKUP, SEGFAULT, OTHER, LINES };

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
