/* ---- what all share ---------------------------------------------------------------------------- */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <compel/infect.h>
#include <compel/log.h>

#include "parasite-blob.h"

/* compel/infect-rpc.h, which some packages can't compile */
extern int compel_rpc_call(unsigned int cmd, struct parasite_ctl *ctl);
extern int compel_rpc_sync(unsigned int cmd, struct parasite_ctl *ctl);
extern int compel_rpc_sock(struct parasite_ctl *ctl);

enum { FAILED = 1, NOT_SHOWN = 0, CANNOT = 2 };
enum { FIRST_COMMAND = 64, DEADLINE = 5, LOOK = 4096 };
enum { STATUS_HUNG = -1 };

/* Seen by all processes. */
struct board {
	const char *call; /* libcompel's, in which it is now */
	const char *refused; /* the function of libcompel that returned an error */
	int accepted; /* the message that was damaged has passed for a whole one */
	int came; /* what disturbs has come */
	int lost; /* a child of libcompel's caller can't be waited for any more */
	int ready; /* the victim is as it should be */
	int go_on; /* it shall say what has become of it */
	int answered;
	long answer;
};

static struct board *board;

static void watch(int on); /* libcompel's calls from now on, or nobody's */

static pid_t victim;
static int disturbed = 1; /* 0: the control */

static int verdict(int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf(code == FAILED ? "FAILED " TITLE ": " : "does not fail: ");
	vprintf(format, args);
	va_end(args);
	printf("\n");
	fflush(stdout);
	return code;
}

static void nap(int milliseconds)
{
	poll(NULL, 0, milliseconds);
}

/* R, S, T, Z …, X if there is no such process. */
static char state_of(pid_t pid)
{
	char path[40], text[400] = { 0 }, *end;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		text[0] = 0;
	if (fd >= 0)
		close(fd);
	end = strrchr(text, ')');
	return end ? end[2] : 'X';
}

/* Until it sleeps, is stopped or gone; a victim that spins never does. */
static void settle(pid_t pid)
{
	for (int still = 0, i = 0; still < 3 && i < 40; i++) {
		still = state_of(pid) == 'R' ? 0 : still + 1;
		nap(5);
	}
}
