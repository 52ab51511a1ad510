/* SPDX-License-Identifier: Apache-2.0
 *
 * A ward: private pid, mount, ipc, uts and net namespaces whose process 1 is ours and reaps. In it
 * a tree (tree.h) is dumped and restored by the real criu; nothing else on the machine can be
 * touched by that, its pids are free again when they are needed, and criu's probe of the kernel is
 * kept on a /run of its own. Whoever kills the process that opened it kills everything in it.
 *
 * Errors: 0 or -errno; what went wrong in words is in the ward. Needs root.
 */
#ifndef CRYOFUZZ_WARD_H
#define CRYOFUZZ_WARD_H

#include "tree.h"

enum {
	WARD_CRIU_MS = 6000, /* a dump or a restore takes some 20 */
	WARD_TREE_MS = 4000, /* for a tree to get ready, and to look */
};

/* What goes wrong on purpose; for checks of the oracles. */
enum ward_slip {
	WARD_CAREFUL,
	WARD_IMAGE_CUT, /* an image file loses its end between dump and restore */
	WARD_LEFT_STOPPED, /* the tree does not go on after a restore */
	WARD_CRIU_STOPPED, /* criu itself never ends */
	WARD_TREE_KILLED, /* a restored tree is killed at once */
};

struct ward {
	int pid; /* 0: there is none */
	int fd; /* orders and answers */
	char stage[16]; /* of the last failure: "tree", "dump", "restore" */
	char detail[160];
	uint32_t changed; /* 1 + enum tree_item, 0 = none; once the tree has looked */
};

#define WARD_NONE        \
	{                \
		.fd = -1 \
	}

/* fork_it returns as fork() does. */
int ward_open(struct ward *w, int (*fork_it)(void), const char *criu, const char *tree);
/* Starts a tree; it is as it should be on return. */
int ward_raise(struct ward *w, const struct tree_setting *setting);
/* Dumps it; it is killed by that unless it is to run on. -ETIME: criu did not end. */
int ward_dump(struct ward *w, int leave_running, enum ward_slip slip);
int ward_restore(struct ward *w, enum ward_slip slip);
/* Has the tree look, and tells what it found in changed and detail. -ETIMEDOUT: it doesn't answer. */
int ward_ask(struct ward *w);
/* Kills and reaps whatever is in it but process 1. */
int ward_clear(struct ward *w);
void ward_close(struct ward *w);
/* NULL, or why there can be no ward. */
const char *ward_unsupported(const char *criu, const char *tree);

#endif
