/* SPDX-License-Identifier: Apache-2.0
 *
 * Where a victim is while it is frozen. Of a time it is asked twice: by itself, whether it was over
 * too early; from outside, whether it still sleeps in its call although the time is over. The clock
 * says nothing about that, since a busy machine makes everything late: but one that has been woken
 * is not asleep, whenever it gets a processor.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>

#include "calls.h"
#include "codes.h"
#include "layout.h"
#include "patience.h"
#include "raw.h"
#include "threads.h"

enum { MILLISECOND = 1000000, LATE = 5 /* milliseconds */ };

uint64_t victim_go;
uint8_t victim_spins;

int64_t place_now(void)
{
	struct timespec t;

	raw2(SYS_clock_gettime, CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static const struct call *call_of(const struct victim *v)
{
	return &calls[v->setting.place];
}

/* ---- inside ---------------------------------------------------------------------------------- */

static int64_t began;

int place_prepare(const struct victim_setting *setting, struct victim_told *told)
{
	const struct code *code = code_of(setting->place);
	const struct call *call = &calls[setting->place];

	memcpy(told->arg, call->arg, sizeof(told->arg));
	told->result = call->result;
	began = place_now();
	if (code) {
		int ret = code_prepare(code, setting);

		if (ret)
			return ret;
	}
	return call_prepare(call, told);
}

void place_enter(const struct victim_setting *setting, struct victim_told *told)
{
	const struct code *code = code_of(setting->place);

	if (code)
		code_enter(code);
	call_enter(&calls[setting->place], told);
	told->error = threads_start(setting->threads, setting->seed);
}

void place_judge(const struct victim_setting *setting, int64_t result, struct victim_told *told)
{
	const struct code *code = code_of(setting->place);
	const struct call *call = &calls[setting->place];

	told->took = place_now() - began;
	told->result = result;
	told->threads = threads_end();
	told->wrong = code && code->check ? code->check() : NULL;
	if (call->check)
		told->wrong = call->check(result);
}

void place_tidy(const struct victim_setting *setting)
{
	const struct code *code = code_of(setting->place);

	threads_end();
	if (code)
		code_tidy(code);
	call_tidy();
}

/* ---- outside --------------------------------------------------------------------------------- */

/* What a child is to inherit is what its parent has. */
static void adapt_to_birth(struct state_wish *state)
{
	state->of[STATE_FAMILY] = 0;
	if (state->of[STATE_LAYOUT] == STATE_LAYOUT_PAGES)
		state->of[STATE_LAYOUT] = 0;
}

/* Another program knows nothing of all that, and nobody speaks of it any more. */
static void adapt_to_end(struct victim_setting *setting)
{
	memset(&setting->state, 0, sizeof(setting->state));
	setting->vectors = VICTIM_VECTORS_CLEAN;
	setting->own_stack = VICTIM_STACK_NONE;
	setting->trap = VICTIM_TRAP_DEFAULT;
}

/* To land it has to be trapped; and whoever has a handler there, a sequence or a stack has no other. */
static void adapt_to_landing(struct victim_setting *setting, const struct code *code)
{
	setting->trap = VICTIM_TRAP_DEFAULT;
	setting->own_stack |= code->handler != NULL;
	setting->state.of[STATE_HANDLERS] = 0;
	setting->state.of[STATE_THREAD] = 0;
}

void place_adapt(struct victim_setting *setting)
{
	const struct code *code = code_of(setting->place);
	const unsigned flags = calls[setting->place].flags;

	if (code && code->land != LAND_NOWHERE)
		adapt_to_landing(setting, code);
	if (flags & CALL_BEARS)
		adapt_to_birth(&setting->state);
	if (flags & (CALL_REPLACES | CALL_ENDS))
		adapt_to_end(setting);
}

int64_t place_result(const struct victim *v)
{
	return call_of(v)->flags & CALL_GIVES_ANY ? v->back.result : v->there.result;
}

/* The number of the call it sleeps in and its first two arguments, as /proc has them: else -1. */
static long look_at_call(const struct victim *v, uint64_t arg[2])
{
	char path[40], text[160], *end;
	long fd, n, number;

	snprintf(path, sizeof(path), "/proc/%d/syscall", v->pid);
	fd = raw4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	n = raw3(SYS_read, fd, text, sizeof(text) - 1);
	raw1(SYS_close, fd);
	text[n > 0 ? n : 0] = 0;
	number = strtol(text, &end, 10);
	if (end == text)
		return -1;
	arg[0] = strtoull(end, &end, 16);
	arg[1] = strtoull(end, &end, 16);
	return number;
}

/* What a call takes no part in is whatever the register holds, so it is only the number then. */
static int is_asleep(const struct victim *v)
{
	const struct call *call = call_of(v);
	uint64_t arg[2] = { 0, 0 };
	long number = look_at_call(v, arg);

	if (number != (long)call->number && number != SYS_restart_syscall)
		return 0;
	return (call->count < 1 || arg[0] == v->there.arg[0]) &&
	       (call->count < 2 || arg[1] == v->there.arg[1]);
}

static int is_set(const struct victim *v, void *flag)
{
	uint8_t set = 0;
	struct iovec here = { &set, 1 }, there = { flag, 1 };

	return raw6(SYS_process_vm_readv, v->pid, &here, 1, &there, 1, 0) == 1 && set;
}

/* A handler that spins says first that it is there, then that it spins. */
static int is_in_place(const struct victim *v, int nested)
{
	if (!code_of(v->setting.place))
		return is_asleep(v);
	return (!nested || is_set(v, &victim_nested)) && is_set(v, &victim_spins);
}

/* One that goes to sleep gives the processor back by itself; from one that spins only a timer takes
 * it. So look again soon, then in slices. */
static int await(const struct victim *v, int nested)
{
	const struct timespec moment = { .tv_nsec = 20000 };
	struct patience patience = patience_for(v->pid);
	int slice;

	for (int turn = 0; turn < 20; turn++) {
		if (is_in_place(v, nested))
			return 0;
		if (!code_of(v->setting.place) && turn < 10)
			raw1(SYS_sched_yield, 0);
		else
			raw4(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &moment, 0);
	}
	while ((slice = patience_slice(&patience))) {
		if (is_in_place(v, nested))
			return 0;
		raw3(SYS_poll, 0, 0, slice);
	}
	return -ETIMEDOUT;
}

/* On a busy machine a call that ends by itself is often over before anybody has seen it. */
unsigned victim_tries(const struct victim *v)
{
	return call_of(v)->milliseconds ? 50 : 5;
}

int place_await(struct victim *v)
{
	const struct code *code = code_of(v->setting.place);
	int ret = await(v, 0);

	v->stopped = 0;
	if (ret || !code || code->land == LAND_NOWHERE || v->setting.goes_on)
		return ret;
	if (code->land != LAND_NESTED) {
		v->stopped = 1;
		return land(v, code);
	}
	ret = (int)raw2(SYS_kill, v->pid, VICTIM_HANDLED_SIGNAL);
	return ret ? ret : await(v, 1);
}

static void sleep_until(int64_t when)
{
	const struct timespec t = { when / 1000000000, when % 1000000000 };

	raw4(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &t, 0);
}

/* The other end of what it sleeps on. */
static long far_end(const struct victim *v)
{
	long pidfd = raw2(SYS_pidfd_open, v->pid, 0), fd;

	if (pidfd < 0)
		return pidfd;
	fd = raw3(SYS_pidfd_getfd, pidfd, CALL_FAR, 0);
	raw1(SYS_close, pidfd);
	return fd;
}

/* Nobody reads what is written to its pipe any more once a releaser has done its part. */
static int await_releaser(long fd)
{
	struct pollfd p = { .fd = (int)fd };

	return raw3(SYS_poll, &p, 1, PATIENCE_AT_MOST) == 1 ? 0 : -ETIMEDOUT;
}

static long write_far(const struct victim *v, uint64_t word)
{
	long fd = far_end(v), ret;

	if (fd < 0)
		return fd;
	ret = raw3(SYS_write, fd, &word, sizeof(word));
	if (ret > 0 && call_of(v)->act && await_releaser(fd))
		ret = -ETIMEDOUT;
	raw1(SYS_close, fd);
	return ret;
}

/* A sleep is thawed when half of its time is over: one that began anew would last beyond its end, and one that
 * has lost its time would end too early, even if both have to wait for a processor for a while. */
static long release_call(const struct victim *v)
{
	const uint64_t word = VICTIM_WORD;
	const struct call *call = call_of(v);

	if (call->milliseconds) {
		sleep_until(v->ordered + call->milliseconds * (int64_t)MILLISECOND / 2);
		return sizeof(word);
	}
	if (call->flags & (CALL_STOP_ENDS | CALL_LATER | CALL_GIVES_ANY))
		return sizeof(word);
	if (call->flags & CALL_BY_ORDER)
		return raw3(SYS_write, v->fd, &word, sizeof(word));
	return write_far(v, word);
}

/* It spins no more: it is another program, or it has ended. */
static int is_over(const struct victim *v, long error)
{
	const unsigned flags = call_of(v)->flags;

	return (flags & CALL_REPLACES && error == -EFAULT) ||
	       (flags & CALL_ENDS && (error == -ESRCH || error == -EFAULT));
}

int place_release(const struct victim *v)
{
	uint64_t word = 0;
	struct iovec here = { &word, sizeof(word) }, there = { &victim_go, sizeof(word) };
	long ret;

	if (code_of(v->setting.place))
		ret = raw6(SYS_process_vm_writev, v->pid, &here, 1, &there, 1, 0);
	else
		ret = release_call(v);
	if (is_over(v, ret))
		return 0;
	return ret == sizeof(word) ? 0 : ret < 0 ? (int)ret : -EPIPE;
}

/* By then its time is over, if it has gone on by now. */
static int64_t end_of(const struct victim *v)
{
	const struct call *call = call_of(v);
	const int64_t now = place_now();
	const int64_t begin = call->flags & CALL_CLOCK_STOPS ? now : v->held;
	const int64_t end = begin + call->milliseconds * (int64_t)MILLISECOND;

	return (end > now ? end : now) + LATE * (int64_t)MILLISECOND;
}

int place_still_sleeps(const struct victim *v)
{
	return call_of(v)->name && patience_state(v->pid) == 'S' && is_asleep(v);
}

static int has_spoken(const struct victim *v, int milliseconds)
{
	struct pollfd p = { .fd = v->fd, .events = POLLIN };

	return raw3(SYS_poll, &p, 1, milliseconds) != 0;
}

/* True once it is back in its call. If it never is, it has something to say, or never will. */
static int await_back(const struct victim *v)
{
	struct patience patience = patience_for(v->pid);
	int slice;

	while (!place_still_sleeps(v)) {
		slice = patience_slice(&patience);
		if (!slice || has_spoken(v, slice))
			return 0;
	}
	return 1;
}

static int release_later(const struct victim *v)
{
	return await_back(v) && write_far(v, VICTIM_WORD) < 0 ? -EPIPE : 0;
}

/* Where the clock stands still meanwhile it goes on only once the victim is back in its call, for which
 * it needs a processor. */
static int await_time(const struct victim *v)
{
	int64_t end;

	if ((call_of(v)->flags & CALL_CLOCK_STOPS) && !await_back(v))
		return 0;
	end = end_of(v);
	while (!has_spoken(v, 1))
		if (place_now() >= end) /* in this order: its time was over when it was asleep */
			return place_still_sleeps(v) ? -ETIME : 0;
	return 0;
}

int place_await_end(const struct victim *v)
{
	if (call_of(v)->flags & CALL_LATER)
		return release_later(v);
	return call_of(v)->milliseconds ? await_time(v) : 0;
}

const char *victim_call_wrong(const struct victim *v, const struct victim_regs *seen, char *text,
			      size_t size)
{
	const struct call *call = call_of(v);
	int64_t result = (int64_t)seen->gpr[VICTIM_RAX / 8];

	if (call->name && result != place_result(v))
		snprintf(text, size, "%s returned %lld instead of %lld", call->name,
			 (long long)result, (long long)place_result(v));
	else if (v->back.took < call->milliseconds * (int64_t)MILLISECOND)
		snprintf(text, size, "%s ended after %d us instead of %u ms", call->name,
			 (int)(v->back.took / 1000), call->milliseconds);
	else if (v->back.wrong)
		snprintf(text, size, "%s is over, but %s", victim_place_name(v), v->back.wrong);
	else
		return NULL;
	return text;
}

enum victim_kind victim_place_kind(enum victim_place place)
{
	const struct code *code = code_of(place);

	if (!calls[place].name)
		return VICTIM_NO_CALL;
	if (code && code->land == LAND_CALL_BEGINS && !(calls[place].flags & CALL_REPLACES))
		return VICTIM_RESTARTED;
	if (calls[place].flags & (CALL_STOP_ENDS | CALL_GIVES_ANY | CALL_REPLACES | CALL_ENDS))
		return VICTIM_ENDED;
	return calls[place].flags & CALL_RESTART_BLOCK ? VICTIM_RESTARTED_TIMED : VICTIM_RESTARTED;
}

const char *victim_place_name(const struct victim *v)
{
	const struct code *code = code_of(v->setting.place);

	return code ? code->name : call_of(v)->name;
}

int victim_is_spent(const struct victim *v)
{
	return call_of(v)->flags & (CALL_REPLACES | CALL_ENDS);
}

const char *victim_cannot(const struct victim *v, char *text, size_t size)
{
	if (!v->there.error)
		return NULL;
	snprintf(text, size, "%s can't be set up here: error %lld", victim_place_name(v),
		 (long long)v->there.error);
	return text;
}
