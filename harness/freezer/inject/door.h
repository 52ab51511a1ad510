/* SPDX-License-Identifier: Apache-2.0
 *
 * The door through which the injector's system calls pass that can fail, so that each can be a point
 * of a scenario: somebody may ask for it to fail, or do something before it. Those that can't fail
 * for arguments of our own (close, munmap, the signal mask) go past it.
 */
#ifndef CRYOFUZZ_INJECT_DOOR_H
#define CRYOFUZZ_INJECT_DOOR_H

#include <stdint.h>

#include "../victim/raw.h"

/* Who is asked before each call, with its name: 0, or -errno, which then is its result. NULL: nobody. */
void door_ask(int (*before)(const char *call));
/* So often is a call made again that fails. */
void door_insist(int times);
/* Of a call that is made in some other way, as a wait in slices is: as it was answered. */
int door_passed(const char *call);

long door_call(long nr, long a, long b, long c, long d, long e, long f);
#define door2(nr, a, b) door_call(nr, RAW_ARG(a), RAW_ARG(b), 0, 0, 0, 0)
#define door3(nr, a, b, c) door_call(nr, RAW_ARG(a), RAW_ARG(b), RAW_ARG(c), 0, 0, 0)
#define door6(nr, a, b, c, d, e, f) \
	door_call(nr, RAW_ARG(a), RAW_ARG(b), RAW_ARG(c), RAW_ARG(d), RAW_ARG(e), RAW_ARG(f))

int door_trace(int pid, long request, uint64_t address, uint64_t data);

#endif
