/* SPDX-License-Identifier: Apache-2.0
 * What comes of a run, as the target words it, and what the target thinks of that. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rt.h"

/* Each * of the pattern stands for any characters. */
static bool fits(const char *pattern, const char *text)
{
	const char *star = NULL, *rest = NULL;

	while (*text != '\0') {
		if (*pattern == '*') {
			star = ++pattern;
			rest = text;
		} else if (*pattern == *text) {
			pattern++;
			text++;
		} else if (star != NULL) {
			pattern = star;
			text = ++rest;
		} else {
			return false;
		}
	}
	return pattern[strspn(pattern, "*")] == '\0';
}

static bool is_of_variant(const struct cf_outcome_spec *outcome)
{
	return outcome->variant == NULL ||
	       strcmp(outcome->variant, rt.target->variants[cf_variant()].name) == 0;
}

/* 1 + its place in the list; 0 if it is not there. */
static uint32_t place_of(const char *text, bool *any)
{
	const struct cf_outcome_spec *outcome = rt.target->outcomes;

	for (uint32_t i = 0; outcome != NULL && outcome[i].name != NULL; i++) {
		if (!is_of_variant(&outcome[i]))
			continue;
		*any = true;
		if (fits(outcome[i].text != NULL ? outcome[i].text : outcome[i].name, text))
			return i + 1;
	}
	return 0;
}

void cf_outcome(const char *format, ...)
{
	struct cf_result *result = &rt.control->result;
	const struct cf_outcome_spec *outcome = NULL;
	char site[CF_SITE_NAME];
	va_list arguments;
	bool any = false;

	va_start(arguments, format);
	vsnprintf(result->outcome_text, sizeof(result->outcome_text), format, arguments);
	va_end(arguments);
	result->listed = place_of(result->outcome_text, &any);
	if (result->listed > 0)
		outcome = &rt.target->outcomes[result->listed - 1];
	if (!any || (outcome != NULL && outcome->grade != CF_FORBIDDEN))
		return;
	snprintf(site, sizeof(site), "%s.%s", rt.target->name,
		 outcome != NULL ? outcome->name : "unlisted");
	cf_fail(CF_INVARIANT, site, "%s", result->outcome_text);
}

void cf_fact(const char *id)
{
	const struct cf_fact_spec *fact = rt.target->facts;

	for (unsigned i = 0; fact != NULL && fact[i].id != NULL; i++) {
		if (strcmp(fact[i].id, id) != 0)
			continue;
		/* on the native carrier others are at it, too */
		__atomic_fetch_or(&rt.control->result.facts, 1u << i, __ATOMIC_RELAXED);
		return;
	}
	cf_broken("cf_fact(\"%s\"): the target declares no such fact", id);
}
