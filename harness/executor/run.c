/* SPDX-License-Identifier: Apache-2.0
 * One run: everything as it was before, then the token to the first actor. */
#include <errno.h>
#include <linux/futex.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "executor.h"

enum { ARRIVAL_S = 10 };

static int value_of_param(const struct executor *ex, const char *name)
{
	const struct cf_param_spec *param = ex->loaded.target->params;

	for (unsigned i = 0; param != NULL && param[i].name != NULL; i++)
		if (strcmp(param[i].name, name) == 0)
			return ex->control->plan.params[i];
	return 1;
}

void ex_broken(struct executor *ex, const char *format, ...)
{
	struct cf_result *result = &ex->control->result;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(result->detail, sizeof(result->detail), format, arguments);
	va_end(arguments);
	result->outcome = CF_BROKEN;
}

static void reset_actor(struct rt_actor *actor, uint32_t role, uint32_t index)
{
	/* `go` counts for as long as the process lives. */
	size_t from = offsetof(struct rt_actor, state);

	memset((char *)actor + from, 0, offsetof(struct rt_actor, held) - from);
	actor->random = 0;
	actor->role = role;
	actor->index = index;
	actor->deadline = RT_NEVER;
}

/* Deals the roles out; returns the number of actors, or 0 if there are too many. */
static unsigned cast(struct executor *ex)
{
	const struct cf_role *role = ex->loaded.target->roles;
	unsigned actors = 0;

	for (uint32_t i = 0; role[i].name != NULL; i++) {
		int count = role[i].count != NULL ? value_of_param(ex, role[i].count) : 1;

		for (int j = 0; j < count; j++) {
			if (actors == CF_MAX_ACTORS)
				return 0;
			reset_actor(&ex->shared->actor[actors++], i, (uint32_t)j);
		}
	}
	return actors;
}

static void assign_events(struct executor *ex)
{
	const struct cf_plan *plan = &ex->control->plan;
	uint32_t at = 0;

	ex->shared->looks_back = plan->memory >= CF_WEAK && ex_has(plan, CF_DO_STALE);
	for (unsigned i = 0; i < ex->shared->actors; i++) {
		ex->shared->actor[i].first = at;
		while (at < plan->events && plan->event[at].actor == i)
			at++;
		ex->shared->actor[i].end = at;
		ex->loaded.ops->look_ahead(&ex->shared->actor[i]);
	}
}

static void reset_shared(struct executor *ex)
{
	struct rt_shared *s = ex->shared;

	ex->initialized = ex_restore_segment(ex);
	/* Who keeps its data may also keep a pointer to it from an earlier run. */
	if (s->ledger_used || (ex->loaded.target->flags & CF_KEEPS_DATA))
		memset(ex->control->ledger, 0, sizeof(ex->control->ledger));
	memset(s->item, 0, s->items);
	if (ex->loaded.target->channels != NULL)
		memset(s->pipe, 0, sizeof(s->pipe));
	s->items = s->ledger_used = s->heap_used = 0;
	s->run++;
	s->total = s->turns = s->now = s->steps = s->switches = s->unseen = s->external = 0;
	s->alarm = rt_over_budget(&ex->control->plan);
	s->choices.heeds_change = 0;
	s->killed = s->broken = s->untracked = s->robust = 0;
	s->change = s->ipc = s->clock = s->hash[0] = s->hash[1] = 0;
}

static void reset_result(struct cf_control *control)
{
	struct cf_result *result = &control->result;

	result->outcome = CF_RUNNING;
	result->kind = CF_NO_KIND;
	result->site_id = 0;
	result->pc = 0;
	result->unannounced = 0;
	result->listed = 0;
	result->facts = 0;
	result->site[0] = result->detail[0] = result->outcome_text[0] = control->text[0] = '\0';
	memset(result->fired, 0, control->plan.events * sizeof(result->fired[0]));
}

void ex_fill_result(struct executor *ex)
{
	const struct rt_shared *s = ex->shared;
	struct cf_result *result = &ex->control->result;

	result->hash = (s->hash[0] ^ s->hash[1] * 0x9e3779b97f4a7c15ull) ^
		       (uint64_t)result->outcome << 56 ^ (uint64_t)result->kind << 48;
	result->points = s->total;
	result->switches = s->switches;
	result->commits = s->now;
	result->unseen = s->unseen;
	result->steps = s->steps;
	result->actors = s->actors;
	for (unsigned i = 0; i < s->actors; i++) {
		struct cf_actor_result *actor = &result->actor_result[i];

		actor->state = s->actor[i].state;
		actor->points = s->actor[i].points;
		actor->site = s->actor[i].site;
		actor->pid = result->carrier == CF_CARRIER_PROCESS ? (uint32_t)ex->child[i].pid : 0;
		memcpy(actor->waits, s->actor[i].waits, sizeof(actor->waits));
	}
}

/* Target code in our own process: the detail is for whoever finds us dead. */
static void guarded(struct executor *ex, void (*function)(void), const char *name)
{
	char *detail = ex->control->result.detail;

	strcpy(stpcpy(detail, "target crashed in its "), name);
	ex->loaded.ops->guarded(function);
	if (ex->control->result.outcome == CF_RUNNING)
		detail[0] = '\0';
}

static bool is_owned(const struct rt_self *self, uint64_t value)
{
	for (unsigned i = 0; i < self->nowned; i++)
		if (value - self->owned[i].at < self->owned[i].size)
			return true;
	return false;
}

/* A std::promise, a condition_variable_any, a container: each actor would find something else there. */
static void refuse_references(struct executor *ex)
{
	const struct rt_self *self = ex->loaded.ops->self;
	const uint64_t *word = (const uint64_t *)CF_SEGMENT_ADDRESS;
	struct cf_result *result = &ex->control->result;

	for (size_t i = 0; self->nowned > 0 && i < ex->loaded.target->shared_size / 8; i++) {
		if (!is_owned(self, word[i]))
			continue;
		snprintf(result->detail, sizeof(result->detail),
			 "what init() has put into the segment at +0x%zx refers to the heap of the "
			 "process that it ran in; actors share only what lies in the segment",
			 i * 8);
		result->outcome = CF_UNSUPPORTED;
		return;
	}
}

void ex_init_target(struct executor *ex)
{
	void (*init)(void) = ex->loaded.target->init;

	if (ex->initialized)
		return;
	ex->loaded.ops->self->nowned = 0;
	if (init != NULL)
		guarded(ex, init, "set-up");
	if (ex->control->result.outcome == CF_RUNNING)
		refuse_references(ex);
	if (ex->control->result.outcome == CF_RUNNING)
		ex_keep_segment(ex);
}

/* What is still under way to an actor would not survive a checkpoint. */
static int await_arrivals(const struct executor *ex)
{
	const struct timespec slice = { 1, 0 };
	const uint32_t *arrived = &ex->shared->arrived;
	uint32_t now;

	for (int slices = 0;
	     (now = __atomic_load_n(arrived, __ATOMIC_ACQUIRE)) < ex->shared->actors; slices++) {
		if (slices == ARRIVAL_S)
			return -ETIMEDOUT;
		syscall(SYS_futex, arrived, FUTEX_WAIT, now, &slice, NULL, 0);
	}
	return 0;
}

/* What an actor that was killed has left behind is its own unless the target says otherwise. */
static bool is_checked(const struct executor *ex)
{
	const struct cf_target *target = ex->loaded.target;

	return target->check != NULL &&
	       (ex->shared->killed == 0 || (target->flags & CF_SURVIVES_FAULTS));
}

static int start_actors(struct executor *ex)
{
	int status = ex_need_children(ex, ex->shared->actors);

	if (status == 0)
		status = ex_need_freezer(ex);
	if (status == 0)
		status = ex_hand_channels(ex);
	if (status == 0 && ex->staged)
		status = await_arrivals(ex);
	return status;
}

static void start_and_watch(struct executor *ex)
{
	pid_t pids[CF_MAX_ACTORS];

	for (unsigned i = 0; i < CF_MAX_ACTORS; i++)
		pids[i] = ex->child[i].pid;
	ex_begin_scheduling(ex, pids);
	ex->loaded.ops->start();
	ex_watch(ex);
	ex_end_scheduling(ex);
}

static bool play(struct executor *ex)
{
	int status;

	if (ex->control->result.carrier == CF_CARRIER_FIBER) {
		ex->loaded.ops->play_fibers();
		return true;
	}
	status = start_actors(ex);
	if (status < 0) {
		if (ex->control->result.outcome != CF_RUNNING)
			return false; /* it has been said why */
		ex_broken(ex, "can't start the actors: %s", strerror(-status));
		return false;
	}
	start_and_watch(ex);
	return true;
}

void ex_execute(struct executor *ex)
{
	struct cf_result *result = &ex->control->result;

	ex_init_target(ex);
	if (result->outcome != CF_RUNNING) {
		if (result->outcome == CF_VIOLATED) /* before any actor has run */
			result->outcome = CF_BROKEN;
		return;
	}
	if (play(ex) && result->outcome == CF_PASSED && is_checked(ex)) {
		result->outcome = CF_RUNNING;
		guarded(ex, ex->loaded.target->check, "check");
		if (result->outcome == CF_RUNNING)
			result->outcome = CF_PASSED;
	}
	if (result->outcome == CF_PASSED && (ex->control->plan.flags & CF_PLAN_RACES))
		ex_tell_race(ex);
}

uint32_t ex_kinds(const struct cf_plan *plan)
{
	uint32_t kinds = 0;

	for (uint32_t i = 0; i < plan->events; i++)
		if (plan->event[i].op < CF_DOS)
			kinds |= 1u << plan->event[i].op;
	return kinds;
}

bool ex_has(const struct cf_plan *plan, enum cf_do op)
{
	return ex_kinds(plan) >> op & 1;
}

bool ex_prepare(struct executor *ex, enum cf_carrier carrier)
{
	reset_result(ex->control);
	ex->control->result.carrier = carrier;
	reset_shared(ex);
	ex_begin_promises(ex->shared);
	if (ex->control->plan.flags & CF_PLAN_RACES)
		ex->loaded.ops->begin_races(ex->shared);
	ex->shared->actors = cast(ex);
	if (ex->shared->actors == 0)
		ex_broken(ex, "the parameters ask for more than %d actors", CF_MAX_ACTORS);
	else
		assign_events(ex);
	return ex->shared->actors > 0;
}

static void run_on_processes(struct executor *ex, bool fresh)
{
	if (fresh)
		ex_kill_children(ex);
	else
		ex_replace_doomed(ex);
	if (!ex_prepare(ex, CF_CARRIER_PROCESS))
		return;
	if (ex_has(&ex->control->plan, CF_DO_CHECKPOINT)) {
		ex_perform(ex);
		return;
	}
	ex_execute(ex);
	ex_refuse_foreign_pointers(ex);
	ex_fill_result(ex);
}

/* False if it has to be made again with processes. Those that can't be kept are marked in what a run
 * resets. */
static bool run_on_fibers(struct executor *ex)
{
	ex_replace_doomed(ex);
	if (!ex_prepare(ex, CF_CARRIER_FIBER))
		return true;
	ex_execute(ex);
	ex_note_touched(ex);
	ex_fill_result(ex);
	return !ex->loaded.ops->self->needs_process ||
	       ex->control->plan.carrier == CF_CARRIER_FIBER;
}

void ex_run(struct executor *ex, bool fresh)
{
	ex_run_once(ex, fresh);
	if (ex->control->result.outcome == CF_VIOLATED)
		ex_judge_dependencies(ex, fresh);
}

void ex_run_once(struct executor *ex, bool fresh)
{
	ex->shared->promises = 0;
	if (ex->control->plan.memory < CF_WEAK_EARLY)
		ex_run_plainly(ex, fresh);
	else
		ex_run_with_promises(ex, fresh);
}

void ex_run_plainly(struct executor *ex, bool fresh)
{
	enum cf_carrier carrier = ex_carrier(ex, fresh);

	if (carrier == CF_CARRIER_FIBER && run_on_fibers(ex))
		return;
	if (carrier != CF_CARRIER_ANY)
		run_on_processes(ex, fresh);
}
