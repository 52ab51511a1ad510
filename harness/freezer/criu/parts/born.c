/* SPDX-License-Identifier: Apache-2.0
 *
 * Children that are no plain forks: with another signal at their end, and one that has its descriptors and its
 * folder in common with us.
 */
#include "part.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct {
	uint32_t go;
	int opened;
} * notes;
static pid_t other_signal, sharing;

static pid_t clone_with(unsigned long flags)
{
	pid_t pid = (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, 0);

	must(pid >= 0, "clone");
	return pid;
}

/* CRIU refuses to dump who has a folder in common with others. */
static unsigned long common_folder(void)
{
	return minds(TREE_COMMON_FOLDER) ? CLONE_FS : 0;
}

void set_born(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 14);
	must(sigprocmask(SIG_BLOCK, &set, NULL) == 0, "sigprocmask");
	notes = (void *)map(MAP_SHARED | MAP_ANONYMOUS, -1);
	other_signal = clone_with(minds(TREE_END_SIGNAL) ? (unsigned long)SIGRTMIN + 14 : SIGCHLD);
	if (other_signal == 0) {
		await_order(&notes->go);
		_exit(1);
	}
	sharing = clone_with(CLONE_FILES | common_folder() | SIGCHLD);
	if (sharing == 0) {
		await_order(&notes->go);
		notes->opened = open("/dev/null", O_RDWR);
		_exit(chdir("/proc"));
	}
}

int born_changed(void)
{
	const struct timespec none = { 0, 0 };
	char path[64] = "";
	int status = 0;
	sigset_t set;

	if (spoils(TREE_BORN))
		unshare(CLONE_FILES);
	order(&notes->go);
	if (waitpid(sharing, &status, 0) != sharing || status != 0)
		return differs("the child with common descriptors ended with 0x%x", status);
	if (fcntl(notes->opened, F_GETFD) < 0)
		return differs("what the child has opened is not open here");
	if (minds(TREE_COMMON_FOLDER) && (getcwd(path, sizeof(path)) == NULL || path[1] != 'p'))
		return differs("the child has changed its folder, ours is still %s", path);
	if (waitpid(other_signal, &status, __WALL) != other_signal)
		return differs("the child with another signal is gone");
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 14);
	if (minds(TREE_END_SIGNAL) && sigtimedwait(&set, NULL, &none) != SIGRTMIN + 14)
		return differs("the child's end is not told by the signal that was asked for");
	return 0;
}
