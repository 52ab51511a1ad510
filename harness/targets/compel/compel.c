/* SPDX-License-Identifier: Apache-2.0
 *
 * The real libcompel freezes a process: a spy stops a victim, infects it, lets the parasite run
 * some commands, cures it and lets it go on. Frame events apply where libcompel sends and receives
 * (freezer/compel/wire.c).
 *
 * The verdict: with whole frames everything must succeed. With damaged ones libcompel may refuse,
 * but not wait for ever and not report success; whatever it says, a victim that it says it has
 * cured must be as it was. The victim is kept from run to run and replaced after any refusal.
 *
 * libcompel 4.1.1 alone does not pass; the spy makes up for it, as a careful caller can, and each of
 * these is a variant with libcompel as it is:
 *   no-time-out: its recv has none. A command, ack or log descriptor that is lost leaves both sides
 *     waiting for ever. (Nor have wait4 and the futex wait for the parasite's `daemon_connected`.)
 *   long-ack: its recv takes the first 12 bytes of a longer frame for a whole acknowledgement.
 *   init-error: it does not look at the error in the acknowledgement of the infection. (The parasite
 *     of 4.1.1 never sends one there.)
 *   plain-sigframe: its default signal frame loses the upper halves of the vector registers: no
 *     event is needed, but something in them (freezer/compel/frame.h).
 * The planted bugs are a careless way to go on after a damaged frame that leaves a cure possible, but
 * for two that need no event and more commands than the default run has.
 *   trap-reset: a victim that ignores SIGTRAP no longer does: the traps by which libcompel ends its
 *     calls in the victim make the kernel put the disposition back.
 *   poll-ends: a victim that sleeps in a call with a time-out (poll, nanosleep, a timed futex wait)
 *     finds it ended by EINTR; libcompel says so in a warning. The kernel itself would go on with
 *     what is left of the time.
 * What else it does with damaged frames, as seen here:
 *   command trimmed, split or empty: the parasite says "Trimmed message received (12/5)", leaves by
 *     itself and closes its socket; the spy gets an end of file. Refused.
 *   command over-long: cut silently by the parasite's recv, run, acknowledged.
 *   ack trimmed, split or empty, or with other fields: refused.
 *   command or ack duplicated: the next command meets the wrong ack. Refused.
 *   FINI damaged in any way, or lost: the parasite leaves all the same. Cured.
 */
#define _GNU_SOURCE
#include <cryofuzz.h>

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "../../freezer/compel/spy.h"
#include "../../freezer/compel/wire.h"
#include "../../freezer/victim/kept.h"
#include "../../freezer/victim/patience.h"
#include "../../freezer/victim/raw.h"
#include "../../freezer/victim/snapshot.h"

enum { COMMANDS, PLACE, SEED, VECTORS, TRAP, STACK };

enum variant {
	REAL,
	NO_TIME_OUT,
	LONG_ACK,
	INIT_ERROR,
	PLAIN_SIGFRAME,
	CODE_NOT_RESTORED,
	REGISTER_LOST,
	REGISTER_LOST_LATE,
	RED_ZONE_OVERWRITTEN,
	DATA_OVERWRITTEN,
	SIGNAL_MASK_LOST,
	DESCRIPTOR_LEFT,
	MAPPING_LEFT,
	ACK_IGNORED,
	COMMAND_TRIMMED,
	ACK_AWAITED_TWICE,
	TRAP_RESET,
	POLL_ENDS,
};

/* From this command on command-trimmed and ack-awaited-twice go wrong. */
enum { THIRD = 2 };

static struct victim victim;
static struct spy spy;
static int trusted; /* the victim is as it should be */
static int served; /* a command of this run: the parasite was there after the messages before it */
static struct snapshot before, after;

static int is(enum variant v)
{
	return cf_variant() == v;
}

/* Planted bugs that only a damaged frame brings out: nobody tests that path. A parasite that gets the
 * log descriptor twice leaves by itself, and whether it has left already when it is to be cured is
 * chance; one that has served a command since is there. */
static int is_careless(enum variant v)
{
	return is(v) && cf_damaged_frames() && (served || v == ACK_IGNORED);
}

/* A macro, so that each stage is a site of its own. */
#define step(what, state) (cf_mark(what), cf_state(state))

/* ---- the victim --------------------------------------------------------------------------- */

static void replace_victim(void)
{
	int ret;

	spy_abandon(&spy);
	victim_end(&victim);
	ret = victim_start(&victim, cf_fork_uncontrolled);
	if (ret)
		cf_fail(CF_INVARIANT, "compel.fork", "cannot start a victim: %d", ret);
}

/* That libcompel puts SIGTRAP's disposition back nobody can make up for: it traps in each call that
 * it makes in the victim. */
static enum victim_trap trap(void)
{
	if (cf_param(TRAP) == 1)
		return VICTIM_TRAP_HANDLED;
	return cf_param(TRAP) == 2 && is(TRAP_RESET) ? VICTIM_TRAP_IGNORED : VICTIM_TRAP_DEFAULT;
}

/* Nor for that it ends a call that sleeps with a time-out. */
static enum victim_place place(void)
{
	return cf_param(PLACE) == VICTIM_POLLS && !is(POLL_ENDS) ? VICTIM_ASLEEP : cf_param(PLACE);
}

static int hold(void)
{
	const struct victim_setting setting = {
		.seed = (uint64_t)cf_param(SEED) + 1,
		.place = place(),
		.vectors = (uint32_t)cf_param(VECTORS),
		.trap = trap(),
		.own_stack = (uint32_t)cf_param(STACK),
	};

	return victim_hold(&victim, &setting);
}

static void ready_victim(void)
{
	if (!trusted)
		replace_victim();
	trusted = served = 0;
	if (!hold())
		return;
	replace_victim();
	if (hold())
		cf_fail(CF_INVARIANT, "compel.victim", "a new victim does not hold still");
}

/* ---- what libcompel says ------------------------------------------------------------------ */

/* Messages that were cut although no event did it: the incident of FAILURES.md. */
static void check_trimmed(void)
{
	char log[160];

	if (cf_damaged_frames())
		return;
	spy_parasite_log(&spy, log, sizeof(log));
	if (strstr(log, "rimmed"))
		cf_fail(CF_TRIMMED_MESSAGE, "compel.daemon", "the parasite says: %s", log);
	if (strstr(spy.message, "rimmed"))
		cf_fail(CF_TRIMMED_MESSAGE, "compel.recv", "libcompel says: %s", spy.message);
}

/* A refusal is right if a frame was damaged. Returns if so; the run is over then. */
static void check_refusal(void)
{
	check_trimmed();
	if (cf_damaged_frames()) {
		step("refused", 100);
		return;
	}
	if (wire.hung)
		cf_fail(CF_HANG, wire.hung, "nobody will answer: the victim %s; %s: %s", wire.other,
			spy.stage, spy.message);
	cf_fail(CF_INVARIANT, spy.stage, "refused, with all frames whole: %s", spy.message);
}

static _Noreturn void accepted(const char *what)
{
	cf_fail(CF_BAD_ACCEPT, "compel.ack",
		"%s is taken as done; last of %u messages: %ld bytes, cmd %u ack %u err %d", what,
		wire.received, wire.length, wire.last.cmd, wire.last.ack, wire.last.err);
}

/* ---- commands ------------------------------------------------------------------------------ */

static void send_trimmed_command(void)
{
	static const struct wire_message command = { PARASITE_ADD, 0, 0 };

	raw6(SYS_sendto, spy_socket(&spy), &command, 8, 0, 0, 0);
}

static enum spy_answer command(int i, int cmd)
{
	uint64_t operand = (uint64_t)cf_param(SEED) + i;
	enum spy_answer answer;

	if (is(COMMAND_TRIMMED) && i >= THIRD)
		send_trimmed_command();
	answer = spy_command(&spy, cmd, operand);
	return answer == SPY_REFUSED && is_careless(ACK_IGNORED) ? SPY_NO_ACK : answer;
}

static int run_command(int i)
{
	int cmd = i & 1 ? PARASITE_XOR : PARASITE_ADD;

	switch (command(i, cmd)) {
	case SPY_REFUSED:
		check_refusal();
		return -1;
	case SPY_NO_ACK:
		accepted("a command");
	case SPY_NOT_RUN:
		cf_fail(CF_BAD_ACCEPT, "compel.command",
			"command %d is acknowledged, but its result is not there", cmd);
	case SPY_SERVED:
		served = 1;
		break;
	}
	return 0;
}

static int run_commands(void)
{
	for (int i = 0; i < cf_param(COMMANDS); i++) {
		step("command", 10 + i);
		if (run_command(i))
			return -1;
	}
	if (is_careless(DESCRIPTOR_LEFT) && spy_command(&spy, PARASITE_LEAVE_DESCRIPTOR, 0))
		return -1;
	if (is(ACK_AWAITED_TWICE) && cf_param(COMMANDS) > THIRD &&
	    spy_await_ack(&spy, PARASITE_ADD)) {
		check_refusal();
		return -1;
	}
	return 0;
}

/* ---- planted bugs: after the cure, while the victim is still stopped -------------------------- */

static void write_code_byte(void)
{
	long word;
	void *at = (void *)(uintptr_t)before.code_address;

	raw4(SYS_ptrace, PTRACE_PEEKTEXT, victim.pid, at, &word);
	raw4(SYS_ptrace, PTRACE_POKETEXT, victim.pid, at, word ^ 0x90);
}

static void lose_register(void)
{
	struct user_regs_struct regs;

	raw4(SYS_ptrace, PTRACE_GETREGS, victim.pid, 0, &regs);
	regs.r12 = ~regs.r12;
	raw4(SYS_ptrace, PTRACE_SETREGS, victim.pid, 0, &regs);
}

static void write_byte(uint64_t address)
{
	uint8_t byte = 0;
	struct iovec here = { &byte, 1 }, there = { (void *)(uintptr_t)address, 1 };

	raw6(SYS_process_vm_readv, victim.pid, &here, 1, &there, 1, 0);
	byte = ~byte;
	raw6(SYS_process_vm_writev, victim.pid, &here, 1, &there, 1, 0);
}

static void lose_signal_mask(void)
{
	uint64_t none = 0;

	raw4(SYS_ptrace, PTRACE_SETSIGMASK, victim.pid, sizeof(none), &none);
}

static void plant(void)
{
	if (is_careless(CODE_NOT_RESTORED))
		write_code_byte();
	if (is_careless(REGISTER_LOST))
		lose_register();
	if (is_careless(RED_ZONE_OVERWRITTEN))
		write_byte(before.regs.rsp - 64);
	if (is_careless(DATA_OVERWRITTEN))
		write_byte((uintptr_t)victim_page_address() + 1000);
	if (is_careless(SIGNAL_MASK_LOST))
		lose_signal_mask();
}

/* ---- the victim's state --------------------------------------------------------------------- */

static const struct {
	enum cf_kind kind;
	const char *site;
} items[] = {
	[SNAPSHOT_CODE_BYTES] = { CF_SAVED_DATA_MODIFIED, "compel.cure" },
	[SNAPSHOT_RED_ZONE] = { CF_SAVED_DATA_MODIFIED, "compel.red-zone" },
	[SNAPSHOT_MEMORY] = { CF_SAVED_DATA_MODIFIED, "compel.memory" },
	[SNAPSHOT_REGISTERS] = { CF_STATE_CHANGED, "compel.registers" },
	[SNAPSHOT_EXTENDED_REGISTERS] = { CF_STATE_CHANGED, "compel.extended-registers" },
	[SNAPSHOT_BREAKPOINTS] = { CF_STATE_CHANGED, "compel.breakpoints" },
	[SNAPSHOT_SIGNAL_MASK] = { CF_STATE_CHANGED, "compel.signal-mask" },
	[SNAPSHOT_PENDING] = { CF_LOST_SIGNAL, "compel.pending" },
	[SNAPSHOT_FILES] = { CF_STATE_CHANGED, "compel.descriptors" },
	[SNAPSHOT_MAPPINGS] = { CF_STATE_CHANGED, "compel.mappings" },
};

static void take(struct snapshot *s, uint64_t code)
{
	int ret = snapshot_take(s, victim.pid, code, (uint64_t)(uintptr_t)victim_page_address());

	if (ret)
		cf_fail(CF_INVARIANT, "compel.snapshot", "the victim is not there: %d", ret);
}

static void compare_snapshots(void)
{
	char text[160];
	enum snapshot_item item;

	take(&after, before.code_address);
	item = snapshot_compare(&before, &after, SNAPSHOT_OF_SAME, text, sizeof(text));
	if (item)
		cf_fail(items[item].kind, items[item].site, "%s", text);
}

/* Its own view, once it runs again. */
static void hear_victim(void)
{
	struct victim_regs want, seen;
	char text[160], site[40];
	const char *changed;
	int ret = victim_report(&victim, &seen);

	if (ret) {
		patience_describe(victim.pid, text, sizeof(text));
		cf_fail(CF_CRASH, "compel.victim", "it does not go on after the cure (%d): it %s",
			ret, text);
	}
	victim_expect(&victim, &want);
	if (victim_compare(&want, &seen, text, sizeof(text)))
		cf_fail(CF_STATE_CHANGED, "compel.victim", "it finds that its %s", text);
	changed = victim_changed(&victim, text, sizeof(text));
	if (!changed)
		return;
	snprintf(site, sizeof(site), "compel.%s", changed);
	cf_fail(CF_STATE_CHANGED, site, "%s", text);
}

/* ---- one freeze ------------------------------------------------------------------------------ */

static int refused(int ret)
{
	if (ret)
		check_refusal();
	return ret;
}

static int infect(void)
{
	step("stop", 1);
	if (refused(spy_stop(&spy, victim.pid)))
		return -1;
	if (refused(spy_prepare(&spy, is(PLAIN_SIGFRAME))))
		return -1;
	take(&before, spy_patched_code(&spy));
	step("infect", 2);
	if (refused(spy_infect(&spy, is(INIT_ERROR))))
		return -1;
	if (!spy_whole_ack(0))
		accepted("the infection");
	return 0;
}

static int cure(void)
{
	step("cure", 3);
	if (refused(is_careless(MAPPING_LEFT) ? spy_cure_without_unmap(&spy) : spy_cure(&spy)))
		return -1;
	plant();
	compare_snapshots();
	check_trimmed();
	return 0;
}

static int resume(void)
{
	step("resume", 4);
	if (is_careless(REGISTER_LOST_LATE))
		lose_register();
	if (victim_release(&victim))
		cf_fail(CF_CRASH, "compel.victim", "it is gone before it goes on");
	return refused(spy_resume(&spy));
}

static void set_rules(void)
{
	const struct wire_rules rules = {
		.pid = victim.pid,
		.recv_waits = is(NO_TIME_OUT),
		.recv_cuts = is(LONG_ACK),
	};

	wire_reset(&rules);
	cf_external_hopeless(wire_is_hopeless);
	cf_external_deadline(PATIENCE_AT_MOST);
}

static void freeze(unsigned index)
{
	(void)index;
	cf_external_begin();
	ready_victim();
	set_rules();
	if (infect() || run_commands() || cure() || resume())
		return;
	hear_victim();
	spy_abandon(&spy);
	trusted = 1;
}

/* ---- description ------------------------------------------------------------------------------ */

/* compel_prepare makes its socket in the victim's network namespace, whichever that is. */
static int may_enter_namespace(void)
{
	long self = raw4(SYS_openat, AT_FDCWD, "/proc/self/ns/net", O_RDONLY | O_CLOEXEC, 0);
	long ret = raw2(SYS_setns, self, CLONE_NEWNET);

	raw1(SYS_close, self);
	return ret == 0;
}

static const char *unsupported(void)
{
	if (!victim_may_be_traced())
		return "ptrace of a child is not permitted";
	if (!may_enter_namespace())
		return "libcompel enters the victim's network namespace: needs CAP_SYS_ADMIN";
	return NULL;
}

static const struct cf_role roles[] = {
	{ "spy", NULL, freeze },
	{ NULL, NULL, NULL },
};

static const struct cf_param_spec params[] = {
	[COMMANDS] = { "commands", 0, 4, 2, "commands that the parasite runs" },
	[PLACE] = { "place", 0, 2, 0,
		    "the victim is stopped 0: asleep in read, 1: spinning, 2: in poll "
		    "(poll-ends)" },
	[SEED] = { "seed", 0, 65535, 1, "of the patterns in the victim's registers and memory" },
	[VECTORS] = { "vectors", 0, 1, 0, "its upper vector halves are 0: clean, 1: in use" },
	[TRAP] = { "trap", 0, 2, 0,
		   "its SIGTRAP is 0: default, 1: handled, 2: ignored (in trap-reset only)" },
	[STACK] = { "stack", 0, 1, 0, "1: its signals have a stack of their own" },
	{ NULL, 0, 0, 0, NULL },
};

static const struct cf_variant_spec variants[] = {
	[REAL] = { "real", "libcompel behind a careful spy", CF_SC, NULL },
	[NO_TIME_OUT] = { "no-time-out", "libcompel's own recv, which waits for ever", CF_SC,
			  "hang in compel.recv" },
	[LONG_ACK] = { "long-ack", "libcompel's own recv, which cuts what is too long", CF_SC,
		       "bad-accept in compel.ack" },
	[INIT_ERROR] = { "init-error", "libcompel's own infection, whose ack may tell of an error",
			 CF_SC, "bad-accept in compel.ack" },
	[PLAIN_SIGFRAME] = { "plain-sigframe",
			     "libcompel's own default signal frame: shows with vectors=1", CF_SC,
			     "state-changed in compel.extended-registers", "vectors" },
	[CODE_NOT_RESTORED] = { "code-not-restored",
				"after a damaged frame the cure leaves a byte of its patch", CF_SC,
				"saved-data-modified in compel.cure", "code" },
	[REGISTER_LOST] = { "register-lost", "after a damaged frame the cure changes r12", CF_SC,
			    "state-changed in compel.registers", "registers" },
	[REGISTER_LOST_LATE] = { "register-lost-late",
				 "after a damaged frame r12 changes when the victim goes on", CF_SC,
				 "state-changed in compel.victim", "registers" },
	[RED_ZONE_OVERWRITTEN] = { "red-zone-overwritten",
				   "after a damaged frame the cure changes the red zone", CF_SC,
				   "saved-data-modified in compel.red-zone", "red-zone" },
	[DATA_OVERWRITTEN] = { "data-overwritten",
			       "after a damaged frame the cure changes a byte of data", CF_SC,
			       "saved-data-modified in compel.memory", "memory" },
	[SIGNAL_MASK_LOST] = { "signal-mask-lost",
			       "after a damaged frame the cure unblocks all signals", CF_SC,
			       "state-changed in compel.signal-mask", "signal-mask" },
	[DESCRIPTOR_LEFT] = { "descriptor-left",
			      "after a damaged frame the parasite leaves a socket open", CF_SC,
			      "state-changed in compel.descriptors", "descriptors" },
	[MAPPING_LEFT] = { "mapping-left",
			   "after a damaged frame the parasite's memory stays mapped", CF_SC,
			   "state-changed in compel.mappings", "mappings" },
	[ACK_IGNORED] = { "ack-ignored", "after a damaged frame a failed command is taken for done",
			  CF_SC, "bad-accept in compel.ack" },
	[COMMAND_TRIMMED] = { "command-trimmed",
			      "before the third command the spy sends 8 of 12 bytes", CF_SC,
			      "trimmed-message in compel.daemon" },
	[ACK_AWAITED_TWICE] = { "ack-awaited-twice",
				"after three commands the spy waits for an ack too many", CF_SC,
				"hang in compel.recv" },
	[TRAP_RESET] = { "trap-reset",
			 "libcompel's traps end that SIGTRAP is ignored: shows with trap=2", CF_SC,
			 "state-changed in compel.dispositions", "dispositions" },
	[POLL_ENDS] = { "poll-ends",
			"libcompel ends a call with a time-out by EINTR: shows with place=2", CF_SC,
			"state-changed in compel.victim", "call" },
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
	.name = "compel",
	.summary = "the real libcompel infects a process, runs commands in it and cures it",
	.flags = CF_KEEPS_DATA | CF_EXTERNAL_CALLS,
	.roles = roles,
	.params = params,
	.variants = variants,
	.fields = fields,
	.channels = channels,
	.unsupported = unsupported,
	.keeps = kept_items,
};
