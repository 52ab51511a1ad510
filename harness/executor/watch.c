/* SPDX-License-Identifier: Apache-2.0
 *
 * The watchdog of a run. Waits inside a run have no time-outs of their own; here is the one who
 * notices that an actor died, computes without ever reaching a point, or sleeps in a call that is
 * not ours.
 */
#include <elf.h>
#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "executor.h"
#include "machine.h"

enum {
	SLICE_MS = 20,
	CALLER_WORDS = 16, /* of the stack, searched for a return address */
	ASLEEP_SLICES =
		250, /* 5 s without a point or CPU time: somebody waits outside of our control */
	CROWDED_SLICES = 6 * ASLEEP_SLICES, /* or for a processor */
};

static bool over(const struct executor *ex)
{
	return __atomic_load_n(&ex->shared->done, __ATOMIC_ACQUIRE) == ex->shared->run;
}

static void wait_slice(struct executor *ex)
{
	struct timespec slice = { .tv_nsec = SLICE_MS * 1000000 };
	uint32_t done = __atomic_load_n(&ex->shared->done, __ATOMIC_ACQUIRE);

	if (done != ex->shared->run)
		syscall(SYS_futex, &ex->shared->done, FUTEX_WAIT, done, &slice, NULL, 0);
}

/* ---- actors that have died -------------------------------------------------------------------- */

/* The run ends by our decision, not by that of whoever has the token. He may be anywhere in it, even
 * under the freezer, and must not go on into the next run; nor may the freezer. */
static void cut_short(struct executor *ex)
{
	if (ex_freezer_works(ex))
		ex_kill_freezer(ex);
	ex_kill_child(ex, ex->shared->token);
	ex->shared->done = ex->shared->run;
}

/* By itself, or of what an event did to it: what becomes of the others is what the run is about. */
static bool has_ended(const struct rt_actor *actor, int status)
{
	if (WIFSIGNALED(status))
		return actor->killed != 0 && actor->killed == (uint32_t)WTERMSIG(status);
	return WEXITSTATUS(status) == 0;
}

static void died(struct executor *ex, unsigned index, int status)
{
	struct cf_result *result = &ex->control->result;
	struct rt_actor *actor = &ex->shared->actor[index];

	close(ex->child[index].inbox);
	ex->child[index].pid = 0;
	actor->doomed = 0;
	if (over(ex))
		return;
	if (result->outcome == CF_RUNNING && has_ended(actor, status)) {
		ex->shared->killed += WIFSIGNALED(status);
		if (ex->shared->token == index)
			ex->loaded.ops->actor_gone(index);
		actor->state = CF_ACTOR_ENDED;
		return;
	}
	actor->state = CF_ACTOR_DEAD;
	if (result->outcome == CF_RUNNING) {
		result->kind = CF_CRASH;
		result->actor = index;
		result->site_id = actor->site;
		snprintf(result->detail, sizeof(result->detail), "%s %d",
			 WIFSIGNALED(status) ? "killed by signal" : "the process ended with status",
			 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
		result->outcome = CF_VIOLATED;
	}
	cut_short(ex);
}

/* It has let go whomever it had frozen, with whatever was in it: that may have been his end already. */
static void lost_freezer(struct executor *ex)
{
	if (ex->control->result.outcome == CF_PASSED)
		return;
	ex_broken(ex, "the freezer's process has died");
	cut_short(ex);
}

static void reap(struct executor *ex)
{
	if (ex_freezer_died(ex))
		lost_freezer(ex);
	for (unsigned i = 0; i < CF_MAX_ACTORS; i++) {
		int status;

		if (ex->child[i].pid > 0 && waitpid(ex->child[i].pid, &status, WNOHANG) > 0)
			died(ex, i, status);
	}
}

/* ---- actors that never come to a point --------------------------------------------------------- */

/* The offset in the target of a code address, 0 if it has no line of the target's source. */
static uintptr_t offset_of(const struct executor *ex, uintptr_t pc)
{
	return ex->loaded.ops->site((const void *)(pc + 1)) != 0 ? pc - ex->loaded.base : 0;
}

static uintptr_t offset_of_stopped(const struct executor *ex, pid_t pid)
{
	struct user_regs_struct registers;
	struct iovec all = { &registers, sizeof(registers) };
	uintptr_t offset;

	if (ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &all) < 0)
		return 0;
	offset = offset_of(ex, machine_stopped_pc(&registers));
	/* Often it is in a hook of ours; then the target's code is a few return addresses up. */
	if (offset == 0)
		offset = offset_of(ex, machine_stopped_link(&registers) - 1);
	for (unsigned i = 0; offset == 0 && i < CALLER_WORDS; i++) {
		errno = 0;
		long word = ptrace(PTRACE_PEEKDATA, pid,
				   machine_stopped_sp(&registers) + i * sizeof(word), 0);

		offset = errno == 0 ? offset_of(ex, (uintptr_t)word - 1) : 0;
	}
	return offset;
}

/* Where in the target a process is, 0 if that can't be had. It is killed afterwards. */
static uintptr_t where(const struct executor *ex, pid_t pid)
{
	pid_t stopped;
	int status;

	if (ptrace(PTRACE_SEIZE, pid, 0, 0) < 0 || ptrace(PTRACE_INTERRUPT, pid, 0, 0) < 0)
		return 0;
	do /* the stop itself interrupts us with SIGCHLD */
		stopped = waitpid(pid, &status, __WALL);
	while (stopped < 0 && errno == EINTR);
	return stopped == pid && WIFSTOPPED(status) ? offset_of_stopped(ex, pid) : 0;
}

static void hang(struct executor *ex, unsigned index, int limit)
{
	struct cf_result *result = &ex->control->result;

	result->pc = where(ex, ex->child[index].pid);
	result->kind = CF_HANG;
	result->actor = index;
	/* The last point, not the place: a loop of many lines must have one name. */
	result->site_id = ex->shared->actor[index].site;
	snprintf(result->detail, sizeof(result->detail), RT_LOOP_DETAIL, limit);
	result->outcome = CF_VIOLATED;
	cut_short(ex);
}

static void call_of(pid_t pid, char *text, size_t size)
{
	if (ex_read_proc(pid, "syscall", text, size) <= 0)
		snprintf(text, size, "?");
	text[strcspn(text, " \n")] = '\0';
}

static void asleep(struct executor *ex, unsigned index)
{
	struct cf_result *result = &ex->control->result;
	const struct rt_actor *actor = &ex->shared->actor[index];
	const struct cf_target *target = ex->loaded.target;
	char call[32];

	call_of(ex->child[index].pid, call, sizeof(call));
	if (ex->shared->freeze.armed != 0)
		snprintf(call, sizeof(call), "? under the freezer");
	ex_broken(ex, "%s%u sleeps in system call %s, which is not ours to answer",
		  target->roles[actor->role].name, actor->index, call);
	if (target->flags & CF_EXTERNAL_CALLS) {
		result->kind = CF_HANG;
		result->actor = index;
		snprintf(result->site, sizeof(result->site), "%s.%s", target->name,
			 target->roles[actor->role].name);
		result->outcome = CF_VIOLATED;
	}
	cut_short(ex);
}

/* What the watchdog last saw of the token holder. */
struct sight {
	uint32_t progress;
	uint32_t token;
	long cpu;
	unsigned slices;
};

/* Who deals with others has deadlines of its own, and may have to make a process and bring it to its place again and
 * again between two points. */
static int limit_of(const struct rt_shared *s)
{
	return s->external ? 10 * RT_LOOP_CPU_MS : RT_LOOP_CPU_MS;
}

static bool is_asleep(pid_t pid, unsigned slices)
{
	return slices >= CROWDED_SLICES || (slices >= ASLEEP_SLICES && !ex_can_go_on(pid));
}

static void look(struct executor *ex, struct sight *last)
{
	const struct rt_shared *s = ex->shared;
	uint32_t progress = s->total + s->turns + s->steps, token = s->token;
	pid_t pid = ex->child[token].pid;
	long cpu = ex_cpu_ms(pid);

	if (progress != last->progress || token != last->token || last->slices == 0) {
		*last = (struct sight){
			.progress = progress, .token = token, .cpu = cpu, .slices = 1
		};
		return;
	}
	last->slices++;
	if (cpu - last->cpu >= limit_of(s))
		hang(ex, token, limit_of(s));
	else if (!s->external && is_asleep(pid, last->slices))
		asleep(ex, token);
}

void ex_watch(struct executor *ex)
{
	struct sight sight = { 0 };

	while (!over(ex)) {
		wait_slice(ex);
		if (over(ex))
			break;
		reap(ex);
		if (over(ex))
			break;
		if (ex_orphaned(ex)) {
			ex_kill_freezer(ex);
			ex_kill_children(ex);
			_exit(0);
		}
		look(ex, &sight);
	}
	if (ex_child_died())
		reap(ex);
}
