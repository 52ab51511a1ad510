/* SPDX-License-Identifier: Apache-2.0
 *
 * The two ends of the orders about a tree: the caller's, and process 1's.
 */
#include "tree_orders.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "beside.h"
#include "deadline.h"
#include "keeper.h"
#include "left.h"

enum order_kind { RAISE, DUMP, RESTORE, ASK, CLEAR, LOOK };

struct order {
	uint32_t kind; /* enum order_kind */
	uint32_t restored; /* of LOOK: after a restore that failed, and not a dump */
	uint32_t beside; /* of RAISE: so many more trees */
	struct ward_how how;
	struct tree_setting setting;
};

_Static_assert(sizeof(struct order) <= WARD_ORDER, "order");

/* ---- process 1 -------------------------------------------------------------------------------- */

static struct {
	const char *program;
	int fifo;
	struct tree_board *board;
} tree;

static int await_word(const uint32_t *word, const char *what)
{
	const struct timespec slice = { 0, KEEPER_LOOK_MS * 1000000 };
	struct standstill still = { .pid = keeper.root };
	struct deadline deadline = deadline_in(WARD_TREE_MS);
	char detail[160];
	int status;

	while (__atomic_load_n(word, __ATOMIC_ACQUIRE) == 0) {
		keeper_reap(0, &status);
		if (keeper.root == 0) {
			snprintf(detail, sizeof(detail),
				 "it has ended with status 0x%x before it %s%s%.40s",
				 keeper.root_status, what, tree.board->detail[0] ? ": " : "",
				 tree.board->detail);
			return keeper_failed("tree", -ESRCH, detail);
		}
		if (keeper_stands_still(&still) || deadline_is_over(&deadline)) {
			snprintf(detail, sizeof(detail), "it never %s%s", what,
				 still.looks >= KEEPER_LOOKS ? ": it is stopped" : "");
			return keeper_failed("tree", -ETIMEDOUT, detail);
		}
		syscall(SYS_futex, word, FUTEX_WAIT, 0, &slice, NULL, 0);
	}
	return 0;
}

void tree_forget(const struct tree_setting *setting)
{
	char left;

	while (read(tree.fifo, &left, 1) == 1)
		; /* the last tree may not have read it */
	memset(tree.board, 0, sizeof(*tree.board));
	tree.board->setting = *setting;
}

static int start_tree(const struct tree_setting *setting)
{
	char *argv[] = { (char *)tree.program, NULL };

	tree_forget(setting);
	keeper.root = keeper_start(argv);
	if (keeper.root < 0)
		return keeper_failed("tree", keeper.root, "can't be started");
	return await_word(&tree.board->ready, "is ready");
}

int tree_raise(const struct tree_setting *setting)
{
	int status = keeper_clear();

	return status ? status : start_tree(setting);
}

/* ---- its report --------------------------------------------------------------------------------- */

void tree_spoil(uint32_t item)
{
	tree.board->setting.spoils = item;
}

int tree_ask(void)
{
	struct tree_board *board = tree.board;
	int status;

	__atomic_store_n(&board->go, 1, __ATOMIC_RELEASE);
	syscall(SYS_futex, &board->go, FUTEX_WAKE, 64, NULL, NULL, 0);
	if (write(tree.fifo, "", 1) != 1)
		return keeper_failed("tree", -errno, "can't be woken");
	if (board->setting.place == TREE_SUSPENDS)
		kill(keeper.root, SIGUSR1);
	status = await_word(&board->done, "answers");
	if (status)
		return status;
	keeper.answer.changed = board->changed;
	snprintf(keeper.answer.detail, sizeof(keeper.answer.detail), "%s", board->detail);
	return 0;
}

static const struct ward_duties duties;

static int raise_first(const struct order *order)
{
	int status = keeper_clear();

	if (!status)
		status = beside_start(order->beside, &duties);
	if (status)
		return keeper_failed("tree", status, "there can't be several");
	beside_tell(order, sizeof(*order));
	return start_tree(&order->setting);
}

static int raise_beside(const struct order *order)
{
	struct tree_setting setting = order->setting;

	setting.berth = keeper.berth;
	setting.seed += keeper.berth;
	setting.spoils = order->how.slip == WARD_NEIGHBOUR_SPOILT ? 1 + TREE_MEMORY : 0;
	return start_tree(&setting);
}

static void obey_alone(const struct order *order)
{
	switch ((enum order_kind)order->kind) {
	case RAISE:
		keeper.berth ? raise_beside(order) : raise_first(order);
		break;
	case DUMP:
		left_note();
		keeper_dump_how(&order->how);
		break;
	case RESTORE:
		keeper_restore_how(&order->how);
		break;
	case ASK:
		tree_ask();
		break;
	case LOOK:
		order->restored ? left_nobody() : left_as_noted();
		break;
	case CLEAR:
		keeper_clear();
		beside_end();
		break;
	}
}

static void obey(const void *what, size_t size)
{
	const struct order *order = what;

	if (size != sizeof(*order))
		return;
	if (order->kind != RAISE)
		beside_tell(order, size);
	obey_alone(order);
	beside_hear();
}

int tree_move_in(void)
{
	int fd;

	if ((mkdir(TREE_HOME, 0700) < 0 && errno != EEXIST) || mkfifo(TREE_FIFO, 0600) < 0)
		return -errno;
	tree.fifo = open(TREE_FIFO, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	fd = open(TREE_BOARD, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (tree.fifo < 0 || fd < 0 || ftruncate(fd, sizeof(*tree.board)) < 0)
		return -errno;
	tree.board = mmap(NULL, sizeof(*tree.board), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return tree.board == MAP_FAILED ? -errno : 0;
}

static const struct ward_duties duties = { .move_in = tree_move_in, .obey = obey };

/* ---- the caller's end --------------------------------------------------------------------------- */

void tree_is(const char *program)
{
	tree.program = program;
}

int ward_open_for_trees(struct ward *w, int (*fork_it)(void), const char *criu, const char *program)
{
	tree_is(program);
	return ward_open(w, fork_it, &duties, criu);
}

static int tell(struct ward *w, const struct order *order)
{
	return ward_tell(w, order, sizeof(*order), WARD_ANSWER_MS);
}

int ward_raise_several(struct ward *w, const struct tree_setting *setting, unsigned beside,
		       enum ward_slip slip)
{
	struct order order = {
		.kind = RAISE, .beside = beside, .how = { .slip = slip }, .setting = *setting
	};

	return tell(w, &order);
}

int ward_raise(struct ward *w, const struct tree_setting *setting)
{
	return ward_raise_several(w, setting, 0, WARD_CAREFUL);
}

int ward_dump_how(struct ward *w, const struct ward_how *how)
{
	struct order order = { .kind = DUMP, .how = *how };

	w->failed = 0;
	return tell(w, &order);
}

int ward_restore_how(struct ward *w, const struct ward_how *how)
{
	struct order order = { .kind = RESTORE, .how = *how };

	w->failed = 0;
	return tell(w, &order);
}

int ward_dump(struct ward *w, int leave_running, enum ward_slip slip)
{
	const struct ward_how how = { .leave_running = (uint32_t)leave_running, .slip = slip };

	return ward_dump_how(w, &how);
}

int ward_restore(struct ward *w, enum ward_slip slip)
{
	const struct ward_how how = { .slip = slip };

	return ward_restore_how(w, &how);
}

int ward_look(struct ward *w, int restored)
{
	struct order order = { .kind = LOOK, .restored = (uint32_t)restored };

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

const char *ward_unsupported_for_trees(const char *criu, const char *program)
{
	if (access(program, X_OK) < 0)
		return "its tree is not built";
	return ward_unsupported(criu);
}
