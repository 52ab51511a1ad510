/* SPDX-License-Identifier: Apache-2.0
 *
 * What is mapped is a file, whatever its name has become meanwhile: who builds anew while a victim is
 * frozen changes nothing in it. But another file at the same place is seen.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../freezer/victim/snapshot.h"

#define CHECK(condition)                                                                       \
	do {                                                                                   \
		if (!(condition)) {                                                            \
			fprintf(stderr, "inject_renamed: %d: %s: %m\n", __LINE__, #condition); \
			exit(1);                                                               \
		}                                                                              \
	} while (0)

static uint8_t page[VICTIM_PAGE] __attribute__((aligned(VICTIM_PAGE)));
static char folder[] = "/tmp/inject-renamed-XXXXXX";

static void map_file(void *at, const char *name)
{
	int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	CHECK(fd >= 0 && ftruncate(fd, VICTIM_PAGE) == 0);
	CHECK(mmap(at, VICTIM_PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0) == at);
	close(fd);
}

/* Maps one file, and another one at the same place once it goes on. */
static _Noreturn void be_victim(void *place)
{
	CHECK(ptrace(PTRACE_TRACEME, 0, 0, 0) == 0);
	map_file(place, "first");
	raise(SIGSTOP);
	map_file(place, "other");
	raise(SIGSTOP);
	_exit(0);
}

static void take(struct snapshot *s, pid_t pid)
{
	int status;

	CHECK(waitpid(pid, &status, 0) == pid && WIFSTOPPED(status));
	CHECK(snapshot_take(s, pid, (uintptr_t)map_file & ~4095ull, (uintptr_t)page) == 0);
}

static enum snapshot_item compare(const struct snapshot *before, const struct snapshot *after)
{
	char text[160];

	return snapshot_compare(before, after, SNAPSHOT_OF_SAME, text, sizeof(text));
}

int main(void)
{
	static struct snapshot before, renamed, other;
	void *place = mmap(NULL, VICTIM_PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pid_t pid;

	CHECK(mkdtemp(folder) != NULL && chdir(folder) == 0);
	pid = fork();
	if (pid == 0)
		be_victim(place);
	take(&before, pid);
	CHECK(rename("first", "second") == 0);
	CHECK(snapshot_take(&renamed, pid, before.code_address, (uintptr_t)page) == 0);
	CHECK(compare(&before, &renamed) == SNAPSHOT_SAME);
	CHECK(unlink("second") == 0);
	CHECK(snapshot_take(&renamed, pid, before.code_address, (uintptr_t)page) == 0);
	CHECK(compare(&before, &renamed) == SNAPSHOT_SAME);
	CHECK(ptrace(PTRACE_CONT, pid, 0, 0) == 0);
	take(&other, pid);
	renamed.mappings = other.mappings; /* it has run: no wonder that its registers differ */
	CHECK(compare(&before, &renamed) == SNAPSHOT_MAPPINGS);
	CHECK(kill(pid, SIGKILL) == 0 && waitpid(pid, NULL, 0) == pid);
	CHECK(unlink("other") == 0 && rmdir(folder) == 0);
	printf("inject_renamed: a mapped file's name is no state, which file it is is\n");
	return 0;
}
