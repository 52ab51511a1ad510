/* SPDX-License-Identifier: Apache-2.0
 *
 * The kernel's perf rings: which schedule and which processors make which reader fail, that the good ones
 * pass the same, and that two runs of a plan have one hash; whatever the events are.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/prctl.h>

#include "drive.h"

enum { PRODUCER, READER };
enum { PINNED, MORE_EVENTS, OVERWRITE, UNPINNED, TAIL, SPLIT, LOST, UNPAUSED, AHEAD };
enum { MOST = 2, TRACEPOINT = 5 }; /* a param */

/* The first five points of the producer are the handshake with the reader; then each trigger is one. */
struct event {
	unsigned actor, point;
	enum cf_do op;
	unsigned arg;
};

#define MOVED                                  \
	{                                      \
		PRODUCER, 6, CF_DO_AFFINITY, 1 \
	}
#define AFTER(n)                                        \
	{                                               \
		PRODUCER, 5 + (n), CF_DO_SWITCH, READER \
	}
#define READER_AT(n)                              \
	{                                         \
		READER, n, CF_DO_SWITCH, PRODUCER \
	}

/* While the reader has the ring paused. */
#define AWAY(n)                           \
	{                                 \
		READER, n, CF_DO_DELAY, 2 \
	}

static const struct {
	unsigned variant;
	int params[5]; /* rounds, threshold, watermark, epoll, redirected */
	unsigned events;
	struct event event[MOST];
	enum cf_kind kind;
	const char *detail;
} expectations[] = {
	{ UNPINNED, { 1, 2, 0, 0 }, 1, { MOVED }, CF_LOST_WAKEUP, "1 in ring 0, 1 in ring 1" },
	{ UNPINNED, { 1, 2, 0, 1 }, 1, { MOVED }, CF_LOST_WAKEUP, "1 in ring 0, 1 in ring 1" },
	{ UNPINNED, { 1, 3, 1, 0 }, 1, { MOVED }, CF_LOST_WAKEUP, "1 in ring 0, 2 in ring 1" },
	{ UNPINNED, { 1, 3, 1, 1 }, 1, { MOVED }, CF_LOST_WAKEUP, "1 in ring 0, 2 in ring 1" },
	{ PINNED, { 1, 2, 0, 0 }, 1, { MOVED }, CF_NO_KIND, "" },
	{ PINNED, { 1, 3, 1, 1 }, 1, { MOVED }, CF_NO_KIND, "" },
	{ MORE_EVENTS, { 1, 2, 0, 0 }, 1, { MOVED }, CF_NO_KIND, "" },
	{ MORE_EVENTS, { 4, 3, 1, 1 }, 1, { MOVED }, CF_NO_KIND, "" },
	{ PINNED, { 4, 4, 0, 0 }, 0, { { 0 } }, CF_NO_KIND, "" },
	{ PINNED, { 4, 4, 0, 0 }, 1, { AFTER(9) }, CF_NO_KIND, "" },
	{ PINNED, { 4, 4, 0, 0, 1 }, 1, { AFTER(9) }, CF_NO_KIND, "" },
	{ OVERWRITE, { 4, 4, 0, 0 }, 1, { AFTER(9) }, CF_NO_KIND, "" },
	{ OVERWRITE, { 4, 4, 0, 0, 1 }, 2, { AFTER(5), AWAY(5) }, CF_NO_KIND, "" },
	{ OVERWRITE, { 4, 4, 0, 0, 0 }, 2, { AFTER(5), AWAY(5) }, CF_NO_KIND, "" },
	{ MORE_EVENTS, { 1, 3, 0, 0, 1 }, 1, { MOVED }, CF_NO_KIND, "" },
	{ SPLIT, { 4, 4, 0, 0 }, 1, { AFTER(9) }, CF_MISREAD_MESSAGE, "and 0 bytes" },
	{ LOST,
	  { 4, 4, 0, 0 },
	  1,
	  { AFTER(9) },
	  CF_LOST_MESSAGE,
	  "4 records are missing in ring 0" },
	{ TAIL, { 4, 4, 0, 0 }, 2, { AFTER(5), READER_AT(5) }, CF_MISREAD_MESSAGE, "no record" },
	{ UNPAUSED,
	  { 4, 4, 0, 0 },
	  2,
	  { AFTER(5), READER_AT(5) },
	  CF_MISREAD_MESSAGE,
	  "no record" },
	{ AHEAD, { 1, 2, 0, 0 }, 0, { { 0 } }, CF_NO_KIND, "" },
	{ AHEAD, { 4, 4, 0, 0 }, 2, { AFTER(4), READER_AT(8) }, CF_MISREAD_MESSAGE, "no record" },
};

static const struct cf_result *run(struct drive *d, unsigned i, int tracepoint)
{
	struct cf_plan *plan = &d->control->plan;

	plan->variant = expectations[i].variant;
	plan->events = 0;
	memcpy(plan->params, expectations[i].params, sizeof(expectations[i].params));
	plan->params[TRACEPOINT] = tracepoint;
	for (unsigned k = 0; k < expectations[i].events; k++) {
		const struct event *e = &expectations[i].event[k];

		drive_event(d, e->actor, e->point, e->op, e->arg);
	}
	return drive_run(d, CF_RUN);
}

/* What such a ring takes, so that a machine that has it leaves nothing out. */
static bool has_events(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_PAGE_FAULTS,
		.read_format = PERF_FORMAT_LOST,
		.exclude_kernel = 1,
	};
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);

	close(fd);
	return fd >= 0;
}

static bool is_about_events(const char *reason)
{
	return strstr(reason, "perf_event_open") != NULL;
}

static bool moves(unsigned i)
{
	return expectations[i].events > 0 && expectations[i].event[0].op == CF_DO_AFFINITY;
}

/* False if it can't be had here. */
static int check(struct drive *d, unsigned i, int tracepoint)
{
	uint64_t hash = 0;

	for (unsigned round = 0; round < 2; round++) {
		const struct cf_result *r = run(d, i, tracepoint);

		if (r->outcome == CF_UNSUPPORTED) {
			CHECK(moves(i) || !has_events() || !is_about_events(r->detail), "%u: %s", i,
			      r->detail);
			printf("rings: %u: %s\n", i, r->detail);
			return 0;
		}
		CHECK(r->kind == expectations[i].kind && strstr(r->detail, expectations[i].detail),
		      "%u: outcome %u kind %u %s: %s", i, r->outcome, r->kind, r->site, r->detail);
		CHECK(round == 0 || r->hash == hash, "%u: another hash", i);
		hash = r->hash;
	}
	return 1;
}

/* As where kernel.perf_event_paranoid or a container forbids it: nothing runs, and it is said what is missing. */
static void forbid_events(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_perf_event_open, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { sizeof(filter) / sizeof(filter[0]), filter };

	CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "set-up");
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0)
		return;
	printf("rings: not tried where it is forbidden: %s\n", strerror(errno));
	fflush(stdout);
	_exit(0);
}

static void check_forbidden(void)
{
	pid_t child;
	int status;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		struct drive d;

		forbid_events();
		d = drive_open("targets/perfring");
		CHECK(drive_run(&d, CF_RUN)->outcome == CF_UNSUPPORTED &&
			      strstr(d.control->result.detail, "kernel.perf_event_paranoid"),
		      "outcome %u: %s", d.control->result.outcome, d.control->result.detail);
		drive_close(&d);
		_exit(0);
	}
	CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0, "forbidden");
}

int main(void)
{
	unsigned count = sizeof(expectations) / sizeof(expectations[0]), had = 0;
	struct drive d = drive_open("targets/perfring");

	for (unsigned i = 0; i < count; i++)
		for (int tracepoint = 0; tracepoint < 2; tracepoint++)
			had += (unsigned)check(&d, i, tracepoint);
	drive_close(&d);
	check_forbidden();
	printf("rings: %u of %u plans end as they must\n", had, 2 * count);
	return 0;
}
