/* SPDX-License-Identifier: Apache-2.0
 *
 * A victim that holds still, kept from run to run and replaced after any refusal.
 */
#include "compel.h"

#include "../../freezer/home/tenant.h"
#include "../../freezer/victim/layout.h"

struct victim victim;

static enum victim_place asked(void)
{
	return tenant_place(cf_param(PLACE), cf_param(CODE));
}

int bears_threads(void)
{
	return asked() == VICTIM_THREADS_BEAR;
}

enum home home_of_victim(void)
{
	return disturbs() ? HOME_PLAIN : tenant_home((enum home)cf_param(HOME), asked());
}

static void let_go(void)
{
	driver->abandon(&spy);
}

/* That libcompel puts SIGTRAP's disposition back nobody can make up for: it traps in each call that
 * it makes in the victim. */
static enum victim_trap trap(void)
{
	if (cf_param(TRAP) == 1)
		return VICTIM_TRAP_HANDLED;
	return cf_param(TRAP) == 2 && is(TRAP_RESET) ? VICTIM_TRAP_IGNORED : VICTIM_TRAP_DEFAULT;
}

/* Nor for that it ends a call that sleeps with a time-out, and forgets a restartable sequence. */
static enum victim_place place(void)
{
	const enum victim_place place = asked();

	if (disturbs() >= DISTURBS_GOES_ON)
		return tenant_place_before((int)disturbs() - DISTURBS_GOES_ON, cf_param(CODE));
	/* where a signal's handler changes nothing */
	if (disturbs())
		return cf_param(PLACE) == VICTIM_SPINS && disturbs() != DISTURBS_DIES
			       ? VICTIM_SPINS
			       : VICTIM_ASLEEP;
	if (place == VICTIM_IN_SEQUENCE && !is(SEQUENCE_LOST))
		return VICTIM_SPINS;
	if (victim_place_kind(place) == VICTIM_RESTARTED_TIMED && !is(POLL_ENDS))
		return VICTIM_ASLEEP;
	return place;
}

/* Nor for these. */
static const struct {
	enum state_group group;
	uint8_t value, instead;
	enum variant weakness;
} weak[] = {
	{ STATE_LAYOUT, STATE_LAYOUT_SHARED_EXECUTABLE, STATE_LAYOUT_EXECUTABLE,
	  SHARED_EXECUTABLE },
	{ STATE_LAYOUT, STATE_LAYOUT_LONG_PATH, STATE_LAYOUT_EXECUTABLE, LONG_PATH },
	{ STATE_THREAD, STATE_THREAD_BREAKPOINTS, STATE_THREAD_AREA, BREAKPOINTS_LOST },
};

static struct state_wish wish(void)
{
	struct state_wish wish = { 0 };

	for (unsigned i = 0; i < STATE_GROUPS && !disturbs(); i++)
		wish.of[i] = (uint8_t)cf_param(STATE + i);
	for (unsigned i = 0; i < sizeof(weak) / sizeof(weak[0]); i++)
		if (wish.of[weak[i].group] == weak[i].value && !is(weak[i].weakness))
			wish.of[weak[i].group] = weak[i].instead;
	return wish;
}

static int hold(void)
{
	const struct victim_setting setting = {
		.seed = (uint64_t)cf_param(SEED) + 1,
		.place = place(),
		.vectors = (uint32_t)cf_param(VECTORS),
		.trap = trap(),
		.own_stack = (uint32_t)cf_param(STACK),
		.threads = disturbs() ? 0 : (uint32_t)cf_param(THREADS),
		.state = wish(),
		.goes_on = disturbs() >= DISTURBS_GOES_ON,
		.listens = disturb_listens(),
	};

	cf_state(VICTIM_STATE + setting.place);
	return victim_hold(&victim, &setting);
}

static struct tenant tenant = { .victim = &victim, .hold = hold, .let_go = let_go };

int lives_alone(void)
{
	return tenant.is_alone;
}

void ready_victim(void)
{
	tenant_ready(&tenant, home_of_victim());
	tenant_complete(&tenant, (unsigned)cf_param(PENDING));
	tenant_stop(&tenant, stop_signal());
	tenant_freeze(&tenant, home_of_victim());
}

void trust_victim(void)
{
	tenant_trust(&tenant);
}
