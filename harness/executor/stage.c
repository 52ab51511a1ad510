/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs with checkpoints happen on a stage: a process in a ward that plays the executor for one run,
 * with actors, segment and channels of its own, so that nothing of what is dumped is shared with
 * anybody who is not. Its control block is a file of the ward, which outlives the dump; before the
 * run it is a copy of ours, and what happened is copied back. The ward's process 1 starts the stage,
 * answers the actors' requests, and holds the deadline.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../freezer/criu/keeper.h"
#include "freezer.h"

#define CONTROL_FILE "/run/control"

enum { STAGE_MS = 40000, SLACK_MS = 5000 };

static struct {
	struct executor *ex;
	struct cf_control *outer; /* the executor's, in process 1 */
	struct ward ward;
	struct freezer freezer;
	char program[4096]; /* ours */
	unsigned checkpoints; /* in this run */
} stage = { .ward = WARD_NONE, .freezer = { .in = INJECT_NONE } };

/* ---- the stage -------------------------------------------------------------------------------- */

static void wake(uint32_t *word)
{
	__atomic_add_fetch(word, 1, __ATOMIC_RELEASE);
	syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

int ex_stage(struct loaded *loaded, const char *control_path)
{
	struct executor ex = { .loaded = *loaded, .staged = true };

	if (ex_attach(&ex, control_path) < 0)
		return 3;
	ex.loaded.ops->self->staged = true;
	ex_execute(&ex);
	ex_kill_children(&ex);
	wake(&ex.shared->freeze.request); /* nobody is armed: that is the end */
	return 0;
}

/* ---- process 1 -------------------------------------------------------------------------------- */

/* From now on the control block is the file. */
static int move_in(void)
{
	struct executor *ex = stage.ex;
	int fd = open(CONTROL_FILE, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || ftruncate(fd, CF_CONTROL_SIZE) < 0)
		return -errno;
	close(fd);
	memset(ex->child, 0, sizeof(ex->child));
	stage.outer = ex->control;
	return ex_map_control(ex, CONTROL_FILE);
}

/* False if that has ended the run: there may be nobody left who could say so. */
static bool answer_request(struct executor *ex)
{
	const struct cf_result *result = &ex->control->result;
	struct freezer *z = &stage.freezer;

	z->ex = ex;
	z->f = &ex->shared->freeze;
	if (z->f->armed == 0)
		return true;
	ex_freeze(z);
	stage.checkpoints += z->event->op == CF_DO_CHECKPOINT;
	keeper_hear_children();
	return result->outcome == CF_RUNNING || result->outcome == CF_PASSED;
}

static void end_badly(struct executor *ex, enum cf_kind kind, const char *detail)
{
	struct cf_result *result = &ex->control->result;

	if (stage.checkpoints == 0) {
		ex_broken(ex, "the stage of the run: %s", detail);
		return;
	}
	result->kind = kind;
	result->actor = ex->shared->actors;
	result->site_id = 0;
	strcpy(result->site, "checkpoint.tree");
	snprintf(result->detail, sizeof(result->detail), "%s", detail);
	result->outcome = CF_VIOLATED;
}

static void judge_end(struct executor *ex)
{
	char detail[64];

	if (keeper.root_status == 0 || ex->control->result.outcome == CF_VIOLATED)
		return;
	snprintf(detail, sizeof(detail), "it has ended with status 0x%x", keeper.root_status);
	end_badly(ex, CF_CRASH, detail);
}

/* Until the stage has ended. So many requests there had been before it began. */
static void attend(struct executor *ex, uint32_t served)
{
	const struct timespec slice = { 0, KEEPER_LOOK_MS * 1000000 };
	uint32_t *request = &ex->shared->freeze.request, now;
	struct standstill still = { .pid = keeper.root };
	long end = keeper_now_ms() + STAGE_MS;
	int status;

	for (;;) {
		now = __atomic_load_n(request, __ATOMIC_ACQUIRE);
		if (now != served) {
			served = now;
			if (!answer_request(ex))
				return;
		}
		keeper_reap(0, &status);
		if (keeper.root == 0) {
			judge_end(ex);
			return;
		}
		if (keeper_stands_still(&still) || keeper_now_ms() > end) {
			end_badly(ex, CF_HANG,
				  still.looks >= KEEPER_LOOKS
					  ? "it is stopped, and nobody lets it go on"
					  : "it never ends");
			return;
		}
		syscall(SYS_futex, request, FUTEX_WAIT, served, &slice, NULL, 0);
	}
}

static void play(const void *order, size_t size)
{
	struct executor *ex = stage.ex;
	char *argv[] = { stage.program, "--stage", (char *)ex->loaded.path, CONTROL_FILE, NULL };
	uint32_t before;

	(void)order;
	(void)size;
	if (keeper_clear())
		return;
	memcpy(ex->control, stage.outer, CF_CONTROL_SIZE);
	ex->shared->freeze.armed = ex->shared->arrived = 0;
	ex->shared->freeze.freezer = 1; /* we are */
	stage.checkpoints = 0;
	before = ex->shared->freeze.request;
	keeper.root_status = 0;
	/* Not forked: what it has mapped must lie in the ward's own mounts. */
	keeper.root = keeper_start(argv);
	if (keeper.root > 0)
		attend(ex, before);
	else
		ex_broken(ex, "can't start the stage: error %d", -keeper.root);
	keeper_clear();
	memset(&keeper.answer, 0, sizeof(keeper.answer)); /* what it says is in the result */
	ex_fill_result(ex);
	memcpy(&stage.outer->result, &ex->control->result, CF_OFF_PRIVATE - CF_OFF_RESULT);
	/* The ledger is among that: the next run is to clear it. */
	((struct rt_shared *)stage.outer->private_area)->ledger_used = ex->shared->ledger_used;
}

/* ---- the executor's end ------------------------------------------------------------------------ */

static int open_ward(struct executor *ex)
{
	static const struct ward_duties duties = { .move_in = move_in, .obey = play };

	if (ward_lives(&stage.ward))
		return 0;
	ward_close(&stage.ward);
	stage.ex = ex;
	/* Not the link itself: it leads to the mounts outside. */
	if (readlink("/proc/self/exe", stage.program, sizeof(stage.program) - 1) < 0)
		return -errno;
	return ward_open(&stage.ward, fork, &duties, ward_criu(CRIU_PROGRAM));
}

void ex_perform(struct executor *ex)
{
	const char *reason = ward_unsupported(ward_criu(CRIU_PROGRAM));
	int ret;

	if (reason != NULL) {
		ex_broken(ex, "checkpoint with criu: %s", reason);
		ex->control->result.outcome = CF_UNSUPPORTED;
		return;
	}
	ret = open_ward(ex);
	if (!ret)
		ret = ward_tell(&stage.ward, "play", 4, STAGE_MS + SLACK_MS);
	if (ret) {
		ex_broken(ex, "the ward of the run: error %d in %s: %s", ret, stage.ward.stage,
			  stage.ward.detail);
		ward_close(&stage.ward);
	}
}

void ex_close_ward(void)
{
	ward_close(&stage.ward);
}
