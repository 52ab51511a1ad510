/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYOFUZZ_CRIU_TOLD_H
#define CRYOFUZZ_CRIU_TOLD_H

#include <cryofuzz.h>

#include "../../freezer/criu/tree.h"
#include "../../freezer/criu/ward.h"

/* If this run fails, its evidence tells of its tree, and of the weakness that the tree minds, or NULL; and what
 * criu has logged in that ward. */
void tell_tree(const struct ward *ward, const struct tree_setting *setting, const char *weakness);
/* And of the call of criu's that was made to fail, if there was one, in "dump" or "restore" just now. */
void tell_failed_call(const char *stage);

#endif
