/* SPDX-License-Identifier: Apache-2.0
 *
 * cryofuzz_wait.h - what C++'s waits come to (c++/bits/atomic_wait.h). A target has no need of it.
 */
#ifndef CRYOFUZZ_WAIT_H
#define CRYOFUZZ_WAIT_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Waits while so many bytes there are those at `old`, by the monotonic clock at most until then; 0, or
 * -EAGAIN if they are others, -ETIMEDOUT, -EINTR. Like a futex, but of any size. */
__attribute__((visibility("hidden"))) int cf_wait_while(const void *address, const void *old,
							size_t size, const struct timespec *until);
__attribute__((visibility("hidden"))) void cf_wake(const void *address, bool all);

#ifdef __cplusplus
}
#endif
#endif
