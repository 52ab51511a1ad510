/* SPDX-License-Identifier: Apache-2.0
 *
 * The target compel disturbed: whatever comes before whichever of libcompel's calls, wherever the victim
 * lives and however many threads it has, a careful spy's run passes, and so does the next one. And the
 * same disturbance gives the same trace.
 *
 *   compel_disturbed [variant [disturbs]]     prints what comes of it before each call
 */
#include <dlfcn.h>

#include "../drive.h"

/* The calls of a cycle, and how far apart are those that are tried: a call in the victim makes 11. */
enum { CALLS = 130, STRIDE = 13 };

static struct drive drive;
static const struct cf_target *description;

static int *param(const char *name)
{
	unsigned i = 0;

	while (description->params[i].name && strcmp(description->params[i].name, name))
		i++;
	CHECK(description->params[i].name, "no param %s", name);
	return &drive.control->plan.params[i];
}

static void set_defaults(unsigned variant)
{
	drive.control->plan.variant = variant;
	for (unsigned i = 0; description->params[i].name; i++)
		drive.control->plan.params[i] = description->params[i].def;
}

static const struct cf_result *run(unsigned variant, int disturbs, int when, int stopped)
{
	set_defaults(variant);
	*param("disturbs") = disturbs;
	*param("when") = when;
	*param("stopped") = stopped;
	*param("place") = when % 2; /* asleep, or spinning */
	return drive_run(&drive, CF_RUN);
}

static uint64_t expect_pass(int disturbs, int when, int stopped)
{
	const struct cf_result *r = run(0, disturbs, when, stopped);

	CHECK(r->outcome == CF_PASSED, "disturbs=%d when=%d stopped=%d: %d in %s: %s", disturbs,
	      when, stopped, r->kind, r->site, r->detail);
	return r->hash;
}

static int kinds(void)
{
	int i = 0;

	while (&drive.control->plan.params[i] != param("disturbs"))
		i++;
	return description->params[i].max;
}

static void check_disturbances(void)
{
	for (int disturbs = 1; disturbs <= kinds(); disturbs++)
		for (int when = disturbs % STRIDE; when < CALLS; when += STRIDE) {
			expect_pass(disturbs, when, 0);
			expect_pass(disturbs, when, 1);
			expect_pass(0, 0, 0);
		}
}

static void check_same_trace(void)
{
	for (int disturbs = 1; disturbs <= kinds(); disturbs++) {
		uint64_t first = expect_pass(disturbs, 40, 0);

		for (int i = 0; i < 3; i++)
			CHECK(expect_pass(disturbs, 40, 0) == first, "disturbs=%d: another trace",
			      disturbs);
	}
}

static void check_homes(void)
{
	for (int home = 0; home <= 2; home++)
		for (int threads = 0; threads <= 3; threads++)
			for (int stopped = 0; stopped <= 3; stopped++) {
				const struct cf_result *r;

				set_defaults(0);
				*param("home") = home;
				*param("threads") = threads;
				*param("stopped") = stopped;
				r = drive_run(&drive, CF_RUN);
				CHECK(r->outcome == CF_PASSED || r->outcome == CF_UNSUPPORTED,
				      "home=%d threads=%d stopped=%d: %d in %s: %s", home, threads,
				      stopped, r->kind, r->site, r->detail);
			}
}

static void print_rows(const char *name, int from, int to)
{
	unsigned variant = 0;

	while (description->variants[variant].name &&
	       strcmp(description->variants[variant].name, name))
		variant++;
	CHECK(description->variants[variant].name, "no variant %s", name);
	for (int disturbs = from; disturbs <= to; disturbs++)
		for (int i = 0; i < 2 * CALLS; i++) {
			const struct cf_result *r = run(variant, disturbs, i / 2, i % 2);

			printf("disturbs=%d when=%d stopped=%d: %s %d in %s: %s\n", disturbs, i / 2,
			       i % 2, r->outcome == CF_PASSED ? "passed" : "found", r->kind,
			       r->site, r->detail);
		}
}

int main(int argc, char **argv)
{
	void *target = dlopen("./targets/compel.so", RTLD_NOW | RTLD_LOCAL);

	CHECK(target, "%s", dlerror());
	description = dlsym(target, "cryofuzz_target");
	drive = drive_open("targets/compel");
	if (argc > 1) {
		print_rows(argv[1], argc > 2 ? atoi(argv[2]) : 0,
			   argc > 2 ? atoi(argv[2]) : kinds());
	} else {
		check_disturbances();
		check_same_trace();
		check_homes();
	}
	drive_close(&drive);
	return 0;
}
