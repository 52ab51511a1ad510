/* SPDX-License-Identifier: Apache-2.0
 *
 * Process 1 of a cage (cage.h) attends to a criu that works on damaged input: how does it end, if at
 * all, what does it say, and whom does it leave behind?
 */
#ifndef CRYOFUZZ_ATTEND_H
#define CRYOFUZZ_ATTEND_H

#include <stddef.h>
#include <sys/types.h>

enum {
	ATTEND_STILL_MS = 2500, /* nobody in the cage has run for so long: nobody ever will */
	ATTEND_CPU_MS = 1500, /* one has run for so long: a restore takes some 20 */
	ATTEND_MS = 15000,
};

struct attended {
	int status; /* as waitpid says */
	int hung; /* it never ended, and was killed */
	char text[160]; /* its first complaint; or who waits for what */
	int task_signal; /* a task died of it while it was restored */
	int bug; /* it says that it has one */
};

/* Until that child has ended. */
void attend(pid_t pid, struct attended *a);
/* What the log says. 0: it says nothing is wrong. */
int attend_read_log(const char *log, struct attended *a);
/* Somebody is in the cage beside us, though the dying had their time: who, in words. */
int attend_somebody_left(char *text, size_t size);
/* One look: true if nobody has run since the one before, which left *switches, and nobody could. Who is
 * there, in words. */
int attend_look(unsigned long *switches, char *text, size_t size);

#endif
