/* SPDX-License-Identifier: Apache-2.0
 * clock.h - virtual time. */
#ifndef CRYOFUZZ_CLOCK_H
#define CRYOFUZZ_CLOCK_H

#include <stdint.h>
#include <time.h>

/* The deadline on the virtual clock, in ns since the run began. */
uint64_t rt_deadline(const struct timespec *time, int absolute);
/* A look at any clock: ns since 1970. */
uint64_t rt_tell_time(uint32_t site);

#endif
