/* SPDX-License-Identifier: Apache-2.0
 *
 * Our own injector freezes a process (freezer/inject): it stops a victim, puts a parasite into it,
 * has it execute some commands, cures it and lets it go on. Each step is a point; frame events apply
 * where the injector sends and receives.
 *
 * The verdict: with whole frames everything must succeed. With damaged ones the injector may refuse,
 * but not wait for ever and not report success; and the victim must be as it was *in either case*,
 * since a cure by force needs nobody's answer. It is kept from run to run.
 */
#define _GNU_SOURCE
#include <cryofuzz.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "../../freezer/inject/inject.h"
#include "../../freezer/victim/closely.h"
#include "../../freezer/victim/kept.h"
#include "../../freezer/victim/raw.h"
#include "../../freezer/victim/snapshot.h"
#include "../../freezer/victim/threads.h"
#include "holds.h"
#include "home.h"
#include "outlive.h"
#include "port.h"

enum {
	COMMANDS,
	WORK,
	PLACE,
	VECTORS,
	STOPPED,
	SEED,
	TRAP,
	STACK,
	PENDING,
	DISTURBS,
	WHEN,
	CODE,
	HOME,
	THREADS,
	STATE,
};

/* The params from STATE on. */
#define STATE_SPEC(group, name, max, what) [STATE + group] = { name, 0, max, 0, what },

enum work { COUNT, CHURN, WRITE, FILES, FAIL };

static struct victim victim;
static struct inject in = INJECT_NONE;
static int trusted; /* the victim is as it should be */
static struct snapshot before, after;
static struct closely seen_before, seen_after;
static struct estate estate;
static struct disturbance disturbance;

static int is_hopeless(char *text, unsigned size)
{
	return inject_is_hopeless(&in, text, size);
}

/* ---- the victim ----------------------------------------------------------------------------- */

/* In the namespace of a former victim, or not; what disturbs it knows it among all others. */
static int lives_alone;

static int home(void)
{
	/* the child that a vfork waits for would not be in the cgroup */
	if (cf_param(HOME) == HOME_FROZEN && !cf_param(CODE) && cf_param(PLACE) == VICTIM_VFORK)
		return HOME_PLAIN;
	return disturbance.what ? HOME_PLAIN : cf_param(HOME);
}

static void replace_victim(void)
{
	const uint64_t none[2] = { 0, RLIM_INFINITY };
	int ret;

	inject_forget_threads(&in);
	inject_drop(&in);
	victim_end(&victim);
	lives_alone = home() == HOME_NAMESPACE;
	ret = victim_start(&victim, lives_alone ? home_fork_in_namespace : cf_fork_uncontrolled);
	if (ret == -EPERM && lives_alone)
		cf_unsupported("a pid namespace needs CAP_SYS_ADMIN");
	if (ret)
		cf_fail(CF_INVARIANT, "inject.fork", "cannot start a victim: %d", ret);
	/* SIGTSTP does not stop one whose group has no parent outside; SIGSEGV is to leave no core */
	raw2(SYS_setpgid, victim.pid, victim.pid);
	raw4(SYS_prlimit64, victim.pid, RLIMIT_CORE, &none, 0);
}

static struct state_wish wish(void)
{
	struct state_wish wish = { 0 };

	for (unsigned i = 0; i < STATE_GROUPS && !disturbance.what; i++)
		wish.of[i] = (uint8_t)cf_param(STATE + i);
	return wish;
}

/* Where a signal's handler changes nothing: there it can be disturbed. */
static enum victim_place place(void)
{
	if (disturbance.what)
		return cf_param(PLACE) % (VICTIM_POLLS + 1);
	return cf_param(CODE) ? VICTIM_VFORK + cf_param(CODE) : cf_param(PLACE);
}

static int hold(void)
{
	const struct victim_setting setting = {
		.seed = (uint64_t)cf_param(SEED) + 1,
		.place = place(),
		.vectors = (uint32_t)cf_param(VECTORS),
		.trap = (uint32_t)cf_param(TRAP),
		.own_stack = (uint32_t)cf_param(STACK),
		.threads = disturbance.what ? 0 : (uint32_t)cf_param(THREADS),
		.state = wish(),
		.listens = disturb_listens(&disturbance),
	};

	cf_state(VICTIM_STATE + setting.place);
	return victim_hold(&victim, &setting);
}

static void ready_victim(void)
{
	char text[96];
	int tries = 0;

	if (!trusted || lives_alone != (home() == HOME_NAMESPACE))
		replace_victim();
	trusted = 0;
	while (hold()) {
		if (victim_cannot(&victim, text, sizeof(text))) {
			trusted = 1;
			cf_unsupported("%s", text);
		}
		if (++tries == VICTIM_TRIES)
			cf_fail(CF_INVARIANT, "inject.victim", "a new victim does not hold still");
		replace_victim();
	}
}

static void complete_victim(void)
{
	char text[96];

	if (victim_complete(&victim, (unsigned)cf_param(PENDING), text, sizeof(text)))
		cf_unsupported("%s", text);
}

static int victim_is_stopped(void)
{
	return victim_await_stopped(&victim) == 0;
}

static const int stop_signals[] = { 0, SIGSTOP, SIGTSTP, SIGTTIN };

/* One that is to handle SIGTSTP is not stopped by it. */
static int stop_signal(void)
{
	if (home() == HOME_FROZEN)
		return 0;
	/* nobody else can stop a process 1 */
	if (cf_param(STOPPED) && (disturbance.what || lives_alone))
		return SIGSTOP;
	return stop_signals[cf_param(STOPPED)];
}

static void freeze_victim(void)
{
	int ret;

	if (home() != HOME_FROZEN || victim.stopped)
		return;
	ret = home_freeze(&victim);
	if (ret)
		cf_unsupported("the victim can't be frozen by a cgroup: error %d", ret);
}

static void stop_victim(void)
{
	if (!stop_signal() || victim.stopped)
		return;
	raw2(SYS_kill, victim.pid, stop_signal());
	if (!victim_is_stopped())
		cf_fail(CF_INVARIANT, "inject.victim", "signal %d does not stop the victim",
			stop_signal());
}

/* As its parent, whom the kernel tells. */
static void check_stop_signal(void)
{
	siginfo_t info = { .si_pid = 0 };

	raw5(SYS_waitid, P_PID, victim.pid, &info, WSTOPPED | WNOHANG | WNOWAIT, 0);
	if (info.si_pid != victim.pid || info.si_status != stop_signal())
		cf_fail(CF_STATE_CHANGED, "inject.stop-signal",
			"signal %d had stopped it, now signal %d has", stop_signal(),
			info.si_pid ? info.si_status : 0);
}

static void check_frozen(void)
{
	const char *wrong = in.gone ? NULL : home_left(&victim);

	if (wrong)
		cf_fail(CF_STATE_CHANGED, "inject.frozen", "%s", wrong);
}

static void check_stopped(void)
{
	if (!disturb_stops() && !victim.stopped)
		return;
	if (!victim_is_stopped())
		cf_fail(CF_STATE_CHANGED, "inject.stopped",
			"a signal had stopped it, now it is not stopped %s", disturb_place());
	if (!victim.stopped && !disturbance.what)
		check_stop_signal();
	raw2(SYS_kill, victim.pid, SIGCONT);
}

/* ---- what the injector says ------------------------------------------------------------------ */

static _Noreturn void not_seen_to_end(int ret)
{
	cf_fail(CF_HANG, "inject.gone", "the victim was killed %s; %s, error %d", disturb_place(),
		in.hung ? in.hung : in.stage, ret);
}

/* A refusal is right if a frame was damaged, or the victim taken or ended. */
static int refused(int ret)
{
	if (disturb_hung())
		not_seen_to_end(ret);
	if (!ret || cf_damaged_frames() || disturb_excuses())
		return ret;
	if (in.gone)
		cf_fail(CF_CRASH, "inject.victim", "the victim has ended in %s", in.stage);
	if (in.hung)
		cf_fail(CF_HANG, in.hung, "no answer in %s", in.stage);
	cf_fail(CF_INVARIANT, in.stage, "refused, with all frames whole: error %d", ret);
}

static void check_ack(enum inject_cmd cmd, const char *what)
{
	const struct inject_message *m = &in.last;

	if (in.length == INJECT_WHOLE && m->cmd == cmd && m->ack == cmd)
		return;
	cf_fail(CF_BAD_ACCEPT, "inject.ack",
		"%s is taken as done; last of %u acks: %ld bytes, cmd %u ack %u err %d", what,
		in.received, in.length, m->cmd, m->ack, m->err);
}

/* ---- commands --------------------------------------------------------------------------------- */

static enum inject_cmd cmd_of(int i)
{
	switch ((enum work)cf_param(WORK)) {
	case CHURN:
		return INJECT_CHURN;
	case WRITE:
		return INJECT_WRITE;
	case FILES:
		return INJECT_FILE;
	case FAIL:
		return i == 0 ? INJECT_FAIL : INJECT_ADD;
	case COUNT:
		break;
	}
	return i & 1 ? INJECT_XOR : INJECT_ADD;
}

static uint64_t operand_of(enum inject_cmd cmd, int i)
{
	uint64_t page = (uint64_t)(uintptr_t)victim_page_address();

	return cmd == INJECT_WRITE ? page + 8 * (uint64_t)(i + 1) : (uint64_t)(cf_param(SEED) + i);
}

/* A command that fails by itself, and those that follow on it, must be said to have failed. */
static int must_fail(int i, int ret)
{
	if (cf_param(WORK) != FAIL || in.broken)
		return 0;
	if (!ret)
		cf_fail(CF_BAD_ACCEPT, "inject.failed", "command %d is taken as done %s", i,
			i ? "after a failed one" : "but has failed");
	return 1;
}

static int run_command(int i)
{
	enum inject_cmd cmd = cmd_of(i);
	uint64_t operand = operand_of(cmd, i);
	int ret = inject_command(&in, cmd, operand);

	if (must_fail(i, ret))
		return 0;
	if (refused(ret))
		return -1;
	check_ack(cmd, "a command");
	if (in.args->result != inject_result(cmd, in.serial, operand))
		cf_fail(CF_BAD_ACCEPT, "inject.command",
			"command %d is acknowledged, but its result is not there", i);
	return 0;
}

static void run_commands(void)
{
	for (int i = 0; i < cf_param(COMMANDS); i++)
		if (run_command(i))
			return;
}

/* ---- the victim's state ----------------------------------------------------------------------- */

static void take(struct snapshot *s, struct closely *c)
{
	int ret = snapshot_take(s, victim.pid, in.code_address, (uintptr_t)victim_page_address());

	if (!ret)
		ret = closely_look(c, victim.pid, &victim.setting.state);
	if (ret)
		cf_fail(CF_INVARIANT, "inject.snapshot", "the victim is not there: %d", ret);
}

static enum cf_kind kind_of(enum snapshot_item item)
{
	if (item == SNAPSHOT_PENDING)
		return CF_LOST_SIGNAL;
	return snapshot_is_data(item) ? CF_SAVED_DATA_MODIFIED : CF_STATE_CHANGED;
}

/* Signals that were sent meanwhile: whether it has heard them is asked later. And a SIGSTOP that was
 * pending has stopped it now: that is asked later, too. */
static uint64_t overlooked(void)
{
	return disturb_sent() | 1ull << (SIGSTOP - 1);
}

static void overlook(struct snapshot *s, uint64_t pending)
{
	s->pending &= ~overlooked();
	if (disturb_sent() || pending & overlooked())
		s->values = 0;
}

static void compare_snapshots(enum snapshot_of of)
{
	char text[160], site[40];
	enum snapshot_item item;

	take(&after, &seen_after);
	overlook(&after, before.pending);
	overlook(&before, before.pending);
	item = snapshot_compare(&before, &after, of, text, sizeof(text));
	if (!item)
		return;
	snprintf(site, sizeof(site), "inject.%s", snapshot_name(item));
	cf_fail(kind_of(item), site, "%s", text);
}

static void changed(const char *item, const char *text)
{
	char site[40];

	if (!item)
		return;
	snprintf(site, sizeof(site), "inject.%s", item);
	cf_fail(state_is_data(item) ? CF_SAVED_DATA_MODIFIED : CF_STATE_CHANGED, site, "%s", text);
}

static void compare_closely(void)
{
	char text[160];

	changed(closely_compare(&seen_before, &seen_after, text, sizeof(text)), text);
}

static void hear_of_signals(void)
{
	struct victim_heard heard;
	char text[160];

	if (!disturbance.what)
		return;
	if (heard_get(&victim, &heard))
		cf_fail(CF_CRASH, "inject.victim", "it is not there any more");
	if (heard.strayed)
		cf_fail(CF_STATE_CHANGED, "inject.handler",
			"a handler of the victim's ran while the parasite was there %s",
			disturb_place());
	if (disturb_unheard(&heard, text, sizeof(text)))
		cf_fail(CF_LOST_SIGNAL, "inject.heard", "%s %s", text, disturb_place());
}

/* Its own view, once it runs again. */
static void hear_victim(void)
{
	struct victim_regs want, seen;
	char text[160];
	int ret = victim_report(&victim, &seen);

	if (ret && patience_state(victim.pid) == 'T')
		cf_fail(CF_STATE_CHANGED, "inject.stopped",
			"it is stopped, but a stop was not the last thing it was told %s",
			disturb_place());
	if (ret == -ETIME)
		cf_fail(CF_STATE_CHANGED, "inject.call", "%s goes on although it should be over",
			victim_place_name(&victim));
	if (ret) {
		patience_describe(victim.pid, text, sizeof(text));
		cf_fail(CF_CRASH, "inject.victim", "it does not go on after the cure (%d): it %s",
			ret, text);
	}
	if (victim_call_wrong(&victim, &seen, text, sizeof(text)))
		cf_fail(CF_STATE_CHANGED,
			victim_place_kind(victim.setting.place) == VICTIM_NO_CALL ? "inject.place"
										  : "inject.call",
			"%s", text);
	if (victim.back.threads)
		cf_fail(CF_STATE_CHANGED, "inject.threads", "%s", victim.back.threads);
	victim_expect(&victim, &want);
	if (victim_compare(&want, &seen, text, sizeof(text)) ||
	    victim_compare_wide(&victim, text, sizeof(text)))
		cf_fail(CF_STATE_CHANGED, "inject.victim", "it finds that its %s", text);
	changed(victim_changed(&victim, text, sizeof(text)), text);
	changed(state_changed(victim.pid, &victim.setting.state, text, sizeof(text)), text);
}

/* ---- its end --------------------------------------------------------------------------------- */

static int await_end(void)
{
	struct patience patient = patience_for(victim.pid);
	int status = 0, slice;
	long ret;

	while (!(ret = raw4(SYS_wait4, victim.pid, &status, WNOHANG | __WALL, 0)) &&
	       (slice = patience_slice(&patient)))
		raw3(SYS_poll, 0, 0, slice);
	if (ret == 0)
		cf_fail(CF_LOST_SIGNAL, "inject.end", "signal %d has not ended it %s",
			disturb_deadly(), disturb_place());
	return status;
}

/* It has been sent what ends it, and must have ended by that. */
static void bury(void)
{
	int status = in.gone ? in.status : await_end();

	if (!WIFSIGNALED(status) || WTERMSIG(status) != disturb_deadly())
		cf_fail(CF_STATE_CHANGED, "inject.status", "ended with 0x%x, by signal %d %s",
			status, disturb_deadly(), disturb_place());
	if (raw4(SYS_wait4, victim.pid, 0, WNOHANG | __WALL, 0) != -ECHILD)
		cf_fail(CF_ZOMBIE, "inject.victim", "it has ended, but is still there");
	raw1(SYS_close, victim.fd);
	victim.pid = 0;
}

/* ---- one freeze ------------------------------------------------------------------------------ */

static void cure(void)
{
	int ret = inject_cure(&in);

	if (!disturb_hung() && (!ret || (in.gone && disturb_deadly())))
		return;
	if (disturb_hung() || (disturb_deadly() == SIGKILL && !in.gone))
		not_seen_to_end(ret);
	cf_fail(in.gone ? CF_CRASH : CF_INVARIANT, "inject.cure",
		"the victim can't be cured: error %d in %s", ret, in.stage);
}

static void resume(void)
{
	int ret = inject_resume(&in);

	if (ret && !disturb_deadly())
		cf_fail(CF_CRASH, "inject.victim", "it is gone before it goes on: %d", ret);
}

static void infect_and_cure(void)
{
	if (refused(inject_stop(&in, victim.pid, &target_port, cf_variant())))
		return;
	take(&before, &seen_before);
	if (!refused(inject_infect(&in))) {
		check_ack(INJECT_INIT, "the infection");
		run_commands();
	}
	cure();
	if (in.gone)
		return;
	compare_snapshots(SNAPSHOT_OF_SAME);
	compare_closely();
}

/* The tracer dies, and we are its heir. */
static void inherit(void)
{
	int ret = outlive(&victim, cf_variant(), cf_param(COMMANDS), &estate);

	in = estate.in;
	in.pidfd = in.memory = in.channel = -1; /* they were the other's */
	in.local = NULL;
	before = estate.before;
	if (ret < 0)
		cf_fail(CF_INVARIANT, "inject.driver", "error %d in %s", ret, in.stage);
	if (ret == 0)
		return;
	in.pid = victim.pid;
	ret = inject_inherit(&in, &target_port);
	if (ret)
		cf_fail(CF_INVARIANT, "inject.inherit", "error %d in %s", ret, in.stage);
	cure();
	if (has_parasite(victim.pid))
		cf_fail(CF_LEAK, "inject.parasite",
			"the tracer has died, and the parasite is still there %s", disturb_place());
	if (estate.looked)
		compare_snapshots(in.anew ? SNAPSHOT_OF_CALLING_AGAIN : SNAPSHOT_OF_SAME);
}

static void go_on(void)
{
	if (!in.gone && victim_release(&victim) && !disturb_deadly())
		cf_fail(CF_CRASH, "inject.victim", "it is gone before it goes on");
	if (in.seized && !in.gone)
		resume();
	else
		inject_drop(&in);
	check_frozen();
	disturb_end();
	if (!in.gone && disturb_deadly() != SIGKILL)
		check_stopped();
	if (disturb_deadly()) {
		bury();
		return;
	}
	hear_victim();
	hear_of_signals();
	trusted = !state_any(&victim.setting.state);
}

static void check_other(void)
{
	if (disturb_other() == 1 && in.stage && strcmp(in.stage, "inject.seize"))
		cf_fail(CF_INVARIANT, in.stage, "where another tracer was");
	if (disturb_other() < 0 && disturb_other() != -EPERM)
		cf_fail(CF_INVARIANT, "inject.other", "another tracer was told %d, not EPERM %s",
			disturb_other(), disturb_place());
}

static void check_holds(const struct holds *first)
{
	struct holds last = holds_now();

	if (last.files > first->files || last.mappings > first->mappings)
		cf_fail(CF_LEAK, "inject.tracer",
			"the tracer has %d descriptors and %d mappings, had %d and %d %s",
			last.files, last.mappings, first->files, first->mappings, disturb_place());
}

static void set_disturbance(void)
{
	disturbance = (struct disturbance){
		.what = (enum disturbs)cf_param(DISTURBS),
		.when = cf_param(WHEN),
	};
	disturbance.stopped = stop_signal() != 0;
}

static void freeze(unsigned index)
{
	struct holds holds;

	(void)index;
	cf_external_begin();
	cf_external_hopeless(is_hopeless);
	set_disturbance();
	ready_victim();
	complete_victim();
	stop_victim();
	freeze_victim();
	disturb(&disturbance, &victim, &in);
	holds = holds_now();
	if (disturbance.what == DISTURBS_DIES)
		inherit();
	else
		infect_and_cure();
	check_other();
	go_on();
	if (victim.pid)
		check_holds(&holds);
}

/* ---- description ------------------------------------------------------------------------------ */

static const char *unsupported(void)
{
	return victim_may_be_traced() ? NULL : "ptrace of a child is not permitted";
}

static const struct cf_role roles[] = {
	{ "injector", NULL, freeze },
	{ NULL, NULL, NULL },
};

static const struct cf_param_spec params[] = {
	[COMMANDS] = { "commands", 0, 6, 2, "commands that the parasite executes" },
	[WORK] = { "work", 0, 4, 0,
		   "0: count, 1: use all registers, 2: write memory, 3: files, 4: fail" },
	[PLACE] = { "place", 0, VICTIM_VFORK, 0,
		    "the victim is stopped 0: in read, 1: spinning, 2: in poll, 3 to 31: in "
		    "other calls (freezer/victim/victim.h)" },
	[VECTORS] = { "vectors", 0, 2, 0,
		      "upper vector halves of the victim are 0: clean, 1: live; 2: and mask "
		      "registers, ZMM" },
	[STOPPED] = { "stopped", 0, 3, 0,
		      "the victim was stopped before by 1: SIGSTOP, 2: SIGTSTP, 3: SIGTTIN" },
	[SEED] = { "seed", 0, 65535, 1, "of the patterns in the victim's registers and memory" },
	[TRAP] = { "trap", 0, 2, 0, "the victim's SIGTRAP is 0: default, 1: ignored, 2: handled" },
	[STACK] = { "stack", 0, 2, 0,
		    "its signals have 1: a stack of their own, 2: with SS_AUTODISARM" },
	[PENDING] = { "pending", 0, 3, 0,
		      "signals that it blocks are pending, sent 1: to the process, 2: to its "
		      "thread with a value, 3: to both, in queues" },
	[DISTURBS] = { "disturbs", 0, DISTURBS_LAST, 0,
		       "it is disturbed by 1: SIGSTOP, 2: SIGCONT, 3: SIGSTOP and later SIGCONT, "
		       "4: SIGTSTP, 5: SIGTSTP that it handles, 6: many SIGCHLD, 7: many SIGALRM, "
		       "8: real-time signals with values, 9: SIGTERM, 10: SIGSEGV, 11: SIGKILL, "
		       "12: its channel is shut down, 13: another injector, 14: the tracer dies, "
		       "15 to 20: a call fails with EAGAIN, ESRCH, EINTR, ENOMEM, EMFILE, EPERM, "
		       "21: another injector is there before; then place is 0 to 2, and the state "
		       "below the default" },
	[WHEN] = { "when", 0, DISTURBS_LAST_CALL, DISTURBS_WITH_PARASITE,
		   "before which of the injector's system calls that happens" },
	[CODE] = { "code", 0, VICTIM_PLACES - 1 - VICTIM_VFORK, 0,
		   "instead of there: in 1: a signal's handler, at 2: its beginning, 3: its "
		   "return, in 4: two stores, 5: a restartable sequence" },
	[HOME] = { "home", 0, HOME_FROZEN, 0,
		   "1: it is process 1 of a pid namespace, 2: a cgroup has frozen it before" },
	[THREADS] = { "threads", 0, THREADS_MOST, 0, "threads that it has beside the first" },
	STATE_PARAMS(STATE_SPEC){ NULL, 0, 0, 0, NULL },
};

/* Numbered as enum inject_slip. */
static const struct cf_variant_spec variants[] = {
	[INJECT_CAREFUL] = { "careful", "the injector as it should be", CF_SC, NULL },
	[INJECT_SHORT_ACK] = { "short-ack", "an ack cut short is taken for a whole one", CF_SC,
			       "bad-accept in inject.ack" },
	[INJECT_LONG_ACK] = { "long-ack", "the end of an over-long ack is cut without a word",
			      CF_SC, "bad-accept in inject.ack" },
	[INJECT_EMPTY_ACK] = { "empty-ack", "an empty ack is taken for the end and a success",
			       CF_SC, "bad-accept in inject.ack" },
	[INJECT_NO_DEADLINE] = { "no-deadline", "the wait for an ack has no deadline", CF_SC,
				 "hang in inject.recv" },
	[INJECT_ANY_ACK] = { "any-ack", "the ack of another command is taken for this one's", CF_SC,
			     "bad-accept in inject.ack" },
	[INJECT_EARLY_ACK] = { "early-ack", "from the fourth command on the ack comes first", CF_SC,
			       "bad-accept in inject.command" },
	[INJECT_STALE_ARGS] = { "stale-args", "the fourth command gets the first one's arguments",
				CF_SC, "bad-accept in inject.command" },
	[INJECT_AFTER_FAILURE] = { "after-failure", "commands are executed after a failed one",
				   CF_SC, "bad-accept in inject.failed" },
	[INJECT_X87_LOST] = { "x87-lost", "after a failure an x87 register is not put back", CF_SC,
			      "state-changed in inject.x87", "x87" },
	[INJECT_STOP_LOST] = { "stop-lost", "a victim that a signal had stopped runs on", CF_SC,
			       "state-changed in inject.stopped", "stop-state" },
	[INJECT_STOP_CHANGED] = { "stop-changed", "a victim that SIGTSTP had stopped is by SIGSTOP",
				  CF_SC, "state-changed in inject.stop-signal", "stop-state" },
	[INJECT_REGISTER_LOST] = { "register-lost", "after a failure r12 is not put back", CF_SC,
				   "state-changed in inject.registers", "registers" },
	[INJECT_FLAGS_LOST] = { "flags-lost", "after a failure the flags are not put back", CF_SC,
				"state-changed in inject.flags", "flags" },
	[INJECT_RESTART_LOST] = { "restart-lost",
				  "after a failure an interrupted system call returns EINTR", CF_SC,
				  "state-changed in inject.registers", "call" },
	[INJECT_RED_ZONE] = { "red-zone", "after a failure the red zone is overwritten", CF_SC,
			      "saved-data-modified in inject.red-zone", "red-zone" },
	[INJECT_MASK_LOST] = { "mask-lost", "after a failure the signal mask is not put back",
			       CF_SC, "state-changed in inject.signal-mask", "signal-mask" },
	[INJECT_CODE_LEFT] = { "code-left", "after a failure the code is not put back", CF_SC,
			       "saved-data-modified in inject.code", "code" },
	[INJECT_MAPPING_LEFT] = { "mapping-left", "after a failure the memory stays mapped", CF_SC,
				  "state-changed in inject.mappings", "mappings" },
	[INJECT_FILES_LEFT] = { "files-left", "after a failure descriptors stay open", CF_SC,
				"state-changed in inject.descriptors", "descriptors" },
	[INJECT_BREAKPOINT_LEFT] = { "breakpoint-left",
				     "after a failure a hardware breakpoint stays armed", CF_SC,
				     "state-changed in inject.breakpoints", "debug-registers" },
	[INJECT_TRAPS] = { "traps", "a call in the victim ends with a trap instruction", CF_SC,
			   "state-changed in inject.dispositions", "dispositions" },
	[INJECT_STACK_LOST] = { "stack-lost", "after a failure the signals' stack is gone", CF_SC,
				"state-changed in inject.signal-stack", "signal-stack" },
	[INJECT_SIGNAL_LOST] = { "signal-lost", "after a failure pending signals are gone", CF_SC,
				 "lost-signal in inject.pending", "pending-signals" },
	[INJECT_TIME_LOST] = { "time-lost",
			       "a sleep broken off in the victim leaves less of its own", CF_SC,
			       "state-changed in inject.call", "remaining-time" },
	[INJECT_TIME_ANEW] = { "time-anew",
			       "a sleep broken off in the victim leaves more of its own", CF_SC,
			       "state-changed in inject.call", "remaining-time" },
	[INJECT_THAWED] = { "thawed", "a victim that a cgroup had frozen runs on", CF_SC,
			    "state-changed in inject.frozen", "stop-state" },
	[INJECT_THREAD_LEFT_STOPPED] = { "thread-left-stopped", "another thread is not let go",
					 CF_SC, "state-changed in inject.threads", "stop-state" },
	[INJECT_THREAD_REGISTER_LOST] = { "thread-register-lost",
					  "r12 of another thread is changed", CF_SC,
					  "state-changed in inject.threads", "registers" },
	[INJECT_SEQUENCE_LOST] = { "sequence-lost",
				   "a restartable sequence that was left goes on in the middle",
				   CF_SC, "state-changed in inject.place", "rseq" },
	[INJECT_VECTORS_LOST] = { "vectors-lost",
				  "after a failure a vector register is not put back", CF_SC,
				  "state-changed in inject.vectors", "vectors" },
	[INJECT_MXCSR_LOST] = { "mxcsr-lost", "after a failure MXCSR is not put back", CF_SC,
				"state-changed in inject.mxcsr", "mxcsr" },
	[INJECT_OPMASK_LOST] = { "opmask-lost", "after a failure a mask register is not put back",
				 CF_SC, "state-changed in inject.opmask", "opmask" },
	[INJECT_FS_LOST] = { "fs-lost", "after a failure fs has another base", CF_SC,
			     "state-changed in inject.fs-base", "fs-base" },
	[INJECT_GS_LOST] = { "gs-lost", "after a failure gs has another base", CF_SC,
			     "state-changed in inject.gs-base", "gs-base" },
	[INJECT_BREAKPOINTS_LOST] = { "breakpoints-lost",
				      "after a failure breakpoints of an earlier tracer are off",
				      CF_SC, "state-changed in inject.breakpoints",
				      "debug-registers" },
	[INJECT_SIGNAL_ADDED] = { "signal-added", "after a failure one more signal is pending",
				  CF_SC, "lost-signal in inject.pending", "pending-signals" },
	[INJECT_VALUE_LOST] = { "value-lost", "after a failure a pending signal has another value",
				CF_SC, "state-changed in inject.signal-values", "signal-values" },
	[INJECT_HANDLER_LOST] = { "handler-lost", "after a failure a signal has no handler", CF_SC,
				  "state-changed in inject.dispositions", "dispositions" },
	[INJECT_AUTODISARM_LOST] = { "autodisarm-lost",
				     "after a failure the signals' stack lacks SS_AUTODISARM",
				     CF_SC, "state-changed in inject.signal-stack",
				     "signal-stack" },
	[INJECT_OFFSET_LOST] = { "offset-lost", "after a failure a file's offset is 0", CF_SC,
				 "state-changed in inject.offsets", "offsets" },
	[INJECT_APPEND_LOST] = { "append-lost",
				 "after a failure a file is not opened with O_APPEND", CF_SC,
				 "state-changed in inject.file-flags", "file-flags" },
	[INJECT_FILE_SWAPPED] = { "file-swapped",
				  "after a failure a descriptor refers to another file", CF_SC,
				  "state-changed in inject.open-files", "open-files" },
	[INJECT_UNLOCKED] = { "unlocked", "after a failure a page is not locked", CF_SC,
			      "state-changed in inject.mapping-flags", "mapping-flags" },
	[INJECT_PAGE_CHANGED] = { "page-changed", "after a failure a page has other bytes", CF_SC,
				  "saved-data-modified in inject.memory", "memory" },
	[INJECT_SHARED_CHANGED] = { "shared-changed",
				    "after a failure shared memory has other bytes", CF_SC,
				    "saved-data-modified in inject.shared-memory",
				    "shared-memory" },
	[INJECT_RSEQ_LOST] = { "rseq-lost", "after a failure struct rseq is not registered", CF_SC,
			       "state-changed in inject.rseq", "rseq" },
	[INJECT_ROBUST_LOST] = { "robust-lost",
				 "after a failure there is no list of robust futexes", CF_SC,
				 "state-changed in inject.robust-list", "robust-list" },
	[INJECT_TID_ADDRESS_LOST] = { "tid-address-lost",
				      "after a failure the kernel will clear another word", CF_SC,
				      "state-changed in inject.tid-address", "tid-address" },
	[INJECT_CHILD_REAPED] = { "child-reaped", "after a failure a dead child's status is gone",
				  CF_SC, "state-changed in inject.children", "children" },
	[INJECT_TIMER_OFF] = { "timer-off", "after a failure the real-time timer is off", CF_SC,
			       "state-changed in inject.timers", "timers" },
	[INJECT_TIMER_EARLY] = { "timer-early", "after a failure a POSIX timer expires early",
				 CF_SC, "state-changed in inject.timers", "timers" },
	[INJECT_PRIVILEGES_LOST] = { "privileges-lost", "after a failure no_new_privs is set",
				     CF_SC, "state-changed in inject.credentials", "credentials" },
	[INJECT_LIMIT_LOST] = { "limit-lost", "after a failure a limit is lower", CF_SC,
				"state-changed in inject.limits", "limits" },
	[INJECT_UMASK_LOST] = { "umask-lost", "after a failure the umask is another one", CF_SC,
				"state-changed in inject.umask", "umask" },
	[INJECT_NAME_LOST] = { "name-lost", "after a failure the name is the parasite's", CF_SC,
			       "state-changed in inject.name", "name" },
	[INJECT_POLICY_LOST] = { "policy-lost",
				 "after a failure the scheduling policy is the default", CF_SC,
				 "state-changed in inject.scheduling", "scheduling" },
	[INJECT_NOT_INHERITED] = { "not-inherited",
				   "after a failure children don't get the scheduling policy",
				   CF_SC, "state-changed in inject.inheritance", "inheritance" },
	[INJECT_PERSONALITY_LOST] = { "personality-lost",
				      "after a failure the personality is another one", CF_SC,
				      "state-changed in inject.personality", "personality" },
	[INJECT_FILTER_ADDED] = { "filter-added",
				  "after a failure there is one more seccomp filter", CF_SC,
				  "state-changed in inject.seccomp", "seccomp" },
	[INJECT_STOP_SWALLOWED] = { "stop-swallowed",
				    "a SIGSTOP that comes in between is kept from the victim",
				    CF_SC, "state-changed in inject.stopped", "stop-state" },
	[INJECT_UNMASKED] = { "unmasked", "signals are not blocked while the parasite is there",
			      CF_SC, "state-changed in inject.handler", NULL },
	[INJECT_RESENT] = { "resent", "a pending signal is taken and sent again, without its value",
			    CF_SC, "lost-signal in inject.heard", "signal-values" },
	[INJECT_DEAF] = { "deaf", "who waits does not see that the victim has ended", CF_SC,
			  "hang in inject.gone", NULL },
	[INJECT_ERROR_IGNORED] = { "error-ignored", "that the registers can't be set goes unseen",
				   CF_SC, "state-changed in inject.registers", "registers" },
	[INJECT_LEAKS] = { "leaks-after-error", "after an error the injector keeps a descriptor",
			   CF_SC, "leak in inject.tracer", "tracer" },
	[INJECT_FALLS_BACK] = { "falls-back", "what it may not trace it stops by a signal", CF_SC,
				"state-changed in inject.stopped", "stop-state" },
	[INJECT_HEIRLESS] = { "tracer-leaves-parasite",
			      "after a tracer that has died nobody takes the parasite out", CF_SC,
			      "leak in inject.parasite", NULL },
	{ NULL, NULL, CF_SC, NULL },
};

static const struct cf_field fields[] = {
	{ "cmd", 0, 4 },
	{ "ack", 4, 4 },
	{ "err", 8, 4 },
	{ NULL, 0, 0 },
};

static const struct cf_channel channels[] = { { NULL, NULL, NULL, NULL } };

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "inject",
	.summary = "our own injector infects a process, runs commands in it and cures it",
	.flags = CF_KEEPS_DATA | CF_EXTERNAL_CALLS,
	.roles = roles,
	.params = params,
	.variants = variants,
	.fields = fields,
	.channels = channels,
	.unsupported = unsupported,
	.keeps = kept_items,
};
