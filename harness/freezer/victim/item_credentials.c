/* SPDX-License-Identifier: Apache-2.0
 *
 * Who a process is and what it may do. Users, groups and capabilities are seen from outside
 * (snapshot_status.c); here is what only the process itself is told.
 */
#include <linux/capability.h>
#include <linux/securebits.h>
#include <signal.h>
#include <sys/prctl.h>

#include "raw.h"
#include "state.h"

enum { PRIVILEGES = 1, OTHER_USER = 2, NOT_DUMPABLE = 3 };

/* The effective ones only: a tracer asks for what it may use against the permitted ones. */
static void set_privileges(void)
{
	static struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	static const uint32_t groups[] = { 5, 7, 11, 4711 };
	struct __user_cap_data_struct caps[2];

	state_must("setgroups", raw2(SYS_setgroups, 4, groups));
	state_must("securebits", raw2(SYS_prctl, PR_SET_SECUREBITS, SECBIT_KEEP_CAPS));
	state_must("capget", raw2(SYS_capget, &header, caps));
	caps[0].effective &= ~(1u << CAP_NET_RAW | 1u << CAP_CHOWN);
	caps[0].inheritable |= 1u << CAP_KILL;
	state_must("capset", raw2(SYS_capset, &header, caps));
	state_must("no_new_privs", raw5(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
}

/* The kernel forgets whose death is ours when the user changes. */
static void set_user(void)
{
	state_must("setresgid", raw3(SYS_setresgid, 1001, 1002, 1003));
	state_must("setresuid", raw3(SYS_setresuid, 1004, 1005, 1006));
	state_must("prctl", raw2(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL));
}

static void set(unsigned wish, uint64_t seed)
{
	(void)seed;
	if (wish == PRIVILEGES)
		set_privileges();
	if (wish == OTHER_USER)
		set_user();
	if (wish == NOT_DUMPABLE)
		state_must("dumpable", raw2(SYS_prctl, PR_SET_DUMPABLE, 0));
}

static void look(struct state_view *view, unsigned wish)
{
	static const struct {
		const char *what;
		int option;
	} told[] = {
		{ "the secure bits", PR_GET_SECUREBITS },
		{ "whether it is dumpable", PR_GET_DUMPABLE },
		{ "whether it keeps capabilities", PR_GET_KEEPCAPS },
	};
	uint64_t signo = 0;

	(void)wish;
	for (unsigned i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		state_see(view, "credentials", told[i].what,
			  (uint64_t)raw5(SYS_prctl, told[i].option, 0, 0, 0, 0));
	raw2(SYS_prctl, PR_GET_PDEATHSIG, &signo);
	state_see(view, "credentials", "the signal of its parent's death", signo);
}

const struct state_ops state_credentials = { .set = set, .look = look };
