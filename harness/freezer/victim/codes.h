/* SPDX-License-Identifier: Apache-2.0
 *
 * The code in which a victim can be frozen: codes.c has the table, land.c brings it to one certain
 * instruction, hold.S has the instructions.
 */
#ifndef CRYOFUZZ_VICTIM_CODES_H
#define CRYOFUZZ_VICTIM_CODES_H

#include "parts.h"

/* How it comes from its spin to its place. */
enum land {
	LAND_NOWHERE, /* it is there */
	LAND_NESTED, /* a signal's handler spins, too */
	LAND_HANDLER, /* a signal, and steps from its delivery */
	LAND_STEPS, /* the spin ends, and steps */
	LAND_BREAKPOINT, /* the spin ends, and a hardware breakpoint: steps would be seen */
	LAND_CALL_BEGINS, /* the spin ends, and a stop on the way into the call behind it, */
	LAND_CALL_ENDS, /* or on the way out */
};

struct code {
	const char *name;
	enum land land;
	const char *at; /* the instruction; NULL: the handler's first one */
	const char *tail; /* where it goes on after the spin; NULL: nowhere */
	void (*handler)(int); /* of VICTIM_HANDLED_SIGNAL */
	int (*prepare)(void); /* inside. 0 or -errno */
	const char *(*check)(void); /* inside, afterwards: what is wrong, or NULL */
};

/* NULL if it sleeps in a call. One that makes a call after its spin is in both tables. */
const struct code *code_of(enum victim_place place);

/* Inside. */
int code_prepare(const struct code *code, const struct victim_setting *setting);
void code_enter(const struct code *code);
void code_tidy(const struct code *code);

/* bearing.c */
int bearing_prepare(void);
const char *bearing_check(void);

/* land.c, outside: brings one that spins there, where it is stopped by a signal. 0 or -errno. */
int land(const struct victim *v, const struct code *code);

#endif
