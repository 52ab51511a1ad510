/* SPDX-License-Identifier: Apache-2.0
 *
 * beside.h - several trees in one ward, dumped and restored at the same time. Each but the first has a
 * deputy of process 1, who obeys the same orders with a criu of his own. Folders of images and of what
 * a tree makes are his; pids, the network, /run and System V objects are common to all. So would terminals
 * be, but while a criu looks for the number of its own it holds others, and another criu that wants one of
 * these gives up.
 *
 * One order at a time: told to the deputies, obeyed by process 1, and then their answers are heard.
 */
#ifndef CRYOFUZZ_BESIDE_H
#define CRYOFUZZ_BESIDE_H

#include <stddef.h>

#include "ward.h"

/* Of process 1: so many deputies, and none that there were before. 0 or -errno. */
int beside_start(unsigned count, const struct ward_duties *duties);
/* They have been killed. */
void beside_end(void);
void beside_tell(const void *order, size_t size);
/* What went wrong, or was found, beside a tree that is well becomes the answer. */
void beside_hear(void);

#endif
