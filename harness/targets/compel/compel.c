/* SPDX-License-Identifier: Apache-2.0
 *
 * The real libcompel freezes a process: a spy stops a victim, infects it, lets the parasite run
 * some commands, cures it and lets it go on. Frame events apply where libcompel sends and receives
 * (freezer/compel/messages.c).
 *
 * The verdict: with whole frames everything must succeed. With damaged ones libcompel may refuse,
 * but not wait for ever and not report success; whatever it says, a victim that it says it has
 * cured must be as it was. The victim is kept from run to run and replaced after any refusal.
 *
 * libcompel alone does not pass; the spy makes up for it, as a careful caller can, and each of
 * these is a variant with libcompel as it is:
 *   no-time-out: its recv has none. A command, ack or log descriptor that is lost leaves both sides
 *     waiting for ever. (Nor has wait4.)
 *   no-deadline: nor has the futex wait for the parasite's `daemon_connected`. A few strangers who connect to
 *     the control socket and do no more let the parasite wait for its turn, and libcompel for it.
 *   long-ack: its recv takes the first 12 bytes of a longer frame for a whole acknowledgement.
 *   init-error: it does not look at the error in the acknowledgement of the infection. (The parasite
 *     of 4.1.1 never sends one there.)
 *   plain-sigframe: its default signal frame loses the upper halves of the vector registers: no
 *     event is needed, but something in them (freezer/compel/frame.h).
 *   peek-unchecked: it compares what PTRACE_PEEKDATA returned with -1U, which 64 bits never equal: a
 *     failure goes unseen, and the cure writes ones over the victim's code.
 *   map-unchecked: it copies the parasite to NULL if it can't map the shared memory on its own side.
 *   close-unchecked: that it failed to close the memory's descriptor in the victim, or to
 *     put the victim's code back after that, it only logs; the descriptor or the patch stays.
 *   takes-anyone: its accept takes whoever connects first, and gives it the log's descriptor.
 *   hears-anyone: its recv takes an acknowledgement from anybody who has one of the two ends.
 *   trap-reset: a victim that ignores SIGTRAP no longer does: the traps by which libcompel ends its
 *     calls in the victim make the kernel put the disposition back.
 *   poll-ends: a victim that sleeps in a call with a time-out (poll, nanosleep, a timed futex wait)
 *     finds it ended by EINTR; libcompel says so in a warning. The kernel itself would go on with
 *     what is left of the time.
 *   shared-executable: a victim whose first executable mapping is a shared one can't be infected: that is
 *     where it writes its first system call, and the kernel lets nobody write there. Refused.
 *   long-path: it reads /proc/PID/maps in pieces of 127 characters. If there is a longer line before the
 *     first executable mapping, and an x is in the right place of the path, the path is taken for such
 *     a mapping; it has no size, and libcompel aborts.
 *   breakpoints-lost: breakpoints that an earlier tracer has left in the victim's debug registers are gone:
 *     it sets its own, and clears them all.
 *   sequence-lost: a victim in the middle of a restartable sequence (rseq) goes on in the middle: calls
 *     made elsewhere meanwhile make the kernel forget that it has to go to the abort handler.
 * Gone since 4.2.1 are peek-unchecked, map-unchecked and sequence-lost (ci/releases shows it).
 * Planted bugs are a careless way to go on after a damaged frame that leaves a cure possible, commands that
 * do something else than they say, and two that need more commands than the default run has.
 * What else it does with damaged frames, as seen here:
 *   command trimmed, split or empty: the parasite says "Trimmed message received (12/5)", leaves by
 *     itself and closes its socket; the spy gets an end of file. Refused.
 *   command over-long: cut silently by the parasite's recv, run, acknowledged.
 *   ack trimmed, split or empty, or with other fields: refused.
 *   command duplicated: run twice, its messages have no numbers; the next one meets the wrong ack.
 *     Refused. Likewise if the ack is duplicated.
 *   FINI damaged in any way, or lost: the parasite leaves all the same. Cured.
 */
#include "compel.h"

#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>

/* compel_prepare makes its socket in the victim's network namespace, whichever that is. */
static int may_enter_namespace(void)
{
	long self = raw4(SYS_openat, AT_FDCWD, "/proc/self/ns/net", O_RDONLY | O_CLOEXEC, 0);
	long ret = raw2(SYS_setns, self, CLONE_NEWNET);

	raw1(SYS_close, self);
	return ret == 0;
}

/* The release that the target was built beside; CRYOFUZZ_COMPEL names another driver. */
static char no_driver[200];

__attribute__((constructor)) static void choose_driver(void)
{
	const char *chosen = getenv("CRYOFUZZ_COMPEL");

	driver = driver_load(chosen ? chosen : COMPEL_DRIVER, no_driver, sizeof(no_driver));
}

static const char *unsupported(void)
{
	if (!driver)
		return no_driver;
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

/* The params from STATE on. */
#define STATE_SPEC(group, name, max, what) [STATE + group] = { name, 0, max, 0, what },

static const struct cf_param_spec params[] = {
	[COMMANDS] = { "commands", 0, 4, 2, "commands that the parasite runs" },
	[PLACE] = { "place", 0, VICTIM_VFORK, 0,
		    "the victim is stopped 0: in read, 1: spinning, 2: in poll (poll-ends), 3 to "
		    "31: in other calls (freezer/victim/victim.h)" },
	[SEED] = { "seed", 0, 65535, 1, "of the patterns in the victim's registers and memory" },
	[VECTORS] = { "vectors", 0, 2, 0,
		      "its upper vector halves are 0: clean, 1: in use; 2: and mask registers, "
		      "ZMM" },
	[TRAP] = { "trap", 0, 2, 0,
		   "its SIGTRAP is 0: default, 1: handled, 2: ignored (in trap-reset only)" },
	[STACK] = { "stack", 0, 2, 0,
		    "its signals have 1: a stack of their own, 2: with SS_AUTODISARM" },
	[FIRST] = { "first", 0, ASK_KINDS - 1, 0,
		    "the first command; the others follow in turn: 0: add, 1: xor, 2: read, "
		    "3: write, 4: give a descriptor, 5: take one, 6: sleep, 7: fail" },
	[STRANGER] = { "stranger", 0, 7, 0,
		       "a third party 1: connects first, 2: and answers, 3: connects later, "
		       "4: acknowledges the first command, 5: sends a command of its own, "
		       "6: sends the last one, 7: connects too often" },
	[FAILS] = { "fails", 0, WIRE_CALLS - 1, 0,
		    "one of libcompel's calls fails: 1: socket, 2: bind, 3: listen, 4: accept, "
		    "5: send, 6: sendmsg, 7: recv, 8: recvmsg, 9: wait4, 10: waitpid, 11: kill, "
		    "12: ptrace, 13: syscall, 14: mmap (map-unchecked), 15: munmap, "
		    "16: ftruncate, 17: open, 18: fopen, 19: setns, 20: sigaction, "
		    "21: ptrace's peek (peek-unchecked), 22: ptrace's poke, 23: its part in a "
		    "close in the victim" },
	[NTH] = { "nth", 0, 79, 0, "which one of those calls" },
	[ERROR] = { "error", 0, 5, 0,
		    "with 0: EINTR, 1: ENOMEM, 2: EMFILE, 3: EPERM, 4: ESRCH, 5: EIO" },
	[CODE] = { "code", 0, VICTIM_PLACES - 1 - VICTIM_VFORK, 0,
		   "instead of there: in 1: a signal's handler, at 2: its beginning, 3: its "
		   "return, "
		   "in 4: two stores, 5: a restartable sequence (sequence-lost)" },
	[PENDING] = { "pending", 0, 3, 0,
		      "signals that it blocks are pending, sent 1: to the process, 2: to its "
		      "thread with a value, 3: to both, in queues" },
	STATE_PARAMS(STATE_SPEC){ NULL, 0, 0, 0, NULL },
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
	[SEQUENCE_LOST] = { "sequence-lost",
			    "libcompel forgets the restartable sequence that its victim was in: "
			    "shows "
			    "with code=5",
			    CF_SC, "state-changed in compel.place", "rseq" },
	[TAKES_ANYONE] = { "takes-anyone",
			   "libcompel's own accept, which takes whoever connects: shows with "
			   "stranger=2",
			   CF_SC, "bad-accept in compel.accept" },
	[NO_DEADLINE] = { "no-deadline",
			  "libcompel's own wait for the parasite to connect, which has no end: "
			  "shows with stranger=7",
			  CF_SC, "hang in compel.daemon_connected" },
	[HEARS_ANYONE] = { "hears-anyone",
			   "libcompel's own recv, which takes what anybody sends: shows with "
			   "stranger=4",
			   CF_SC, "bad-accept in compel.sender" },
	[READS_ELSEWHERE] = { "reads-elsewhere", "the parasite reads 8 bytes further on", CF_SC,
			      "bad-accept in compel.read" },
	[LEAVES_WRITTEN] = { "leaves-written",
			     "what the parasite wrote is not put back before the cure", CF_SC,
			     "saved-data-modified in compel.memory", "memory" },
	[GIVES_ANOTHER] = { "gives-another", "the parasite gives another descriptor", CF_SC,
			    "bad-accept in compel.give" },
	[KEEPS_TAKEN] = { "keeps-taken", "the parasite leaves open what it took", CF_SC,
			  "state-changed in compel.descriptors", "descriptors" },
	[DOES_NOT_SLEEP] = { "does-not-sleep", "the parasite sleeps for no time", CF_SC,
			     "bad-accept in compel.sleep" },
	[FAILURE_IGNORED] = { "failure-ignored", "a command that failed is taken for done", CF_SC,
			      "bad-accept in compel.ack" },
	[PEEK_UNCHECKED] = { "peek-unchecked",
			     "libcompel does not see that it can't read the victim's code: shows "
			     "with fails=21",
			     CF_SC, "saved-data-modified in compel.code", "code" },
	[MAP_UNCHECKED] = { "map-unchecked",
			    "libcompel goes on without the memory that it could not map: shows "
			    "with fails=14",
			    CF_SC, "crash in compel.driver" },
	[CLOSE_UNCHECKED] = { "close-unchecked",
			      "libcompel does not see that it could not close a descriptor in the "
			      "victim: shows with fails=23",
			      CF_SC, "state-changed in compel.descriptors", "descriptors" },
	[SHARED_EXECUTABLE] = { "shared-executable",
				"libcompel can't infect one whose first executable mapping is "
				"shared: shows with layout=2",
				CF_SC, "invariant in compel.infect" },
	[LONG_PATH] = { "long-path",
			"libcompel takes the end of a long path in the list of mappings for a "
			"mapping: shows with layout=3",
			CF_SC, "crash in compel.driver" },
	[BREAKPOINTS_LOST] = { "breakpoints-lost",
			       "libcompel clears breakpoints that are not its own: shows with "
			       "thread-area=2",
			       CF_SC, "state-changed in compel.breakpoints", "debug-registers" },
	[LIMIT_LOST] = { "limit-lost", "after a damaged frame a limit is lower", CF_SC,
			 "state-changed in compel.limits", "limits" },
	[OFFSET_LOST] = { "offset-lost", "after a damaged frame a file's offset is 0", CF_SC,
			  "state-changed in compel.offsets", "offsets" },
	[SIGNAL_ADDED] = { "signal-added", "after a damaged frame one more signal is pending",
			   CF_SC, "lost-signal in compel.pending", "pending-signals" },
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
	"registers", "vectors", "signal-mask",     "dispositions", "descriptors", "mappings",
	"code",      "memory",  "red-zone",        "call",         "rseq",        "debug-registers",
	"limits",    "offsets", "pending-signals", NULL,
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
