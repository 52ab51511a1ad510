/* SPDX-License-Identifier: Apache-2.0
 *
 * Which param stands for which item. Memory is always there; its planted bug is not in the default run,
 * so its row names another param; likewise the place.
 */
#include "items.h"

const struct criu_item criu_items[TREE_ITEMS] = {
	[TREE_MEMORY] = { CF_SAVED_DATA_MODIFIED, "criu.memory", RUNS_ON, 0 },
	[TREE_SPARSE] = { CF_SAVED_DATA_MODIFIED, "criu.sparse", SPARSE, 0 },
	[TREE_STREAM] = { CF_LOST_MESSAGE, "criu.stream", SOCKETS, 1 },
	[TREE_DATAGRAMS] = { CF_LOST_MESSAGE, "criu.datagrams", SOCKETS, 2 },
	[TREE_PACKETS] = { CF_LOST_MESSAGE, "criu.packets", SOCKETS, 3 },
	[TREE_CLOSED] = { CF_LOST_MESSAGE, "criu.closed", SOCKETS, 4 },
	[TREE_UNDER_WAY] = { CF_LOST_MESSAGE, "criu.under-way", SOCKETS, 5 },
	[TREE_PIPE] = { CF_LOST_MESSAGE, "criu.pipe", PIPE, 1 },
	[TREE_COUNTERS] = { CF_STATE_CHANGED, "criu.counters", COUNTERS, 1 },
	[TREE_FILES] = { CF_STATE_CHANGED, "criu.files", FILES, 1 },
	[TREE_SIGNALS] = { CF_LOST_SIGNAL, "criu.signals", SIGNALS, 1 },
	[TREE_TIMERS] = { CF_STATE_CHANGED, "criu.timers", TIMERS, 1 },
	[TREE_THREAD] = { CF_STATE_CHANGED, "criu.thread", THREAD, 1 },
	[TREE_CHILD] = { CF_STATE_CHANGED, "criu.child", CHILD, 1 },
	[TREE_PROCESS] = { CF_STATE_CHANGED, "criu.process", PROCESS, 1 },
	[TREE_IPC] = { CF_SAVED_DATA_MODIFIED, "criu.ipc", IPC, 1 },
	[TREE_DISPOSITIONS] = { CF_STATE_CHANGED, "criu.dispositions", DISPOSITIONS, 0 },
	[TREE_PLACE] = { CF_STATE_CHANGED, "criu.call", PLACE, 0 },
};

int criu_is_asked_for(enum tree_item item)
{
	int value = cf_param(criu_items[item].param);

	return criu_items[item].value ? value == criu_items[item].value : value != 0;
}

uint64_t criu_carried(void)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < TREE_ITEMS; i++)
		bits |= (uint64_t)criu_is_asked_for(i) << i;
	return bits;
}
