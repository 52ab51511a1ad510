/* SPDX-License-Identifier: Apache-2.0
 *
 * A spy that is killed: libcompel is in a process of its own, whose parent looks what is left of the
 * victim. Nobody knows how to take the parasite out of it; it must be as it was by itself.
 */
#include "compel.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "../../freezer/victim/patience.h"

struct layout {
	long size;
	char text[16384];
};

static struct layout first, last;

static void read_layout(struct layout *l)
{
	char path[40];
	long fd, n;

	snprintf(path, sizeof(path), "/proc/%d/maps", victim.pid);
	fd = raw4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	l->size = 0;
	while (fd >= 0 &&
	       (n = raw3(SYS_read, fd, l->text + l->size, sizeof(l->text) - (size_t)l->size)) > 0)
		l->size += n;
	if (fd >= 0)
		raw1(SYS_close, fd);
}

static int drive(void)
{
	int ret;

	disturb_may_die();
	ret = driver->stop(&spy, victim.pid) || driver->prepare(&spy, 0, -1) ||
	      driver->infect(&spy);
	for (int i = 0; !ret && i < cf_param(COMMANDS); i++)
		ret = driver->command(&spy, PARASITE_ADD);
	return ret || driver->cure(&spy) || driver->resume(&spy);
}

/* 0 if it has done all or was killed. */
static int await_driver(int pid)
{
	struct patience patience = patience_for(pid);
	int status = 0, slice;
	long ret;

	while (!(ret = raw4(SYS_wait4, pid, &status, WNOHANG, 0)) &&
	       (slice = patience_slice(&patience)))
		raw3(SYS_poll, 0, 0, slice);
	if (ret == pid)
		return WIFSIGNALED(status) ? 0 : WEXITSTATUS(status);
	raw2(SYS_kill, pid, SIGKILL);
	raw4(SYS_wait4, pid, 0, 0, 0);
	return -1;
}

static void check_orphan(void)
{
	int status = 0;

	patience_settle(victim.pid); /* asleep again, in whichever call */
	if (raw4(SYS_wait4, victim.pid, &status, WNOHANG | __WALL, 0)) {
		raw1(SYS_close, victim.fd);
		victim.pid = 0;
		cf_fail(CF_STATE_CHANGED, "compel.orphan",
			"the spy was killed at call %d or soon after, and the victim ended with "
			"0x%x",
			cf_param(WHEN), status);
	}
	read_layout(&last);
	if (last.size != first.size || memcmp(last.text, first.text, (size_t)first.size))
		cf_fail(CF_STATE_CHANGED, "compel.orphan",
			"the spy was killed at call %d or soon after, and the parasite is still "
			"there",
			cf_param(WHEN));
}

void leave_orphan(void)
{
	int pid;

	read_layout(&first);
	pid = cf_fork_uncontrolled();
	while (pid == 0)
		raw1(SYS_exit_group, drive());
	if (pid < 0)
		cf_broken("no process for libcompel");
	if (await_driver(pid))
		cf_fail(CF_INVARIANT, "compel.disturbed",
			"libcompel refuses, or waits for ever, in a process of its own");
	check_orphan();
	if (victim_release(&victim))
		cf_fail(CF_CRASH, "compel.victim", "it is gone before it goes on");
}
