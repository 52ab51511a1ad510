/* SPDX-License-Identifier: Apache-2.0
 *
 * A child that lives, and one that is dead and not waited for.
 */
#include "part.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t living, dead;
static uint32_t *common; /* shared with the living child alone */

void set_child(void)
{
	siginfo_t info;

	common = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(common != MAP_FAILED, "mmap");
	common[1] = (uint32_t)number(TREE_CHILD, 0);
	living = fork();
	must(living >= 0, "fork");
	if (living == 0) {
		while (!common[0])
			futex_wait(common, 0);
		_exit(common[1] == (uint32_t)number(TREE_CHILD, 0) ? 42 : 43);
	}
	dead = fork();
	if (dead == 0)
		_exit(24);
	must(waitid(P_PID, (id_t)dead, &info, WEXITED | WNOWAIT) == 0, "waitid");
}

int child_changed(void)
{
	int status = 0;

	if (spoils(TREE_CHILD))
		common[1]++;
	if (waitpid(dead, &status, WNOHANG) != dead || WEXITSTATUS(status) != 24)
		return differs("the dead child's status is 0x%x, was 24", status);
	__atomic_store_n(&common[0], 1, __ATOMIC_RELEASE);
	futex_wake(common);
	if (waitpid(living, &status, 0) != living || !WIFEXITED(status))
		return differs("the living child ended with status 0x%x", status);
	if (WEXITSTATUS(status) != 42)
		return differs("the memory shared with the child has changed");
	return 0;
}
