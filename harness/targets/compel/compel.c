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
 * Job control: a stop that comes while libcompel has the victim is a stop of its tracer's, and so is the
 * trap by which the kernel tells that SIGCONT has come; libcompel takes each for the answer it waits for.
 *   stop-refused, continue-refused: SIGSTOP or SIGCONT makes the call in the victim that comes next fail,
 *     and with it all; a parasite that is served by then stands still, and the recv has no time-out.
 *   stop-races: between PTRACE_SEIZE and PTRACE_INTERRUPT a stop and the interruption become one trap.
 *     libcompel lets the victim go on to the second, which never comes, and waits for it in wait4.
 *   stop-races-cure: its handler of SIGCHLD waits for whatever there is. It takes a stop that comes before
 *     the cure, for which the cure then waits.
 *   stop-forgotten: a moment later it lets the victim go on without the signal.
 *   stops-again: what it found stopped it stops again by SIGSTOP at the end; that SIGCONT has come since
 *     it does not know.
 *   handled-stops: a SIGTSTP that is pending it takes for a stop, also if the victim handles it. That
 *     never hears it, and is stopped at the end.
 *   stop-signal-refused: it knows of SIGSTOP and SIGTSTP. Refused, with a word.
 * Its caller:
 *   waits-for-anybody: its handler of SIGCHLD, and the wait4 of its cure, take the status of any child of
 *     its caller's; in a cure that is taken for the victim's, and all fails. The wait4 is mended in 4.3.
 *   orphan-harmed: whoever dies while it has the victim leaves it with a trap at the end of a call, by
 *     which it dies, or with the parasite's memory; it would take somebody who survives.
 * Its parasite's log (CRIU gives it its own):
 *   log-waits: it writes what it says, with -v4, to whatever descriptor it was given. If that is a pipe that is
 *     full, it waits there, and libcompel for it, with the victim stopped. A careful spy gives it one that
 *     is O_NONBLOCK: then lines are lost.
 *   log-signals: if nobody reads that pipe any more, the kernel sends SIGPIPE. All signals are blocked then, so
 *     it stays pending, and the victim dies of it when it goes on. A careful spy gives it a file.
 * Of SIGKILL of the victim at any call, storms of signals, and other tracers it makes nothing wrong.
 * Gone since 4.2.1 are peek-unchecked, map-unchecked and sequence-lost (ci/releases shows it).
 * What comes while it would do harm comes a little later instead (disturb.c), but for the variant that is
 * named after it.
 * Planted bugs are a careless way to go on after a damaged frame that leaves a cure possible, commands that
 * do something else than they say, and two that need more commands than the default run has.
 * What else it does with damaged frames, as seen here:
 *   command trimmed, split or empty: the parasite says "Trimmed message received (12/5)", leaves by
 *     itself and closes its socket; the spy gets an end of file. Refused. A victim that was met in a fork
 *     runs on by then, and libcompel's cure puts it back to where it was: it is replaced.
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
	"limits",    "offsets", "pending-signals", "stop-state",   NULL,
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "compel",
	.summary = "the real libcompel infects a process, runs commands in it and cures it",
	.flags = CF_KEEPS_DATA | CF_EXTERNAL_CALLS,
	.roles = roles,
	.params = compel_params,
	.variants = compel_variants,
	.fields = fields,
	.unsupported = unsupported,
	.keeps = keeps,
};
