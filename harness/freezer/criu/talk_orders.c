/* SPDX-License-Identifier: Apache-2.0
 *
 * Process 1 of a cage in which a criu is talked to.
 */
#include "talk_orders.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attend.h"
#include "cage.h"
#include "keeper.h"
#include "tree_orders.h"

#define LOG WARD_IMAGES "/talk.log"

static const struct tree_setting setting = { .seed = 1 };

static struct {
	pid_t pid, tree;
	const char *program;
	unsigned long switches;
	int version;
	int ended, status; /* criu has, before it was asked whether */
	int bug; /* planted: its log will tell of one */
} talk;

static void start_criu(enum talk_with with, int fd)
{
	char *const swrk[] = { (char *)keeper.criu, "swrk", "3", NULL };
	char *const pages[] = { (char *)keeper.criu, "page-server", "-D", WARD_IMAGES, "-o",
				"talk.log",          "--ps-socket", "3",  NULL };

	talk.pid = fork();
	if (talk.pid != 0)
		return;
	dup2(fd, TALK_FOLDER_FD + 1);
	fd = TALK_FOLDER_FD + 1;
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
	dup3(ends[0], TALK_SOCKET_FD, O_CLOEXEC);
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

	dup3(folder, TALK_FOLDER_FD, O_CLOEXEC);
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

static void begin(const struct talk_order *order)
{
	int status = prepare(order->about);

	if (!status)
		status = open_socket(order->with);
	if (status) {
		keeper_failed("talk", status, keeper.answer.detail);
		return;
	}
	talk.switches = 0;
	talk.ended = talk.bug = 0;
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
	if (slip == TALK_TREE_KILLED && talk.tree)
		kill(talk.tree, SIGKILL);
	if (slip == TALK_TREE_SPOILT)
		tree_spoil(1 + TREE_MEMORY);
	talk.bug |= slip == TALK_BUG;
	if (slip == TALK_LEFT_OVER && fork() == 0)
		for (;;)
			pause();
}

static enum talk_tree look_at_tree(void)
{
	int status;

	if (!talk.tree)
		return TALK_NO_TREE;
	keeper.root = talk.tree;
	status = kill(talk.tree, 0) < 0 ? -ESRCH : tree_ask();
	if (status)
		return status == -ESRCH ? TALK_TREE_GONE : TALK_TREE_STILL;
	return keeper.answer.changed ? TALK_TREE_CHANGED : TALK_TREE_SAME;
}

static union talk_answer summary(const struct attended *a, int left, enum talk_tree tree)
{
	return (union talk_answer){
		.signal = WIFSIGNALED(a->status) ? (uint32_t)WTERMSIG(a->status) : 0,
		.hung = a->hung != 0,
		.bug = !a->hung && (a->task_signal || a->bug),
		.left = left != 0,
		.tree = tree,
		.log = access(LOG, R_OK) == 0,
		.code = WIFEXITED(a->status) ? (uint32_t)WEXITSTATUS(a->status) : 0,
	};
}

static void tell_of_bug(void)
{
	FILE *log = fopen(LOG, "ae");

	if (log == NULL)
		return;
	fprintf(log, "(00.000000) Error (worker.c:1): BUG at worker.c:1\n");
	fclose(log);
}

static void await_criu(struct attended *a)
{
	if (talk.ended)
		*a = (struct attended){ .status = talk.status };
	else
		attend(talk.pid, a);
	if (talk.bug)
		tell_of_bug();
	if (a->hung)
		kill(talk.pid, SIGKILL);
	else
		attend_read_log(LOG, a);
}

static void end(void)
{
	char text[sizeof(keeper.answer.detail)] = "";
	struct attended a;
	enum talk_tree tree;
	int left;

	await_criu(&a);
	tree = look_at_tree();
	snprintf(text, sizeof(text), "%.70s%s%.80s", keeper.answer.detail,
		 keeper.answer.detail[0] ? "; " : "", a.text);
	if (talk.tree && tree != TALK_TREE_GONE) {
		kill(talk.tree, SIGKILL);
		kill(talk.tree, SIGCONT);
	}
	left = attend_somebody_left(text, sizeof(text));
	keeper_clear();
	close(TALK_FOLDER_FD);
	keeper.answer.error = 0;
	keeper.answer.changed = summary(&a, left, tree).word;
	snprintf(keeper.answer.detail, sizeof(keeper.answer.detail), "%s", text);
}

static void obey(const void *what, size_t size)
{
	const struct talk_order *order = what;

	if (size != sizeof(*order))
		return;
	switch ((enum talk_order_kind)order->kind) {
	case TALK_BEGIN:
		begin(order);
		break;
	case TALK_TAKEN:
		close(TALK_SOCKET_FD);
		break;
	case TALK_LOOK:
		take_look();
		break;
	case TALK_SPOIL:
		spoil(order->slip);
		break;
	case TALK_END:
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

int talk_open_cage(struct ward *w, int (*fork_it)(void), const char *criu, const char *tree)
{
	static const struct ward_duties duties = { .move_in = move_in, .obey = obey };

	talk.program = tree;
	tree_is(tree);
	return cage_open(w, fork_it, &duties, criu);
}
