/* SPDX-License-Identifier: Apache-2.0
 *
 * A victim that holds still, kept from run to run and replaced after any refusal.
 */
#include "compel.h"

#include <errno.h>
#include <sys/resource.h>

#include "../../freezer/victim/layout.h"

struct victim victim;
static int trusted; /* it is as it should be */
static int is_alone;

enum home home_of_victim(void)
{
	/* the child that a vfork waits for would not be in the cgroup */
	if (cf_param(HOME) == HOME_FROZEN && !cf_param(CODE) && cf_param(PLACE) == VICTIM_VFORK)
		return HOME_PLAIN;
	return disturbs() ? HOME_PLAIN : (enum home)cf_param(HOME);
}

int lives_alone(void)
{
	return is_alone;
}

static void replace_victim(void)
{
	const uint64_t none[2] = { 0, RLIM_INFINITY };
	int ret;

	driver->abandon(&spy);
	home_forget();
	victim_end(&victim);
	is_alone = home_of_victim() == HOME_NAMESPACE;
	ret = victim_start(&victim, is_alone ? home_fork_in_namespace : cf_fork_uncontrolled);
	if (ret == -EPERM && is_alone)
		cf_unsupported("a pid namespace needs CAP_SYS_ADMIN");
	if (ret)
		cf_broken("cannot start a victim: %d", ret);
	/* SIGTSTP does not stop one whose group has no parent outside; SIGSEGV is to leave no core */
	raw2(SYS_setpgid, victim.pid, victim.pid);
	raw4(SYS_prlimit64, victim.pid, RLIMIT_CORE, &none, 0);
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
	enum victim_place place;

	/* where a signal's handler changes nothing */
	if (disturbs())
		return cf_param(PLACE) == VICTIM_SPINS && disturbs() != DISTURBS_DIES
			       ? VICTIM_SPINS
			       : VICTIM_ASLEEP;
	place = cf_param(CODE) ? VICTIM_VFORK + cf_param(CODE) : cf_param(PLACE);

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
		.listens = disturb_listens(),
	};

	cf_state(VICTIM_STATE + setting.place);
	return victim_hold(&victim, &setting);
}

static void hold_one(void)
{
	char text[96];
	unsigned tries = 0;

	if (!trusted || is_alone != (home_of_victim() == HOME_NAMESPACE))
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
	stop_victim();
	freeze_victim();
}

/* What it was given for this run nobody takes back. */
void trust_victim(void)
{
	trusted = !state_any(&victim.setting.state);
}
