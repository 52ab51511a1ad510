/* SPDX-License-Identifier: Apache-2.0
 *
 * The two ends of a ward: the caller's, which must not be seen by the runtime (raw calls), and
 * process 1 of the namespaces, where nothing is controlled.
 */
#include "ward.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../victim/raw.h"

#define IMAGES "/run/images"

enum order_kind { RAISE, DUMP, RESTORE, ASK, CLEAR };

struct order {
	uint32_t kind; /* enum order_kind */
	uint32_t leave_running;
	uint32_t slip; /* enum ward_slip */
	uint32_t pad;
	struct tree_setting setting;
};

struct answer {
	int32_t error; /* -errno */
	uint32_t changed;
	char stage[16];
	char detail[160];
};

/* ---- process 1 -------------------------------------------------------------------------------- */

static struct {
	const char *criu, *tree;
	pid_t root; /* of the tree, 0 = there is none */
	pid_t dumped; /* the root that was dumped last */
	int root_status; /* how it ended */
	int fifo;
	struct tree_board *board;
	struct answer answer;
} here;

static int failed(const char *stage, int error, const char *detail)
{
	struct answer *a = &here.answer;

	a->error = error;
	snprintf(a->stage, sizeof(a->stage), "%s", stage);
	snprintf(a->detail, sizeof(a->detail), "%s", detail);
	return error;
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Sleeps until a child has ended, or so long. SIGCHLD is blocked, so none is missed. */
static void await_child(long ms)
{
	const struct timespec slice = { ms / 1000, ms % 1000 * 1000000 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigtimedwait(&set, NULL, &slice);
}

/* Reaps whoever has ended; true if that one is among them. */
static int reap(pid_t wanted, int *status)
{
	int found = 0, how;
	pid_t pid;

	while ((pid = waitpid(-1, &how, WNOHANG)) > 0) {
		if (pid == here.root) {
			here.root = 0;
			here.root_status = how;
		}
		if (pid == wanted) {
			found = 1;
			*status = how;
		}
	}
	return found;
}

/* As long as it answers, everybody but us is dead or dying. */
static int clear(void)
{
	long end = now_ms() + WARD_TREE_MS;
	int status;

	while (kill(-1, SIGKILL) == 0 || errno != ESRCH) {
		if (now_ms() > end)
			return failed("tree", -EBUSY, "somebody in the ward can't be killed");
		await_child(1);
		reap(0, &status);
	}
	reap(0, &status);
	here.root = 0;
	return 0;
}

static void empty_folder(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	if (folder == NULL)
		return;
	while ((entry = readdir(folder)) != NULL)
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(folder), entry->d_name, 0);
	closedir(folder);
}

/* Looks again and again whether somebody has stopped it who will not let it go on. */
struct standstill {
	pid_t pid;
	int looks;
};

enum { LOOKS = 8, LOOK_MS = 20 };

static int stands_still(struct standstill *s)
{
	char path[32], line[256], *state;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", s->pid);
	file = fopen(path, "re");
	if (file == NULL)
		return 0;
	state = fgets(line, sizeof(line), file) != NULL ? strrchr(line, ')') : NULL;
	fclose(file);
	s->looks = state != NULL && strncmp(state, ") T", 3) == 0 ? s->looks + 1 : 0;
	return s->looks >= LOOKS;
}

static int await_word(const uint32_t *word, const char *what)
{
	const struct timespec slice = { 0, LOOK_MS * 1000000 };
	struct standstill still = { .pid = here.root };
	long end = now_ms() + WARD_TREE_MS;
	char detail[96];
	int status;

	while (__atomic_load_n(word, __ATOMIC_ACQUIRE) == 0) {
		reap(0, &status);
		if (here.root == 0) {
			snprintf(detail, sizeof(detail),
				 "it has ended with status 0x%x before it %s", here.root_status,
				 what);
			return failed("tree", -ESRCH, detail);
		}
		if (stands_still(&still) || now_ms() > end) {
			snprintf(detail, sizeof(detail), "it never %s%s", what,
				 still.looks >= LOOKS ? ": it is stopped" : "");
			return failed("tree", -ETIMEDOUT, detail);
		}
		syscall(SYS_futex, word, FUTEX_WAIT, 0, &slice, NULL, 0);
	}
	return 0;
}

/* A child of ours with a session of its own and nothing but the null device open. */
static pid_t start(char *const argv[])
{
	pid_t pid = fork();
	sigset_t none;
	int null;

	if (pid != 0)
		return pid < 0 ? -errno : pid;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	null = open("/dev/null", O_RDWR);
	for (int fd = 0; fd < 3; fd++)
		dup2(null, fd);
	syscall(SYS_close_range, 3, ~0u, 0);
	execv(argv[0], argv);
	_exit(127);
}

static int raise_tree(const struct tree_setting *setting)
{
	char *argv[] = { (char *)here.tree, NULL };
	int status = clear();
	char left;

	if (status)
		return status;
	while (read(here.fifo, &left, 1) == 1)
		; /* the last tree may not have read it */
	memset(here.board, 0, sizeof(*here.board));
	here.board->setting = *setting;
	here.root = start(argv);
	if (here.root < 0)
		return failed("tree", here.root, "can't be started");
	return await_word(&here.board->ready, "is ready");
}

/* ---- criu --------------------------------------------------------------------------------------- */

/* The first complaint in criu's log is the one that others follow from; but it goes on without the
 * right to raise limits. */
static void read_complaint(const char *log, char *text, size_t size)
{
	FILE *file = fopen(log, "re");
	char line[256];

	if (file == NULL)
		return;
	while (fgets(line, sizeof(line), file) != NULL) {
		char *error = strstr(line, "Error (");

		line[strcspn(line, "\n")] = '\0';
		if (error == NULL || strstr(error, "RLIMIT_NOFILE") != NULL)
			continue;
		snprintf(text, size, "%s", error);
		break;
	}
	fclose(file);
}

static int run_criu(const char *stage, char *const argv[], const char *log, int stopped)
{
	char detail[160] = "it says nothing";
	long end = now_ms() + WARD_CRIU_MS;
	pid_t pid = start(argv);
	struct standstill still = { .pid = pid };
	int status = 0;

	if (pid < 0)
		return failed(stage, pid, "criu can't be started");
	if (stopped)
		kill(pid, SIGSTOP);
	while (!reap(pid, &status)) {
		if (stands_still(&still) || now_ms() > end) {
			kill(pid, SIGKILL);
			snprintf(detail, sizeof(detail), "criu does not end%s",
				 still.looks >= LOOKS ? ": it is stopped" : "");
			return failed(stage, -ETIME, detail);
		}
		await_child(LOOK_MS);
	}
	if (status == 0)
		return 0;
	read_complaint(log, detail, sizeof(detail));
	return failed(stage, -EIO, detail);
}

static void cut_image(void)
{
	if (truncate(IMAGES "/files.img", 20) < 0)
		failed("dump", -errno, "no image of files");
}

/* A dumped tree has been killed; what is restored in its place must not meet it. */
static int await_end(void)
{
	long end = now_ms() + WARD_TREE_MS;
	int status;

	for (reap(0, &status); here.root != 0; reap(0, &status)) {
		if (now_ms() > end)
			return failed("dump", -EEXIST, "the tree still runs after it was dumped");
		await_child(LOOK_MS);
	}
	return 0;
}

static int dump(const struct order *order)
{
	char pid[16], *argv[] = { (char *)here.criu, "dump", "-t", pid, "-D", IMAGES, "-o",
				  "dump.log",        NULL,   NULL };
	int status;

	empty_folder(IMAGES);
	here.dumped = here.root;
	snprintf(pid, sizeof(pid), "%d", here.root);
	if (order->leave_running)
		argv[8] = "-R";
	status = run_criu("dump", argv, IMAGES "/dump.log", order->slip == WARD_CRIU_STOPPED);
	if (!status && access(IMAGES "/inventory.img", R_OK) < 0)
		status = failed("dump", -ENOENT,
				"criu says that all is well, but there is no image");
	if (!status && !order->leave_running)
		status = await_end();
	if (!status && order->slip == WARD_IMAGE_CUT)
		cut_image();
	return status;
}

/* criu has ended, so the restored tree is a child of ours again, with the pid that it had. */
static int restore(const struct order *order)
{
	char *argv[] = {
		(char *)here.criu, "restore", "-d", "-D", IMAGES, "-o", "restore.log", NULL
	};
	int status;

	here.root = here.dumped;
	status = run_criu("restore", argv, IMAGES "/restore.log", 0);
	if (!status && order->slip == WARD_LEFT_STOPPED)
		kill(here.root, SIGSTOP);
	if (!status && order->slip == WARD_TREE_KILLED)
		kill(here.root, SIGKILL);
	return status;
}

/* ---- its report --------------------------------------------------------------------------------- */

static int ask(void)
{
	struct tree_board *board = here.board;
	int status;

	__atomic_store_n(&board->go, 1, __ATOMIC_RELEASE);
	syscall(SYS_futex, &board->go, FUTEX_WAKE, 64, NULL, NULL, 0);
	if (write(here.fifo, "", 1) != 1)
		return failed("tree", -errno, "can't be woken");
	if (board->setting.place == TREE_SUSPENDS)
		kill(here.root, SIGUSR1);
	status = await_word(&board->done, "answers");
	if (status)
		return status;
	here.answer.changed = board->changed;
	snprintf(here.answer.detail, sizeof(here.answer.detail), "%s", board->detail);
	return 0;
}

static void obey(const struct order *order)
{
	memset(&here.answer, 0, sizeof(here.answer));
	switch ((enum order_kind)order->kind) {
	case RAISE:
		raise_tree(&order->setting);
		break;
	case DUMP:
		dump(order);
		break;
	case RESTORE:
		restore(order);
		break;
	case ASK:
		ask();
		break;
	case CLEAR:
		clear();
		break;
	}
}

/* ---- how it comes to be ------------------------------------------------------------------------- */

/* criu's probe of the kernel connects to itself. */
static int raise_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int status = fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) < 0 ? -errno : 0;

	close(fd);
	return status;
}

static int make_folders(void)
{
	int fd;

	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("proc", "/proc", "proc", 0, NULL) < 0 ||
	    mount("ward", "/run", "tmpfs", 0, "mode=700") < 0 || mkdir(IMAGES, 0700) < 0 ||
	    mkdir(TREE_HOME, 0700) < 0 || mkfifo(TREE_FIFO, 0600) < 0)
		return -errno;
	here.fifo = open(TREE_FIFO, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	fd = open(TREE_BOARD, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (here.fifo < 0 || fd < 0 || ftruncate(fd, sizeof(*here.board)) < 0)
		return -errno;
	here.board = mmap(NULL, sizeof(*here.board), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return here.board == MAP_FAILED ? -errno : 0;
}

static _Noreturn void serve(int fd)
{
	int status = raise_loopback();
	struct order order;
	sigset_t set;

	if (!status)
		status = make_folders();
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (send(fd, &status, sizeof(status), MSG_NOSIGNAL) < 0 || status < 0)
		_exit(1);
	while (recv(fd, &order, sizeof(order), 0) == sizeof(order)) {
		obey(&order);
		if (send(fd, &here.answer, sizeof(here.answer), MSG_NOSIGNAL) < 0)
			break;
	}
	_exit(0); /* and the kernel kills everybody in here */
}

/* Between the caller and process 1: whoever enters a pid namespace must fork once more. */
static _Noreturn void enter(int fd)
{
	int status;
	pid_t pid;

	/* The caller's end among them: if we held it, process 1 would never hear that he is gone. */
	if (fd > 3)
		syscall(SYS_close_range, 3, fd - 1, 0);
	syscall(SYS_close_range, fd + 1, ~0u, 0);
	if (unshare(CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET) < 0) {
		status = -errno;
		send(fd, &status, sizeof(status), MSG_NOSIGNAL);
		_exit(1);
	}
	signal(SIGCHLD, SIG_DFL);
	pid = fork();
	if (pid == 0) {
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
			_exit(1);
		serve(fd);
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

int ward_open(struct ward *w, int (*fork_it)(void), const char *criu, const char *tree)
{
	int ends[2], status = 0, ret;

	here.criu = criu;
	here.tree = tree;
	ret = (int)raw4(SYS_socketpair, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends);
	if (ret < 0)
		return ret;
	w->pid = fork_it();
	if (w->pid == 0)
		enter(ends[1]);
	raw1(SYS_close, ends[1]);
	w->fd = ends[0];
	if (w->pid < 0)
		return w->pid;
	ret = receive(w, &status, sizeof(status), WARD_TREE_MS);
	return ret ? ret : status;
}

static int tell(struct ward *w, const struct order *order)
{
	struct answer answer;
	int ret = (int)raw6(SYS_sendto, w->fd, order, sizeof(*order), MSG_NOSIGNAL, 0, 0);

	if (ret >= 0)
		ret = receive(w, &answer, sizeof(answer), 2 * WARD_CRIU_MS);
	if (ret < 0) {
		snprintf(w->stage, sizeof(w->stage), "ward");
		snprintf(w->detail, sizeof(w->detail), "its process 1 does not answer");
		return ret;
	}
	memcpy(w->stage, answer.stage, sizeof(w->stage));
	memcpy(w->detail, answer.detail, sizeof(w->detail));
	w->changed = answer.changed;
	return answer.error;
}

int ward_raise(struct ward *w, const struct tree_setting *setting)
{
	struct order order = { .kind = RAISE, .setting = *setting };

	return tell(w, &order);
}

int ward_dump(struct ward *w, int leave_running, enum ward_slip slip)
{
	struct order order = { .kind = DUMP,
			       .leave_running = (uint32_t)leave_running,
			       .slip = slip };

	return tell(w, &order);
}

int ward_restore(struct ward *w, enum ward_slip slip)
{
	struct order order = { .kind = RESTORE, .slip = slip };

	return tell(w, &order);
}

int ward_ask(struct ward *w)
{
	struct order order = { .kind = ASK };

	return tell(w, &order);
}

int ward_clear(struct ward *w)
{
	struct order order = { .kind = CLEAR };

	return tell(w, &order);
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

const char *ward_unsupported(const char *criu, const char *tree)
{
	static char reason[256];

	if (geteuid() != 0)
		return "needs root: criu does, and so do the namespaces that keep it away from "
		       "others";
	if (access(criu, X_OK) == 0 && access(tree, X_OK) == 0)
		return NULL;
	snprintf(reason, sizeof(reason), "%.200s: %s", access(criu, X_OK) ? criu : tree,
		 strerror(errno));
	return reason;
}
