/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYOFUZZ_CRIU_TOLD_H
#define CRYOFUZZ_CRIU_TOLD_H

#include <cryofuzz.h>

#include "../../freezer/criu/tree.h"

/* If this run fails, its evidence tells of its tree, and of the weakness that the tree minds, or NULL. */
void tell_tree(const struct tree_setting *setting, const char *weakness);

#endif
