/* SPDX-License-Identifier: Apache-2.0
 *
 * Freezes one victim again and again with the real libcompel, without the runtime: every cycle must
 * succeed, its state must be the same before and after, and the victim must agree.
 *
 *   compel_cycle [cycles]     default 50; prints the rate
 *   compel_cycle -n [cycles]  one command and no snapshots: libcompel's own rate
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../../freezer/compel/spy.h"
#include "../../freezer/compel/wire.h"
#include "../../freezer/victim/snapshot.h"

static struct snapshot before, after;
static char text[256];

static int complain(const char *what, int code)
{
	fprintf(stderr, "compel_cycle: %s: %d\n", what, code);
	return 1;
}

static int freeze(struct spy *spy, const struct victim *v)
{
	if (spy_stop(spy, v->pid) || spy_prepare(spy, 0))
		return complain(spy->stage, 0);
	if (snapshot_take(&before, v->pid, spy_patched_code(spy), (uintptr_t)victim_page_address()))
		return complain("snapshot before", 0);
	if (spy_infect(spy, 0))
		return complain(spy->message, 0);
	for (int i = 0; i < 2; i++) {
		enum spy_answer answer = spy_command(spy, i ? PARASITE_XOR : PARASITE_ADD, 137);

		if (answer != SPY_SERVED)
			return complain("command", answer);
	}
	if (spy_cure(spy))
		return complain(spy->message, 0);
	if (snapshot_take(&after, v->pid, before.code_address, (uintptr_t)victim_page_address()))
		return complain("snapshot after", 0);
	if (snapshot_compare(&before, &after, SNAPSHOT_OF_SAME, text, sizeof(text)))
		return complain(text, 0);
	return 0;
}

/* libcompel ends a call of whose time the kernel keeps what is left. */
static enum victim_place place_of(uint64_t seed)
{
	enum victim_place place = seed % VICTIM_PLACES;

	return victim_place_kind(place) == VICTIM_RESTARTED_TIMED ? VICTIM_SPINS : place;
}

static int cycle(struct victim *v, uint64_t seed)
{
	const struct victim_setting setting = {
		.seed = seed,
		.place = place_of(seed),
		.vectors = seed & 2 ? VICTIM_VECTORS_LIVE : VICTIM_VECTORS_CLEAN,
	};
	const struct wire_rules rules = { .pid = v->pid };
	struct victim_regs want, seen;
	struct spy spy;

	wire_reset(&rules);
	if (victim_hold(v, &setting))
		return complain("the victim does not hold still", 0);
	if (freeze(&spy, v))
		return 1;
	spy_parasite_log(&spy, text, sizeof(text));
	if (text[0])
		return complain(text, 0);
	if (victim_release(v) || spy_resume(&spy))
		return complain("resume", 0);
	spy_abandon(&spy);
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
	const struct wire_rules rules = { .pid = v->pid };
	struct spy spy;

	wire_reset(&rules);
	if (spy_stop(&spy, v->pid) || spy_prepare(&spy, 0) || spy_infect(&spy, 0))
		return complain(spy.message, 0);
	if (spy_command(&spy, PARASITE_ADD, 137) != SPY_SERVED)
		return complain("command", 0);
	if (spy_cure(&spy) || spy_resume(&spy))
		return complain(spy.message, 0);
	spy_abandon(&spy);
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
	double start;
	int i;

	if (victim_start(&v, (int (*)(void))fork))
		return complain("cannot fork a victim", 0);
	if (bare && victim_hold(&v, &still))
		return complain("the victim does not hold still", 0);
	start = now();
	for (i = 0; i < cycles && !failed; i++)
		failed = bare ? bare_cycle(&v) : cycle(&v, i);
	victim_end(&v);
	if (!failed)
		printf("compel_cycle: %d cycles, %.0f cycles/s\n", i, i / (now() - start));
	return failed;
}
