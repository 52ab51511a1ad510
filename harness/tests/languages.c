/* SPDX-License-Identifier: Apache-2.0
 *
 * Ordinary programs with the threads of C11 and of C++: what is planted is found, what is right is never said
 * to be wrong, and what can't be had is said.
 */
#include <stdbool.h>

#include "drive.h"

static const struct program {
	const char *path;
	unsigned variant;
	const char *first; /* what the default run comes to: "" passes */
	const char *found; /* what one more event comes to; NULL: not asked */
} programs[] = {
	{ "test-targets/c11", 0, "", "" },
	{ "test-targets/c11", 1, "", "deadlock in c11.main" },
	{ "test-targets/c11", 2, "", "invariant in c11.sum" },
	{ "test-targets/c11", 3, "", "" },
	{ "test-targets/c11", 4, "", "" },
	{ "test-targets/cxx", 0, "", "" },
	{ "test-targets/cxx", 1, "", "deadlock in cxx.main" },
	{ "test-targets/cxx", 2, "", "deadlock in cxx.main" },
	{ "test-targets/cxx", 3, "std::terminate()", NULL },
	{ "test-targets/cxx", 4, "refers to what only its creator has", NULL },
	{ "test-targets/cxx", 5, "invariant in std.thread", NULL },
	{ "test-targets/cxx", 6, "", "" },
	{ "test-targets/cxx20", 0, "", "" },
	{ "test-targets/cxx20", 1, "", "deadlock in cxx20.main" },
	{ "test-targets/cxx20", 2, "", "deadlock in cxx20.main" },
	{ "test-targets/cxx20", 3, "", "invariant in cxx20.sum" },
	{ "test-targets/cxx20", 4, "", "" },
	{ "test-targets/cxx20", 5, "deadlock in cxx20", NULL },
	{ "test-targets/cxx20", 6, "", "invariant in cxx20.sum" },
	{ "test-targets/cxx20", 7, "", "" },
	{ "test-targets/cxx20", 8, "invariant in cxx20.sum", NULL },
	{ "test-targets/cxx20", 9, "deadlock in cxx20", NULL },
	{ "test-targets/cxx20", 10, "", "" },
	{ "test-targets/cxx20", 11, "", "invariant in cxx20.sum" },
	{ "test-targets/cxx20", 12, "", "" },
	{ "test-targets/cxx20", 13, "", "" },
	{ "test-targets/cxx20", 14, "", "invariant in cxx20.sum" },
	{ "test-targets/cxx20", 15, "refers to what only its creator has", NULL },
	{ "test-targets/cxx20", 16, "a std::future waits for what only this actor has", NULL },
	{ "test-targets/cxx20", 17, "refers to what only its creator has", NULL },
	{ "test-targets/cxx20", 18, "waits for an atomic that only this actor has", NULL },
	{ "test-targets/cxx20", 19, "what another one has on its heap", NULL },
	{ "test-targets/cxx20", 20, "", "" },
	{ "test-targets/cxx20", 21, "refers to what only its creator has", NULL },
	{ "test-targets/cxx20", 22, "refers to the heap", NULL },
	{ "test-targets/gates", 0, "", "" },
	{ "test-targets/gates", 1, "", "stale-read in gates.walk" },
	{ "test-targets/gates", 2, "deadlock in gates", NULL },
};

static const char *title_of(const struct cf_result *result)
{
	static const char *const kinds[] = { [CF_INVARIANT] = "invariant",
					     [CF_DEADLOCK] = "deadlock",
					     [CF_STALE_READ] = "stale-read" };
	static char title[128];

	if (result->outcome == CF_PASSED)
		return "";
	if (result->outcome != CF_VIOLATED || result->kind >= sizeof(kinds) / sizeof(kinds[0]) ||
	    kinds[result->kind] == NULL)
		return result->detail;
	snprintf(title, sizeof(title), "%s in %s", kinds[result->kind], result->site);
	return title;
}

static bool is_as(const struct cf_result *result, const char *wanted)
{
	const char *title = title_of(result);

	return *wanted ? strstr(title, wanted) != NULL : !*title;
}

/* With each switch alone, and each stale load: true if any comes to that, nothing to anything else. */
static bool comes_to(struct drive *d, const struct program *p)
{
	struct cf_result usual = *drive_run(d, CF_RUN);
	bool found = false;

	d->control->plan.memory = CF_WEAK;
	for (unsigned actor = 0; actor < usual.actors; actor++)
		for (unsigned point = 0; point < usual.actor_result[actor].points; point++)
			for (unsigned to = 0; to <= usual.actors; to++) {
				const struct cf_result *r;
				bool stale = to == usual.actors;

				d->control->plan.events = 0;
				drive_event(d, actor, point, stale ? CF_DO_STALE : CF_DO_SWITCH,
					    stale ? 1 : to);
				r = drive_run(d, CF_RUN);
				CHECK(r->outcome == CF_PASSED || is_as(r, p->found),
				      "%s variant %u, actor %u point %u to %u: %s: %s", p->path,
				      p->variant, actor, point, to, r->site, r->detail);
				found |= r->outcome != CF_PASSED;
			}
	return found;
}

static void check_program(const struct program *p)
{
	struct drive d = drive_open(p->path);
	const struct cf_result *r;

	d.control->plan.variant = p->variant;
	d.control->plan.params[0] = strstr(p->path, "c11") ? 1 : 2;
	r = drive_run(&d, CF_RUN);
	CHECK(is_as(r, p->first), "%s variant %u: outcome %u, %s: %s, not '%s'", p->path,
	      p->variant, r->outcome, r->site, r->detail, p->first);
	if (p->found != NULL)
		CHECK(comes_to(&d, p) == (*p->found != 0), "%s variant %u: never '%s'", p->path,
		      p->variant, p->found);
	drive_close(&d);
}

int main(void)
{
	unsigned count = sizeof(programs) / sizeof(programs[0]);

	for (unsigned i = 0; i < count; i++)
		check_program(&programs[i]);
	printf("languages: %u programs come to what they should\n", count);
	return 0;
}
