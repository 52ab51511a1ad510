/* SPDX-License-Identifier: Apache-2.0
 *
 * The two ends of the order to restore damaged images: the caller's, and process 1's.
 */
#include "image_orders.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attend.h"
#include "cage.h"
#include "keeper.h"
#include "tree_orders.h"

#define GOOD "/run/good"
#define LOG WARD_IMAGES "/restore.log"

enum { DAMAGED = 0x100 }; /* in an answer, beside its outcome */

/* Trees have low pids, so that nobody has them when they are restored (cage.h); others higher ones. */
enum { FIRST_TREE_PID = 40, PIDS_OF_TREE = 30, FIRST_OTHER_PID = 400 };

_Static_assert(FIRST_TREE_PID + IMAGES_TREES * PIDS_OF_TREE < 300, "RESERVED_PIDS");
_Static_assert(sizeof(struct image_case) <= WARD_ORDER, "order");

static const char *program; /* the tree */

/* ---- process 1: folders ------------------------------------------------------------------------- */

static int copy_file(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), status = in < 0 ? -errno : 0, out;
	struct stat facts = { .st_size = 0 };

	out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (!status && (out < 0 || fstat(in, &facts) < 0 || fchmod(out, facts.st_mode) < 0))
		status = -errno;
	while (!status && facts.st_size > 0) {
		ssize_t sent = sendfile(out, in, NULL, (size_t)facts.st_size);

		if (sent <= 0)
			status = sent < 0 ? -errno : -EIO;
		else
			facts.st_size -= sent;
	}
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return status;
}

/* What stays in a tree's folder from one tree to the next: it is open here too. */
static int stays(const char *name)
{
	return name[0] == '.' || strcmp(name, "board") == 0 || strcmp(name, "fifo") == 0;
}

static void empty_folder(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	while (folder != NULL && (entry = readdir(folder)) != NULL)
		if (!stays(entry->d_name))
			unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder != NULL)
		closedir(folder);
}

/* The regular files of a folder; whatever was in `to` is gone. */
static int copy_folder(const char *from, const char *to)
{
	char source[512], copy[512];
	struct dirent *entry;
	DIR *folder;
	int status = 0;

	if (mkdir(to, 0700) < 0 && errno != EEXIST)
		return -errno;
	empty_folder(to);
	folder = opendir(from);
	if (folder == NULL)
		return -errno;
	while (!status && (entry = readdir(folder)) != NULL) {
		if (stays(entry->d_name) || entry->d_type != DT_REG)
			continue;
		snprintf(source, sizeof(source), "%s/%s", from, entry->d_name);
		snprintf(copy, sizeof(copy), "%s/%s", to, entry->d_name);
		status = copy_file(source, copy);
	}
	closedir(folder);
	return status;
}

/* ---- process 1: the good images ----------------------------------------------------------------- */

static struct kept {
	pid_t root; /* 0: there is none */
	struct tree_setting setting;
} kept[IMAGES_TREES];

static void name_folder(char path[32], unsigned which, const char *what)
{
	snprintf(path, 32, GOOD "/%u-%s", which, what);
}

/* Its images, and the files that it had open: a damaged image may have them written to. */
static int keep(unsigned which)
{
	char path[32];
	int status;

	name_folder(path, which, "images");
	status = copy_folder(WARD_IMAGES, path);
	name_folder(path, which, "files");
	return status ? status : copy_folder(TREE_HOME, path);
}

static int lay_out_kept(unsigned which)
{
	char path[32];
	int status;

	name_folder(path, which, "images");
	status = copy_folder(path, WARD_IMAGES);
	name_folder(path, which, "files");
	return status ? status : copy_folder(path, TREE_HOME);
}

static int dump_good(unsigned which, const struct tree_setting *setting)
{
	struct kept *k = &kept[which];
	int status;

	k->root = 0;
	cage_next_pid(FIRST_TREE_PID + (pid_t)which * PIDS_OF_TREE);
	status = tree_raise(setting);
	cage_next_pid(FIRST_OTHER_PID);
	if (!status)
		status = keeper_dump(0, WARD_CAREFUL);
	unlink(WARD_IMAGES "/dump.log");
	if (!status)
		status = keep(which);
	if (status)
		return status;
	k->root = keeper.dumped;
	k->setting = *setting;
	return 0;
}

static int lay_out(unsigned which, const struct tree_setting *setting)
{
	int status = 0;

	if (!kept[which].root || memcmp(&kept[which].setting, setting, sizeof(*setting)) != 0)
		status = dump_good(which, setting);
	return status ? status : lay_out_kept(which);
}

/* ---- process 1: one restore --------------------------------------------------------------------- */

static void leave_somebody(void)
{
	if (fork() == 0)
		for (;;)
			pause();
}

/* One kind of image is enough to be careless with, and gives each slip one title. */
static enum image_slip slip_at(const struct image_case *c, const struct damage_done *done)
{
	if (c->slip == IMAGES_LOST)
		return done->text[0] ? IMAGES_CAREFUL : IMAGES_LOST;
	return done->text[0] && strcmp(done->kind, "mm") == 0 ? c->slip : IMAGES_CAREFUL;
}

static void restore(const struct image_case *c, enum image_slip slip, struct attended *a)
{
	char *argv[] = { (char *)keeper.criu, "restore", "-d",          "-D",
			 WARD_IMAGES,         "-o",      "restore.log", NULL };
	struct tree_setting setting = c->setting;
	pid_t pid;

	if (slip == IMAGES_LOST)
		unlink(WARD_IMAGES "/inventory.img");
	if (slip == IMAGES_SPOILT)
		setting.spoils = 1 + TREE_MEMORY;
	tree_forget(&setting);
	pid = keeper_start(argv);
	if (slip == IMAGES_KILLED)
		kill(pid, SIGSEGV);
	if (slip == IMAGES_STOPPED)
		kill(pid, SIGSTOP);
	attend(pid, a);
	if (slip == IMAGES_MUTE)
		unlink(LOG);
	if (slip == IMAGES_LEFT_OVER)
		leave_somebody();
	if (slip == IMAGES_EXIT_IGNORED)
		a->status = 0;
	/* On a crowded machine it may have ended before the signal came. */
	if (slip == IMAGES_KILLED)
		a->status = SIGSEGV;
}

static enum image_outcome refused(struct attended *a)
{
	int says = attend_read_log(LOG, a);

	if (WIFSIGNALED(a->status))
		return IMAGES_CRASHED;
	if (a->task_signal) /* whoever is left then is what follows from it */
		return IMAGES_TASK_CRASHED;
	if (attend_somebody_left(a->text, sizeof(a->text)))
		return IMAGES_LEFT;
	return says ? IMAGES_REFUSED : IMAGES_REFUSED_MUTELY;
}

static enum image_outcome accepted(const struct image_case *c, struct attended *a)
{
	int status;

	keeper.root = kept[c->tree].root;
	status = kill(keeper.root, 0) < 0 ? -ESRCH : tree_ask();
	snprintf(a->text, sizeof(a->text), "%s", keeper.answer.detail);
	if (status)
		return IMAGES_DEAD;
	return keeper.answer.changed ? IMAGES_CHANGED : IMAGES_SAME;
}

static enum image_outcome judge(const struct image_case *c, struct attended *a)
{
	if (a->hung)
		return IMAGES_HUNG;
	if (WIFEXITED(a->status) && WEXITSTATUS(a->status) == 0)
		return accepted(c, a);
	return refused(a);
}

static void obey(const void *order, size_t size)
{
	const struct image_case *c = order;
	enum image_outcome outcome = IMAGES_NO_DUMP;
	struct damage_done done = { "", "" };
	struct attended a = { .status = 0 };
	struct ward_answer *answer = &keeper.answer;

	if (size != sizeof(*c) || c->tree >= IMAGES_TREES)
		return;
	if (lay_out(c->tree, &c->setting) == 0 &&
	    damage_folder(WARD_IMAGES, &c->damage, &done) == 0) {
		restore(c, slip_at(c, &done), &a);
		outcome = judge(c, &a);
	} else {
		snprintf(a.text, sizeof(a.text), "%.16s: %.120s", answer->stage, answer->detail);
	}
	keeper_clear();
	answer->error = 0;
	answer->changed = outcome | (done.text[0] ? DAMAGED : 0);
	snprintf(answer->stage, sizeof(answer->stage), "%s", done.kind);
	snprintf(answer->detail, sizeof(answer->detail), "%.72s: %.84s", done.text, a.text);
}

static int move_in(void)
{
	int status = cage_shut(program);

	if (!status && mkdir(GOOD, 0700) < 0)
		status = -errno;
	return status ? status : tree_move_in();
}

/* ---- the caller's end --------------------------------------------------------------------------- */

int cage_open_for_images(struct ward *w, int (*fork_it)(void), const char *criu, const char *tree)
{
	static const struct ward_duties duties = { .move_in = move_in, .obey = obey };

	program = tree;
	tree_is(tree);
	return cage_open(w, fork_it, &duties, criu);
}

int cage_restore(struct ward *w, const struct image_case *c, struct image_result *result)
{
	int ret = ward_tell(w, c, sizeof(*c), WARD_ANSWER_MS);

	memset(result, 0, sizeof(*result));
	result->outcome = w->changed & ~(uint32_t)DAMAGED;
	result->damaged = (w->changed & DAMAGED) != 0;
	snprintf(result->kind, sizeof(result->kind), "%s", w->stage);
	snprintf(result->text, sizeof(result->text), "%s", w->detail);
	return ret;
}
