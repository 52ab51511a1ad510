/* SPDX-License-Identifier: Apache-2.0
 *
 * A victim that holds still, kept from run to run and replaced after whatever went wrong with it.
 */
#include "infection.h"

#include "../../freezer/home/tenant.h"

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
	return disturbance.what ? HOME_PLAIN : tenant_home((enum home)cf_param(HOME), asked());
}

static void let_go(void)
{
	inject_forget_threads(&in);
	inject_drop(&in);
}

static struct state_wish wish(void)
{
	struct state_wish wish = { 0 };

	for (unsigned i = 0; i < STATE_GROUPS && !disturbance.what; i++)
		wish.of[i] = (uint8_t)cf_param(STATE + i);
	return wish;
}

/* Where a signal's handler changes nothing: there it can be disturbed. */
static enum victim_place place(void)
{
	if (disturbance.what >= DISTURBS_GOES_ON)
		return tenant_place_before((int)disturbance.what - DISTURBS_GOES_ON,
					   cf_param(CODE));
	return disturbance.what ? (enum victim_place)(cf_param(PLACE) % (VICTIM_POLLS + 1))
				: asked();
}

static int hold(void)
{
	const struct victim_setting setting = {
		.seed = (uint64_t)cf_param(SEED) + 1,
		.place = place(),
		.vectors = (uint32_t)cf_param(VECTORS),
		.trap = (uint32_t)cf_param(TRAP),
		.own_stack = (uint32_t)cf_param(STACK),
		.threads = disturbance.what ? 0 : (uint32_t)cf_param(THREADS),
		.state = wish(),
		.goes_on = disturbance.what >= DISTURBS_GOES_ON,
		.listens = disturb_listens(&disturbance),
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
