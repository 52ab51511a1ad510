/* SPDX-License-Identifier: Apache-2.0 */
#include "home.h"

#include <cryofuzz.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>

#include "../../executor/cgroup.h"
#include "../victim/raw.h"

/* Kept for as long as its owner is, whose keeper thaws it if he dies. */
static struct cgroup cgroup;
static int spoken; /* what it did was over before it was frozen */
static int frozen; /* it was before the injector came, and is to be again */

int home_fork_in_namespace(void)
{
	long own = raw4(SYS_openat, AT_FDCWD, "/proc/self/ns/pid", O_RDONLY | O_CLOEXEC, 0);
	long ret = own < 0 ? own : raw1(SYS_unshare, CLONE_NEWPID);
	int pid;

	if (ret < 0) {
		raw1(SYS_close, own);
		errno = (int)-ret;
		return -1;
	}
	pid = cf_fork_uncontrolled();
	if (pid == 0)
		return 0;
	ret = raw2(SYS_setns, own, CLONE_NEWPID);
	raw1(SYS_close, own);
	if (ret < 0)
		cf_broken("no way back from the namespace: %ld", ret);
	return pid;
}

static int has_spoken(const struct victim *v)
{
	struct pollfd p = { .fd = v->fd, .events = POLLIN };

	return raw3(SYS_poll, &p, 1, 0) != 0;
}

int home_freeze(const struct victim *v)
{
	int ret = cgroup.version ? 0 : cgroup_make(&cgroup);

	if (!ret)
		ret = cgroup_put(&cgroup, v->pid);
	if (!ret)
		ret = cgroup_freeze(&cgroup);
	frozen = !ret;
	spoken = has_spoken(v);
	return ret;
}

void home_thaw(void)
{
	if (frozen && cgroup_thaw(&cgroup))
		cf_broken("the victim's cgroup can't be thawed");
}

void home_freeze_again(void)
{
	if (frozen && cgroup_freeze(&cgroup))
		cf_broken("the victim's cgroup can't be frozen");
}

void home_forget(void)
{
	home_thaw();
	frozen = 0;
}

const char *home_left(const struct victim *v)
{
	const char *wrong = NULL;

	if (!frozen)
		return NULL;
	if (!cgroup_is_frozen(&cgroup))
		wrong = "its cgroup was frozen, now it is not";
	else if (!spoken && has_spoken(v))
		wrong = "it has gone on although its cgroup is frozen";
	home_forget();
	return wrong;
}
