/* SPDX-License-Identifier: Apache-2.0 */
#include "compel.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "../../freezer/victim/patience.h"
#include "../../freezer/victim/rival.h"

enum {
	STATES = 300, /* those of the steps and the victim are below */
	LATER = 7, /* calls between a stop and its end */
};

static struct {
	enum disturbs what;
	int calls, came;
	int at; /* the call before which it came */
	struct sent sent;
	struct rival rival;
	int child, ended; /* of the spy's; has it */
	int may_die; /* this is a process of its own */
	char place[48];
} now = { .rival = { .fd = -1 } };

enum disturbs disturbs(void)
{
	return (enum disturbs)cf_param(DISTURBS);
}

static enum sent_kind sent_kind(void)
{
	return (int)disturbs() < SENT_KINDS ? (enum sent_kind)disturbs() : SENT_NOTHING;
}

uint64_t disturb_listens(void)
{
	return sent_listens(sent_kind());
}

/* ---- when it may come ------------------------------------------------------------------------- */

enum {
	BEFORE = 1 << WIRE_BEFORE,
	SEIZED = 1 << WIRE_SEIZED,
	STOPPING = 1 << WIRE_STOPPING,
	HELD = 1 << WIRE_HELD,
	CLOSING = 1 << WIRE_CLOSING,
	LEAVING = 1 << WIRE_LEAVING,
	ENDING = 1 << WIRE_ENDING,
	AFTER = 1 << WIRE_AFTER,
};
enum { ANY, UNSTOPPED, STOPPED_BEFORE };
enum { NOBODY = -1 };

/* What libcompel takes badly while it has the victim so: it comes then for one variant, and never for all
 * others. */
static const struct weakness {
	int what; /* enum disturbs, or enum sent_kind */
	int variant; /* NOBODY: for none */
	int when;
	int stopped; /* only of one that was stopped before, or only of one that was not */
} weak[] = {
	{ SENT_STOP, STOP_RACES, SEIZED },
	{ SENT_STOP, STOP_REFUSED, HELD, UNSTOPPED },
	{ SENT_STOP, CLOSE_UNCHECKED, CLOSING },
	{ SENT_STOP, STOP_RACES_CURE, LEAVING },
	{ SENT_STOP, STOP_FORGOTTEN, ENDING, UNSTOPPED },
	{ SENT_STOP, STOP_REFUSED, HELD | ENDING, STOPPED_BEFORE },
	{ SENT_CONTINUE, CONTINUE_REFUSED, SEIZED | STOPPING | HELD | ENDING, UNSTOPPED },
	{ SENT_CONTINUE, CLOSE_UNCHECKED, CLOSING },
	{ SENT_CONTINUE, STOP_RACES_CURE, LEAVING },
	{ SENT_CONTINUE, STOPS_AGAIN, SEIZED | STOPPING | ENDING, STOPPED_BEFORE },
	{ SENT_CONTINUE, NOBODY, HELD, STOPPED_BEFORE }, /* one or the other */
	{ SENT_SUSPEND, STOP_RACES, SEIZED },
	{ SENT_SUSPEND_HANDLED, HANDLED_STOPS, STOPPING },
	{ SENT_SUSPEND_HANDLED, NOBODY, BEFORE }, /* it has been handled by then, or not */
	{ DISTURBS_CHILD, WAITS_FOR_ANYBODY, HELD },
	{ DISTURBS_CHILD, NOBODY, ~(AFTER | HELD) }, /* whether it is heard of is chance */
	{ DISTURBS_DIES, ORPHAN_HARMED, CLOSING | LEAVING | ENDING },
	{ DISTURBS_DIES, NOBODY, HELD }, /* some calls do no harm */
};

static int may_come(void)
{
	const int then = 1 << wire.hold, other = now.sent.stopped ? UNSTOPPED : STOPPED_BEFORE;
	const int what = now.sent.kind == SENT_STOP_CONTINUE ? SENT_STOP : (int)now.what;
	int bad = 0;

	if (now.what >= DISTURBS_GOES_ON && victim.setting.place == VICTIM_FIRST_EXITS)
		return then == (is(AWAITS_DEAD) ? SEIZED : BEFORE);
	if (now.what >= DISTURBS_GOES_ON && victim.setting.place == VICTIM_THREAD_EXECS)
		return then == (is(ONE_LEADER) ? SEIZED : BEFORE);
	/* two planted bugs show only so */
	if (is(SIGNAL_SWALLOWED) || is(KILLED_INSTEAD))
		return then == (is(SIGNAL_SWALLOWED) ? SEIZED : HELD);
	for (unsigned i = 0; i < sizeof(weak) / sizeof(weak[0]); i++) {
		if (weak[i].what != what || weak[i].stopped == other)
			continue;
		if ((int)cf_variant() == weak[i].variant)
			return !!(weak[i].when & then);
		bad |= weak[i].when;
	}
	return !(bad & then);
}

/* ---- what comes ------------------------------------------------------------------------------- */

/* What stops or ends the victim has done so, what has to wait does: whether libcompel's next call is
 * before or after that is no chance. One that handles a signal while it spins would never be still. */
static void settle(void)
{
	if (wire.hold != WIRE_BEFORE || now.sent.stops || sent_deadly(&now.sent))
		patience_settle(victim.pid);
}

static void send_rival(void)
{
	if (rival_come(&now.rival, victim.pid, cf_fork_uncontrolled))
		cf_broken("another tracer does not say a word");
}

static void start_child(void)
{
	now.child = cf_fork_uncontrolled();
	if (now.child < 0)
		cf_broken("no child for the spy");
	while (now.child == 0)
		raw1(SYS_pause, 0);
}

/* Returns once it is there to be waited for, or is not any more. */
static void end_child(void)
{
	siginfo_t info;

	raw2(SYS_kill, now.child, SIGKILL);
	raw5(SYS_waitid, P_PID, now.child, &info, WEXITED | WNOWAIT, 0);
	now.ended = 1;
}

static void come(const char *name)
{
	now.came = 1;
	now.at = now.calls;
	snprintf(now.place, sizeof(now.place), "before call %d, %s", now.calls, name);
	cf_state(STATES + (unsigned)now.calls);
	switch (now.what) {
	case DISTURBS_RIVAL:
	case DISTURBS_FIRST:
		send_rival();
		break;
	case DISTURBS_CHILD:
		end_child();
		break;
	case DISTURBS_GOES_ON ... DISTURBS_LAST:
		victim_release(&victim);
		patience_settle(victim.pid);
		break;
	case DISTURBS_DIES:
		while (now.may_die)
			raw2(SYS_kill, raw1(SYS_getpid, 0), SIGKILL);
		break;
	default:
		sent_all(&now.sent);
		settle();
	}
}

void disturb_call(const char *name)
{
	if (!now.came && now.calls >= cf_param(WHEN) && may_come())
		come(name);
	else if (now.came == 1 && now.sent.kind == SENT_STOP_CONTINUE &&
		 now.calls >= now.at + LATER && may_come()) {
		now.came = 2;
		sent_continue(&now.sent);
		settle();
	}
	now.calls++;
}

/* ---- beginning and end ------------------------------------------------------------------------ */

void disturb_begin(void)
{
	now.what = disturbs();
	now.sent = sent_begin(sent_kind(), victim.pid, stop_signal() != 0);
	if (now.what == DISTURBS_CHILD)
		start_child();
	if (now.what == DISTURBS_FIRST)
		come("socket");
}

void disturb_end(void)
{
	wire_rules.before = NULL;
	disturb_leave();
	if (now.child > 0) {
		raw2(SYS_kill, now.child, SIGKILL);
		raw4(SYS_wait4, now.child, 0, __WALL, 0);
	}
	memset(&now, 0, sizeof(now));
	now.rival = RIVAL_NONE;
}

void disturb_may_die(void)
{
	now.may_die = 1;
}

void disturb_leave(void)
{
	rival_leave(&now.rival);
}

/* ---- what came of it --------------------------------------------------------------------------- */

const struct sent *disturb_sent(void)
{
	return &now.sent;
}

int disturb_deadly(void)
{
	return sent_deadly(&now.sent);
}

int disturb_rival(void)
{
	return now.rival.says;
}

int disturb_child_lost(void)
{
	const int child = now.child;

	if (!now.ended)
		return 0;
	now.ended = now.child = 0;
	return raw4(SYS_wait4, child, 0, WNOHANG | __WALL, 0) != child;
}

const char *disturb_place(void)
{
	return now.place;
}
