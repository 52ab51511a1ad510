/* SPDX-License-Identifier: Apache-2.0 */
#include "tenant.h"

#include <cryofuzz.h>
#include <errno.h>
#include <sys/resource.h>

#include "../victim/raw.h"

static void replace(struct tenant *t, enum home home)
{
	const uint64_t none[2] = { 0, RLIM_INFINITY };
	int ret;

	t->let_go();
	home_forget();
	victim_end(t->victim);
	t->is_alone = home == HOME_NAMESPACE;
	ret = victim_start(t->victim, t->is_alone ? home_fork_in_namespace : cf_fork_uncontrolled);
	if (ret == -EPERM && t->is_alone)
		cf_unsupported("a pid namespace needs CAP_SYS_ADMIN");
	if (ret)
		cf_broken("cannot start a victim: %d", ret);
	/* SIGTSTP does not stop one whose group has no parent outside; SIGSEGV is to leave no core */
	raw2(SYS_setpgid, t->victim->pid, t->victim->pid);
	raw4(SYS_prlimit64, t->victim->pid, RLIMIT_CORE, &none, 0);
}

enum victim_place tenant_place(int place, int code)
{
	return code ? VICTIM_VFORK + code : place;
}

enum victim_place tenant_place_before(int what, int code)
{
	static const enum victim_place before[] = {
		VICTIM_FORK_BEGINS, VICTIM_EXEC_ENDS,    VICTIM_EXITS,
		VICTIM_FIRST_EXITS, VICTIM_THREAD_EXECS,
	};
	const enum victim_place place = VICTIM_VFORK + code;

	return place < VICTIM_FORK_BEGINS ? before[what] : place;
}

enum home tenant_home(enum home home, enum victim_place place)
{
	const int waits = place == VICTIM_VFORK || place == VICTIM_THREADS_BEAR;

	return home == HOME_FROZEN && waits ? HOME_PLAIN : home;
}

void tenant_ready(struct tenant *t, enum home home)
{
	char text[96];
	unsigned tries = 0;

	if (!t->trusted || t->is_alone != (home == HOME_NAMESPACE))
		replace(t, home);
	t->trusted = 0;
	while (t->hold()) {
		if (victim_cannot(t->victim, text, sizeof(text))) {
			t->trusted = 1;
			cf_unsupported("%s", text);
		}
		if (++tries == victim_tries(t->victim))
			cf_broken("a new victim does not hold still");
		replace(t, home);
	}
}

void tenant_trust(struct tenant *t)
{
	t->trusted = !state_any(&t->victim->setting.state) && !victim_is_spent(t->victim);
}

void tenant_complete(struct tenant *t, unsigned pending)
{
	char text[96];

	if (victim_complete(t->victim, pending, text, sizeof(text)))
		cf_unsupported("%s", text);
}

void tenant_stop(struct tenant *t, int signal)
{
	if (!signal || t->victim->stopped)
		return;
	raw2(SYS_kill, t->victim->pid, signal);
	if (victim_await_stopped(t->victim))
		cf_broken("signal %d does not stop the victim", signal);
}

void tenant_freeze(struct tenant *t, enum home home)
{
	int ret;

	if (home != HOME_FROZEN || t->victim->stopped)
		return;
	ret = home_freeze(t->victim);
	if (ret)
		cf_unsupported("the victim can't be frozen by a cgroup: error %d", ret);
}
