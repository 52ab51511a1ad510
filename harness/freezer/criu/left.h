/* SPDX-License-Identifier: Apache-2.0
 *
 * left.h - looks at who is in a ward after a criu has failed: nobody may be left traced, stopped or dead.
 */
#ifndef CRYOFUZZ_LEFT_H
#define CRYOFUZZ_LEFT_H

/* Notes how everybody is, before the dump. */
void left_note(void);
/* After a dump that failed: everybody as noted. Else -EBUSY (stopped or traced), -ECHILD (a zombie, or
 * somebody is gone), -EEXIST (with more mappings than before). */
int left_as_noted(void);
/* Whether nobody in the ward has run for so long that nobody ever will; asked again and again since then. */
int left_standing(long since);
/* After a restore that failed: nobody. Else -ENOTEMPTY. */
int left_nobody(void);

#endif
