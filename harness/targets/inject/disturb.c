/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "disturb.h"

#include <cryofuzz.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "../../freezer/victim/patience.h"
#include "../../freezer/victim/raw.h"
#include "../../freezer/victim/rival.h"

enum {
	STATES = 64, /* those of the steps are below */
	LATER = 7, /* calls between a stop and its end */
};

static struct {
	struct disturbance how;
	const struct victim *victim;
	struct inject *in;
	int calls, failed;
	struct sent sent;
	struct rival rival; /* the other injector */
	int shut;
	int hung; /* a wait had been in vain before signals were sent */
	int may_die; /* we are in a process of its own */
	char place[48];
} now = { .rival = { .fd = -1 } };

static enum sent_kind sent_kind(const struct disturbance *how)
{
	return (int)how->what < SENT_KINDS ? (enum sent_kind)how->what : SENT_NOTHING;
}

void disturb(const struct disturbance *how, const struct victim *v, struct inject *in)
{
	disturb_end();
	memset(&now, 0, sizeof(now));
	now.how = *how;
	if (how->what == DISTURBS_FIRST)
		now.how.when = 0;
	now.victim = v;
	now.in = in;
	now.rival = RIVAL_NONE;
	now.sent = sent_begin(sent_kind(how), v->pid, how->stopped);
	if (how->what != DISTURBS_NOT)
		cf_state(STATES + (unsigned)how->when);
}

uint64_t disturb_listens(const struct disturbance *how)
{
	return sent_listens(sent_kind(how));
}

/* What stops or ends the victim has done so, and a parasite has come to where it waits: whether our next call
 * is before or after that must not be chance. */
static void settle(void)
{
	struct patience patience = patience_for(now.victim->pid);
	int slice;

	while ((slice = patience_to_end(&patience)))
		raw3(SYS_poll, 0, 0, slice);
}

static int parasite_runs(void)
{
	return now.in->running && now.in->args;
}

/* One that spins is never still, but has heard a signal by the time we don't wait any more. */
static void send_signals(void)
{
	now.hung = now.in->hung != NULL;
	sent_all(&now.sent);
	settle();
}

/* ---- third parties --------------------------------------------------------------------------- */

/* Somebody who has got the parasite's end of the channel. */
static void shut_down(void)
{
	int there = now.in->args ? now.in->args->channel[1] : -1;
	long pidfd = there < 0 ? -1 : raw2(SYS_pidfd_open, now.victim->pid, 0);
	long fd = pidfd < 0 ? -1 : raw3(SYS_pidfd_getfd, pidfd, there, 0);

	if (fd >= 0) {
		now.shut = !raw2(SYS_shutdown, fd, SHUT_RDWR);
		raw1(SYS_close, fd);
	}
	if (pidfd >= 0)
		raw1(SYS_close, pidfd);
}

static void send_other(void)
{
	if (rival_come(&now.rival, now.victim->pid, cf_fork_uncontrolled))
		cf_broken("another injector does not say a word");
}

void disturb_end(void)
{
	rival_leave(&now.rival);
}

/* ---- at each call ---------------------------------------------------------------------------- */

static void come(void)
{
	if (parasite_runs())
		settle();
	switch (now.how.what) {
	case DISTURBS_SHUT_DOWN:
		shut_down();
		break;
	case DISTURBS_INJECTOR:
	case DISTURBS_FIRST:
		send_other();
		break;
	case DISTURBS_GOES_ON ... DISTURBS_LAST:
		victim_release(now.victim);
		settle();
		break;
	case DISTURBS_DIES:
		while (now.may_die)
			raw2(SYS_kill, raw1(SYS_getpid, 0), SIGKILL);
		break;
	default:
		send_signals();
	}
}

void disturb_driver(void)
{
	now.may_die = 1;
}

static const int errors[] = {
	EAGAIN, ESRCH, EINTR, ENOMEM, EMFILE, EPERM,
};

static int fails(void)
{
	return now.how.what >= DISTURBS_FAILS && now.how.what < DISTURBS_FIRST;
}

int disturb_call(const char *name)
{
	int call = now.calls++;

	if (now.how.what != DISTURBS_NOT && call == now.how.when) {
		snprintf(now.place, sizeof(now.place), "before call %d, %s", call, name);
		come();
		now.failed = fails();
	}
	if (now.sent.kind == SENT_STOP_CONTINUE && call == now.how.when + LATER)
		sent_continue(&now.sent);
	return fails() && call == now.how.when ? -errors[now.how.what - DISTURBS_FAILS] : 0;
}

/* ---- what came of it ------------------------------------------------------------------------- */

int disturb_deadly(void)
{
	return sent_deadly(&now.sent);
}

int disturb_hung(void)
{
	return disturb_deadly() == SIGKILL && now.in->hung && !now.hung;
}

int disturb_excuses(void)
{
	return now.failed || now.shut || disturb_deadly() || now.rival.says == 1 ||
	       (now.how.what >= DISTURBS_GOES_ON && victim_ends(now.victim));
}

int disturb_stops(void)
{
	return now.sent.stops;
}

uint64_t disturb_sent(void)
{
	return now.sent.signals;
}

int disturb_other(void)
{
	return now.rival.says;
}

const char *disturb_place(void)
{
	return now.place;
}

int disturb_unheard(const struct victim_heard *heard, char *text, size_t size)
{
	return sent_unheard(&now.sent, heard, text, size);
}
