/* SPDX-License-Identifier: Apache-2.0
 *
 * The victim's state: before the infection, compared after the cure, and its own view once it runs again.
 */
#include "infection.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../freezer/victim/closely.h"
#include "../../freezer/victim/raw.h"

static struct snapshot before, after;
static struct closely seen_before, seen_after;

static void take(struct snapshot *s, struct closely *c)
{
	int ret = snapshot_take(s, victim.pid, in.code_address, (uintptr_t)victim_page_address());

	if (!ret)
		ret = closely_look(c, victim.pid, &victim.setting.state);
	if (ret)
		cf_fail(CF_CRASH, "inject.victim", "it is not there: %d", ret);
}

/* Neither stopped by a tracer nor ended nor ending. */
static int goes_on(int tid)
{
	enum { ENDING = 4 /* PF_EXITING */ };
	char path[40], text[256], *at, state;
	unsigned flags;
	long fd, n;

	snprintf(path, sizeof(path), "/proc/%d/stat", tid);
	fd = raw4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	n = fd < 0 ? fd : raw3(SYS_read, fd, text, sizeof(text) - 1);
	raw1(SYS_close, fd);
	text[n > 0 ? n : 0] = 0;
	at = strrchr(text, ')');
	if (!at || sscanf(at, ") %c %*d %*d %*d %*d %*d %u", &state, &flags) != 2)
		return 0;
	return !strchr("tZX", state) && !(flags & ENDING);
}

void check_threads(void)
{
	char path[40], names[1024] __attribute__((aligned(8)));
	long tasks, n;

	if (!inject_has_threads(&in))
		return;
	snprintf(path, sizeof(path), "/proc/%d/task", victim.pid);
	tasks = raw4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	n = raw3(SYS_getdents64, tasks, names, sizeof(names));
	raw1(SYS_close, tasks);
	for (long at = 0; at < n; at += ((struct dirent64 *)(void *)(names + at))->d_reclen) {
		const int tid = atoi(((struct dirent64 *)(void *)(names + at))->d_name);

		if (tid && goes_on(tid))
			cf_fail(CF_STATE_CHANGED, "inject.threads",
				"a thread of its own runs while it is stopped");
	}
}

void look_before(void)
{
	take(&before, &seen_before);
}

void was_before(const struct snapshot *seen)
{
	before = *seen;
}

static enum cf_kind kind_of(enum snapshot_item item)
{
	if (item == SNAPSHOT_PENDING)
		return CF_LOST_SIGNAL;
	return snapshot_is_data(item) ? CF_SAVED_DATA_MODIFIED : CF_STATE_CHANGED;
}

/* Signals that were sent meanwhile: whether it has heard them is asked later. And a SIGSTOP that was
 * pending has stopped it now: that is asked later, too. */
static uint64_t overlooked(void)
{
	return disturb_sent() | 1ull << (SIGSTOP - 1);
}

static void overlook(struct snapshot *s, uint64_t pending)
{
	s->pending &= ~overlooked();
	if (disturb_sent() || pending & overlooked())
		s->values = 0;
}

void compare_snapshots(enum snapshot_of of)
{
	char text[160], site[40];
	enum snapshot_item item;

	take(&after, &seen_after);
	overlook(&after, before.pending);
	overlook(&before, before.pending);
	item = snapshot_compare(&before, &after, of, text, sizeof(text));
	if (!item)
		return;
	snprintf(site, sizeof(site), "inject.%s", snapshot_name(item));
	cf_fail(kind_of(item), site, "%s", text);
}

static void changed(const char *item, const char *text)
{
	char site[40];

	if (!item)
		return;
	snprintf(site, sizeof(site), "inject.%s", item);
	cf_fail(state_is_data(item) ? CF_SAVED_DATA_MODIFIED : CF_STATE_CHANGED, site, "%s", text);
}

void compare_closely(void)
{
	char text[160];

	changed(closely_compare(&seen_before, &seen_after, text, sizeof(text)), text);
}

void hear_victim(void)
{
	struct victim_regs want, seen;
	char text[160];
	int ret = victim_report(&victim, &seen);

	if (ret && patience_state(victim.pid) == 'T')
		cf_fail(CF_STATE_CHANGED, "inject.stopped",
			"it is stopped, but a stop was not the last thing it was told %s",
			disturb_place());
	if (ret == -ETIME)
		cf_fail(CF_STATE_CHANGED, "inject.call", "%s goes on although it should be over",
			victim_place_name(&victim));
	if (ret) {
		patience_describe(victim.pid, text, sizeof(text));
		cf_fail(CF_CRASH, "inject.victim", "it does not go on after the cure (%d): it %s",
			ret, text);
	}
	if (victim_call_wrong(&victim, &seen, text, sizeof(text)))
		cf_fail(CF_STATE_CHANGED,
			victim_place_kind(victim.setting.place) == VICTIM_NO_CALL ? "inject.place"
										  : "inject.call",
			"%s", text);
	if (victim.back.threads)
		cf_fail(CF_STATE_CHANGED, "inject.threads", "%s", victim.back.threads);
	victim_expect(&victim, &want);
	if (victim_compare(&want, &seen, text, sizeof(text)) ||
	    victim_compare_wide(&victim, text, sizeof(text)))
		cf_fail(CF_STATE_CHANGED, "inject.victim", "it finds that its %s", text);
	changed(victim_changed(&victim, text, sizeof(text)), text);
	changed(state_changed(victim.pid, &victim.setting.state, text, sizeof(text)), text);
}
