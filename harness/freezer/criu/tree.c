/* SPDX-License-Identifier: Apache-2.0
 *
 * The program tree: sets itself up as the board tells it, says so, sits in its place until it is
 * told to look, and writes the first item that is not as it was onto the board. It is linked
 * statically and runs uncontrolled.
 *
 * An item is a part (parts/part.h); what it must find again it keeps in static data, which is dumped
 * with the rest: so if both were lost in the same way, that shows in the item memory, whose
 * contents follow from the seed on the board alone.
 */

#include "parts/part.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

static const struct {
	void (*set)(void);
	int (*changed)(void);
} parts[TREE_ITEMS] = {
#define TREE_ROW(item, part) [TREE_##item] = { set_##part, part##_changed },
	TREE_LIST(TREE_ROW)
#undef TREE_ROW
};

static void look(void)
{
	for (unsigned i = 0; i < TREE_ITEMS; i++) {
		if (carries(i) && parts[i].changed()) {
			board->changed = 1 + i;
			return;
		}
	}
}

int main(void)
{
	int fd = open(TREE_BOARD, O_RDWR | O_CLOEXEC);

	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (board == MAP_FAILED)
		return 101;
	close(fd);
	if (carries(TREE_QUEUE) || (carries(TREE_IPC) && !minds(TREE_CHILD_ELSEWHERE)))
		leave_namespace();
	for (unsigned i = 0; i < TREE_ITEMS; i++)
		if (carries(i))
			parts[i].set();
	__atomic_store_n(&board->ready, 1, __ATOMIC_RELEASE);
	futex_wake(&board->ready);
	sit();
	look();
	__atomic_store_n(&board->done, 1, __ATOMIC_RELEASE);
	futex_wake(&board->done);
	for (;;)
		pause();
}
