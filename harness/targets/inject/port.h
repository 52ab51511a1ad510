/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYOFUZZ_INJECT_PORT_H
#define CRYOFUZZ_INJECT_PORT_H

#include "disturb.h"
#include "../../freezer/home/home.h"

/* Where the injector touches the world, as points of the scenario. */
/* say.c */
extern struct inject_log target_log;
extern const struct inject_port target_port;

#endif
