/* SPDX-License-Identifier: Apache-2.0
 *
 * A victim that holds still, kept from run to run and replaced after any refusal.
 */
#include "compel.h"

#include "../../freezer/victim/layout.h"

struct victim victim;
static int trusted; /* it is as it should be */

static void replace_victim(void)
{
	int ret;

	driver->abandon(&spy);
	victim_end(&victim);
	ret = victim_start(&victim, cf_fork_uncontrolled);
	if (ret)
		cf_broken("cannot start a victim: %d", ret);
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
	enum victim_place place = cf_param(CODE) ? VICTIM_VFORK + cf_param(CODE) : cf_param(PLACE);

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
	struct state_wish wish;

	for (unsigned i = 0; i < STATE_GROUPS; i++)
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
		.state = wish(),
	};

	cf_state(VICTIM_STATE + setting.place);
	return victim_hold(&victim, &setting);
}

static void hold_one(void)
{
	char text[96];
	unsigned tries = 0;

	if (!trusted)
		replace_victim();
	trusted = 0;
	while (hold()) {
		if (victim_cannot(&victim, text, sizeof(text))) {
			trusted = 1;
			cf_unsupported("%s", text);
		}
		if (++tries == victim_tries(&victim))
			cf_broken("a new victim does not hold still");
		replace_victim();
	}
}

void ready_victim(void)
{
	char text[96];

	hold_one();
	if (victim_complete(&victim, (unsigned)cf_param(PENDING), text, sizeof(text)))
		cf_unsupported("%s", text);
}

/* What it was given for this run nobody takes back. */
void trust_victim(void)
{
	trusted = !state_any(&victim.setting.state);
}
