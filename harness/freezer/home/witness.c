/* SPDX-License-Identifier: Apache-2.0 */
#include "witness.h"

#include <cryofuzz.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>

#include "../victim/closely.h"
#include "../victim/patience.h"
#include "../victim/raw.h"
#include "home.h"

static struct snapshot before, after;
static struct closely seen_before, seen_after;

static void witness_fail(const struct witness *w, enum cf_kind kind, const char *what,
			 const char *format, ...) __attribute__((noreturn, format(printf, 4, 5)));

static void witness_fail(const struct witness *w, enum cf_kind kind, const char *what,
			 const char *format, ...)
{
	char site[40], detail[200];
	va_list words;

	snprintf(site, sizeof(site), "%s.%s", w->target, what);
	va_start(words, format);
	vsnprintf(detail, sizeof(detail), format, words);
	va_end(words);
	cf_fail(kind, site, "%s", detail);
}

/* ---- from outside ------------------------------------------------------------------------------- */

static void take(const struct witness *w, struct snapshot *s, struct closely *c, uint64_t code)
{
	const struct victim *v = w->victim;
	int ret = snapshot_take(s, v->pid, code, (uintptr_t)victim_page_address());

	if (!ret)
		ret = closely_look(c, v->pid, &v->setting.state);
	if (ret)
		witness_fail(w, CF_CRASH, "victim", "it is not there: %d", ret);
}

void witness_look(const struct witness *w, uint64_t code_address)
{
	take(w, &before, &seen_before, code_address);
}

void witness_was(const struct snapshot *seen)
{
	before = *seen;
}

const struct snapshot *witness_before(void)
{
	return &before;
}

static enum cf_kind kind_of(enum snapshot_item item)
{
	if (item == SNAPSHOT_PENDING)
		return CF_LOST_SIGNAL;
	return snapshot_is_data(item) ? CF_SAVED_DATA_MODIFIED : CF_STATE_CHANGED;
}

/* Of signals that were sent meanwhile it is asked later whether it has heard them; and whether a stop that was
 * pending has stopped it. */
static void overlook(const struct witness *w, struct snapshot *s, uint64_t pending)
{
	const uint64_t overlooked = w->sent() | 1ull << (SIGSTOP - 1);

	s->pending &= ~overlooked;
	if (w->sent() || pending & overlooked)
		s->values = 0;
}

void witness_compare(const struct witness *w, enum snapshot_of of)
{
	enum snapshot_item item;
	char text[160];

	take(w, &after, &seen_after, before.code_address);
	overlook(w, &after, before.pending);
	overlook(w, &before, before.pending);
	item = snapshot_compare(&before, &after, of, text, sizeof(text));
	if (item)
		witness_fail(w, kind_of(item), snapshot_name(item), "%s", text);
}

static void changed(const struct witness *w, const char *item, const char *text)
{
	if (item)
		witness_fail(w, state_is_data(item) ? CF_SAVED_DATA_MODIFIED : CF_STATE_CHANGED,
			     item, "%s", text);
}

void witness_compare_closely(const struct witness *w)
{
	char text[160];

	changed(w, closely_compare(&seen_before, &seen_after, text, sizeof(text)), text);
}

void witness_frozen(const struct witness *w)
{
	const char *wrong = home_left(w->victim);

	if (wrong)
		witness_fail(w, CF_STATE_CHANGED, "frozen", "%s", wrong);
}

void witness_stopped(const struct witness *w)
{
	if (victim_await_stopped(w->victim))
		witness_fail(w, CF_STATE_CHANGED, "stopped",
			     "a signal had stopped it, now it is not stopped %s", w->disturbed());
}

/* ---- by itself ---------------------------------------------------------------------------------- */

static void hear_report(const struct witness *w, struct victim_regs *seen)
{
	struct victim *v = w->victim;
	char text[160];
	int ret = victim_report(v, seen);

	if (ret && patience_state(v->pid) == 'T')
		witness_fail(w, CF_STATE_CHANGED, "stopped",
			     "it is stopped, but a stop was not the last thing it was told %s",
			     w->disturbed());
	if (ret == -ETIME)
		witness_fail(w, CF_STATE_CHANGED, "call", "%s goes on although it should be over",
			     victim_place_name(v));
	if (ret) {
		patience_describe(v->pid, text, sizeof(text));
		witness_fail(w, CF_CRASH, "victim", "it does not go on after the cure (%d): it %s",
			     ret, text);
	}
}

void witness_hear(const struct witness *w)
{
	struct victim *v = w->victim;
	struct victim_regs want, seen;
	char text[160];

	hear_report(w, &seen);
	if (victim_call_wrong(v, &seen, text, sizeof(text)))
		witness_fail(w, CF_STATE_CHANGED,
			     victim_place_kind(v->setting.place) == VICTIM_NO_CALL ? "place"
										   : "call",
			     "%s", text);
	if (v->back.threads)
		witness_fail(w, CF_STATE_CHANGED, "threads", "%s", v->back.threads);
	victim_expect(v, &want);
	if (victim_compare(&want, &seen, text, sizeof(text)) ||
	    victim_compare_wide(v, text, sizeof(text)))
		witness_fail(w, CF_STATE_CHANGED, "victim", "it finds that its %s", text);
	changed(w, victim_changed(v, text, sizeof(text)), text);
	changed(w, state_changed(v->pid, &v->setting.state, text, sizeof(text)), text);
}

/* ---- its end ------------------------------------------------------------------------------------ */

void witness_end(const struct witness *w, int gone, int status)
{
	struct victim *v = w->victim;
	int ret = gone ? 0 : victim_reap(v, &status);

	if (ret)
		witness_fail(w, CF_CRASH, "victim", "it does not end: %d, %c %s", ret,
			     patience_state(v->pid), w->disturbed());
	if (status != VICTIM_CHILD_STATUS << 8)
		witness_fail(w, CF_STATE_CHANGED, "status", "ended with 0x%x, not by itself %s",
			     status, w->disturbed());
	if (v->pid)
		raw1(SYS_close, v->fd);
	v->pid = 0;
}
