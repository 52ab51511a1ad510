/* SPDX-License-Identifier: Apache-2.0
 *
 * More threads of a victim: each sleeps in a futex with patterns of its own in its registers and a
 * signal mask of its own, until the first one has been let go and wakes them all.
 */
#ifndef CRYOFUZZ_VICTIM_THREADS_H
#define CRYOFUZZ_VICTIM_THREADS_H

#define THREAD_SEEN 128

#ifndef __ASSEMBLER__
#include <stdint.h>

enum { THREADS_MOST = 3, THREAD_ALIVE = 1 };

/* thread.S: 0 or -errno; *tid, THREAD_ALIVE before, is 0 once it has ended. */
long thread_clone(uint64_t flags, void *stack, uint32_t *tid, void (*run)(void *), void *argument);
/* Inside. 0 or -errno. */
int threads_start(unsigned count, uint64_t seed);
/* Lets them go; what is wrong, or NULL. */
const char *threads_end(void);
#endif
#endif
