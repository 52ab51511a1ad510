/* SPDX-License-Identifier: Apache-2.0 */
#include "state.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "raw.h"

/* The order in which they are set up: who may do little comes last, but for children, whom only one of
 * the same user may kill. */
static const struct {
	enum state_group group;
	const struct state_ops *ops;
} groups[] = {
	{ STATE_FILES, &state_files },
	{ STATE_LAYOUT, &state_layout },
	{ STATE_TIMERS, &state_timers },
	{ STATE_HANDLERS, &state_handlers },
	{ STATE_THREAD, &state_thread },
	{ STATE_PROCESS, &state_process },
	{ STATE_CREDENTIALS, &state_credentials },
	{ STATE_FAMILY, &state_family },
};

enum { COUNT = sizeof(groups) / sizeof(groups[0]) };

struct failure {
	const char *what;
	long error;
};

/* Of the victim; outside they are read from there. */
static struct state_wish wished;
static struct state_view before, after;
static struct failure failure;

/* ---- inside the victim ---------------------------------------------------------------------- */

long state_must(const char *what, long ret)
{
	if (ret < 0 && ret > -4096 && !failure.what)
		failure = (struct failure){ what, ret };
	return ret;
}

void state_see_between(struct state_view *view, const char *item, const char *what, uint64_t low,
		       uint64_t high)
{
	if (view->count < STATE_WORDS)
		view->word[view->count++] = (struct state_word){ item, what, low, high };
	else
		state_must("more words than there is room for", -E2BIG);
}

void state_see(struct state_view *view, const char *item, const char *what, uint64_t value)
{
	state_see_between(view, item, what, value, value);
}

uint64_t state_hash(const void *data, size_t size)
{
	const uint8_t *bytes = data;
	uint64_t hash = 0xcbf29ce484222325ull;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * 0x100000001b3ull;
	return hash;
}

int state_await_child(long pid, int options)
{
	siginfo_t info = { .si_pid = 0 };
	long ret;

	while ((ret = raw5(SYS_waitid, P_PID, pid, &info, WEXITED | WNOHANG | options, 0)) == 0 &&
	       info.si_pid == 0)
		raw1(SYS_sched_yield, 0);
	state_must("waitid", ret);
	return info.si_status;
}

void state_set(const struct state_wish *wish, uint64_t seed)
{
	wished = *wish;
	failure.what = NULL;
	for (unsigned i = 0; i < COUNT; i++)
		if (wished.of[groups[i].group])
			groups[i].ops->set(wished.of[groups[i].group], seed);
}

static void look(struct state_view *view)
{
	view->count = 0;
	for (unsigned i = 0; i < COUNT; i++)
		if (wished.of[groups[i].group])
			groups[i].ops->look(view, wished.of[groups[i].group]);
}

void state_look_before(void)
{
	look(&before);
}

void state_look_after(void)
{
	look(&after);
	for (unsigned i = 0; i < COUNT; i++)
		if (wished.of[groups[i].group] && groups[i].ops->end)
			groups[i].ops->end();
}

/* ---- outside ---------------------------------------------------------------------------------- */

int state_any(const struct state_wish *wish)
{
	for (unsigned i = 0; i < STATE_GROUPS; i++)
		if (wish->of[i])
			return 1;
	return 0;
}

static int fetch(int pid, void *data, size_t size)
{
	struct iovec here = { data, size }, there = { data, size };
	long n = raw6(SYS_process_vm_readv, pid, &here, 1, &there, 1, 0);

	return n == (long)size ? 0 : n < 0 ? (int)n : -EFAULT;
}

int state_failed(int pid, const struct state_wish *wish, char *text, size_t size)
{
	int ret;

	if (!state_any(wish))
		return 0;
	ret = fetch(pid, &failure, sizeof(failure));
	if (ret) {
		snprintf(text, size, "the victim can't be read: %s", strerror(-ret));
		return ret;
	}
	if (!failure.what)
		return 0;
	snprintf(text, size, "%s: %s", failure.what, strerror((int)-failure.error));
	return (int)failure.error;
}

static int is_same(const struct state_word *b, const struct state_word *a)
{
	return b->what == a->what && b->low <= a->high && a->low <= b->high;
}

const char *state_changed(int pid, const struct state_wish *wish, char *text, size_t size)
{
	int ret;

	if (!state_any(wish))
		return NULL;
	ret = fetch(pid, &before, sizeof(before));
	if (!ret)
		ret = fetch(pid, &after, sizeof(after));
	if (ret || before.count != after.count) {
		snprintf(text, size, "it saw %llu words, after %llu before: %d",
			 (unsigned long long)after.count, (unsigned long long)before.count, ret);
		return "victim";
	}
	for (unsigned i = 0; i < after.count; i++) {
		const struct state_word *b = &before.word[i], *a = &after.word[i];

		if (is_same(b, a))
			continue;
		snprintf(text, size, "%s is 0x%llx, was 0x%llx", a->what,
			 (unsigned long long)a->low, (unsigned long long)b->low);
		return a->item;
	}
	return NULL;
}

int state_is_data(const char *item)
{
	return !strcmp(item, "memory") || !strcmp(item, "shared-memory");
}
