/* SPDX-License-Identifier: Apache-2.0
 *
 * params.h - the params of the target inject: the victim, what it is asked for, what disturbs it.
 */
#ifndef CRYOFUZZ_INJECT_PARAMS_H
#define CRYOFUZZ_INJECT_PARAMS_H

#include <cryofuzz.h>

enum inject_param {
	COMMANDS,
	WORK,
	PLACE,
	VECTORS,
	STOPPED,
	SEED,
	TRAP,
	STACK,
	PENDING,
	DISTURBS,
	WHEN,
	FAILS_AT,
	CODE,
	HOME,
	THREADS,
	STDIO,
	LOG,
	STATE,
};

/* In the param work. */
enum work { COUNT, CHURN, WRITE, FILES, FAIL };

extern const struct cf_param_spec inject_params[];

#endif
