/* SPDX-License-Identifier: Apache-2.0
 *
 * logs - writes what a kernel would write into the kernel's log. Of a program the line counts only for the
 * check that says so (tests/kernel_log.c).
 */
#include "cryofuzz.h"

#include <stdio.h>

/* Of another program, which is there. */
#define OF_INIT "WARNING: CPU: 0 PID: 1 at kernel/x.c:%d others+0x1/0x2"

static const char *const lines[][2] = {
	{ NULL },
	{ "WARNING: CPU: 0 PID: %d at kernel/x.c:1 cryofuzz_planted.isra.0+0x1/0x2" },
	{ "WARNING: kernel/x.c:1 at cryofuzz_planted+0x1/0x2, CPU#0: logs/%d" },
	{ "kernel BUG at kernel/x.c:%d!", "RIP: 0010:cryofuzz_planted+0x1/0x2" },
	{ "watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [logs:%d]" },
	{ "logs[%d]: segfault at 8 ip 0 sp 0 error 4 in BUG: +0x1/0x2" },
	{ "WARNING: %d things are not as they should be" },
	{ OF_INIT },
	{ OF_INIT, "WARNING: CPU: 0 PID: %d at kernel/x.c:1 cryofuzz_planted+0x1/0x2" },
	{ "WARNING: CPU: 0 PID: 2 at kernel/x.c:%d cryofuzz_planted+0x1/0x2" },
	{ "BUG: workqueue lockup - pool cpus=1 node=0 flags=0x0 nice=0 stuck for %ds!" },
};

/* By stdio, whose calls are no messages of the target's; nor is this pid the one that a run has for it. */
static int own_pid(void)
{
	FILE *status = fopen("/proc/self/stat", "re");
	int pid = 0;

	if (status == NULL)
		return 0;
	if (fscanf(status, "%d", &pid) != 1)
		pid = 0;
	fclose(status);
	return pid;
}

static void say(const char *format)
{
	FILE *log = fopen("/dev/kmsg", "we");

	if (log == NULL)
		return;
	fputs("<188>", log); /* local7, warning */
	fprintf(log, format, own_pid());
	fputc('\n', log); /* without it nobody reads it before the next one */
	fclose(log);
}

static void speak(unsigned index)
{
	(void)index;
	*(volatile uint64_t *)cf_shared() += 1;
	for (int i = 0; i < 2; i++)
		if (lines[cf_param(0)][i] != NULL)
			say(lines[cf_param(0)][i]);
	if (cf_param(1))
		cf_fail(CF_INVARIANT, "logs.failed", "it does");
}

static void listen(unsigned index)
{
	(void)index;
	*(volatile uint64_t *)cf_shared() += 1;
}

static const struct cf_role roles[] = {
	{ "speaker", NULL, speak },
	{ "listener", NULL, listen },
	{ 0 },
};

static const struct cf_param_spec params[] = {
	{ "line", 0, 10, 0, "what it writes" },
	{ "fails", 0, 1, 0, "1: and fails" },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	{ "only", "writes a line", CF_SC, NULL },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "logs",
	.summary = "a role writes into the kernel's log",
	.shared_size = sizeof(uint64_t),
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
};
