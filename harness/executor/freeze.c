/* SPDX-License-Identifier: Apache-2.0
 *
 * The freezer: a process beside the actors, which stops one of them when its hook returns to the
 * target's code, infects it, cures it and compares its state. It alone uses ptrace on actors; if it
 * is killed they are let go. The actor's side is runtime/freeze.c.
 */
#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "freezer.h"

enum { CALL_S = 4 /* to come to a call; after 5 the watchdog looks */ };

static struct freezer freezer = { .in = INJECT_NONE };

static void step(const char *name, unsigned state)
{
	(void)name;
	(void)state;
}

static const struct inject_port port = { .step = step, .send = send, .recv = recv };

/* ---- what it finds ---------------------------------------------------------------------------- */

void ex_end_actor(struct freezer *z)
{
	int status;

	kill(z->in.pid, SIGKILL);
	while (waitpid(z->in.pid, &status, __WALL) == z->in.pid && WIFSTOPPED(status))
		;
	z->in.gone = 1;
}

static const char *work_of(const struct freezer *z)
{
	return z->event->op == CF_DO_CHECKPOINT ? "checkpoint" : "freeze";
}

void ex_found(struct freezer *z, enum cf_kind kind, const char *what, const char *detail)
{
	struct cf_result *result = &z->ex->control->result;

	if (result->outcome == CF_RUNNING) {
		result->kind = kind;
		result->actor = z->f->actor;
		result->site_id = 0;
		snprintf(result->site, sizeof(result->site), "%s.%s", work_of(z), what);
		snprintf(result->detail, sizeof(result->detail), "%s", detail);
		result->outcome = CF_VIOLATED;
	}
	ex_end_actor(z);
}

int ex_refused(struct freezer *z, int ret)
{
	char detail[96];

	if (!ret)
		return 0;
	snprintf(detail, sizeof(detail), "%s: error %d", z->in.stage, ret);
	ex_found(z,
		 z->in.gone   ? CF_CRASH
		 : z->in.hung ? CF_HANG
			      : CF_INVARIANT,
		 z->in.stage + sizeof("inject"), detail);
	return ret;
}

/* Read where the actor has it: after a restore that is not the memory that we have mapped. */
static int hash_segment(const struct freezer *z, uint64_t *hash)
{
	static uint64_t word[CF_MAX_SHARED / 8];
	size_t words = (z->ex->loaded.target->shared_size + 7) / 8;
	struct iovec here = { word, words * 8 }, there = { (void *)CF_SEGMENT_ADDRESS, words * 8 };

	*hash = 0xcbf29ce484222325ull;
	if (words == 0)
		return 0;
	if (process_vm_readv(z->in.pid, &here, 1, &there, 1, 0) < 0)
		return -errno;
	for (size_t i = 0; i < words; i++)
		*hash = (*hash ^ word[i]) * 0x100000001b3ull;
	return 0;
}

static int look(struct freezer *z, struct snapshot *s, uint64_t *segment)
{
	int ret = snapshot_take(s, z->in.pid, z->code_address, z->page);

	if (!ret)
		ret = hash_segment(z, segment);
	return ex_refused(z, inject_failed(&z->in, "inject.snapshot", ret));
}

int ex_look_before(struct freezer *z)
{
	int ret = ex_refused(z, inject_save(&z->in));

	z->code_address = z->in.code_address;
	z->page = machine_stack(&z->in.saved) & ~(uint64_t)(INJECT_PAGE - 1);
	return ret ? ret : look(z, &z->before, &z->segment);
}

int ex_compare(struct freezer *z, enum snapshot_of of)
{
	char text[160];
	enum snapshot_item item;
	uint64_t segment;
	int ret = look(z, &z->after, &segment);

	if (ret)
		return ret;
	item = snapshot_compare(&z->before, &z->after, of, text, sizeof(text));
	if (item)
		ex_found(z, snapshot_is_data(item) ? CF_SAVED_DATA_MODIFIED : CF_STATE_CHANGED,
			 snapshot_name(item), text);
	else if (segment != z->segment)
		ex_found(z, CF_SAVED_DATA_MODIFIED, "shared-memory", "while everybody stood still");
	return z->in.gone ? -EILSEQ : 0;
}

/* ---- one freeze ------------------------------------------------------------------------------- */

static int run_commands(struct freezer *z, unsigned commands)
{
	static const enum inject_cmd kinds[] = { INJECT_CHURN, INJECT_FILE, INJECT_XOR };

	for (unsigned i = 0; i < commands; i++)
		if (ex_refused(z, inject_command(&z->in, kinds[i % 3], i)))
			return -1;
	return 0;
}

static void infect_and_cure(struct freezer *z)
{
	if (ex_look_before(z))
		return;
	if (ex_refused(z, inject_infect(&z->in)) || run_commands(z, z->event->arg & 0xff))
		return;
	z->in.broken = (z->event->slip & CF_BY_FORCE) != 0;
	if (!ex_refused(z, inject_cure(&z->in)))
		ex_compare(z, SNAPSHOT_OF_SAME);
}

/* So many instructions, but not out of the target's function: what it calls may be the runtime. */
static void go_past(struct freezer *z, uint32_t instructions)
{
	uint64_t pc;
	int status;

	while (instructions-- > 0) {
		if (machine_get_pc(z->in.pid, &pc) || machine_leaves_function(z->in.pid, pc))
			return;
		if (ptrace(PTRACE_SINGLESTEP, z->in.pid, 0, 0) < 0 ||
		    waitpid(z->in.pid, &status, __WALL) < 0 || !WIFSTOPPED(status))
			return;
	}
}

/* Until it comes to one of the two breakpoints. The executor holds the deadline: it kills an actor
 * that gets nowhere. 0 if it has ended. */
static uint64_t await_arrival(struct freezer *z)
{
	int status, signo = 0;
	uint64_t pc;

	do {
		if (ptrace(PTRACE_CONT, z->in.pid, 0, signo) < 0 ||
		    waitpid(z->in.pid, &status, __WALL) < 0 || !WIFSTOPPED(status))
			return 0;
		signo = status >> 16 ? 0 : WSTOPSIG(status);
		if (machine_get_pc(z->in.pid, &pc))
			return 0;
	} while (signo != SIGTRAP || (pc != z->f->pc && pc != z->f->withdrawn));
	return pc;
}

static void answer(struct rt_freeze *f)
{
	__atomic_store_n(&f->answered, f->request, __ATOMIC_RELEASE);
	syscall(SYS_futex, &f->answered, FUTEX_WAKE, 1, NULL, NULL, 0);
}

int ex_seize(struct freezer *z, uint32_t slip)
{
	return inject_seize(&z->in, (int)z->f->pid, &port, (enum inject_slip)slip);
}

static int arm(struct freezer *z)
{
	struct cf_result *result = &z->ex->control->result;
	bool infects = z->event->op == CF_DO_INFECT;
	int ret = ex_seize(z, infects ? z->event->slip & CF_INJECT_SLIP : 0);

	if (!ret)
		ret = inject_failed(&z->in, "inject.breakpoint",
				    machine_set_breakpoints(z->in.pid, z->f->pc, z->f->withdrawn));
	if (!ret)
		return 0;
	snprintf(result->detail, sizeof(result->detail), "the freezer can't trace actors: %s in %s",
		 strerror(-ret), z->in.stage);
	result->outcome = ret == -EPERM ? CF_UNSUPPORTED : CF_BROKEN;
	ex_end_actor(z);
	return ret;
}

static void work(struct freezer *z)
{
	z->ex->loaded.ops->froze(z->event, z->f->actor);
	if (z->event->op == CF_DO_INFECT)
		infect_and_cure(z);
	else
		ex_checkpoint(z);
}

/* As soon as its hook has returned to the target's code, and no call to the runtime has begun. */
static int freeze_outside(struct freezer *z)
{
	int armed = !arm(z);
	uint64_t pc;

	answer(z->f);
	pc = armed ? await_arrival(z) : 0;
	if (!pc)
		return -ESRCH;
	if (!machine_set_breakpoints(z->in.pid, 0, 0) && pc == z->f->pc) {
		go_past(z, CF_WHERE(z->event));
		work(z);
	}
	return z->in.gone;
}

/* ---- inside a call ----------------------------------------------------------------------------- */

bool ex_is_inside(const struct freezer *z)
{
	return z->f->pc == 0;
}

enum { NO_CALL = -1, NO_PROCESS = -2 };

/* The number of the system call that a process sleeps in, with its first argument. */
static long call_of(uint32_t pid, uint64_t *argument)
{
	char path[64], line[256] = "";
	FILE *file;
	long call = NO_CALL;

	snprintf(path, sizeof(path), "/proc/%u/syscall", pid);
	file = fopen(path, "re");
	if (file == NULL)
		return NO_PROCESS;
	if (fgets(line, sizeof(line), file) == NULL)
		call = NO_PROCESS;
	else if (sscanf(line, "%ld %lx", &call, (unsigned long *)argument) != 2)
		call = NO_CALL;
	fclose(file);
	return call;
}

/* A call with a time-out is restarted as another one, by which the kernel knows how much is left. */
static bool is_the_call(const struct rt_freeze *f, long call, uint64_t argument)
{
	return call == SYS_restart_syscall || (call == f->call && argument == f->argument);
}

int ex_await_call(struct freezer *z)
{
	const struct timespec soon = { .tv_nsec = 20000 };
	uint64_t argument = 0;
	struct timespec now;
	time_t end;
	long call;

	clock_gettime(CLOCK_MONOTONIC, &now);
	for (end = now.tv_sec + CALL_S; now.tv_sec < end; clock_gettime(CLOCK_MONOTONIC, &now)) {
		if (__atomic_load_n(&z->f->over, __ATOMIC_ACQUIRE))
			return -EINTR; /* the actor says what came out of it */
		call = call_of(z->f->pid, &argument);
		if (is_the_call(z->f, call, argument))
			return 0;
		if (call == NO_PROCESS) { /* which its parent sees and says */
			z->in.gone = 1;
			return -ESRCH;
		}
		nanosleep(&soon, NULL);
	}
	z->in.pid = (int)z->f->pid;
	ex_found(z, CF_HANG, "call", "it does not come back to the call in which it was");
	return -ETIMEDOUT;
}

/* From here on it is the actor's to go on. */
static void nudge(struct freezer *z)
{
	inject_resume(&z->in);
	if (ex_await_call(z))
		return;
	z->f->nudged = !(z->event->slip & CF_WAKE_UNASKED);
	kill(z->in.pid, RT_NUDGE);
}

static int freeze_inside(struct freezer *z)
{
	int ret = ex_await_call(z);

	if (ret)
		return ret;
	ret = ex_seize(z, z->event->op == CF_DO_INFECT ? z->event->slip & CF_INJECT_SLIP : 0);
	if (ex_refused(z, ret))
		return ret;
	work(z);
	if (!z->in.gone)
		nudge(z);
	return z->in.gone;
}

void ex_freeze(struct freezer *z)
{
	bool inside = ex_is_inside(z);
	int gone;

	z->event = &z->ex->control->plan.event[z->f->armed - 1];
	gone = inside ? freeze_inside(z) : freeze_outside(z);
	z->f->armed = 0;
	if (gone)
		inject_drop(&z->in);
	else if (!inside)
		inject_resume(&z->in);
	if (inside)
		answer(z->f);
	else if (!gone && z->event->op == CF_DO_CHECKPOINT)
		kill(z->in.pid, SIGCONT); /* it came back as it was dumped: stopped */
}

/* ---- its process ------------------------------------------------------------------------------ */

static _Noreturn void serve(struct freezer *z, uint32_t served, pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(1);
	syscall(SYS_close_range, STDERR_FILENO + 1, ~0u, 0);
	for (;;) {
		while (__atomic_load_n(&z->f->request, __ATOMIC_ACQUIRE) == served)
			syscall(SYS_futex, &z->f->request, FUTEX_WAIT, served, NULL, NULL, 0);
		served = z->f->request;
		ex_freeze(z);
	}
}

bool ex_freezer_died(struct executor *ex)
{
	struct rt_freeze *f = &ex->shared->freeze;

	if (f->freezer == 0 || waitpid((pid_t)f->freezer, NULL, WNOHANG) <= 0)
		return false;
	f->freezer = 0;
	return true;
}

int ex_need_freezer(struct executor *ex)
{
	struct rt_freeze *f = &ex->shared->freeze;
	pid_t parent = getpid(), pid;
	uint32_t served = f->request;

	f->armed = 0;
	ex_freezer_died(ex);
	if (f->freezer != 0 || !ex_has(&ex->control->plan, CF_DO_INFECT))
		return 0;
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		freezer.ex = ex;
		freezer.f = f;
		serve(&freezer, served, parent);
	}
	f->freezer = (uint32_t)pid;
	return 0;
}

void ex_kill_freezer(struct executor *ex)
{
	struct rt_freeze *f = &ex->shared->freeze;

	if (f->freezer == 0)
		return;
	kill((pid_t)f->freezer, SIGKILL);
	while (waitpid((pid_t)f->freezer, NULL, 0) < 0 && errno == EINTR)
		;
	f->freezer = 0;
}
