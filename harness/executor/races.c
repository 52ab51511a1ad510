/* SPDX-License-Identifier: Apache-2.0
 * How a data race is told. */
#include <stdio.h>
#include <string.h>

#include "executor.h"

static const struct cf_word *word_at(const struct cf_target *target, uint32_t offset)
{
	const struct cf_word *word = target->words;

	while (word != NULL && word->name != NULL &&
	       (offset < word->offset || offset >= word->offset + word->size))
		word++;
	return word != NULL && word->name != NULL ? word : NULL;
}

static const char *place(const struct executor *ex, uint32_t site)
{
	return site > 0 && site <= ex->loaded.places ? ex->loaded.place[site - 1] : "?";
}

/* A word that has no name is known by its plain access, of two by the one whose name comes first: who was
 * first differs from run to run. */
static const char *plain_place(const struct executor *ex, const struct rt_race *race)
{
	const char *first = place(ex, race->site[0]), *second = place(ex, race->site[1]);

	if (race->plain[0] && race->plain[1])
		return strcmp(first, second) < 0 ? first : second;
	return race->plain[0] ? first : second;
}

static int describe_access(const struct executor *ex, const struct rt_race *race, unsigned which,
			   char *text, size_t size)
{
	const struct rt_actor *actor = &ex->shared->actor[race->actor[which]];
	const struct cf_role *role = &ex->loaded.target->roles[actor->role];
	char name[64];

	snprintf(name, sizeof(name), role->count != NULL ? "%s%u" : "%s%.0u", role->name,
		 actor->index);
	return snprintf(text, size, "%s of %s at %s (%s)", race->store[which] ? "store" : "load",
			name, place(ex, race->site[which]),
			race->plain[which] ? "plain" : "atomic");
}

void ex_tell_race(struct executor *ex)
{
	const struct rt_race *race = &ex->shared->races.race;
	const struct cf_word *word = word_at(ex->loaded.target, race->offset);
	struct cf_result *result = &ex->control->result;
	char first[96], second[96];

	if (!race->found || (word != NULL && word->racy))
		return;
	describe_access(ex, race, 0, first, sizeof(first));
	describe_access(ex, race, 1, second, sizeof(second));
	snprintf(result->detail, sizeof(result->detail), "[%u] %u bytes: %s, %s: in no order",
		 race->offset, race->bytes, first, second);
	if (word != NULL)
		snprintf(result->site, sizeof(result->site), "%s.%s", ex->loaded.target->name,
			 word->name);
	else
		snprintf(result->site, sizeof(result->site), "%s", plain_place(ex, race));
	result->kind = CF_DATA_RACE;
	result->actor = race->actor[1];
	result->site_id = race->site[1];
	result->outcome = CF_VIOLATED;
}
