/* SPDX-License-Identifier: Apache-2.0
 *
 * Which param stands for which item. Memory is always there; its planted bug is not in the default run,
 * so its row names another param; likewise the place.
 */
#include "items.h"

#include "hurt.h"

const struct criu_item criu_items[TREE_ITEMS] = {
	[TREE_BIRTHS] = { CF_STATE_CHANGED, "criu.births", CODE, 0 },
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
	[TREE_POSIX_MEMORY] = { CF_SAVED_DATA_MODIFIED, "criu.posix-memory", MAPPINGS, 1 },
	[TREE_SEALED] = { CF_STATE_CHANGED, "criu.sealed", MAPPINGS, 2 },
	[TREE_ADVICE] = { CF_STATE_CHANGED, "criu.advice", MAPPINGS, 3 },
	[TREE_FILE_MEMORY] = { CF_SAVED_DATA_MODIFIED, "criu.file-memory", MAPPINGS, 4 },
	[TREE_RELATIVES] = { CF_SAVED_DATA_MODIFIED, "criu.relatives", MAPPINGS, 5 },
	[TREE_GUARDS] = { CF_SAVED_DATA_MODIFIED, "criu.guards", MAPPINGS, 6 },
	[TREE_OPTIONS] = { CF_STATE_CHANGED, "criu.options", ENDS, 1 },
	[TREE_SENDER] = { CF_STATE_CHANGED, "criu.sender", ENDS, 2 },
	[TREE_NAMES] = { CF_STATE_CHANGED, "criu.names", ENDS, 3 },
	[TREE_URGENT] = { CF_LOST_MESSAGE, "criu.urgent", ENDS, 4 },
	[TREE_CROWD] = { CF_LOST_MESSAGE, "criu.crowd", ENDS, 5 },
	[TREE_PEERS] = { CF_STATE_CHANGED, "criu.peers", ENDS, 6 },
	[TREE_ODD_PIPES] = { CF_LOST_MESSAGE, "criu.odd-pipes", PIPE, 2 },
	[TREE_GATE] = { CF_STATE_CHANGED, "criu.gate", COUNTERS, 2 },
	[TREE_FIRED] = { CF_STATE_CHANGED, "criu.fired", COUNTERS, 3 },
	[TREE_WATCHES] = { CF_STATE_CHANGED, "criu.watches", COUNTERS, 4 },
	[TREE_NOTIFY] = { CF_STATE_CHANGED, "criu.notify", COUNTERS, 5 },
	[TREE_FOLLOWED] = { CF_STATE_CHANGED, "criu.followed", COUNTERS, 6 },
	[TREE_COMMON_FILES] = { CF_STATE_CHANGED, "criu.common-files", FILES, 2 },
	[TREE_LOCKS] = { CF_STATE_CHANGED, "criu.locks", FILES, 3 },
	[TREE_GHOSTS] = { CF_STATE_CHANGED, "criu.ghosts", FILES, 4 },
	[TREE_ASYNC] = { CF_STATE_CHANGED, "criu.async", FILES, 5 },
	[TREE_TERMINAL] = { CF_STATE_CHANGED, "criu.terminal", FILES, 6 },
	[TREE_OWN_SIGNALS] = { CF_LOST_SIGNAL, "criu.own-signals", SIGNALS, 2 },
	[TREE_CLOCKS] = { CF_STATE_CHANGED, "criu.clocks", TIMERS, 2 },
	[TREE_CREW] = { CF_STATE_CHANGED, "criu.crew", THREAD, 2 },
	[TREE_MUTEXES] = { CF_STATE_CHANGED, "criu.mutexes", THREAD, 3 },
	[TREE_RSEQ] = { CF_STATE_CHANGED, "criu.rseq", THREAD, 4 },
	[TREE_KIN] = { CF_STATE_CHANGED, "criu.kin", CHILD, 2 },
	[TREE_BORN] = { CF_STATE_CHANGED, "criu.born", CHILD, 3 },
	[TREE_RIGHTS] = { CF_STATE_CHANGED, "criu.rights", PROCESS, 2 },
	[TREE_HABITS] = { CF_STATE_CHANGED, "criu.habits", PROCESS, 3 },
	[TREE_GONE_FOLDER] = { CF_STATE_CHANGED, "criu.gone-folder", PROCESS, 4 },
	[TREE_FILTERED] = { CF_STATE_CHANGED, "criu.filtered", PROCESS, 5 },
	[TREE_QUEUE] = { CF_LOST_MESSAGE, "criu.queue", IPC, 2 },
	[TREE_PENDING] = { CF_LOST_MESSAGE, "criu.pending", ENDS, 7 },
	[TREE_FANOTIFY] = { CF_STATE_CHANGED, "criu.fanotify", COUNTERS, 7 },
	[TREE_PLACE] = { CF_STATE_CHANGED, "criu.call", PLACE, 0 },
};

int criu_is_asked_for(enum tree_item item)
{
	int value = cf_param(criu_items[item].param);

	if (item == TREE_CHILD &&
	    (cf_param(SPARSE) == 2 || cf_param(IPC) == 3 || criu_adds_child()))
		return 1;
	if (item == TREE_IPC && value == 3)
		return 1;
	return criu_items[item].value ? value == criu_items[item].value : value != 0;
}

uint64_t criu_carried(void)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < TREE_ITEMS; i++)
		bits |= (uint64_t)criu_is_asked_for(i) << i;
	return bits;
}
