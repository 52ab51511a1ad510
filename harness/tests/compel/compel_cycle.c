/* SPDX-License-Identifier: Apache-2.0
 *
 * Freezes one victim again and again with the real libcompel, without the runtime: every cycle must
 * succeed, its state must be the same before and after, and the victim must agree.
 *
 * CRYOFUZZ_COMPEL names another driver of libcompel than the default one.
 *
 *   compel_cycle [cycles]     default 50; prints the rate
 *   compel_cycle -n [cycles]  one command and no snapshots: libcompel's own rate
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../../freezer/compel/ask.h"
#include "../../freezer/compel/driver.h"
#include "../../freezer/compel/wire.h"
#include "../../freezer/victim/snapshot.h"

static const struct driver *driver;
static struct snapshot before, after;
static char text[256];

static int complain(const char *what, int code)
{
	fprintf(stderr, "compel_cycle: %s: %d\n", what, code);
	return 1;
}

static int command(struct spy *spy, const struct victim *v, int cmd)
{
	struct ask a = { .driver = driver, .spy = spy, .victim = v, .operand = 137 };
	enum answer answer = ask(&a, cmd);

	return answer == ANSWER_SERVED ? 0 : complain(ask_name(cmd), answer);
}

static int freeze(struct spy *spy, const struct victim *v)
{
	if (driver->stop(spy, v->pid) || driver->prepare(spy, 0, -1))
		return complain(spy->stage, 0);
	if (snapshot_take(&before, v->pid, driver->patched_code(spy),
			  (uintptr_t)victim_page_address()))
		return complain("snapshot before", 0);
	if (driver->infect(spy))
		return complain(spy->message, 0);
	if (command(spy, v, PARASITE_ADD) || command(spy, v, PARASITE_XOR))
		return 1;
	if (driver->cure(spy))
		return complain(spy->message, 0);
	if (snapshot_take(&after, v->pid, before.code_address, (uintptr_t)victim_page_address()))
		return complain("snapshot after", 0);
	if (snapshot_compare(&before, &after, SNAPSHOT_OF_SAME, text, sizeof(text)))
		return complain(text, 0);
	return 0;
}

/* libcompel ends a call of whose time the kernel keeps what is left, and forgets a sequence. */
static enum victim_place place_of(uint64_t seed)
{
	enum victim_place place = seed % VICTIM_PLACES;

	return victim_place_kind(place) == VICTIM_RESTARTED_TIMED || place == VICTIM_IN_SEQUENCE
		       ? VICTIM_SPINS
		       : place;
}

static int end(struct victim *v)
{
	int status = 0, ret = victim_reap(v, &status);

	if (ret || status != VICTIM_CHILD_STATUS << 8)
		return complain("it ended otherwise", status);
	return victim_start(v, (int (*)(void))fork) ? complain("cannot start a victim", 0) : 0;
}

static int cycle(struct victim *v, uint64_t seed)
{
	const struct victim_setting setting = {
		.seed = seed,
		.place = place_of(seed),
		.vectors = seed & 2 ? VICTIM_VECTORS_LIVE : VICTIM_VECTORS_CLEAN,
	};
	struct wire_rules rules = { .parasite = driver->parasite };
	struct victim_regs want, seen;
	struct spy spy;

	if (victim_hold_at_last(v, &setting, (int (*)(void))fork))
		return complain("the victim does not hold still", 0);
	rules.pid = v->pid;
	wire_reset(&rules);
	if (freeze(&spy, v))
		return 1;
	spy_parasite_log(&spy, text, sizeof(text));
	if (text[0])
		return complain(text, 0);
	if (victim_release(v) || driver->resume(&spy))
		return complain("resume", 0);
	driver->abandon(&spy);
	if (victim_ends(v))
		return end(v);
	if (victim_report(v, &seen))
		return complain("the victim does not report", 0);
	if (victim_call_wrong(v, &seen, text, sizeof(text)))
		return complain(text, (int)setting.place);
	victim_expect(v, &want);
	if (victim_compare(&want, &seen, text, sizeof(text)))
		return complain(text, 0);
	if (victim_changed(v, text, sizeof(text)))
		return complain(text, 0);
	return 0;
}

/* libcompel alone: one victim, which stays as it is. */
static int bare_cycle(const struct victim *v)
{
	const struct wire_rules rules = { .pid = v->pid, .parasite = driver->parasite };
	struct spy spy;

	wire_reset(&rules);
	if (driver->stop(&spy, v->pid) || driver->prepare(&spy, 0, -1) || driver->infect(&spy))
		return complain(spy.message, 0);
	if (command(&spy, v, PARASITE_ADD))
		return 1;
	if (driver->cure(&spy) || driver->resume(&spy))
		return complain(spy.message, 0);
	driver->abandon(&spy);
	return 0;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	const struct victim_setting still = { .seed = 1, .vectors = VICTIM_VECTORS_LIVE };
	struct victim v = { 0 };
	int bare = argc > 1 && !strcmp(argv[1], "-n");
	int cycles = argc > 1 + bare ? atoi(argv[1 + bare]) : 50, failed = 0;
	const char *chosen = getenv("CRYOFUZZ_COMPEL");
	double start;
	int i;

	driver = driver_load(chosen ? chosen : COMPEL_DRIVER, text, sizeof(text));
	if (!driver)
		return complain(text, 0);
	driver->use(&wire_doors, 0);
	if (victim_start(&v, (int (*)(void))fork))
		return complain("cannot fork a victim", 0);
	if (bare && victim_hold(&v, &still))
		return complain("the victim does not hold still", 0);
	start = now();
	for (i = 0; i < cycles && !failed; i++)
		failed = bare ? bare_cycle(&v) : cycle(&v, i);
	victim_end(&v);
	if (!failed)
		printf("compel_cycle: libcompel %s, %d cycles, %.0f cycles/s\n", driver->version, i,
		       i / (now() - start));
	return failed;
}
