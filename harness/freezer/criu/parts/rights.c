/* SPDX-License-Identifier: Apache-2.0
 *
 * What a process may do: groups, capabilities, secure bits. Of ids other than 0 CRIU can dump none without
 * CAP_SYS_RESOURCE.
 */
#include "part.h"

#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const gid_t groups[] = { 4, 77, 100000 };
static struct __user_cap_data_struct caps[2];

enum { GROUPS = sizeof(groups) / sizeof(groups[0]), BITS = SECBIT_NO_SETUID_FIXUP };

static void get_caps(struct __user_cap_data_struct got[2])
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };

	must(syscall(SYS_capget, &header, got) == 0, "capget");
}

static void set_caps(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };

	get_caps(caps);
	caps[1].effective &= ~(1u << (CAP_WAKE_ALARM - 32));
	caps[0].effective &= ~(1u << CAP_MKNOD);
	caps[0].permitted &= ~(1u << CAP_MKNOD);
	caps[0].inheritable = 1u << CAP_NET_RAW | 1u << CAP_SYS_NICE;
	must(syscall(SYS_capset, &header, caps) == 0, "capset");
	get_caps(caps);
	must(prctl(PR_CAPBSET_DROP, CAP_LEASE) == 0 &&
		     prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_RAW, 0, 0) == 0,
	     "prctl");
}

void set_rights(void)
{
	must(setgroups(GROUPS, groups) == 0, "groups");
	must(prctl(PR_SET_SECUREBITS, BITS) == 0, "securebits");
	set_caps();
	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "no_new_privs");
}

static int caps_changed(void)
{
	struct __user_cap_data_struct now[2];

	get_caps(now);
	if (memcmp(now, caps, sizeof(now)) != 0)
		return differs("capabilities are %x %x %x, were %x %x %x", now[0].effective,
			       now[0].permitted, now[0].inheritable, caps[0].effective,
			       caps[0].permitted, caps[0].inheritable);
	if (prctl(PR_CAPBSET_READ, CAP_LEASE) != 0)
		return differs("a capability that was dropped from the bounding set is back");
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_NET_RAW, 0, 0) != 1)
		return differs("an ambient capability is gone");
	return 0;
}

int rights_changed(void)
{
	gid_t now[8];

	if (spoils(TREE_RIGHTS))
		setgroups(GROUPS - 1, groups);
	if (getgroups(8, now) != GROUPS || memcmp(now, groups, sizeof(groups)) != 0)
		return differs("the groups have changed");
	if (prctl(PR_GET_SECUREBITS) != BITS)
		return differs("the secure bits are 0x%x, were 0x%x", prctl(PR_GET_SECUREBITS),
			       BITS);
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return differs("no_new_privs is gone");
	return caps_changed();
}
