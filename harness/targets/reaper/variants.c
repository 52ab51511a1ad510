/* SPDX-License-Identifier: Apache-2.0 */
#include "reaper.h"

#define ZOMBIE "zombie in reaper.children"
#define STATUSES "invariant in reaper.statuses"
#define LOST "lost-signal in reaper.wait"
#define HANG "hang in reaper.parent"

const struct cf_variant_spec reaper_variants[] = {
	[HANDLER] = { "handler", "SIGCHLD's handler reaps all that have ended", CF_SC, NULL },
	[SIGWAITINFO] = { "sigwaitinfo", "signals are blocked, and taken one by one", CF_SC, NULL },
	[PIDFD] = { "pidfd", "polls a pidfd of each child, with a time-out", CF_SC, NULL },
	[WAIT4] = { "wait4", "waits in wait4, handlers pass on what has come", CF_SC, NULL },
	[MERGED] = { "merged", "one wait for each SIGCHLD, but two can be one", CF_SC, ZOMBIE },
	[PAUSE] = { "pause", "a signal may come between the look and the wait", CF_SC, LOST },
	[REARMS] = { "rearms", "SIGALRM's handler sets the alarm again, and nothing else", CF_SC,
		     HANG },
	[PEEKS] = { "peeks", "once it ends them it only looks who has ended, by WNOWAIT", CF_SC,
		    ZOMBIE },
	[STOP_IS_END] = { "stop-is-end", "a child that has stopped is taken for ended", CF_SC,
			  STATUSES },
	[INHERITED_MASK] = { "inherited-mask", "children inherit that SIGTERM is blocked", CF_SC,
			     "lost-signal in reaper.sigterm" },
	[NO_KILL] = { "no-kill", "whoever ignores SIGTERM is waited for", CF_SC, HANG },
	[GIVES_UP] = { "gives-up", "ends after a deadline, whoever is left", CF_SC,
		       "leak in reaper.children" },
	[JUMPS] = { "jumps", "SIGINT's handler jumps past a status that wait4 has given", CF_SC,
		    STATUSES },
	[STEALS] = { "steals", "SIGCHLD's handler reaps whom the parent waits for", CF_SC, HANG },
	[RESTARTS] = { "restarts", "SIGINT sets a flag, and wait4 goes on: SA_RESTART", CF_SC,
		       LOST },
	[TRACES] = { "traces", "waits in wait4 for children that it traces", CF_SC, NULL },
	[TIMES_OUT] = { "times-out", "SIGALRM's handler jumps past a status that wait4 has given",
			CF_SC, STATUSES },
	[LOOPS] = { "loops", "SIGALRM's handler loops until nobody is there, and zombies are",
		    CF_SC, ZOMBIE },
	[OWN_GROUP] = { "own-group", "waits for its process group, which a child has left", CF_SC,
			ZOMBIE },
	[PRESUMES] = { "presumes", "whoever was killed is gone, if a tracer does not keep its end",
		       CF_SC, ZOMBIE },
	[SWALLOWS] = { "swallows", "traces its children, and lets them on without their signal",
		       CF_SC, "lost-signal in reaper.sigterm" },
	[WRONG_PID] = { "wrong-pid", "once it ends them it waits for the last one's pid alone",
			CF_SC, ZOMBIE },
	{ 0 },
};
