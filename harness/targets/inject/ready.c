/* SPDX-License-Identifier: Apache-2.0
 *
 * A victim that holds still, kept from run to run and replaced after whatever went wrong with it.
 */
#include "infection.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

#include "../../freezer/victim/raw.h"

struct victim victim;
static int trusted; /* it is as it should be */
static int is_alone;

enum home home_of_victim(void)
{
	/* the child that a vfork waits for would not be in the cgroup */
	if (cf_param(HOME) == HOME_FROZEN && !cf_param(CODE) && cf_param(PLACE) == VICTIM_VFORK)
		return HOME_PLAIN;
	return disturbance.what ? HOME_PLAIN : (enum home)cf_param(HOME);
}

static void replace_victim(void)
{
	const uint64_t none[2] = { 0, RLIM_INFINITY };
	int ret;

	inject_forget_threads(&in);
	inject_drop(&in);
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
	if (disturbance.what)
		return cf_param(PLACE) % (VICTIM_POLLS + 1);
	return cf_param(CODE) ? VICTIM_VFORK + cf_param(CODE) : cf_param(PLACE);
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
		.listens = disturb_listens(&disturbance),
	};

	cf_state(VICTIM_STATE + setting.place);
	return victim_hold(&victim, &setting);
}

void ready_victim(void)
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

void trust_victim(void)
{
	trusted = !state_any(&victim.setting.state);
}

int lives_alone(void)
{
	return is_alone;
}

void complete_victim(void)
{
	char text[96];

	if (victim_complete(&victim, (unsigned)cf_param(PENDING), text, sizeof(text)))
		cf_unsupported("%s", text);
}
