/* SPDX-License-Identifier: Apache-2.0
 *
 * known.h - what is known of a criu that was hurt, and so is no finding; unless a variant expects better of it, by
 * bits of enum criu_frailty. Each takes the ward after what it tells of, and what a dump or restore returned.
 */
#ifndef CRYOFUZZ_CRIU_KNOWN_H
#define CRYOFUZZ_CRIU_KNOWN_H

#include "plant.h"

/* The dump, or the restore, ended as it is known to: the ward is not to be trusted any more. */
int known_dump(const struct ward *w, uint32_t better, int ret);
int known_restore(const struct ward *w, uint32_t better, int ret);
/* The dump failed in a way that leaves others to be looked at. */
int known_failure(const struct ward *w, int ret);
/* That harms whom it dumped. */
int known_harm(const struct ward *w, uint32_t better);

#endif
