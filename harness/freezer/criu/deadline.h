/* SPDX-License-Identifier: Apache-2.0
 *
 * A deadline that nobody uses up by waiting for a processor: on a machine that is busy enough criu may need
 * seconds for what takes it milliseconds, and that is no hang.
 */
#ifndef CRYOFUZZ_DEADLINE_H
#define CRYOFUZZ_DEADLINE_H

enum { DEADLINE_TIMES = 2 }; /* so many times as long at most */

struct deadline {
	long end,
		last; /* keeper_now_ms() at which it is over; at which it is whatever was waited for */
	long looked_at;
	unsigned long delay_ms; /* of all in the ward, as it was then */
};

struct deadline deadline_in(long ms);
/* To be asked again and again. */
int deadline_is_over(struct deadline *p);

#endif
