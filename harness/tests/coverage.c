/* SPDX-License-Identifier: Apache-2.0
 *
 * What coverage of a target's code is worth: a search that keeps each plan with a feature that none had
 * before opens a latch of three keys; the same search, seeds and budget do not open its twin, which was
 * compiled without coverage.
 */
#include <stdbool.h>

#include "drive.h"

enum { KEYS = 3, VALUES = 256, SEEDS = 5, BUDGET = 20000, POOL = 64 };

static uint64_t state;

static unsigned below(unsigned limit)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state >> 11) % limit;
}

struct search {
	struct drive *drive;
	bool seen[CF_FEEDBACK_SIZE];
	unsigned plans;
	int32_t key[POOL][KEYS];
};

/* True if the last run had a feature that none had before. */
static bool note_features(struct search *s)
{
	uint8_t *feedback = s->drive->control->feedback;
	bool any = false;

	for (unsigned i = 0; i < CF_FEEDBACK_SIZE; i++) {
		any |= feedback[i] != 0 && !s->seen[i];
		s->seen[i] |= feedback[i] != 0;
		feedback[i] = 0;
	}
	return any;
}

static const struct cf_result *run_with(struct search *s, const int32_t *key)
{
	const struct cf_result *r;

	memcpy(s->drive->control->plan.params, key, sizeof(s->key[0]));
	r = drive_run(s->drive, CF_RUN);
	if (note_features(s) && s->plans < POOL)
		memcpy(s->key[s->plans++], key, sizeof(s->key[0]));
	return r;
}

/* After how many runs the latch is open, 0 if it still is not at the end. */
static unsigned runs_to_open(struct drive *d, unsigned seed)
{
	struct search s = { .drive = d, .plans = 1 }; /* the default run */
	int32_t key[KEYS] = { 0 };

	state = seed * 2654435761u + 1;
	memset(d->control->feedback, 0, CF_FEEDBACK_SIZE);
	for (unsigned runs = 1; runs <= BUDGET; runs++) {
		const struct cf_result *r = run_with(&s, key);

		CHECK(r->outcome == CF_PASSED || r->outcome == CF_VIOLATED, "%s", r->detail);
		if (r->outcome == CF_VIOLATED)
			return runs;
		memcpy(key, s.key[below(s.plans)], sizeof(key));
		do
			key[below(KEYS)] = (int32_t)below(VALUES);
		while (below(3) == 0);
	}
	return 0;
}

static unsigned count_opened(const char *target, unsigned *most)
{
	struct drive d = drive_open(target);
	unsigned opened = 0;

	d.control->plan.flags = CF_PLAN_FEEDBACK;
	*most = 0;
	for (unsigned seed = 1; seed <= SEEDS; seed++) {
		unsigned runs = runs_to_open(&d, seed);

		opened += runs > 0;
		if (runs > *most)
			*most = runs;
	}
	drive_close(&d);
	return opened;
}

int main(void)
{
	unsigned most, unused, seeing = count_opened("test-targets/latch", &most);
	unsigned blind = count_opened("test-targets/latch-blind", &unused);

	printf("coverage: opened with %u of %d seeds, after %u runs at most; without, with %u\n",
	       seeing, SEEDS, most, blind);
	CHECK(seeing == SEEDS && blind == 0, "what a branch tells is lost");
	return 0;
}
