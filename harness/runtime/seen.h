/* SPDX-License-Identifier: Apache-2.0
 * seen.h - the table of outcomes in the control block: who is in it already, and somebody new. */
#ifndef CRYOFUZZ_SEEN_H
#define CRYOFUZZ_SEEN_H

#include <stdbool.h>
#include <string.h>

#include "control.h"

/* How a run that has passed or failed has ended. */
static inline bool seen_so(const struct cf_seen *seen, const struct cf_result *result)
{
	return seen->kind == result->kind && strcmp(seen->text, result->outcome_text) == 0 &&
	       strcmp(seen->site, result->site) == 0 &&
	       (seen->site[0] != '\0' || seen->site_id == result->site_id);
}

static inline struct cf_seen *seen_find(struct cf_outcomes *outcomes,
					const struct cf_result *result)
{
	for (uint32_t i = 0; i < outcomes->seen; i++)
		if (seen_so(&outcomes->entry[i], result))
			return &outcomes->entry[i];
	return NULL;
}

/* Of a run that ended so. */
static inline void seen_facts(struct cf_seen *seen, const struct cf_result *result)
{
	for (unsigned i = 0; i < CF_MAX_FACTS; i++)
		seen->facts[i] += result->facts >> i & 1;
}

/* There is room: seen < CF_SEEN. The plan is the caller's to fill in. */
static inline struct cf_seen *seen_add(struct cf_outcomes *outcomes, const struct cf_result *result)
{
	struct cf_seen *seen = &outcomes->entry[outcomes->seen++];

	*seen = (struct cf_seen){ .kind = result->kind,
				  .site_id = result->site_id,
				  .listed = result->listed,
				  .runs = 1 };
	memcpy(seen->text, result->outcome_text, sizeof(seen->text));
	memcpy(seen->site, result->site, sizeof(seen->site));
	seen_facts(seen, result);
	return seen;
}

/* One more run, of which nobody needs the plan. */
static inline void seen_count(struct cf_outcomes *outcomes, const struct cf_result *result)
{
	struct cf_seen *seen = seen_find(outcomes, result);

	outcomes->runs++;
	if (seen != NULL)
		seen->runs++;
	else if (outcomes->seen < CF_SEEN)
		seen_add(outcomes, result);
	else
		outcomes->others++;
}

#endif
