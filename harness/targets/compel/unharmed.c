/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether the victim is as it was: seen from outside, then by itself.
 */
#include "compel.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>

#include "../../freezer/victim/closely.h"
#include "../../freezer/victim/patience.h"

static struct snapshot before, after;
static struct closely seen_before, seen_after;

const struct snapshot *state_before(void)
{
	return &before;
}

static enum cf_kind kind_of(enum snapshot_item item)
{
	if (item == SNAPSHOT_PENDING)
		return CF_LOST_SIGNAL;
	return snapshot_is_data(item) ? CF_SAVED_DATA_MODIFIED : CF_STATE_CHANGED;
}

static void take(struct snapshot *s, struct closely *c, uint64_t code)
{
	int ret = snapshot_take(s, victim.pid, code, (uint64_t)(uintptr_t)victim_page_address());

	if (!ret)
		ret = closely_look(c, victim.pid, &victim.setting.state);
	if (ret)
		cf_fail(CF_CRASH, "compel.victim", "it is not there: %d", ret);
}

/* What has been killed is not there to be looked at. */
static int is_dead(void)
{
	return disturb_deadly() == SIGKILL;
}

void look_before(void)
{
	if (is_dead())
		return;
	take(&before, &seen_before, driver->patched_code(&spy));
}

static void changed(const char *item, const char *text)
{
	char site[40];

	if (!item)
		return;
	snprintf(site, sizeof(site), "compel.%s", item);
	cf_fail(state_is_data(item) ? CF_SAVED_DATA_MODIFIED : CF_STATE_CHANGED, site, "%s", text);
}

/* Signals that were sent meanwhile: whether it has heard them is asked later, and so is whether a stop
 * that was pending has stopped it. */
static void overlook(struct snapshot *s, uint64_t pending)
{
	const uint64_t overlooked = disturb_sent()->signals | 1ull << (SIGSTOP - 1);

	s->pending &= ~overlooked;
	if (disturb_sent()->signals || pending & overlooked)
		s->values = 0;
}

void compare_after(void)
{
	char text[160], site[40];
	enum snapshot_item item;

	if (is_dead())
		return;
	take(&after, &seen_after, before.code_address);
	overlook(&after, before.pending);
	overlook(&before, before.pending);
	item = snapshot_compare(&before, &after, SNAPSHOT_OF_SAME, text, sizeof(text));
	if (item) {
		snprintf(site, sizeof(site), "compel.%s", snapshot_name(item));
		cf_fail(kind_of(item), site, "%s", text);
	}
	changed(closely_compare(&seen_before, &seen_after, text, sizeof(text)), text);
}

void hear_victim(void)
{
	struct victim_regs want, seen;
	char text[160];
	int ret = victim_report(&victim, &seen);

	if (ret && patience_state(victim.pid) == 'T')
		cf_fail(CF_STATE_CHANGED, "compel.stopped",
			"it is stopped, but a stop was not the last thing it was told %s",
			disturb_place());
	if (ret == -ETIME)
		cf_fail(CF_STATE_CHANGED, "compel.call", "%s goes on although it should be over",
			victim_place_name(&victim));
	if (ret) {
		patience_describe(victim.pid, text, sizeof(text));
		cf_fail(CF_CRASH, "compel.victim", "it does not go on after the cure (%d): it %s",
			ret, text);
	}
	if (victim_call_wrong(&victim, &seen, text, sizeof(text)))
		cf_fail(CF_STATE_CHANGED,
			victim_place_kind(victim.setting.place) == VICTIM_NO_CALL ? "compel.place"
										  : "compel.call",
			"%s", text);
	if (victim.back.threads)
		cf_fail(CF_STATE_CHANGED, "compel.threads", "%s", victim.back.threads);
	victim_expect(&victim, &want);
	if (victim_compare(&want, &seen, text, sizeof(text)) ||
	    victim_compare_wide(&victim, text, sizeof(text)))
		cf_fail(CF_STATE_CHANGED, "compel.victim", "it finds that its %s", text);
	changed(victim_changed(&victim, text, sizeof(text)), text);
	changed(state_changed(victim.pid, &victim.setting.state, text, sizeof(text)), text);
}
