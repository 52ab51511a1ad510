/* SPDX-License-Identifier: Apache-2.0
 *
 * items.h - what the tree can be told to carry, and what it is called if it does not come back.
 */
#ifndef CRYOFUZZ_CRIU_ITEMS_H
#define CRYOFUZZ_CRIU_ITEMS_H

#include <cryofuzz.h>

#include "../../freezer/criu/tree.h"
#include "params.h"

struct criu_item {
	enum cf_kind kind;
	const char *site;
	enum criu_param param; /* the tree carries the item if this param */
	int value; /* has this value, 0: any but 0 */
};

extern const struct criu_item criu_items[TREE_ITEMS];

int criu_is_asked_for(enum tree_item item);
/* The bits of all items that are. */
uint64_t criu_carried(void);

#endif
