/* SPDX-License-Identifier: Apache-2.0
 *
 * The places at which a victim makes a child or a thread. Whoever is born looks at itself once the freeze is
 * over: it is to have what its parent had, and nothing of those who froze that.
 */
#ifndef CRYOFUZZ_VICTIM_BIRTHS_H
#define CRYOFUZZ_VICTIM_BIRTHS_H

#include <linux/sched.h>

#include "parts.h"

/* Shared with hold.S: what it found in its registers when it was born, and where it goes on then. */
extern struct victim_regs victim_born;
void victim_is_born(void);

extern struct clone_args birth_args; /* of a thread */

/* Inside, of struct call. */
int birth_prepare_child(struct victim_told *told);
int birth_prepare_thread(struct victim_told *told);
const char *birth_check_child(int64_t result);
const char *birth_check_thread(int64_t result);
/* Once all is set up that is inherited. */
void birth_enter(void);

#endif
