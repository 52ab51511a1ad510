/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "outlive.h"

#include <cryofuzz.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "../../freezer/victim/raw.h"
#include "disturb.h"

static void no_step(const char *name, unsigned state)
{
	(void)name;
	(void)state;
}

static ssize_t as_of_libc(long ret)
{
	if (ret >= 0)
		return ret;
	errno = (int)-ret;
	return -1;
}

static ssize_t send_raw(int fd, const void *data, size_t size, int flags)
{
	return as_of_libc(raw6(SYS_sendto, fd, data, size, flags, 0, 0));
}

static ssize_t receive_raw(int fd, void *data, size_t size, int flags)
{
	return as_of_libc(raw6(SYS_recvfrom, fd, data, size, flags, 0, 0));
}

static struct inject_log drivers_log;

static const struct inject_port drivers_port = {
	.log = &drivers_log,
	.step = no_step,
	.send = send_raw,
	.recv = receive_raw,
	.call = disturb_call,
};

static int look(struct estate *e)
{
	int ret = snapshot_take(&e->before, e->in.pid, e->in.code_address,
				(uintptr_t)victim_page_address());

	e->looked = !ret;
	return ret;
}

static int drive(struct estate *e, int pid, enum inject_slip slip, int commands, int log)
{
	int ret;

	disturb_driver();
	drivers_log.fd = log;
	ret = inject_stop(&e->in, pid, &drivers_port, slip);

	if (!ret)
		ret = look(e);
	if (!ret)
		ret = inject_infect(&e->in);
	for (int i = 0; !ret && i < commands; i++)
		ret = inject_command(&e->in, INJECT_ADD, (uint64_t)i);
	if (!ret)
		ret = inject_cure(&e->in);
	return ret ? ret : inject_resume(&e->in);
}

static int await_driver(int driver)
{
	struct patience patient = patience_for(driver);
	int status = 0, slice;
	long ret;

	while (!(ret = raw4(SYS_wait4, driver, &status, WNOHANG, 0)) &&
	       (slice = patience_slice(&patient)))
		raw3(SYS_poll, 0, 0, slice);
	if (ret > 0)
		return WIFSIGNALED(status) ? 1 : -WEXITSTATUS(status);
	raw2(SYS_kill, driver, SIGKILL);
	raw4(SYS_wait4, driver, 0, 0, 0);
	return -ETIMEDOUT;
}

int outlive(const struct victim *v, enum inject_slip slip, int commands, int log,
	    struct estate *estate)
{
	long memory = raw6(SYS_mmap, 0, sizeof(*estate), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct estate *shared = (struct estate *)memory;
	int driver, ret;

	if (memory < 0 && memory > -4096)
		return (int)memory;
	driver = cf_fork_uncontrolled();
	if (driver == 0)
		for (;;)
			raw1(SYS_exit_group, -drive(shared, v->pid, slip, commands, log));
	ret = driver < 0 ? -errno : await_driver(driver);
	memcpy(estate, shared, sizeof(*estate));
	raw2(SYS_munmap, memory, sizeof(*estate));
	return ret;
}

int has_parasite(int pid)
{
	char path[40], text[4096 + 1];
	size_t kept = 0;
	long fd, n;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	fd = raw4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	while (fd >= 0 && (n = raw3(SYS_read, fd, text + kept, sizeof(text) - 1 - kept)) > 0) {
		text[kept + (size_t)n] = 0;
		if (strstr(text, "/memfd:p (deleted)")) {
			raw1(SYS_close, fd);
			return 1;
		}
		kept = strlen(text) < 32 ? strlen(text) : 32; /* it may lie across two reads */
		memmove(text, text + strlen(text) - kept, kept);
	}
	if (fd >= 0)
		raw1(SYS_close, fd);
	return 0;
}
