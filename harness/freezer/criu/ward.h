/* SPDX-License-Identifier: Apache-2.0
 *
 * A ward: private pid, mount, ipc, uts and net namespaces whose process 1 is ours and reaps. In it
 * the real criu dumps and restores; nothing else on the machine can be touched by that, pids are
 * free again when they are needed, and criu's probe of the kernel is kept on a /run of its own.
 * Whoever kills the process that opened it kills everything in it.
 *
 * Errors: 0 or -errno; what went wrong in words is in the ward. Needs root.
 */
#ifndef CRYOFUZZ_WARD_H
#define CRYOFUZZ_WARD_H

#include <stddef.h>
#include <stdint.h>

/* Its folder in a ward: images and logs, dump.log and restore.log. */
#define WARD_IMAGES "/run/images"

enum {
	WARD_CRIU_MS = 15000, /* a dump or a restore takes some 20 */
	WARD_ANSWER_MS = 45000, /* of what is told within a minute: executor/NativeExecutor.java */
	WARD_TREE_MS = 4000, /* for a tree to get ready, and to look */
	WARD_CLEAR_MS = 12000, /* until all are dead: each needs a processor for that */
	WARD_ORDER = 128, /* bytes of an order at most */
	WARD_BESIDE = 2, /* trees beside the first one, at most */
};

/* What goes wrong on purpose; for checks of the oracles. */
enum ward_slip {
	WARD_CAREFUL,
	WARD_IMAGE_CUT, /* an image file loses its end between dump and restore */
	WARD_LEFT_STOPPED, /* the tree does not go on after a restore */
	WARD_CRIU_STOPPED, /* criu itself never ends */
	WARD_TREE_KILLED, /* a restored tree is killed at once */
	WARD_STOPS_AFTER, /* a dump that fails leaves the tree stopped */
	WARD_KILLS_AFTER, /* a dump that fails kills the tree */
	WARD_STAYS_AFTER, /* a restore that fails leaves somebody */
	WARD_PAGE_CHANGED, /* a page server writes another byte */
	WARD_SECOND_KILLED, /* who gives pages when they are touched is dead */
	WARD_NEIGHBOUR_KILLED, /* each tree beside the first one is killed when it is restored */
	WARD_NEIGHBOUR_SPOILT, /* it changes its memory before it looks */
};

/* How a tree is dumped and restored. */
enum ward_way {
	WARD_BY_FILES,
	WARD_BY_PAGE_SERVER, /* a second criu takes the pages and writes them */
	WARD_LAZILY, /* a second criu gives each page when it is touched */
	WARD_PRE_DUMPED, /* most of the memory is dumped before the tree is stopped */
};

/* Which calls of criu are counted, and with what one of them fails. */
enum ward_call {
	WARD_WAIT, /* EINTR */
	WARD_OPEN, /* EMFILE */
	WARD_READ, /* EIO */
	WARD_WRITE, /* ENOSPC */
	WARD_PTRACE, /* ESRCH */
	WARD_MAP, /* ENOMEM */
	WARD_SEND, /* ENOBUFS */
	WARD_FORK, /* EAGAIN */
	WARD_ANY_CALL, /* EIO */
	WARD_RECEIVE, /* ENOBUFS */
	WARD_LIST, /* a folder: ENOMEM */
	WARD_SET_REGISTERS, /* by ptrace: ESRCH */
	WARD_READ_OF_FD, /* what /proc has of a descriptor: EIO */
	WARD_CALLS,
};

/* What is done to a criu so that it does not come to its end; all 0: nothing. */
struct ward_hurt {
	uint16_t fault; /* number of one of its own faults, as CRIU_FAULT has it */
	uint16_t dies_at; /* it is killed instead of its n-th call of that kind */
	uint16_t fails_at; /* its n-th call of that kind fails */
	uint16_t call; /* enum ward_call */
};

/* Where criu says what it does, at length; all 0: to a file of its own. Its descriptors 0 to 2 are of that
 * kind (home/outlet.h), and its log goes there, if they are open. A careful caller makes a full pipe
 * O_NONBLOCK, and gives a file instead of one that nobody reads, or will read once criu dies. */
struct ward_log {
	uint16_t outlet; /* enum outlet */
	uint16_t careful;
};

struct ward_how {
	uint32_t leave_running;
	uint32_t slip; /* enum ward_slip */
	uint32_t way; /* enum ward_way */
	struct ward_hurt hurt;
	struct ward_log log;
};

struct ward_answer {
	int32_t error; /* -errno */
	uint32_t changed;
	uint32_t failed, nth, waits_for; /* as below */
	char stage[16];
	char detail[160];
};

struct ward {
	int pid; /* 0: there is none */
	int fd; /* orders and answers */
	char stage[16]; /* of the last failure: "tree", "dump", "restore" */
	char detail[160];
	uint32_t changed; /* 1 + enum tree_item, 0 = none; once the tree has looked */
	uint32_t failed; /* 1 + number of the call of criu's that was made to fail, 0 = none */
	uint32_t nth; /* of those calls since criu began; 0 = others are counted with them */
	uint32_t waits_for; /* whose stop or end a criu that does not end waits for, 0 = nobody's */
};

#define WARD_NONE        \
	{                \
		.fd = -1 \
	}

/* What process 1 does: once, when the namespaces are there (0 or -errno); and at each order. */
struct ward_duties {
	int (*move_in)(void);
	void (*obey)(const void *order, size_t size);
};

/* For whoever has mounts of his own: 0 or -errno. */
int ward_own_terminals(void);

/* fork_it returns as fork() does. */
int ward_open(struct ward *w, int (*fork_it)(void), const struct ward_duties *duties,
	      const char *criu);
/* Gives an order and waits for the answer, at most so long. */
int ward_tell(struct ward *w, const void *order, size_t size, int ms);
/* False if there is none, or somebody has killed it since. */
int ward_lives(const struct ward *w);
void ward_close(struct ward *w);
/* The criu that the user chose by CRYOFUZZ_CRIU, or else the installed one. */
const char *ward_criu(const char *installed);
/* NULL, or why there can be no ward. */
const char *ward_unsupported(const char *criu);

#endif
