/* SPDX-License-Identifier: Apache-2.0
 *
 * How a ward comes to be, and the caller's end of it, which must not be seen by the runtime (raw
 * calls). What is done in it is its keeper's business.
 */
#include "ward.h"

#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../victim/raw.h"
#include "keeper.h"
#include "probe.h"

/* What process 1 says once the ward is there, or isn't. The caller keeps the probe for its next one. */
struct opened {
	int status;
	struct probe probe;
};

static struct opened opened;

/* ---- process 1 ------------------------------------------------------------------------- */

/* criu's probe of the kernel connects to itself. */
static int raise_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int status = fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) < 0 ? -errno : 0;

	close(fd);
	return status;
}

/* criu wants terminals back with their numbers, which others on the machine may have taken. */
int ward_own_terminals(void)
{
	if (mount("ward", "/dev/pts", "devpts", 0, "newinstance,ptmxmode=0666") == 0)
		return 0;
	return errno == ENOENT ? 0 : -errno;
}

static int make_folders(void)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("proc", "/proc", "proc", 0, NULL) < 0 ||
	    mount("ward", "/run", "tmpfs", 0, "mode=700") < 0 || mkdir(WARD_IMAGES, 0700) < 0 ||
	    mount("ward", "/dev/shm", "tmpfs", 0, "mode=1777") < 0)
		return -errno;
	return ward_own_terminals();
}

static int settle(const struct ward_duties *duties)
{
	int status = raise_loopback();

	if (!status)
		status = make_folders();
	if (!status)
		status = duties->move_in();
	keeper_hear_children();
	if (!status)
		probe_lay_out(&opened.probe);
	return status;
}

static _Noreturn void serve(int fd, const struct ward_duties *duties)
{
	char order[WARD_ORDER] __attribute__((aligned(8)));
	ssize_t size;

	opened.status = settle(duties);
	if (send(fd, &opened, sizeof(opened), MSG_NOSIGNAL) < 0 || opened.status < 0)
		_exit(1);
	while ((size = recv(fd, order, sizeof(order), 0)) > 0) {
		memset(&keeper.answer, 0, sizeof(keeper.answer));
		duties->obey(order, (size_t)size);
		if (send(fd, &keeper.answer, sizeof(keeper.answer), MSG_NOSIGNAL) < 0)
			break;
	}
	_exit(0); /* and the kernel kills everybody in here */
}

/* Between the caller and process 1: whoever enters a pid namespace must fork once more. */
static _Noreturn void enter(int fd, const struct ward_duties *duties)
{
	int status;
	pid_t pid;

	/* Process 1 may be busy when the caller dies, and not see that its orders have ended. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		_exit(1);
	/* The caller's end among them: if we held it, process 1 would never hear that he is gone. */
	if (fd > 3)
		syscall(SYS_close_range, 3, fd - 1, 0);
	syscall(SYS_close_range, fd + 1, ~0u, 0);
	if (unshare(CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET) < 0) {
		opened.status = -errno;
		send(fd, &opened, sizeof(opened), MSG_NOSIGNAL);
		_exit(1);
	}
	signal(SIGCHLD, SIG_DFL);
	pid = fork();
	if (pid == 0) {
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
			_exit(1);
		serve(fd, duties);
	}
	close(fd);
	waitpid(pid, &status, 0);
	_exit(0);
}

/* ---- the caller's end --------------------------------------------------------------------------- */

static int receive(struct ward *w, void *data, size_t size, int ms)
{
	struct pollfd one = { .fd = w->fd, .events = POLLIN };
	long ret;

	do
		ret = raw3(SYS_poll, &one, 1, ms);
	while (ret == -EINTR);
	if (ret <= 0)
		return ret ? (int)ret : -ETIME;
	ret = raw6(SYS_recvfrom, w->fd, data, size, MSG_DONTWAIT, 0, 0);
	return ret == (long)size ? 0 : ret < 0 ? (int)ret : -EPIPE;
}

static int failed(struct ward *w, int ret, const char *what)
{
	snprintf(w->stage, sizeof(w->stage), "ward");
	snprintf(w->detail, sizeof(w->detail), "%s", what);
	return ret;
}

int ward_open(struct ward *w, int (*fork_it)(void), const struct ward_duties *duties,
	      const char *criu)
{
	int ends[2], ret;

	keeper.criu = criu;
	ret = (int)raw4(SYS_socketpair, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends);
	if (ret < 0)
		return failed(w, ret, "no sockets");
	w->pid = fork_it();
	if (w->pid == 0)
		enter(ends[1], duties);
	raw1(SYS_close, ends[1]);
	w->fd = ends[0];
	if (w->pid < 0)
		return failed(w, w->pid, "no process");
	/* the kernel may take seconds for a network namespace while it takes others down */
	ret = receive(w, &opened, sizeof(opened), WARD_CRIU_MS);
	if (ret)
		return failed(w, ret, "its process 1 does not come up");
	return opened.status ? failed(w, opened.status, "no namespaces") : 0;
}

int ward_tell(struct ward *w, const void *order, size_t size, int ms)
{
	struct ward_answer answer;
	int ret = (int)raw6(SYS_sendto, w->fd, order, size, MSG_NOSIGNAL, 0, 0);

	if (ret >= 0)
		ret = receive(w, &answer, sizeof(answer), ms);
	if (ret < 0)
		return failed(w, ret, "its process 1 does not answer");
	memcpy(w->stage, answer.stage, sizeof(w->stage));
	memcpy(w->detail, answer.detail, sizeof(w->detail));
	w->changed = answer.changed;
	if (answer.failed) {
		w->failed = answer.failed;
		w->nth = answer.nth;
	}
	w->waits_for = answer.waits_for;
	return answer.error;
}

/* It says nothing but when it is asked; but its end is seen. */
int ward_lives(const struct ward *w)
{
	struct pollfd one = { .fd = w->fd, .events = POLLIN };

	return w->pid > 0 && raw3(SYS_poll, &one, 1, 0) == 0;
}

void ward_close(struct ward *w)
{
	if (w->fd >= 0)
		raw1(SYS_close, w->fd);
	if (w->pid > 0) {
		raw2(SYS_kill, w->pid, SIGKILL);
		while (raw4(SYS_wait4, w->pid, 0, 0, 0) == -EINTR)
			;
	}
	w->fd = -1;
	w->pid = 0;
}

const char *ward_criu(const char *installed)
{
	const char *own = getenv("CRYOFUZZ_CRIU");

	return own != NULL && own[0] ? own : installed;
}

const char *ward_unsupported(const char *criu)
{
	static char reason[256];

	if (geteuid() != 0)
		return "needs root: criu does, and so do the namespaces that keep it away from "
		       "others";
	if (access(criu, X_OK) == 0)
		return NULL;
	snprintf(reason, sizeof(reason), "%.200s: %s", criu, strerror(errno));
	return reason;
}
