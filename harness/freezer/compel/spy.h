/* SPDX-License-Identifier: Apache-2.0
 *
 * One freeze of a process by the real libcompel: stop, infect, commands, cure, resume. The steps
 * are called in this order; each returns 0 or -1, and after a -1 `stage` and `message` say where
 * libcompel refused and what it said last. After a refusal the victim is not to be trusted any
 * more: call spy_abandon and end it.
 */
#ifndef CRYOFUZZ_SPY_H
#define CRYOFUZZ_SPY_H

#include <stdint.h>

#include "parasite.h"

struct parasite_ctl;

struct spy {
	int pid;
	int state; /* of the victim before, as libcompel sees it */
	struct parasite_ctl *ctl;
	struct parasite_args *args; /* of the parasite, mapped here too */
	uint64_t serial;
	int socket; /* for the parasite to connect to */
	int log; /* written by the parasite */
	void *registers;
	const char *stage;
	char message[160];
};

/* What came of a command. */
enum spy_answer {
	SPY_SERVED = 0,
	SPY_REFUSED, /* libcompel says that it failed */
	SPY_NO_ACK, /* libcompel says that it succeeded, without a whole ack for it */
	SPY_NOT_RUN, /* libcompel says that it succeeded, but the parasite did not run it */
};

int spy_stop(struct spy *s, int pid);
/* With plain frames the victim's upper vector registers are lost: see frame.h. */
int spy_prepare(struct spy *s, int plain_frame);
/* The address at which libcompel patches the victim's code. */
uint64_t spy_patched_code(const struct spy *s);
/* libcompel does not look at the error in the acknowledgement of the infection; nor does a trusting
 * spy. */
int spy_infect(struct spy *s, int trusting);
/* True if the last message was a whole acknowledgement of success; cmd 0: of any command. */
int spy_whole_ack(int cmd);
enum spy_answer spy_command(struct spy *s, int cmd, uint64_t operand);
/* Waits for one more acknowledgement than there were commands: a planted bug. */
int spy_await_ack(struct spy *s, int cmd);
int spy_cure(struct spy *s);
/* As spy_cure, but the parasite's memory stays mapped in the victim: a planted bug. */
int spy_cure_without_unmap(struct spy *s);
int spy_resume(struct spy *s);
/* What the parasite wrote into its log, its errors only; "" if nothing. */
void spy_parasite_log(const struct spy *s, char *text, unsigned size);
/* Frees what libcompel holds in this process, whatever state it is in. */
void spy_abandon(struct spy *s);
/* The control socket, after the infection. */
int spy_socket(const struct spy *s);

#endif
