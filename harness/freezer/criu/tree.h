/* SPDX-License-Identifier: Apache-2.0
 *
 * A tree: processes that hold what a checkpoint must bring back, and look for it themselves
 * afterwards. It is a program of its own, since whatever the executor has mapped is none of a
 * dump's business. Told what to be, and telling what it found, on a board: a file that is mapped
 * shared, so that it outlives the dump and is the same one after the restore.
 */
#ifndef CRYOFUZZ_TREE_H
#define CRYOFUZZ_TREE_H

#include <stdint.h>

#define TREE_HOME "/run/tree"
#define TREE_BOARD TREE_HOME "/board"
#define TREE_FIFO TREE_HOME "/fifo" /* a byte in it ends the waits for descriptors */

/* What it may carry: the item, and its part in parts/. */
#define TREE_LIST(X)                  \
	X(BIRTHS, births)             \
	X(MEMORY, memory)             \
	X(SPARSE, sparse)             \
	X(STREAM, stream)             \
	X(DATAGRAMS, datagrams)       \
	X(PACKETS, packets)           \
	X(CLOSED, closed)             \
	X(UNDER_WAY, under_way)       \
	X(PIPE, pipe)                 \
	X(COUNTERS, counters)         \
	X(FILES, files)               \
	X(SIGNALS, signals)           \
	X(TIMERS, timers)             \
	X(THREAD, thread)             \
	X(CHILD, child)               \
	X(PROCESS, process)           \
	X(IPC, ipc)                   \
	X(DISPOSITIONS, dispositions) \
	X(POSIX_MEMORY, posix_memory) \
	X(SEALED, sealed)             \
	X(ADVICE, advice)             \
	X(FILE_MEMORY, file_memory)   \
	X(RELATIVES, relatives)       \
	X(GUARDS, guards)             \
	X(OPTIONS, options)           \
	X(SENDER, sender)             \
	X(NAMES, names)               \
	X(URGENT, urgent)             \
	X(ODD_PIPES, odd_pipes)       \
	X(GATE, gate)                 \
	X(FIRED, fired)               \
	X(WATCHES, watches)           \
	X(NOTIFY, notify)             \
	X(COMMON_FILES, common_files) \
	X(LOCKS, locks)               \
	X(OWN_SIGNALS, own_signals)   \
	X(CLOCKS, clocks)             \
	X(CREW, crew)                 \
	X(MUTEXES, mutexes)           \
	X(RSEQ, rseq)                 \
	X(KIN, kin)                   \
	X(FOLLOWED, followed)         \
	X(RIGHTS, rights)             \
	X(HABITS, habits)             \
	X(GONE_FOLDER, gone_folder)   \
	X(QUEUE, queue)               \
	X(CROWD, crowd)               \
	X(PEERS, peers)               \
	X(ASYNC, async)               \
	X(GHOSTS, ghosts)             \
	X(BORN, born)                 \
	X(FILTERED, filtered)         \
	X(TERMINAL, terminal)         \
	X(PENDING, pending)           \
	X(FANOTIFY, fanotify)         \
	X(PLACE, place)

/* A bit each in tree_setting.carries. Memory it always has, and so a place: the call in which it is
 * dumped must end as if nothing had happened. */
enum tree_item {
#define TREE_ITEM(item, part) TREE_##item,
	TREE_LIST(TREE_ITEM)
#undef TREE_ITEM
		TREE_ITEMS,
};

_Static_assert(TREE_ITEMS <= 64, "items");

/* What criu does not bring back, or refuses to dump. A tree that does not mind makes up for it or does
 * without. */
enum tree_weakness {
	TREE_TRAP_RESET,
	TREE_TIMED_ENDS,
	TREE_CHILD_ELSEWHERE,
	TREE_HUGE_MAPPING,
	TREE_RESET_PEER,
	TREE_WIPE_FORGOTTEN,
	TREE_SEAL_FORGOTTEN,
	TREE_GUARDS_REFUSED,
	TREE_PEEK_OFFSET,
	TREE_TIMESTAMP_LOST,
	TREE_SENDER_REFUSED,
	TREE_INTERNET_REFUSED,
	TREE_URGENT_LOST,
	TREE_EMPTY_LOST,
	TREE_PEER_FORGOTTEN,
	TREE_PACKET_MODE,
	TREE_SEMAPHORE_LOST,
	TREE_ONCE_FORGOTTEN,
	TREE_EVENTS_LOST,
	TREE_ATTRIBUTE_LOST,
	TREE_UNDO_FORGOTTEN,
	TREE_END_SIGNAL,
	TREE_COMMON_FOLDER,
	TREE_PERSONALITY_LOST,
	TREE_SLACK_LOST,
	TREE_IO_PRIORITY_LOST,
	TREE_CORE_FILTER_LOST,
	TREE_OVERRUN_LOST,
	TREE_EARLY_REFUSED,
	TREE_HEADLESS_REFUSED,
	TREE_MEMFD_EXECUTED,
	TREE_ID_FLAG_LOST,
};

enum tree_place {
	TREE_FUTEX, /* asleep on a futex without a time-out */
	TREE_READS, /* from a FIFO */
	TREE_SPINS,
	TREE_SUSPENDS, /* in sigsuspend */
	TREE_WAITS, /* in wait4 for a child */
	TREE_POLLS, /* with a time-out */
};

/* What it does with SIGTRAP, the signal of tracers. */
enum tree_trap { TREE_TRAP_DEFAULT, TREE_TRAP_IGNORED, TREE_TRAP_HANDLED };

struct tree_setting {
	uint64_t seed; /* of all contents */
	uint64_t carries; /* bits of enum tree_item */
	uint64_t minds; /* bits of enum tree_weakness: what is known of criu, and counts */
	uint32_t place; /* enum tree_place */
	uint32_t trap; /* enum tree_trap */
	uint32_t spoils; /* 1 + the item that it changes itself before it looks; 0: none */
	uint32_t code; /* of BIRTHS: the place of its victim, counted from VICTIM_VFORK */
	uint32_t berth; /* which of several trees in a ward it is */
};

struct tree_board {
	struct tree_setting setting;
	uint32_t ready; /* futex: 1 once it is as it was told to be */
	uint32_t go; /* futex: 1 tells it to look */
	uint32_t done; /* futex: 1 once it has looked */
	uint32_t changed; /* 1 + the first item that is not as it was, 0: none */
	char detail[160];
};

#endif
