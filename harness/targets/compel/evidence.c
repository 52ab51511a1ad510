/* SPDX-License-Identifier: Apache-2.0
 *
 * What goes with a finding: both stacks of a wait without an end, the stack of a crash, what libcompel
 * and its parasite wrote into their logs.
 */
#include "compel.h"

#include <execinfo.h>
#include <signal.h>
#include <string.h>

#include "../../freezer/compel/stacks.h"

static void attach_frames(void *const *frame, int count)
{
	char name[200];

	for (int i = 0; i < count; i++) {
		stacks_name(frame[i], name, sizeof(name));
		cf_attach("  #%d %s\n", i, name);
	}
}

static void attach_logs(void)
{
	char log[4096];

	spy_parasite_log(&spy, log, sizeof(log));
	cf_attach("libcompel %s, its log as with -v4, the end of it:\n%s", driver->version,
		  spy.log_text);
	cf_attach("the parasite's log:\n%s\n", log[0] ? log : "  nothing");
}

static void attach_all(void)
{
	const struct stacks *s = &wire.stacks;

	if (s->own) {
		cf_attach("the spy waits in %s:\n", wire.hung ? wire.hung : "compel.recv");
		attach_frames(s->frame, s->own);
		cf_attach("the victim, which should answer:\n%s", s->other);
	}
	if (wire.failed)
		cf_attach("call that was made to fail: %s, number %d\n",
			  wire_call_name(wire.failed), cf_param(NTH));
	attach_logs();
}

/* The handler returns to where the signal comes again, and now ends the process. */
static void on_crash(int signo)
{
	void *frame[STACK_DEPTH];
	int count = backtrace(frame, STACK_DEPTH);

	signal(signo, SIG_DFL);
	cf_attach("signal %d in the spy:\n", signo);
	attach_frames(frame, count);
	attach_logs();
	raise(signo);
}

static void heed_crashes(void)
{
	static const int fatal[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL };

	for (unsigned i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
		signal(fatal[i], on_crash);
}

void gather_evidence(void)
{
	if (cf_fresh_process())
		heed_crashes();
	cf_on_failure(attach_all);
	cf_name_crash("compel.driver");
}
