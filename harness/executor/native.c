/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs without control (runtime/native.c), in pieces: actors are forked for some thousand runs, and again
 * when one has died or nobody comes on. Only of targets that use memory alone: for others each run would need
 * processes, descriptors and signals of its own.
 */
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "executor.h"
#include "seen.h"
#include "uncontrolled.h"

enum {
	LOOK_US = 200,
	STUCK_MS = 3000, /* without a run that ends: they wait for each other, or for a processor */
	SPINNING_MS = STUCK_MS / 3, /* of CPU time meanwhile: they go round */
	CROWDED_MS = 20 * STUCK_MS, /* at most */
	SLICE_MS = 5000, /* of one request, however few runs that were */
	FAILED_MS = 100, /* who has failed is gone, so the others may wait for it */
};

static const char *refusal(const struct executor *ex)
{
	const struct cf_target *target = ex->loaded.target;

	if (!(target->flags & CF_FIBERS))
		return "native: only a target that declares CF_FIBERS can run without control";
	if (target->channels != NULL && target->channels[0].name != NULL)
		return "native: a target with channels can't run without control";
	return NULL;
}

/* ---- a piece of runs -------------------------------------------------------------------------------- */

enum end { ENDED, DIED, STUCK };

/* Counts who has ended, all of whom stay; whether one of them has died. */
static bool look(const pid_t *pids, unsigned count, unsigned *ended)
{
	*ended = 0;
	for (unsigned i = 0; i < count; i++) {
		siginfo_t info = { 0 };

		if (waitid(P_PID, (id_t)pids[i], &info, WEXITED | WNOHANG | WNOWAIT) < 0 ||
		    info.si_pid == 0)
			continue;
		++*ended;
		if (info.si_code != CLD_EXITED || info.si_status != 0)
			return true;
	}
	return false;
}

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static long worked(const pid_t *pids, unsigned count)
{
	long sum = 0;

	for (unsigned i = 0; i < count; i++)
		sum += ex_cpu_ms(pids[i]);
	return sum;
}

static bool are_asleep(const pid_t *pids, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (ex_can_go_on(pids[i]))
			return false;
	return true;
}

/* Of a crowded machine three seconds say nothing: who can go on, and had hardly any time, may still do so. */
static bool is_stuck(const pid_t *pids, unsigned count, uint64_t waited, long before)
{
	return waited >= STUCK_MS &&
	       (waited >= CROWDED_MS || worked(pids, count) - before >= SPINNING_MS ||
		are_asleep(pids, count));
}

/* At most until then: on a crowded machine runs take their time. */
static enum end watch(struct rt_native *n, const pid_t *pids, unsigned count, uint64_t until)
{
	uint64_t since = now_ms(), now;
	long before = worked(pids, count);
	uint32_t turn = n->turn;
	unsigned ended = 0;

	while (ended < count) {
		usleep(LOOK_US);
		/* One that has ended before the last run was judged has called exit(). */
		if (look(pids, count, &ended) || (ended > 0 && !n->over))
			return DIED;
		now = now_ms();
		if (__atomic_load_n(&n->turn, __ATOMIC_ACQUIRE) != turn) {
			since = now;
			before = worked(pids, count);
		}
		turn = n->turn;
		if (is_stuck(pids, count, now - since, before) ||
		    (n->failed && now - since >= FAILED_MS))
			return STUCK;
		n->enough = now >= until;
	}
	return ENDED;
}

/* A run that had no end of its own: what was told of it, else how it is found. */
static void judge_cut(struct executor *ex, enum end end)
{
	struct cf_result *result = &ex->control->result;

	if (result->outcome == CF_RUNNING) {
		result->kind = end == DIED ? CF_CRASH : CF_HANG;
		snprintf(result->site, sizeof(result->site), "%s", ex->loaded.target->name);
		snprintf(result->detail, sizeof(result->detail),
			 end == DIED ? "an actor has died" : "no actor comes to its end");
	}
	result->outcome = CF_VIOLATED;
	seen_count(&ex->control->outcomes, result);
	ex->shared->native.left--;
}

/* The segment as each run finds it. False if there is none. */
static bool begin_runs(struct executor *ex)
{
	struct rt_native *n = &ex->shared->native;

	if (!ex_prepare(ex, CF_CARRIER_NATIVE))
		return false;
	ex_init_target(ex);
	if (ex->control->result.outcome != CF_RUNNING) {
		if (ex->control->result.outcome == CF_VIOLATED)
			ex->control->result.outcome = CF_BROKEN;
		return false;
	}
	n->by_init = ex->shared->items > 0 || ex->shared->ledger_used;
	memcpy(n->initial, (void *)CF_SEGMENT_ADDRESS, sizeof(n->initial));
	n->arrived = n->asleep = n->failed = n->enough = n->over = 0;
	return true;
}

static bool run_piece(struct executor *ex, const cpu_set_t *allowed, uint64_t until)
{
	pid_t pids[CF_MAX_ACTORS] = { 0 };
	unsigned count;
	enum end end;

	if (!begin_runs(ex))
		return false;
	count = ex->shared->actors;
	if (!ex_start_uncontrolled(ex, allowed, pids, count))
		return false;
	end = watch(&ex->shared->native, pids, count, until);
	ex_kill_uncontrolled(pids, count);
	ex_end_scheduling(ex);
	ex_reap_uncontrolled(pids, count);
	if (end != ENDED)
		judge_cut(ex, end);
	return ex->control->result.outcome == CF_PASSED ||
	       ex->control->result.outcome == CF_VIOLATED;
}

void ex_run_natively(struct executor *ex)
{
	struct cf_mailbox *mailbox = &ex->control->mailbox;
	struct rt_native *n = &ex->shared->native;
	const char *why_not = refusal(ex);
	uint64_t until = now_ms() + SLICE_MS;
	cpu_set_t allowed;

	mailbox->runs = 0;
	if (why_not != NULL) {
		ex_broken(ex, "%s", why_not);
		ex->control->result.outcome = CF_UNSUPPORTED;
		return;
	}
	if (mailbox->kind == CF_NATIVE)
		memset(&ex->control->outcomes, 0, offsetof(struct cf_outcomes, entry));
	ex_kill_children(ex);
	sched_getaffinity(0, sizeof(allowed), &allowed);
	n->seed = mailbox->seed;
	n->left = mailbox->budget;
	do
		if (!run_piece(ex, &allowed, until))
			break;
	while (n->left > 0 && now_ms() < until && !ex_orphaned(ex));
	mailbox->runs = mailbox->budget - n->left;
}
