/* SPDX-License-Identifier: Apache-2.0
 *
 * reaps - a role waits for a child of its own, which nobody controls. It lives so long that it is not
 * dead before it is waited for.
 */
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cryofuzz.h"

enum { ENDS, STAYS };
enum { STATUS = 7, LIFE_MS = 200 };

static void wait_for_child(unsigned index)
{
	const struct timespec life = { .tv_nsec = LIFE_MS * 1000000 };
	int status = 0;
	pid_t pid;

	(void)index;
	pid = cf_fork_uncontrolled();
	if (pid == 0) {
		while (cf_variant() == STAYS)
			pause();
		nanosleep(&life, NULL);
		_exit(STATUS);
	}
	if (waitpid(pid, &status, 0) != pid || WEXITSTATUS(status) != STATUS)
		cf_fail(CF_INVARIANT, "reaps.parent", "status %#x", (unsigned)status);
}

static void touch(unsigned index)
{
	(void)index;
	*(volatile uint64_t *)cf_shared() += 1;
}

static const struct cf_role roles[] = {
	{ "parent", NULL, wait_for_child },
	{ "other", NULL, touch },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	[ENDS] = { "ends", "the child ends", CF_SC, NULL },
	[STAYS] = { "stays", "it never does", CF_SC, "hang in reaps.waitpid" },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "reaps",
	.summary = "a role waits for a child",
	.shared_size = sizeof(uint64_t),
	.roles = roles,
	.variants = variants,
};
