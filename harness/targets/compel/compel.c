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
#include "compel.h"

#include <fcntl.h>
#include <sched.h>

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
	{ "spy", NULL, compel_freeze },
	{ NULL, NULL, NULL },
};

static const struct cf_param_spec params[] = {
	[COMMANDS] = { "commands", 0, 4, 2, "commands that the parasite runs" },
	[PLACE] = { "place", 0, VICTIM_PLACES - 1, 0,
		    "the victim is stopped 0: in read, 1: spinning, 2: in poll (poll-ends), 3 to "
		    "30: in other calls (freezer/victim/calls.c)" },
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
			     "state-changed in compel.vectors", "vectors" },
	[CODE_NOT_RESTORED] = { "code-not-restored",
				"after a damaged frame the cure leaves a byte of its patch", CF_SC,
				"saved-data-modified in compel.code", "code" },
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
			"state-changed in compel.call", "call" },
	{ NULL, NULL, CF_SC, NULL },
};

static const struct cf_field fields[] = {
	{ "cmd", 0, 4 },
	{ "ack", 4, 4 },
	{ "err", 8, 4 },
	{ NULL, 0, 0 },
};

/* Of those in freezer/victim/kept.h. */
static const char *const keeps[] = {
	"registers", "vectors", "signal-mask", "dispositions", "descriptors", "mappings",
	"code",      "memory",  "red-zone",    "call",         NULL,
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
	.keeps = keeps,
};
