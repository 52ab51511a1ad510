/* SPDX-License-Identifier: Apache-2.0
 *
 * Where a victim is while it is frozen.
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
#include "patience.h"
#include "raw.h"
#include "threads.h"

uint64_t victim_go;
uint8_t victim_spins;

int64_t place_now(void)
{
	struct timespec t;

	raw2(SYS_clock_gettime, CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ll + t.tv_nsec;
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

int place_still_sleeps(const struct victim *v)
{
	return call_of(v)->name && patience_state(v->pid) == 'S' && is_asleep(v);
}

const char *victim_call_wrong(const struct victim *v, const struct victim_regs *seen, char *text,
			      size_t size)
{
	const struct call *call = call_of(v);
	int64_t result = (int64_t)seen->gpr[VICTIM_RAX / 8];

	if (call->name && result != place_result(v))
		snprintf(text, size, "%s returned %lld instead of %lld", call->name,
			 (long long)result, (long long)place_result(v));
	else if (v->back.took < call->milliseconds * (int64_t)CALL_MILLISECOND)
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
