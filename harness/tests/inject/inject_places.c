/* SPDX-License-Identifier: Apache-2.0
 *
 * A victim frozen in each place in which one can be: a careful injector leaves no trace there; what a
 * careless one does to the interrupted call the victim itself finds, without a snapshot's help.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../freezer/inject/inject.h"
#include "../../freezer/victim/victim.h"

static struct inject in = INJECT_NONE;
static char text[160];

static void step(const char *name, unsigned state)
{
	(void)name;
	(void)state;
}

static const struct inject_port port = { .step = step, .send = send, .recv = recv };

/* With `by_force`, the cure's path that is taken after a failure. */
static int freeze(const struct victim *v, enum inject_slip slip, int by_force)
{
	int ret = inject_stop(&in, v->pid, &port, slip);

	if (!ret)
		ret = inject_infect(&in);
	in.broken |= by_force;
	if (!ret)
		ret = inject_cure(&in);
	if (!ret)
		ret = victim_release(v);
	return ret ? ret : inject_resume(&in);
}

/* What the victim finds, or NULL. */
static const char *look(struct victim *v)
{
	struct victim_regs want, seen;
	int status = 0, ret = victim_ends(v) ? victim_reap(v, &status) : victim_report(v, &seen);

	if (!ret && victim_ends(v))
		return status == VICTIM_CHILD_STATUS << 8 ? NULL : "it ended otherwise";
	if (ret) {
		snprintf(text, sizeof(text), "%s does not end: %d", victim_place_name(v), ret);
		return text;
	}
	if (victim_call_wrong(v, &seen, text, sizeof(text)))
		return text;
	victim_expect(v, &want);
	if (victim_compare(&want, &seen, text, sizeof(text)))
		return text;
	return victim_changed(v, text, sizeof(text)) ? text : NULL;
}

static const char *try(enum victim_place place, enum inject_slip slip, int by_force)
{
	const struct victim_setting setting = { .seed = 1 + place, .place = place };
	struct victim v = { 0 };
	const char *found = NULL;
	int ret;

	ret = victim_start(&v, fork);
	if (!ret)
		ret = victim_hold_at_last(&v, &setting, fork);
	if (ret && victim_cannot(&v, text, sizeof(text)))
		found = "unsupported";
	if (!ret)
		ret = freeze(&v, slip, by_force);
	if (ret && !found) {
		snprintf(text, sizeof(text), "error %d in %s", ret, in.stage ? in.stage : "hold");
		found = text;
	} else if (!found) {
		found = look(&v);
	}
	inject_forget_threads(&in);
	inject_drop(&in);
	victim_end(&v);
	return found;
}

static int complain(enum victim_place place, const char *what, const char *found)
{
	fprintf(stderr, "inject_places: place %d, %s: %s\n", place, what,
		found ? found : "nothing");
	return 1;
}

/* Those in which a stop makes the kernel restart a call. */
static int is_restarted(enum victim_place place)
{
	return victim_place_kind(place) & (VICTIM_RESTARTED | VICTIM_RESTARTED_TIMED);
}

/* On a busy machine the call's time is over before the victim goes on: then nothing is left of it to lose. */
static const char *try_in_time(enum victim_place place, enum inject_slip slip)
{
	const unsigned tries = victim_place_kind(place) & VICTIM_RESTARTED_TIMED ? 20 : 1;
	const char *found = NULL;

	for (unsigned i = 0; i < tries && !found; i++)
		found = try(place, slip, 0);
	return found;
}

/* What the victim and those whom it has made find, with words that it is to be told by. */
static int check_births(void)
{
	static const struct {
		enum victim_place place;
		enum inject_slip slip;
		int by_force;
		const char *words;
	} found_by[] = {
		{ VICTIM_FORK_BEGINS, INJECT_RESTART_LOST, 1, "there is no child" },
		{ VICTIM_FORK_BEGINS, INJECT_MASK_LOST, 1, "made has another signal mask" },
		{ VICTIM_FORK_BEGINS, INJECT_FILES_LEFT, 1, "child has other descriptors" },
		{ VICTIM_FORK_BEGINS, INJECT_MAPPING_LEFT, 1, "child has other mappings" },
		{ VICTIM_FORK_BEGINS, INJECT_REGISTER_LOST, 1, "made has other registers" },
		{ VICTIM_FORK_ENDS, INJECT_CALLS_AGAIN, 0, "one more child" },
		{ VICTIM_FORK_ENDS, INJECT_RESULT_LATE, 0, "another child" },
		{ VICTIM_VFORK, INJECT_CALLS_AGAIN, 0, "one more child" },
		{ VICTIM_VFORK, INJECT_RESULT_LATE, 0, "another child" },
		{ VICTIM_THREAD_BEGINS, INJECT_RESTART_LOST, 1, "there is no thread" },
		{ VICTIM_THREAD_BEGINS, INJECT_MASK_LOST, 1, "made has another signal mask" },
		{ VICTIM_THREAD_BEGINS, INJECT_REGISTER_LOST, 1, "made has other registers" },
		{ VICTIM_THREAD_ENDS, INJECT_CALLS_AGAIN, 0, "another thread, or one more" },
		{ VICTIM_THREAD_ENDS, INJECT_THREAD_LEFT_STOPPED, 0, "thread does not go on" },
		{ VICTIM_THREADS_BEAR, INJECT_THREAD_LEFT_STOPPED, 0, "threads does not go on" },
		{ VICTIM_EXEC_ENDS, INJECT_BORROWS_ARGUMENTS, 0, "other arguments" },
	};

	for (unsigned i = 0; i < sizeof(found_by) / sizeof(found_by[0]); i++) {
		const enum victim_place place = found_by[i].place;
		const char *found = try(place, found_by[i].slip, found_by[i].by_force);

		if (!found || !strstr(found, found_by[i].words))
			return complain(place, found_by[i].words, found);
	}
	return 0;
}

static int check(enum victim_place place, unsigned *restarted)
{
	static const enum inject_slip times[] = { INJECT_TIME_LOST, INJECT_TIME_ANEW };
	const char *found = try(place, INJECT_CAREFUL, 0);

	if (found && !__builtin_strcmp(found, "unsupported")) {
		printf("inject_places: place %d skipped: %s\n", place, text);
		return 0;
	}
	if (found)
		return complain(place, "careful", found);
	found = try(place, INJECT_RESTART_LOST, 1);
	if (!found != !is_restarted(place))
		return complain(place, "restart-lost", found);
	*restarted += found != NULL;
	found = try(place, INJECT_SEQUENCE_LOST, 0);
	if (!found != (place != VICTIM_IN_SEQUENCE))
		return complain(place, "sequence-lost", found);
	for (int i = 0; i < 2; i++) {
		found = try_in_time(place, times[i]);
		if (!found != !(victim_place_kind(place) & VICTIM_RESTARTED_TIMED))
			return complain(place, "time-lost", found);
	}
	return 0;
}

int main(void)
{
	unsigned restarted = 0;

	for (int place = 0; place < VICTIM_PLACES; place++)
		if (check(place, &restarted))
			return 1;
	if (check_births())
		return 1;
	printf("inject_places: %d places, in %u of them a call is restarted\n", VICTIM_PLACES,
	       restarted);
	return 0;
}
