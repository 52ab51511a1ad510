/* SPDX-License-Identifier: Apache-2.0
 *
 * A ward with a tree (tree.h) in it: the orders that its process 1 takes.
 */
#ifndef CRYOFUZZ_TREE_ORDERS_H
#define CRYOFUZZ_TREE_ORDERS_H

#include "tree.h"
#include "ward.h"

/* What other orders of process 1 are made of. The program is told before the ward is opened. */
void tree_is(const char *program);
int tree_move_in(void);
/* Whoever was in the ward is gone then. */
int tree_raise(const struct tree_setting *setting);
/* The board is as it was when such a tree was ready: it will be restored from the same images again. */
void tree_forget(const struct tree_setting *setting);
int tree_ask(void);
/* As tree_setting.spoils, for the tree that there is. */
void tree_spoil(uint32_t item);

/* As ward_open; tree is the program that plays it. */
int ward_open_for_trees(struct ward *w, int (*fork_it)(void), const char *criu, const char *tree);
/* Starts a tree; it is as it should be on return. */
int ward_raise(struct ward *w, const struct tree_setting *setting);
/* Several, the first one as told, those beside it with other contents. All orders are for all of them,
 * but those that follow a failure. */
int ward_raise_several(struct ward *w, const struct tree_setting *setting, unsigned beside,
		       enum ward_slip slip);
/* Dumps it; it is killed by that unless it is to run on. -ETIME: criu did not end. */
int ward_dump(struct ward *w, int leave_running, enum ward_slip slip);
int ward_restore(struct ward *w, enum ward_slip slip);
/* The same in a way that is told. -EIO: criu has failed, -EOPNOTSUPP: not possible here. */
int ward_dump_how(struct ward *w, const struct ward_how *how);
int ward_restore_how(struct ward *w, const struct ward_how *how);
/* After a criu that has failed: whether a dump has left everybody as he was, a restore nobody (left.h). */
int ward_look(struct ward *w, int restored);
/* Has the tree look, and tells what it found in changed and detail. -ETIMEDOUT: it doesn't answer. */
int ward_ask(struct ward *w);
/* Kills and reaps whatever is in it but process 1. */
int ward_clear(struct ward *w);
/* NULL, or why there can be none. */
const char *ward_unsupported_for_trees(const char *criu, const char *tree);

#endif
