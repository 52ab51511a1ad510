/* SPDX-License-Identifier: Apache-2.0
 *
 * What CRIU is known to do with damaged images although it should not.
 */
#ifndef CRYOFUZZ_IMAGES_KNOWN_H
#define CRYOFUZZ_IMAGES_KNOWN_H

#include "../../freezer/criu/image_orders.h"

/* True if that image, damaged so, is known to end so. */
int is_known(const char *image, unsigned damage, enum image_outcome outcome);

#endif
