/* SPDX-License-Identifier: Apache-2.0
 *
 * Accesses of every width and kind: what no CPU makes in parts is seen whole, in all of many random runs
 * under each model; what it may make in parts is seen so with tearing, or where its parts may be read out of
 * order, and only there.
 */
#include <dlfcn.h>
#include <stdbool.h>

#include "drive.h"

enum { RUNS = 2500 };

static bool is_reached(struct drive *d, unsigned variant, enum cf_memory model, bool tearing)
{
	struct cf_mailbox *mailbox = &d->control->mailbox;
	const struct cf_result *result;

	d->control->plan = (struct cf_plan){ .budget = DRIVE_BUDGET,
					     .variant = variant,
					     .memory = model,
					     .flags = tearing ? CF_PLAN_TEARING : 0 };
	mailbox->strategy = CF_STRATEGY_RANDOM;
	mailbox->budget = RUNS;
	mailbox->seed = 1 + variant;
	result = drive_run(d, CF_EXPLORE);
	CHECK(result->outcome == CF_PASSED || result->kind == CF_INVARIANT, "variant %u: %s",
	      variant, result->detail);
	return result->outcome == CF_VIOLATED;
}

static bool is_refused(const struct cf_variant_spec *variant)
{
	return strcmp(variant->what, "refused") == 0;
}

static void check_refused(struct drive *d, unsigned variant)
{
	const struct cf_result *result;

	d->control->plan = (struct cf_plan){ .budget = DRIVE_BUDGET, .variant = variant };
	result = drive_run(d, CF_RUN);
	CHECK(result->outcome == CF_UNSUPPORTED && strstr(result->detail, "atomic access of"),
	      "variant %u: outcome %u: %s", variant, result->outcome, result->detail);
}

/* gcc tells weak ones from strong ones, clang does not. */
static int check_spurious(struct drive *d, const struct cf_target *target, const char *name,
			  bool fails)
{
	unsigned variant = 0;
	int wrong = 0;

	while (strcmp(target->variants[variant].name, name) != 0)
		variant++;
	for (enum cf_memory model = CF_SC; model <= CF_WEAK_EARLY; model++) {
		bool reached, expected = fails && model >= CF_WEAK;

		d->control->plan = (struct cf_plan){ .budget = DRIVE_BUDGET,
						     .variant = variant,
						     .memory = model };
		drive_event(d, 0, 0, CF_DO_SPURIOUS, 0);
		reached = drive_run(d, CF_RUN)->outcome == CF_VIOLATED;
		if (reached != expected)
			fprintf(stderr, "%s under model %u: %s\n", name, model,
				reached ? "fails for no reason" : "never fails");
		wrong += reached != expected;
	}
	return wrong;
}

int main(void)
{
	void *handle = dlopen("./test-targets/accesses.so", RTLD_NOW);
	const struct cf_target *target = handle != NULL ? dlsym(handle, "cryofuzz_target") : NULL;
	bool (*in_parts)(unsigned variant, bool tearing) = NULL;
	struct drive d;
	int wrong = 0;

	CHECK(target != NULL, "accesses.so: %s", dlerror());
	*(void **)&in_parts = dlsym(handle, "accesses_in_parts");
	CHECK(in_parts != NULL, "accesses.so: %s", dlerror());
	d = drive_open("test-targets/accesses");
	for (unsigned i = 0; target->variants[i].name != NULL; i++)
		if (is_refused(&target->variants[i]))
			check_refused(&d, i);
	for (unsigned i = 0; !is_refused(&target->variants[i]); i++)
		/* Bursts let weak exchanges fail for no reason, too: below each is tried by itself. */
		for (enum cf_memory model = CF_SC; model <= CF_WEAK_EARLY; model++)
			for (int tearing = 0; tearing <= 1; tearing++) {
				bool parts = tearing || model >= CF_WEAK, reached;

				if (strcmp(target->variants[i].name, "once-weak") == 0)
					continue;
				reached = is_reached(&d, i, model, tearing);
				if (reached == in_parts(i, parts))
					continue;
				fprintf(stderr, "%s under model %u%s: %s\n",
					target->variants[i].name, model,
					tearing ? " with tearing" : "",
					reached ? "seen in parts" : "never seen in parts");
				wrong++;
			}
#ifdef __clang__
	wrong += check_spurious(&d, target, "once-weak", false);
#else
	wrong += check_spurious(&d, target, "once-weak", true);
#endif
	wrong += check_spurious(&d, target, "once-strong", false);
	drive_close(&d);
	printf("accesses: %d wrong\n", wrong);
	return wrong != 0;
}
