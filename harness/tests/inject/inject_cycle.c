/* SPDX-License-Identifier: Apache-2.0
 *
 * Freezes one victim again and again with our own injector, without the runtime: every cycle must
 * succeed, its state must be the same before and after, and the victim must agree.
 *
 *   inject_cycle [cycles]     default 50; prints the rate
 *   inject_cycle -n [cycles]  without snapshots: the injector's own rate
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../../freezer/inject/inject.h"
#include "../../freezer/victim/snapshot.h"

static struct snapshot before, after;
static struct inject in = INJECT_NONE;
static char text[256];
static int look = 1;

static int complain(const char *what, int code)
{
	fprintf(stderr, "inject_cycle: %s: %d\n", what, code);
	return 1;
}

static void step(const char *name, unsigned state)
{
	(void)name;
	(void)state;
}

static const struct inject_port port = {
	.step = step,
	.send = send,
	.recv = recv,
};

static int command(enum inject_cmd cmd, uint64_t operand)
{
	int ret = inject_command(&in, cmd, operand);

	if (ret)
		return complain(in.stage, ret);
	if (in.args->result != inject_result(cmd, in.serial, operand))
		return complain("the result of the command is wrong", (int)cmd);
	return 0;
}

static int commands(void)
{
	uint64_t page = (uint64_t)(uintptr_t)victim_page_address();

	if (!look)
		return command(INJECT_ADD, 137);
	return command(INJECT_ADD, 137) || command(INJECT_XOR, 138) || command(INJECT_CHURN, 1) ||
	       command(INJECT_WRITE, page + 8) || command(INJECT_FILE, 2);
}

static int freeze(const struct victim *v)
{
	if (inject_stop(&in, v->pid, &port, INJECT_CAREFUL))
		return complain(in.stage, 0);
	if (look &&
	    snapshot_take(&before, v->pid, in.code_address, (uintptr_t)victim_page_address()))
		return complain("snapshot before", 0);
	if (inject_infect(&in) || commands() || inject_cure(&in))
		return complain(in.stage, in.forced);
	if (look &&
	    snapshot_take(&after, v->pid, before.code_address, (uintptr_t)victim_page_address()))
		return complain("snapshot after", 0);
	if (look && snapshot_compare(&before, &after, SNAPSHOT_OF_SAME, text, sizeof(text)))
		return complain(text, 0);
	return 0;
}

static int end(struct victim *v)
{
	int status = 0, ret = victim_reap(v, &status);

	if (ret || status != VICTIM_CHILD_STATUS << 8)
		return complain("it ended otherwise", status);
	return victim_start(v, fork) ? complain("cannot start a victim", 0) : 0;
}

static int cycle(struct victim *v, uint64_t seed)
{
	const struct victim_setting setting = {
		.seed = seed,
		.place = (uint32_t)(seed % VICTIM_PLACES),
		.vectors = seed & 2 ? VICTIM_VECTORS_LIVE : VICTIM_VECTORS_CLEAN,
		.trap = (uint32_t)(seed / 3 % 3),
		.own_stack = seed & 1,
	};
	struct victim_regs want, seen;
	int ret;

	if (victim_hold_at_last(v, &setting, fork))
		return complain("the victim does not hold still", (int)setting.place);
	if (freeze(v))
		return 1;
	ret = victim_release(v);
	if (ret || inject_resume(&in))
		return complain("resume", ret);
	if (victim_ends(v))
		return end(v);
	ret = victim_report(v, &seen);
	if (ret) {
		fprintf(stderr, "place %u: ", setting.place);
		return complain("the victim does not report", ret);
	}
	if (victim_call_wrong(v, &seen, text, sizeof(text)))
		return complain(text, (int)setting.place);
	victim_expect(v, &want);
	if (victim_compare(&want, &seen, text, sizeof(text)))
		return complain(text, 0);
	if (victim_changed(v, text, sizeof(text)))
		return complain(text, 0);
	return 0;
}

/* The injector alone: one victim, which stays as it is. */
static int bare_cycle(struct victim *v)
{
	if (freeze(v))
		return 1;
	return inject_resume(&in) ? complain("resume", 0) : 0;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	const struct victim_setting still = { .seed = 1, .vectors = VICTIM_VECTORS_LIVE };
	struct victim v = { 0 };
	double begin;
	int cycles, failed = 0;

	if (argc > 1 && !strcmp(argv[1], "-n")) {
		look = 0;
		argc--, argv++;
	}
	cycles = argc > 1 ? atoi(argv[1]) : 50;
	if (victim_start(&v, fork))
		return complain("cannot start a victim", 0);
	if (!look && victim_hold(&v, &still))
		return complain("the victim does not hold still", 0);
	begin = now();
	for (int i = 0; i < cycles && !failed; i++)
		failed = look ? cycle(&v, (uint64_t)i) : bare_cycle(&v);
	victim_end(&v);
	if (!failed)
		printf("inject_cycle: %d cycles, %.0f cycles/s\n", cycles,
		       cycles / (now() - begin));
	return failed;
}
