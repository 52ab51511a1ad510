/* SPDX-License-Identifier: Apache-2.0
 *
 * Mutexes, conditions, semaphores and so on as points: whoever uses them well passes wherever another one
 * comes in between, on both carriers; a use that is not quite right shows somewhere. What pthread says of
 * misuse is said, and a deadlock tells who waits for what, and who has it.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>

#include "drive.h"

enum { ACTORS = 2, MOST_POINTS = 60 };

static const struct cf_target *describe(const char *path)
{
	char so[256];
	void *handle;

	snprintf(so, sizeof(so), "./%s.so", path);
	handle = dlopen(so, RTLD_NOW | RTLD_LOCAL);
	CHECK(handle != NULL, "%s", dlerror());
	return dlsym(handle, "cryofuzz_target");
}

static unsigned variant_of(const struct cf_target *target, const char *name)
{
	for (unsigned i = 0; target->variants[i].name != NULL; i++)
		if (strcmp(target->variants[i].name, name) == 0)
			return i;
	CHECK(false, "%s has no variant %s", target->name, name);
	return 0;
}

static const struct cf_result *run_on(struct drive *d, enum cf_carrier carrier)
{
	d->control->plan.carrier = carrier;
	return drive_run(d, CF_RUN);
}

/* ---- each kind, well used and not quite -------------------------------------------------------- */

struct use {
	const char *name;
	enum cf_kind kind; /* CF_NO_KIND: it passes */
	const char *site;
};

static const struct use uses[] = {
	{ "mutex", CF_NO_KIND, "" },
	{ "mutex-left-out", CF_INVARIANT, "locks.pair" },
	{ "spin", CF_NO_KIND, "" },
	{ "spin-left-out", CF_INVARIANT, "locks.pair" },
	{ "semaphore", CF_NO_KIND, "" },
	{ "semaphore-of-two", CF_INVARIANT, "locks.pair" },
	{ "rwlock", CF_NO_KIND, "" },
	{ "rwlock-shared", CF_INVARIANT, "locks.pair" },
	{ "trylock", CF_NO_KIND, "" },
	{ "trylock-ignored", CF_INVARIANT, "locks.pair" },
	{ "condition", CF_NO_KIND, "" },
	{ "condition-unlocked", CF_DEADLOCK, "locks.worker" },
	{ "condition-once", CF_INVARIANT, "locks.pair" },
	{ "barrier", CF_NO_KIND, "" },
	{ "barrier-left-out", CF_INVARIANT, "locks.pair" },
	{ "barrier-once", CF_INVARIANT, "locks.pair" },
	{ "once", CF_NO_KIND, "" },
	{ "once-by-hand", CF_INVARIANT, "locks.pair" },
};

static const struct {
	enum cf_do op;
	unsigned arg;
} disturbances[] = {
	{ CF_DO_SWITCH, 0 },   { CF_DO_SWITCH, 1 }, { CF_DO_DELAY, 3 }, { CF_DO_DELAY, 9 },
	{ CF_DO_STALE, 1 },    { CF_DO_STALE, 2 },  { CF_DO_HOLD, 2 },  { CF_DO_HOLD, 8 },
	{ CF_DO_FAIL, EINTR }, { CF_DO_EARLY, 4 },  { CF_DO_EARLY, 5 }, { CF_DO_EARLY, 6 },
};

/* True if it fails, as that use may. */
static bool fails(struct drive *d, const struct use *use)
{
	const struct cf_result *r = run_on(d, CF_CARRIER_FIBER);
	const struct cf_event *last = &d->control->plan.event[d->control->plan.events - 1];
	uint64_t hash = r->hash;
	bool failed = r->outcome == CF_VIOLATED;

	CHECK(r->outcome == CF_PASSED ||
		      (failed && r->kind == use->kind && !strcmp(r->site, use->site)),
	      "%s: actor %u point %u do %u, %u: outcome %u kind %u %s: %s", use->name, last->actor,
	      last->point, last->op, last->arg, r->outcome, r->kind, r->site, r->detail);
	if (d->control->plan.events == 1) {
		r = run_on(d, CF_CARRIER_PROCESS);
		CHECK(r->hash == hash, "%s: actor %u point %u do %u: another trace: %s", use->name,
		      last->actor, last->point, last->op, r->detail);
	}
	return failed;
}

/* One disturbance at each point of each actor, and behind each of those a switch back. */
static unsigned disturb(struct drive *d, const struct use *use, unsigned actor, unsigned point)
{
	unsigned count = sizeof(disturbances) / sizeof(disturbances[0]), failed = 0;

	for (unsigned i = 0; i < count; i++) {
		d->control->plan.events = 0;
		drive_event(d, actor, point, disturbances[i].op, disturbances[i].arg);
		failed += fails(d, use);
		if (actor > 0 || disturbances[i].op != CF_DO_SWITCH)
			continue;
		for (unsigned back = 0; back < 12; back++) {
			d->control->plan.events = 1;
			drive_event(d, 1, back, CF_DO_SWITCH, 0);
			failed += fails(d, use);
		}
	}
	return failed;
}

static void check_use(struct drive *d, const struct use *use, enum cf_memory memory)
{
	unsigned failed = 0;
	const struct cf_result *r;

	d->control->plan.memory = memory;
	d->control->plan.events = 0;
	r = run_on(d, CF_CARRIER_FIBER);
	for (unsigned actor = 0; actor < ACTORS; actor++)
		for (unsigned point = 0, end = r->actor_result[actor].points; point < end; point++)
			failed += disturb(d, use, actor, point);
	CHECK(use->kind == CF_NO_KIND || failed > 0, "%s never fails, memory %u", use->name,
	      memory);
}

/* The second one is frozen in the wait for a mutex that the first one has; that is a futex's. */
static void check_inside(struct drive *d, enum cf_do op, unsigned arg)
{
	const struct cf_result *r;

	d->control->plan.memory = CF_SC;
	d->control->plan.events = 0;
	drive_event(d, 0, 2, CF_DO_SWITCH, 1);
	drive_event(d, 1, 1, op, arg | CF_INSIDE << 8);
	r = run_on(d, CF_CARRIER_PROCESS);
	if (r->outcome == CF_UNSUPPORTED)
		printf("locks: not inside: %s\n", r->detail);
	else
		CHECK(r->outcome == CF_PASSED && r->fired[1].fate == CF_FIRED,
		      "do %u inside: outcome %u fate %u %s: %s", op, r->outcome, r->fired[1].fate,
		      r->site, r->detail);
}

/* No store comes before the lock that it stands behind, however early it may be; without the lock one does. */
static bool comes_early(struct drive *d, unsigned variant)
{
	bool any = false;

	d->control->plan.memory = CF_WEAK_EARLY;
	d->control->plan.variant = variant;
	for (unsigned ahead = 1; ahead < 4; ahead++) {
		d->control->plan.events = 0;
		drive_event(d, 1, 0, CF_DO_EARLY, ahead);
		any |= run_on(d, CF_CARRIER_FIBER)->fired[0].fate == CF_FIRED;
	}
	return any;
}

static void check_uses(void)
{
	const struct cf_target *target = describe("test-targets/locks");
	struct drive d = drive_open("test-targets/locks");

	for (unsigned i = 0; i < sizeof(uses) / sizeof(uses[0]); i++) {
		d.control->plan.variant = variant_of(target, uses[i].name);
		d.control->plan.params[0] = ACTORS;
		check_use(&d, &uses[i], CF_SC);
		check_use(&d, &uses[i], CF_WEAK_EARLY);
	}
	CHECK(!comes_early(&d, variant_of(target, "mutex")), "a store before its lock");
	CHECK(comes_early(&d, variant_of(target, "mutex-left-out")), "no store comes early");
	d.control->plan.variant = variant_of(target, "mutex");
	check_inside(&d, CF_DO_INFECT, 2);
	check_inside(&d, CF_DO_STOP, CF_STOP_SIGNAL);
	check_inside(&d, CF_DO_STOP, CF_STOP_CGROUP);
	drive_close(&d);
}

/* ---- what is said ------------------------------------------------------------------------------ */

static const struct {
	const char *name;
	enum cf_kind kind;
	const char *site;
	const char *detail; /* part of it */
} sayings[] = {
	{ "relock", CF_NO_KIND, "", "" },
	{ "time-out", CF_NO_KIND, "", "" },
	{ "mends", CF_NO_KIND, "", "" },
	{ "gives-up", CF_NO_KIND, "", "" },
	{ "polls", CF_NO_KIND, "", "" },
	{ "polls-others", CF_NO_KIND, "", "" },
	{ "polls-for-ever", CF_HANG, "misuse.left", "left spins; right spins" },
	{ "locks-twice", CF_DEADLOCK, "misuse.left", "left waits for mutex [0] held by itself" },
	{ "locks-own-twice", CF_DEADLOCK, "pthread_mutex_lock", "does not lie in the shared" },
	{ "ends-locked", CF_DEADLOCK, "misuse.right",
	  "right waits for mutex [0] held by left, which has ended" },
	{ "upgrades", CF_DEADLOCK, "misuse.left", "left waits for rwlock [320] held by itself" },
	{ "waits-alone", CF_DEADLOCK, "misuse.left", "left waits for the others at barrier [" },
	{ "waits-unheard", CF_DEADLOCK, "misuse.left",
	  "left waits to be woken at condition [256]" },
	{ "drains", CF_DEADLOCK, "misuse.left", "left waits for semaphore [" },
	{ "reads-twice", CF_DEADLOCK, "misuse.left",
	  "left waits to read rwlock [384] held by itself; right waits for rwlock [384] held by "
	  "left" },
	{ "unlocks-free", CF_INVARIANT, "pthread_mutex_unlock", "does not have it" },
	{ "destroys-locked", CF_INVARIANT, "pthread_mutex_destroy",
	  "mutex [0] held by itself: destroyed while it is in use" },
	{ "inits-locked", CF_INVARIANT, "pthread_mutex_init", "made anew while it is in use" },
	{ "locks-destroyed", CF_INVARIANT, "pthread_mutex_lock", "after it was destroyed" },
	{ "waits-unlocked", CF_INVARIANT, "pthread_cond_wait", "does not have it" },
	{ "waits-with-other", CF_INVARIANT, "pthread_cond_wait", "with another mutex" },
	{ "destroys-condition", CF_INVARIANT, "pthread_cond_destroy", "while somebody waits" },
	{ "signals-destroyed", CF_INVARIANT, "pthread_cond_signal", "after it was destroyed" },
	{ "unlocks-rwlock", CF_INVARIANT, "pthread_rwlock_unlock", "does not have it" },
	{ "destroys-rwlock", CF_INVARIANT, "pthread_rwlock_destroy", "while it is in use" },
	{ "waits-unmade", CF_INVARIANT, "pthread_barrier_wait", "was never made" },
	{ "destroys-barrier", CF_INVARIANT, "pthread_barrier_destroy", "while somebody waits" },
	{ "destroys-semaphore", CF_INVARIANT, "sem_destroy", "while somebody waits" },
	{ "spins-twice", CF_INVARIANT, "pthread_spin_lock", "has it already" },
	{ "unlocks-spin", CF_INVARIANT, "pthread_spin_unlock", "does not have it" },
};

static void check_said(struct drive *d, unsigned i, enum cf_carrier carrier, uint64_t *hash)
{
	const struct cf_result *r = run_on(d, carrier);

	CHECK((r->outcome == CF_PASSED || r->outcome == CF_VIOLATED) &&
		      r->kind == sayings[i].kind && strcmp(r->site, sayings[i].site) == 0 &&
		      strstr(r->detail, sayings[i].detail) != NULL,
	      "%s: outcome %u kind %u %s: %s", sayings[i].name, r->outcome, r->kind, r->site,
	      r->detail);
	CHECK(*hash == 0 || r->hash == *hash, "%s: another trace", sayings[i].name);
	CHECK(r->kind != CF_NO_KIND || r->points <= MOST_POINTS, "%s: %u points", sayings[i].name,
	      r->points);
	*hash = r->hash;
}

/* Killed while it has a robust mutex, at the point where its role ends. */
static void check_killed(struct drive *d, const struct cf_target *target)
{
	const struct cf_result *r;

	d->control->plan.variant = variant_of(target, "mends");
	d->control->plan.carrier = CF_CARRIER_PROCESS;
	drive_event(d, 0, 1, CF_DO_KILL, 0);
	r = drive_run(d, CF_RUN);
	CHECK(r->outcome == CF_PASSED && r->fired[0].fate == CF_FIRED, "killed: %s: %s", r->site,
	      r->detail);
	d->control->plan.event[0].point = 0; /* before it has it: nobody has died then */
	r = drive_run(d, CF_RUN);
	CHECK(r->outcome == CF_VIOLATED && strstr(r->detail, "its owner has died: 0") != NULL,
	      "killed before: %s: %s", r->site, r->detail);
}

static void check_sayings(void)
{
	const struct cf_target *target = describe("test-targets/misuse");
	struct drive d = drive_open("test-targets/misuse");

	for (unsigned i = 0; i < sizeof(sayings) / sizeof(sayings[0]); i++) {
		uint64_t hash = 0;

		d.control->plan.variant = variant_of(target, sayings[i].name);
		check_said(&d, i, CF_CARRIER_PROCESS, &hash);
		check_said(&d, i, CF_CARRIER_FIBER, &hash);
		check_said(&d, i, CF_CARRIER_FIBER, &hash);
	}
	check_killed(&d, target);
	drive_close(&d);
}

int main(void)
{
	check_uses();
	check_sayings();
	printf("locks: %zu uses, %zu sayings\n", sizeof(uses) / sizeof(uses[0]),
	       sizeof(sayings) / sizeof(sayings[0]));
	return 0;
}
