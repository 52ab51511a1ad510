/* SPDX-License-Identifier: Apache-2.0
 *
 * forks - a role forks by itself; the child is nobody's actor.
 */
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cryofuzz.h"

static void touch(unsigned index)
{
	(void)index;
	*(volatile uint64_t *)cf_shared() += 1;
}

static void split(unsigned index)
{
	pid_t pid;

	touch(index);
	pid = fork();
	if (!pid) {
		touch(index);
		_exit(0);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
	touch(index);
}

static const struct cf_role roles[] = {
	{ "left", NULL, split },
	{ "right", NULL, touch },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	{ "only", "the first role forks and reaps", CF_SC, NULL },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "forks",
	.summary = "a role calls fork",
	.shared_size = sizeof(uint64_t),
	.flags = CF_FIBERS,
	.roles = roles,
	.variants = variants,
};
