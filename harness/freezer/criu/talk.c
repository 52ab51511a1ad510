/* SPDX-License-Identifier: Apache-2.0
 *
 * The two ends of the orders about a talk: the caller's, which must not be seen by the runtime (raw
 * calls), and process 1's.
 */
#include "talk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../victim/raw.h"
#include "attend.h"
#include "cage.h"
#include "keeper.h"
#include "tree_orders.h"

#define LOG WARD_IMAGES "/talk.log"

/* Of process 1. */
enum { SOCKET_FD = 90, FOLDER_FD = 91 };
/* Looks in a row, this far apart, without anybody having run. */
enum { STILL_LOOKS = 12, LOOK_EVERY_MS = 100 };

enum order_kind { BEGIN, TAKEN, LOOK, SPOIL, END };

struct order {
	uint32_t kind; /* enum order_kind */
	uint32_t with, about, slip;
};

static const struct tree_setting setting = { .seed = 1 };

/* ---- process 1 -------------------------------------------------------------------------------- */

static struct {
	pid_t pid, tree;
	const char *program;
	unsigned long switches;
	int version;
	int ended, status; /* criu has, before it was asked whether */
} talk;

static void start_criu(enum talk_with with, int fd)
{
	char *const swrk[] = { (char *)keeper.criu, "swrk", "3", NULL };
	char *const pages[] = { (char *)keeper.criu, "page-server", "-D", WARD_IMAGES, "-o",
				"talk.log",          "--ps-socket", "3",  NULL };

	talk.pid = fork();
	if (talk.pid != 0)
		return;
	dup2(fd, FOLDER_FD + 1);
	fd = FOLDER_FD + 1;
	setsid();
	syscall(SYS_close_range, 3, (unsigned)fd - 1, 0);
	syscall(SYS_close_range, (unsigned)fd + 1, ~0u, 0);
	dup2(fd, 3);
	close(fd);
	for (int standard = 0; standard < 3; standard++) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, standard);
		if (null > 3)
			close(null);
	}
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execv(keeper.criu, with == TALK_SWRK ? swrk : pages);
	_exit(127);
}

static int open_socket(enum talk_with with)
{
	int ends[2], type = with == TALK_SWRK ? SOCK_SEQPACKET : SOCK_STREAM;

	if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	dup3(ends[0], SOCKET_FD, O_CLOEXEC);
	close(ends[0]);
	start_criu(with, ends[1]);
	close(ends[1]);
	return talk.pid < 0 ? -errno : 0;
}

static void empty_images(void)
{
	DIR *folder = opendir(WARD_IMAGES);
	struct dirent *entry;

	while (folder != NULL && (entry = readdir(folder)) != NULL)
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder != NULL)
		closedir(folder);
}

static int prepare(enum talk_about about)
{
	int status = keeper_clear();
	int folder = open(WARD_IMAGES, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	dup3(folder, FOLDER_FD, O_CLOEXEC);
	close(folder);
	empty_images();
	talk.tree = 0;
	if (!status && about != TALK_ALONE)
		status = tree_raise(&setting);
	talk.tree = keeper.root;
	if (!status && about == TALK_IMAGES)
		status = keeper_dump(0, WARD_CAREFUL);
	if (!status && about == TALK_IMAGES)
		tree_forget(&setting);
	return status;
}

static void begin(const struct order *order)
{
	int status = prepare(order->about);

	if (!status)
		status = open_socket(order->with);
	if (status) {
		keeper_failed("talk", status, keeper.answer.detail);
		return;
	}
	talk.switches = 0;
	talk.ended = 0;
	snprintf(keeper.answer.stage, sizeof(keeper.answer.stage), "%d %d %d", talk.pid, talk.tree,
		 talk.version);
}

static void take_look(void)
{
	struct ward_answer *answer = &keeper.answer;
	int status;

	if (!talk.ended && keeper_reap(talk.pid, &status)) {
		talk.ended = 1;
		talk.status = status;
	}
	answer->changed =
		(uint32_t)attend_look(&talk.switches, answer->detail, sizeof(answer->detail));
}

static void spoil(enum talk_slip slip)
{
	if (slip == TALK_KILLED)
		kill(talk.pid, SIGABRT);
	if (slip == TALK_STOPPED)
		kill(talk.pid, SIGSTOP);
	if (slip == TALK_TREE_STOPPED && talk.tree)
		kill(talk.tree, SIGSTOP);
	if (slip == TALK_TREE_SPOILT)
		tree_spoil(1 + TREE_MEMORY);
	if (slip == TALK_LEFT_OVER && fork() == 0)
		for (;;)
			pause();
}

static enum talk_tree look_at_tree(void)
{
	if (!talk.tree)
		return TALK_NO_TREE;
	keeper.root = talk.tree;
	if (kill(talk.tree, 0) < 0)
		return TALK_TREE_GONE;
	if (tree_ask())
		return TALK_TREE_STILL;
	return keeper.answer.changed ? TALK_TREE_CHANGED : TALK_TREE_SAME;
}

static int there(const char *path)
{
	return access(path, R_OK) == 0;
}

static int packed(const struct attended *a, int bug, int left, enum talk_tree tree)
{
	int signal = WIFSIGNALED(a->status) ? WTERMSIG(a->status) : 0;

	return signal | a->hung << 7 | (bug != 0) << 8 | (left != 0) << 9 | (int)tree << 10 |
	       there(WARD_IMAGES "/inventory.img") << 13 | there(LOG) << 14 |
	       (WIFEXITED(a->status) ? WEXITSTATUS(a->status) : 0) << 16;
}

static void end(void)
{
	struct attended a;
	char text[160] = "";
	enum talk_tree tree;
	int left, bug = 0;

	if (talk.ended)
		a = (struct attended){ .status = talk.status };
	else
		attend(talk.pid, &a);
	if (a.hung)
		kill(talk.pid, SIGKILL);
	else
		bug = attend_read_log(LOG, &a) && (a.task_signal || strstr(a.text, "BUG at"));
	tree = look_at_tree();
	snprintf(text, sizeof(text), "%.70s%s%.80s", keeper.answer.detail,
		 keeper.answer.detail[0] ? "; " : "", a.text);
	if (talk.tree && tree != TALK_TREE_GONE) {
		kill(talk.tree, SIGKILL);
		kill(talk.tree, SIGCONT);
	}
	left = attend_somebody_left(text, sizeof(text));
	keeper_clear();
	close(FOLDER_FD);
	keeper.answer.error = 0;
	keeper.answer.changed = (uint32_t)packed(&a, bug, left, tree);
	snprintf(keeper.answer.detail, sizeof(keeper.answer.detail), "%s", text);
}

static void obey(const void *what, size_t size)
{
	const struct order *order = what;

	if (size != sizeof(*order))
		return;
	switch ((enum order_kind)order->kind) {
	case BEGIN:
		begin(order);
		break;
	case TAKEN:
		close(SOCKET_FD);
		break;
	case LOOK:
		take_look();
		break;
	case SPOIL:
		spoil(order->slip);
		break;
	case END:
		end();
		break;
	}
}

/* 402 of criu 4.2.1; what it sends over the network depends on it. */
static void ask_version(void)
{
	char command[512], line[128];
	unsigned major, minor;
	FILE *says;

	snprintf(command, sizeof(command), "'%s' --version 2>/dev/null", keeper.criu);
	says = popen(command, "re");
	while (says != NULL && fgets(line, sizeof(line), says) != NULL)
		if (sscanf(line, "Version: %u.%u", &major, &minor) == 2)
			talk.version = (int)(major * 100 + minor);
	if (says != NULL)
		pclose(says);
}

static int move_in(void)
{
	int status = cage_shut(talk.program);

	ask_version();

	return status ? status : tree_move_in();
}

/* ---- the caller's end --------------------------------------------------------------------------- */

int cage_open_for_talks(struct ward *w, int (*fork_it)(void), const char *criu, const char *tree)
{
	static const struct ward_duties duties = { .move_in = move_in, .obey = obey };

	talk.program = tree;
	tree_is(tree);
	return cage_open(w, fork_it, &duties, criu);
}

static int tell(struct ward *w, const struct order *order)
{
	return ward_tell(w, order, sizeof(*order), 2 * WARD_CRIU_MS);
}

/* The ward's child is process 1, whose descriptor is fetched. */
static int fetch_socket(const struct ward *w)
{
	char path[64], text[16] = "";
	int fd, process, own;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", w->pid, w->pid);
	fd = (int)raw4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return fd;
	raw3(SYS_read, fd, text, sizeof(text) - 1);
	raw1(SYS_close, fd);
	process = (int)raw2(SYS_pidfd_open, atoi(text), 0);
	if (process < 0)
		return process;
	own = (int)raw3(SYS_pidfd_getfd, process, SOCKET_FD, 0);
	raw1(SYS_close, process);
	return own;
}

int talk_begin(struct ward *w, enum talk_with with, enum talk_about about, struct talk *t)
{
	struct order order = { .kind = BEGIN, .with = with, .about = about };
	int status = tell(w, &order);

	memset(t, 0, sizeof(*t));
	t->fd = -1;
	snprintf(t->text, sizeof(t->text), "%.12s: %.140s", w->stage, w->detail);
	if (status)
		return status;
	sscanf(w->stage, "%u %u %u", &t->pid, &t->tree, &t->version);
	t->folder = FOLDER_FD;
	t->fd = fetch_socket(w);
	if (t->fd < 0)
		return t->fd;
	order.kind = TAKEN;
	return tell(w, &order);
}

int talk_is_still(struct ward *w, struct talk *t)
{
	static int64_t next;
	static unsigned still;
	const struct order order = { .kind = LOOK };
	int64_t now[2];

	raw2(SYS_clock_gettime, 1, now);
	now[0] = now[0] * 1000 + now[1] / 1000000;
	if (now[0] < next)
		return 0;
	if (now[0] > next + 10 * LOOK_EVERY_MS)
		still = 0; /* another wait */
	next = now[0] + LOOK_EVERY_MS;
	if (tell(w, &order))
		return 1;
	still = w->changed ? still + 1 : 0;
	snprintf(t->text, sizeof(t->text), "%s", w->detail);
	return still >= STILL_LOOKS;
}

int talk_spoil(struct ward *w, enum talk_slip slip)
{
	const struct order order = { .kind = SPOIL, .slip = slip };

	return slip == TALK_CAREFUL ? 0 : tell(w, &order);
}

int talk_end(struct ward *w, struct talk_end *e)
{
	const struct order order = { .kind = END };
	int status = tell(w, &order);

	memset(e, 0, sizeof(*e));
	e->signal = w->changed & 0x7f;
	e->hung = w->changed >> 7 & 1;
	e->bug = w->changed >> 8 & 1;
	e->left = w->changed >> 9 & 1;
	e->tree = w->changed >> 10 & 7;
	e->images = w->changed >> 13 & 1;
	e->log = w->changed >> 14 & 1;
	e->code = (int32_t)(w->changed >> 16);
	snprintf(e->text, sizeof(e->text), "%s", w->detail);
	return status;
}

long talk_read_image(const struct ward *w, const char *name, uint8_t *bytes, size_t room)
{
	char path[128];
	long fd, size;

	snprintf(path, sizeof(path), "/proc/%d/root" WARD_IMAGES "/%s", w->pid, name);
	fd = raw4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return fd;
	size = raw3(SYS_read, fd, bytes, room);
	raw1(SYS_close, fd);
	return size;
}
