/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether the victim is as it was: seen from outside, then by itself.
 */
#include "compel.h"

#include <errno.h>
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

void look_before(void)
{
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

void compare_after(void)
{
	char text[160], site[40];
	enum snapshot_item item;

	take(&after, &seen_after, before.code_address);
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
	victim_expect(&victim, &want);
	if (victim_compare(&want, &seen, text, sizeof(text)) ||
	    victim_compare_wide(&victim, text, sizeof(text)))
		cf_fail(CF_STATE_CHANGED, "compel.victim", "it finds that its %s", text);
	changed(victim_changed(&victim, text, sizeof(text)), text);
	changed(state_changed(victim.pid, &victim.setting.state, text, sizeof(text)), text);
}
